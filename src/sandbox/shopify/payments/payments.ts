import type {Entry} from '../orders.ts'
import type {AccountParts} from './api.ts'
import {PaymentsBook} from './book.ts'
import {lively} from './happenings.ts'
import {PaymentsWatch} from './watch.ts'

export type PaymentsOptions = Readonly<{
  now: () => Date
  seed: number
  /** The shop's currency. */
  currency: string
  /** Currencies beside the shop's that have a bank account, so that payments in them are not converted. */
  payoutCurrencies: readonly string[]
  /** The order of a numeric id as the type Order. */
  order: (id: string) => unknown
}>

/** Shopify Payments of one shop. */
export class Payments {
  readonly book: PaymentsBook
  readonly account: AccountParts
  readonly #watch: PaymentsWatch
  readonly #seed: number

  constructor({now, seed, currency, payoutCurrencies, order}: PaymentsOptions) {
    this.book = new PaymentsBook(now)
    this.account = {book: this.book, currency, payoutCurrencies, order}
    this.#watch = new PaymentsWatch(this.book, payoutCurrencies)
    this.#seed = seed
  }

  orderWritten(after: Entry | null): void {
    this.#watch.orderWritten(after)
  }

  /** The payouts of these orders are made by hand. */
  leave(orderIds: readonly string[]): void {
    this.#watch.leave(orderIds)
  }

  /** From now on labels, bills, reserves, disputes and failed payouts happen as well. */
  enliven(): void {
    this.book.onDay ??= lively(this.#seed)
  }

  clear(): void {
    this.book.clear()
    this.#watch.clear()
  }
}
