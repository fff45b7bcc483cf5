import {assert} from '../core/assert.ts'
import type {Money} from '../core/money.ts'
import type {MoneyBag, ShopifyOrder} from '../shopify/types.ts'
import type {Fault} from './faults.ts'
import type {OrderRules} from './types.ts'

/** The one of Shopify's two amounts that is booked, in the smallest unit of `currency`. */
export type Book = Readonly<{currency: string; of: (bag: MoneyBag) => bigint; money: (minor: bigint) => Money}>

/**
 * What every part of a plan works from. Parts add to `faults` instead of throwing, so that a person sees all of them at
 * once.
 */
export type Planning = Readonly<{order: ShopifyOrder; rules: OrderRules; book: Book; closed: boolean; faults: Fault[]}>

/**
 * Opens the book that the contract names: the shop's currency, or the currency in which the customer paid.
 * Both amounts of an order are never mixed (Shopify: MoneyBag).
 */
export function bookOf(order: ShopifyOrder, rules: OrderRules): Book {
  const side = rules.book
  const currency = side === 'shop' ? order.currency : order.presentmentCurrency
  return {
    currency,
    of: (bag) => {
      const amount = bag[side]
      assert(amount.currency === currency, `an amount in ${amount.currency} stands in an order in ${currency}`)
      return amount.minor
    },
    money: (minor) => ({minor, currency}),
  }
}

/** The value of a key that people wrote; a title such as "constructor" finds nothing by accident. */
export function lookUp<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

export function total(amounts: Iterable<bigint>): bigint {
  let result = 0n
  for (const amount of amounts) result += amount
  return result
}
