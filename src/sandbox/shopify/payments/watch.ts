import {currenciesOf} from '../amounts.ts'
import {flag, instant, legacyId, list, text} from '../document.ts'
import type {Json} from '../json.ts'
import {factsOf} from '../map-order.ts'
import {isSuccess, transactionAmount} from '../map-transactions.ts'
import type {Entry} from '../orders.ts'
import {transactionDocuments} from '../transaction-documents.ts'
import type {PaymentsBook} from './book.ts'
import type {Draft, Line} from './lines.ts'
import {settle, SHOPIFY_PAYMENTS} from './settlement.ts'

/** Puts the payments and refunds of orders into Shopify's balance as they happen. */
export class PaymentsWatch {
  readonly #book: PaymentsBook
  readonly #payoutCurrencies: readonly string[]
  /** Lines by the numeric id of the transaction that they come from. */
  readonly #made = new Map<string, Line>()
  /** Transactions whose money came back. */
  readonly #failed = new Set<string>()
  /** Orders that somebody put there by hand; their payouts are made by hand as well. */
  readonly #byHand = new Set<string>()

  constructor(book: PaymentsBook, payoutCurrencies: readonly string[]) {
    this.#book = book
    this.#payoutCurrencies = payoutCurrencies
  }

  /** What orders with these ids bring waits until somebody asks for a payout. */
  leave(orderIds: readonly string[]): void {
    for (const id of orderIds) this.#byHand.add(id)
  }

  orderWritten(after: Entry | null): void {
    if (after === null || flag(after.document, 'test')) return
    for (const one of movementsOf(after)) {
      const id = legacyId(one)
      if (id === null || text(one, 'gateway') !== SHOPIFY_PAYMENTS || flag(one, 'test')) continue
      if (isSuccess(one, 'sale', 'capture', 'refund')) this.#move(id, one, after)
      else if (text(one, 'kind') === 'refund' && text(one, 'status') === 'failure') this.#return(id, after)
    }
  }

  clear(): void {
    for (const held of [this.#made, this.#failed, this.#byHand]) held.clear()
  }

  #move(id: string, one: Json, entry: Entry): void {
    if (this.#made.has(id)) return
    const draft = draftOf(id, one, entry, this.#payoutCurrencies)
    this.#made.set(id, this.#book.add({...draft, byHand: this.#byHand.has(entry.id)}))
  }

  /** A refund that had left and did not arrive comes back (Shopify: ShopifyPaymentsTransactionType REFUND_FAILURE). */
  #return(id: string, {document}: Entry): void {
    const line = this.#made.get(id)
    if (line === undefined || this.#failed.has(id)) return
    this.#failed.add(id)
    const at = instant(document, 'updated_at')
    const {currency, order, orderTransactionId, byHand} = line
    this.#book.add({
      type: 'REFUND_FAILURE',
      currency,
      amount: -line.amount,
      order,
      orderTransactionId,
      byHand,
      sourceType: 'REFUND',
      sourceId: id,
      ...(at === null ? {} : {at: new Date(at)}),
    })
  }
}

function movementsOf({document}: Entry): readonly Json[] {
  const given = list(document, 'transactions')
  return given.length > 0 ? given : transactionDocuments(factsOf(document))
}

function draftOf(id: string, one: Json, entry: Entry, payoutCurrencies: readonly string[]): Draft {
  const currencies = currenciesOf(entry.document)
  const isRefund = text(one, 'kind') === 'refund'
  const settled = settle(transactionAmount(one, currencies), currencies, isRefund, payoutCurrencies)
  const at = instant(one, 'processed_at') ?? instant(one, 'created_at')
  return {
    type: isRefund ? 'REFUND' : 'CHARGE',
    currency: settled.currency,
    amount: isRefund ? -settled.amount : settled.amount,
    fee: settled.fee,
    at: at === null ? new Date(entry.createdAt) : new Date(at),
    order: {id: entry.id, name: entry.name},
    orderTransactionId: id,
    sourceType: isRefund ? 'REFUND' : 'CHARGE',
    sourceId: id,
  }
}
