import type {Address} from '../netsuite/types.ts'
import type {ShopifyAddress} from '../shopify/types.ts'

/** The addressee is the company where there is one, then the person stands in `attention`. null: nothing in it. */
export function planAddress(address: ShopifyAddress | null): Address | null {
  if (address === null) return null
  const person = joined([address.firstName, address.lastName])
  const company = textOf(address.company)
  const planned: Address = {
    country: textOf(address.countryCode),
    attention: company === null ? null : person,
    addressee: company ?? person,
    phone: textOf(address.phone),
    addr1: textOf(address.address1),
    addr2: textOf(address.address2),
    city: textOf(address.city),
    state: textOf(address.provinceCode) ?? textOf(address.province),
    zip: textOf(address.zip),
  }
  return Object.values(planned).every((value) => value === null) ? null : planned
}

/** Text without surrounding space; null where nothing is left. */
export function textOf(text: string | null | undefined): string | null {
  const trimmed = text?.trim() ?? ''
  return trimmed === '' ? null : trimmed
}

function joined(parts: readonly (string | null)[]): string | null {
  return textOf(parts.flatMap((part) => textOf(part) ?? []).join(' '))
}
