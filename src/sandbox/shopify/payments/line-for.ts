import {legacyId, list, text} from '../document.ts'
import {factsOf} from '../map-order.ts'
import {isSuccess} from '../map-transactions.ts'
import type {Entry} from '../orders.ts'
import {transactionDocuments} from '../transaction-documents.ts'
import type {PaymentsBook} from './book.ts'
import type {Line} from './lines.ts'

/** A line as somebody describes it. */
export type Described = Readonly<{
  type: string
  entry: Entry | null
  currency: string | null
  shopCurrency: string
  amount: bigint
  /** Null: as it is, or none. */
  fee: bigint | null
  at: Date
  transactionId: string | null
  sourceType: string | null
  reason: string | null
  test: boolean
}>

/**
 * The line that somebody describes. The charge or refund of an order that waits already is taken, with the amounts that
 * are described; otherwise a new line is made, which names the first transaction of the order that no line names yet.
 */
export function lineFor(book: PaymentsBook, described: Described): Line {
  const {type, entry, amount, fee, at, transactionId, sourceType, reason, test} = described
  const waiting = book
    .waiting()
    .filter((line) => line.type === type && entry !== null && line.order?.id === entry.id)
    .filter((line) => transactionId === null || line.orderTransactionId === transactionId)
  const held = waiting.find((line) => line.amount === amount) ?? waiting[0]
  if (held !== undefined) return book.replace(held, {amount, fee: fee ?? held.fee, at})
  const orderTransactionId = transactionId ?? (entry === null ? null : transactionOf(book, type, entry))
  return book.add({
    type,
    amount,
    fee: fee ?? 0n,
    at,
    currency: described.currency ?? described.shopCurrency,
    order: entry === null ? null : {id: entry.id, name: entry.name},
    orderTransactionId,
    sourceType: sourceType ?? SOURCES[type] ?? 'ADJUSTMENT',
    sourceId: orderTransactionId,
    reason,
    test,
    byHand: true,
  })
}

const SOURCES: Readonly<Record<string, string>> = {
  CHARGE: 'CHARGE',
  REFUND: 'REFUND',
  REFUND_FAILURE: 'REFUND',
  DISPUTE_WITHDRAWAL: 'DISPUTE',
  DISPUTE_REVERSAL: 'DISPUTE',
  CHARGEBACK_FEE: 'DISPUTE',
  CHARGEBACK_FEE_REFUND: 'DISPUTE',
}

const KINDS: Readonly<Record<string, readonly string[]>> = {
  CHARGE: ['sale', 'capture'],
  REFUND: ['refund'],
  REFUND_FAILURE: ['refund'],
}

function transactionOf(book: PaymentsBook, type: string, {document}: Entry): string | null {
  const kinds = KINDS[type] ?? ['sale', 'capture']
  const given = list(document, 'transactions')
  const all = given.length > 0 ? given : transactionDocuments(factsOf(document))
  const ids = all
    .filter((one) => (type === 'REFUND_FAILURE' ? text(one, 'kind') === 'refund' : isSuccess(one, ...kinds)))
    .map((one) => legacyId(one))
  const named = new Set(book.lines().flatMap((line) => (line.type === type ? [line.orderTransactionId] : [])))
  return ids.find((id) => !named.has(id)) ?? ids[0] ?? null
}
