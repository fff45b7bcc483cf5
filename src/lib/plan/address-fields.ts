import type {Address, HeldSalesOrder, SalesOrder} from '../netsuite/types.ts'
import type {Field} from './field.ts'
import type {Kind} from './normal.ts'

/** The two addresses of an order, which Shopify owns. */
const ADDRESSES = ['billingAddress', 'shippingAddress'] as const

const PARTS: Readonly<Record<keyof Address, Kind>> = {
  addressee: 'address',
  attention: 'address',
  addr1: 'address',
  addr2: 'address',
  city: 'address',
  state: 'state',
  zip: 'address',
  country: 'country',
  phone: 'phone',
}

/**
 * The addresses part by part: an address is one value, so that a part which Shopify does not have must not stand in
 * NetSuite either. Only a country that Shopify does not name is NetSuite's to fill in, and so is an address of which
 * Shopify has nothing. What NetSuite derives (the text of the whole address) is not compared.
 */
export function addressFields(planned: SalesOrder, held: HeldSalesOrder | null): Field[] {
  return ADDRESSES.flatMap((name) => {
    const address = planned[name]
    if (address === null) return []
    const other = held === null ? null : held[name]
    if (other === undefined) return [unread(name, address)]
    const parts = Object.entries(PARTS) as [keyof Address, Kind][]
    return parts
      .filter(([part]) => part !== 'country' || address.country !== null)
      .map(([part, kind]): Field => {
        return {name: `${name}.${part}`, planned: address[part], held: other?.[part] ?? null, kind, writes: name}
      })
  })
}

/** An address that could not be read is compared as a whole with what was last written (memory.ts). */
function unread(name: (typeof ADDRESSES)[number], address: Address): Field {
  const parts = Object.keys(PARTS).map((part) => address[part as keyof Address] ?? '')
  return {name, planned: parts.join('\n'), held: null, kind: 'unread', writes: name}
}
