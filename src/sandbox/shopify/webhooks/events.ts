import {integer, legacyId, list, text, type OrderDocument} from '../document.ts'
import {printExact, type Json} from '../json.ts'
import type {Entry} from '../orders.ts'
import {orderPayload, partPayload, transactionsOf} from './payload.ts'

/** Something that happened, and the body that tells of it. The subject is the numeric id of what the body describes. */
export type Occurrence = Readonly<{topic: string; subject: string; payload: () => Json}>

/** What payloads need beside the order. `nextId` numbers the edits. */
export type Surroundings = Readonly<{timeZone: string; now: () => Date; nextId: () => number}>

/**
 * What a write to an order means in topics (Shopify: enum WebhookSubscriptionTopic). A new order fires orders/create and all
 * that its document tells of already; a write to an order always fires orders/updated, even where nothing visible changed.
 */
export function occurrences(before: Entry | null, after: Entry | null, around: Surroundings): readonly Occurrence[] {
  if (after === null) return before === null ? [] : [deleted(before)]
  const tell = (topic: string): Occurrence => ({
    topic,
    subject: after.id,
    payload: () => orderPayload(after, around.timeZone),
  })
  if (before === after) return [tell('ORDERS_UPDATED')]
  const past = before?.document ?? {}
  const isOlder = before === null && after.updatedAt > after.createdAt
  return [
    ...(before === null ? [tell('ORDERS_CREATE')] : []),
    ...(before !== null || isOlder ? [tell('ORDERS_UPDATED')] : []),
    ...statesOf(past, after.document).map(tell),
    ...(before === null ? [] : editOf(before, after, around)),
    ...transactionEvents(before, after, around),
    ...partEvents(past, after),
  ]
}

function deleted({id, document}: Entry): Occurrence {
  return {topic: 'ORDERS_DELETE', subject: id, payload: () => ({id: document.id})}
}

const PAID = ['paid', 'partially_refunded', 'refunded']

function statesOf(past: OrderDocument, present: OrderDocument): string[] {
  const isPaid = (order: OrderDocument) => PAID.includes(text(order, 'financial_status') ?? '')
  const isCancelled = (order: OrderDocument) => text(order, 'cancelled_at') !== null
  const shipped = (order: OrderDocument) => text(order, 'fulfillment_status')
  const count = (order: OrderDocument) => list(order, 'fulfillments').length
  return [
    ...(isPaid(present) && !isPaid(past) ? ['ORDERS_PAID'] : []),
    ...(isCancelled(present) && !isCancelled(past) ? ['ORDERS_CANCELLED'] : []),
    ...(shipped(present) === 'fulfilled' && shipped(past) !== 'fulfilled' ? ['ORDERS_FULFILLED'] : []),
    ...(shipped(present) === 'partial' && (shipped(past) !== 'partial' || count(present) > count(past))
      ? ['ORDERS_PARTIALLY_FULFILLED']
      : []),
  ]
}

/** Units of each line that no edit has taken: those that are left, and those that refunds took. */
function unitsOf(order: OrderDocument): ReadonlyMap<string, number> {
  const units = new Map<string, number>()
  for (const line of list(order, 'line_items')) {
    units.set(legacyId(line) ?? '', integer(line, 'current_quantity') ?? integer(line, 'quantity') ?? 0)
  }
  const isStated = list(order, 'line_items').some((line) => 'current_quantity' in line)
  for (const refunded of isStated ? list(order, 'refunds').flatMap((one) => list(one, 'refund_line_items')) : []) {
    const id = text(refunded, 'line_item_id') ?? ''
    units.set(id, (units.get(id) ?? 0) + (integer(refunded, 'quantity') ?? 0))
  }
  return units
}

/** An edit of the order's lines, which a cancellation is not. */
function editOf(before: Entry, after: Entry, {timeZone, nextId}: Surroundings): Occurrence[] {
  if (text(after.document, 'cancelled_at') !== null) return []
  const [past, present] = [unitsOf(before.document), unitsOf(after.document)]
  const deltas = [...new Set([...past.keys(), ...present.keys()])]
    .map((id) => ({id: Number(id), delta: (present.get(id) ?? 0) - (past.get(id) ?? 0)}))
    .filter(({delta}) => delta !== 0)
  if (deltas.length === 0) return []
  const at = text(orderPayload(after, timeZone), 'updated_at')
  const payload = () => ({
    order_edit: {
      id: nextId(),
      app_id: null,
      created_at: at,
      notify_customer: false,
      order_id: after.document.id,
      staff_note: '',
      user_id: null,
      line_items: {
        additions: deltas.filter(({delta}) => delta > 0),
        removals: deltas.filter(({delta}) => delta < 0).map(({id, delta}) => ({id, delta: -delta})),
      },
      discounts: {line_item: {additions: [], removals: []}},
      shipping_lines: {additions: [], removals: []},
      committed_at: at,
    },
  })
  return [{topic: 'ORDERS_EDITED', subject: after.id, payload}]
}

/** Told of once settled: success, failure or error. */
function transactionEvents(before: Entry | null, after: Entry, {now}: Surroundings): Occurrence[] {
  const past = before === null ? new Map<string, Json>() : transactionsOf(before, now)
  return [...transactionsOf(after, now)]
    .filter(([id, one]) => {
      const status = text(one, 'status') ?? ''
      return ['success', 'failure', 'error'].includes(status) && text(past.get(id) ?? {}, 'status') !== status
    })
    .map(([subject, one]) => ({topic: 'ORDER_TRANSACTIONS_CREATE', subject, payload: () => one}))
}

function partEvents(past: OrderDocument, after: Entry): Occurrence[] {
  return [
    ...changes(past, after, 'refunds', 'REFUNDS_CREATE', null),
    ...changes(past, after, 'fulfillments', 'FULFILLMENTS_CREATE', 'FULFILLMENTS_UPDATE'),
  ]
}

function changes(past: OrderDocument, after: Entry, key: string, added: string, changed: string | null): Occurrence[] {
  const held = new Map(list(past, key).map((part) => [legacyId(part), printExact(part)]))
  return list(after.document, key).flatMap((part) => {
    const known = held.get(legacyId(part))
    const topic = known === undefined ? added : known === printExact(part) ? null : changed
    return topic === null ? [] : [{topic, subject: legacyId(part) ?? '', payload: () => partPayload(part, after)}]
  })
}
