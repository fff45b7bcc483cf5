import type {ShopifyLine, ShopifyOrder, ShopifyRefundLine} from '../shopify/types.ts'
import type {Book} from './book.ts'
import {spread} from './rounding.ts'

/** Units with Shopify's own figures for them: after discounts (with tax where taxesIncluded), and their tax. */
export type Part = Readonly<{units: number; subtotal: bigint; tax: bigint}>

/** A refund line, split into the units that came back (or were refunded after shipping) and those that never shipped. */
type RefundPart = Readonly<{refund: ShopifyRefundLine; returned: Part; removed: Part}>

/**
 * Where the units of a line went. kept + edited + removed.units = the units ordered; returned ones are among the kept.
 */
export type LineUnits = Readonly<{
  /** On the sales order. */
  kept: number
  /** Taken out by an order edit that left no refund line. */
  edited: number
  /** Left the order before they shipped, by a refund line. */
  removed: Part
  /** Shipped and came back, or were refunded after shipping: they stay on the sales order. */
  returned: Part
  /** What each refund line of it took, in the order of the refunds. */
  parts: readonly RefundPart[]
}>

const NONE: Part = {units: 0, subtotal: 0n, tax: 0n}

/**
 * Decides for each line which units stand on the sales order. A unit that shipped stays (a return is a document of its
 * own); a unit that left before it shipped is removed. Rules, from Shopify's RefundLineItemRestockType:
 * - CANCEL: "use this when restocking unfulfilled line items": removed.
 * - RETURN, and the deprecated LEGACY_RESTOCK: stays.
 * - NO_RESTOCK says nothing of shipping. Once everything has shipped (FULFILLED), exactly the units that no fulfilment
 *   carries were removed; before that, as many as the shipped units allow count as returned.
 * - Units that currentQuantity lacks and no refund names were edited out: removed.
 */
export function unitsOf(order: ShopifyOrder, book: Book): ReadonlyMap<string, LineUnits> {
  const refunded = new Map<string, ShopifyRefundLine[]>()
  for (const line of order.refunds.flatMap((refund) => refund.lines)) {
    refunded.set(line.lineId, [...(refunded.get(line.lineId) ?? []), line])
  }
  const shipped = shippedUnits(order)
  const allShipped = order.fulfillmentStatus === 'FULFILLED'
  return new Map(
    order.lines.map((line) => {
      const refunds = refunded.get(line.id)
      if (refunds === undefined && line.currentQuantity === line.quantity) return [line.id, whole(line)]
      return [line.id, unitsOfLine(line, refunds ?? [], shipped.get(line.id) ?? 0, allShipped, book)]
    }),
  )
}

function whole(line: ShopifyLine): LineUnits {
  return {kept: line.quantity, edited: 0, removed: NONE, returned: NONE, parts: []}
}

function shippedUnits(order: ShopifyOrder): Map<string, number> {
  const shipped = new Map<string, number>()
  for (const fulfillment of order.fulfillments) {
    if (NOT_SHIPPED.has(fulfillment.status)) continue
    for (const {lineId, quantity} of fulfillment.lines) shipped.set(lineId, (shipped.get(lineId) ?? 0) + quantity)
  }
  return shipped
}

/** Shopify's FulfillmentStatus; the others mean that the units are on their way. */
const NOT_SHIPPED: ReadonlySet<string> = new Set(['CANCELLED', 'ERROR', 'FAILURE'])

function unitsOfLine(
  line: ShopifyLine,
  refunds: readonly ShopifyRefundLine[],
  shipped: number,
  allShipped: boolean,
  book: Book,
): LineUnits {
  const count = (is: (refund: ShopifyRefundLine) => boolean) =>
    refunds.filter(is).reduce((units, refund) => units + refund.quantity, 0)
  const cancelled = count((refund) => refund.restockType === 'CANCEL')
  const unclear = count((refund) => refund.restockType === 'NO_RESTOCK')
  const cameBack = count(() => true) - cancelled - unclear
  const vanished = Math.max(0, line.quantity - line.currentQuantity - cancelled - unclear - cameBack)
  let unclearReturned = allShipped
    ? unclear - clamp(line.quantity - shipped - cancelled - vanished, unclear)
    : clamp(shipped - cameBack, unclear)

  const parts: RefundPart[] = []
  for (const refund of refunds) {
    let back = refund.quantity
    if (refund.restockType === 'CANCEL') back = 0
    if (refund.restockType === 'NO_RESTOCK') {
      back = Math.min(refund.quantity, unclearReturned)
      unclearReturned -= back
    }
    const units = [back, refund.quantity - back]
    const [subtotals, taxes] = [book.of(refund.subtotal), book.of(refund.tax)].map((all) =>
      spread(all, units.map(BigInt)),
    )
    const part = (i: number): Part => ({units: units[i] ?? 0, subtotal: subtotals?.[i] ?? 0n, tax: taxes?.[i] ?? 0n})
    parts.push({refund, returned: part(0), removed: part(1)})
  }
  const removed = parts.reduce((sum, part) => plus(sum, part.removed), NONE)
  const returned = parts.reduce((sum, part) => plus(sum, part.returned), NONE)
  const kept = Math.min(line.quantity, line.currentQuantity + returned.units)
  return {kept, edited: Math.max(0, line.quantity - kept - removed.units), removed, returned, parts}
}

function plus(a: Part, b: Part): Part {
  return {units: a.units + b.units, subtotal: a.subtotal + b.subtotal, tax: a.tax + b.tax}
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(value, most))
}
