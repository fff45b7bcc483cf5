import {assert, present} from '../core/assert.ts'
import {legacyId} from '../core/ids.ts'
import type {PostingType} from '../netsuite/posting-types.ts'
import type {SalesOrder} from '../netsuite/types.ts'
import type {ShopifyOrder} from '../shopify/types.ts'
import {orderBillEvents} from './bills.ts'
import {bookOf, type Planning} from './book.ts'
import {planCharges, withoutTipLine} from './charges.ts'
import {refuseFaults} from './faults.ts'
import {fulfillmentEvents} from './fulfillments.ts'
import type {Life, LineProgress} from './life-state.ts'
import type {LifePlan, LifeRules} from './life-types.ts'
import {keptLines} from './lines.ts'
import {paymentEvents} from './payments.ts'
import {unitsOf} from './quantities.ts'
import {refundEvents} from './refunds.ts'
import {planShipping} from './shipping.ts'
import type {TaxedCharge} from './tax-shares.ts'
import type {OrderRules} from './types.ts'

const NOTHING: ReadonlyMap<string, PostingType> = new Map()

/**
 * Decides what NetSuite should hold of an order beside its sales order: what was paid, shipped, billed and given back.
 * The events of the order are taken in the order of their time, so that the records stand in the order in which they can
 * be written, whenever that is, and come out the same as the order goes on. Money is Shopify's own; what does not add up
 * is refused.
 *
 * Throws RejectedError that names every fault at once (the codes of life-faults.ts).
 * @param order read with its transactions, refunds and fulfilments, complete
 * @param salesOrder what planOrder gives for the same order and rules
 * @param written external ID → type of the records that NetSuite holds already: such a payment keeps its type, and what
 *   was undone in Shopify after it was written is told from what never was
 */
export function planLife(
  order: ShopifyOrder,
  salesOrder: SalesOrder,
  rules: OrderRules,
  life: LifeRules,
  written: ReadonlyMap<string, PostingType> = NOTHING,
): LifePlan {
  const state = lifeOf(order, salesOrder, rules, life, written)
  const payments = paymentEvents(state)
  const events = [
    ...payments,
    ...fulfillmentEvents(state),
    ...orderBillEvents(state, [order.processedAt, ...payments.map(({at}) => at), ...order.refunds.map(createdAt)]),
    ...refundEvents(state),
  ]
  const inTime = events.toSorted((a, b) => compare(a.at, b.at) || a.rank - b.rank)
  for (const event of inTime) event.apply()
  refuseFaults(order, state.planning.faults)
  const ids = new Set(state.records.map(({externalId}) => externalId))
  assert(ids.size === state.records.length, 'two records of one order have the same external ID')
  return {records: state.records, waiting: [...state.waiting, ...state.credits.map(({waiting}) => waiting)]}
}

function createdAt({createdAt: at}: Readonly<{createdAt: string}>): string {
  return at
}

/** By the instant, since one source writes milliseconds and another does not. */
function compare(a: string, b: string): number {
  return Date.parse(a) - Date.parse(b)
}

function lifeOf(
  order: ShopifyOrder,
  salesOrder: SalesOrder,
  rules: OrderRules,
  life: LifeRules,
  written: ReadonlyMap<string, PostingType>,
): Life {
  const book = bookOf(order, rules)
  const shown = withoutTipLine(order, book)
  const units = unitsOf(shown, book)
  const closed = salesOrder.lines.every((line) => line.isClosed)
  const planning: Planning = {order: shown, rules, book, closed, faults: []}
  const kept = keptLines(shown, closed ? null : units, book)
  const goods = kept.map(({key, taxes}): TaxedCharge => ({lineKey: key, net: 0n, taxes}))
  // Their items are faults of the sales order, which is planned before.
  const charges = planCharges({...planning, faults: []}, kept)
  const shipping = planShipping({...planning, faults: []})
  const lines = shown.lines.map((line): [string, LineProgress] => {
    const own = kept.find((each) => each.line === line)
    const key = legacyId(line.id)
    const ordered = own?.quantity ?? 0
    const parts = present(units.get(line.id), 'what became of a line')
    return [line.id, {line, key, ordered, units: parts, shipped: 0, billed: 0, returned: 0, dropped: 0}]
  })
  return {
    planning,
    salesOrder,
    rules: life,
    written,
    transactions: present(order.transactions, 'the transactions of the order'),
    charges: [...goods, ...charges.taxed, ...shipping.taxed],
    lines: new Map(lines),
    records: [],
    waiting: [],
    taken: new Map(),
    deposits: [],
    bills: [],
    credits: [],
    now: {paid: 0n, given: 0n, rounding: 0n, isHeaderBilled: false, billed: 0n, sold: 0n},
  }
}
