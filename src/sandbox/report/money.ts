import {mills} from '../shopify/amounts.ts'
import {list, object} from '../shopify/document.ts'
import type {Json} from '../shopify/json.ts'

/** Reads the amount `<name>_set` of a document in the currency in which its order is booked. */
export type Reader = (doc: Json, name: string) => bigint

/** @param side the shop's currency, or the customer's */
export function readerOf(side: 'shop' | 'presentment'): Reader {
  return (doc, name) => mills(object(object(doc, `${name}_set`) ?? {}, `${side}_money`)?.amount) ?? 0n
}

export function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((all, one) => all + one, 0n)
}

/** A decimal text in thousandths; absent or empty: nothing. */
export function amountIn(doc: Json, key: string): bigint {
  return mills(doc[key]) ?? 0n
}

/** Σ of an amount over the members of a list. */
export function sumOf(doc: Json, key: string, read: (member: Json) => bigint): bigint {
  return sum(list(doc, key).map(read))
}
