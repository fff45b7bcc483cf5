import type {Address} from '../types.ts'
import {isValues, textAt, type Field, type Values} from './fields.ts'

/** Address of platform.common.xsd, and the address sub-records of REST; the order is the former's. */
export const addressFields: readonly Field[] = [
  {name: 'country', kind: 'country', soap: 'platformCommon:country', rest: 'country'},
  {name: 'attention', kind: 'text', soap: 'platformCommon:attention', rest: 'attention'},
  {name: 'addressee', kind: 'text', soap: 'platformCommon:addressee', rest: 'addressee'},
  {name: 'phone', kind: 'text', soap: 'platformCommon:addrPhone', rest: 'addrPhone'},
  {name: 'addr1', kind: 'text', soap: 'platformCommon:addr1', rest: 'addr1'},
  {name: 'addr2', kind: 'text', soap: 'platformCommon:addr2', rest: 'addr2'},
  {name: 'city', kind: 'text', soap: 'platformCommon:city', rest: 'city'},
  {name: 'state', kind: 'text', soap: 'platformCommon:state', rest: 'state'},
  {name: 'zip', kind: 'text', soap: 'platformCommon:zip', rest: 'zip'},
]

export function addressValues(address: Address | null): Values | null {
  return address === null ? null : {...address}
}

/** An address as read; null: there is none. undefined: what was given does not tell, such as a bare link of REST. */
export function heldAddress(values: Values, name: string): Address | null | undefined {
  const value = values[name]
  if (!isValues(value)) return null
  if (Object.keys(value).length === 0) return undefined
  const part = (of: keyof Address) => textAt(value, of)
  return {
    country: part('country'),
    attention: part('attention'),
    addressee: part('addressee'),
    phone: part('phone'),
    addr1: part('addr1'),
    addr2: part('addr2'),
    city: part('city'),
    state: part('state'),
    zip: part('zip'),
  }
}
