import {flag, integer, legacyId, list, text, type OrderDocument} from '../document.ts'
import type {Json} from '../json.ts'

/** Units of a line that travel: how many shipped, and how many are still to ship. */
export type Units = Readonly<{lineId: string; line: Json; fulfilled: number; open: number}>

/** The lines of an order that somebody has to ship, by what its fulfilments and refunds say. */
export function unitsOf(order: OrderDocument): readonly Units[] {
  const shipped = new Map<string, number>()
  for (const fulfillment of list(order, 'fulfillments')) {
    if (['cancelled', 'error', 'failure'].includes(text(fulfillment, 'status') ?? 'success')) continue
    for (const line of list(fulfillment, 'line_items')) {
      const id = legacyId(line) ?? ''
      shipped.set(id, (shipped.get(id) ?? 0) + (integer(line, 'quantity') ?? 0))
    }
  }
  const isCancelled = text(order, 'cancelled_at') !== null
  return list(order, 'line_items')
    .filter((line) => line.requires_shipping !== false && !flag(line, 'gift_card'))
    .map((line) => {
      const lineId = legacyId(line) ?? ''
      const fulfilled = shipped.get(lineId) ?? 0
      const left = currentQuantity(line, order)
      return {lineId, line, fulfilled, open: isCancelled ? 0 : Math.max(0, left - fulfilled)}
    })
}

/** Units of a line that are neither refunded nor removed. */
export function currentQuantity(line: Json, order: OrderDocument): number {
  const stated = integer(line, 'current_quantity')
  if (stated !== null) return stated
  const gone = list(order, 'refunds')
    .flatMap((refund) => list(refund, 'refund_line_items'))
    .filter((one) => text(one, 'line_item_id') === text(line, 'id'))
    .reduce((sum, one) => sum + (integer(one, 'quantity') ?? 0), 0)
  return Math.max(0, (integer(line, 'quantity') ?? 0) - gone)
}

/** The order after its fulfilments changed: what its lines and the order as a whole say of shipping. */
export function withShipping(order: OrderDocument, fulfillments: readonly Json[], updatedAt: string): OrderDocument {
  const changed = {...order, fulfillments, updated_at: updatedAt}
  const units = new Map(unitsOf(changed).map((one) => [one.lineId, one]))
  const lines = list(order, 'line_items').map((line) => {
    const one = units.get(legacyId(line) ?? '')
    if (one === undefined) return line
    const state = one.fulfilled === 0 ? null : one.open === 0 ? 'fulfilled' : 'partial'
    return {...line, fulfillable_quantity: one.open, fulfillment_status: state}
  })
  const all = [...units.values()]
  const isAny = all.some(({fulfilled}) => fulfilled > 0)
  const isWhole = all.every(({open}) => open === 0)
  return {...changed, line_items: lines, fulfillment_status: isAny ? (isWhole ? 'fulfilled' : 'partial') : null}
}
