import type {Address} from '../types.ts'
import type {Field, Values} from './fields.ts'

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
