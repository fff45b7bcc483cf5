import {legacyId, list, type OrderDocument} from '../shopify/document.ts'
import type {Json} from '../shopify/json.ts'

/** The order as it is now, where what happened before keeps the times at which it happened. */
export function withTimesKept(before: OrderDocument, after: OrderDocument): OrderDocument {
  const moved = new Map(list(before, 'transactions').map((one) => [legacyId(one), one]))
  const transaction = (one: Json) => keep(moved.get(legacyId(one)), one)
  const parts = (key: string) => {
    const held = new Map(list(before, key).map((one) => [legacyId(one), one]))
    return list(after, key).map((one) => keep(held.get(legacyId(one)), one))
  }
  return {
    ...after,
    transactions: list(after, 'transactions').map(transaction),
    fulfillments: parts('fulfillments'),
    refunds: parts('refunds').map((refund) => ({
      ...refund,
      transactions: list(refund, 'transactions').map(transaction),
    })),
  }
}

/** A part that was pending has been processed only now. */
function keep(before: Json | undefined, after: Json): Json {
  if (before === undefined) return after
  const processed = before.status === after.status && 'processed_at' in before
  return {
    ...after,
    created_at: before.created_at,
    ...(processed ? {processed_at: before.processed_at} : {}),
  }
}
