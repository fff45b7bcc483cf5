import {total, lookUp, type Planning} from './book.ts'
import {sharesOf, type TaxedCharge} from './tax-shares.ts'

export type PlannedShipping = Readonly<{method: string | null; cost: bigint | null; taxed: readonly TaxedCharge[]}>

/**
 * Shipping stands in the header of a sales order: one method and one cost. Several shipping lines are summed and the
 * first names the method. Discounts are taken off, included tax is taken out, removed lines do not count (unless the
 * order is closed: then it stands as ordered).
 */
export function planShipping(planning: Planning): PlannedShipping {
  const {order, book, closed} = planning
  const lines = order.shippingLines.filter((line) => closed || !line.isRemoved)
  const [first] = lines
  if (first === undefined) return {method: null, cost: null, taxed: []}
  const taxes = lines.flatMap((line) => sharesOf(line.taxLines, book))
  const gross = total(lines.map((line) => book.of(line.discountedPrice)))
  const cost = order.taxesIncluded ? gross - total(taxes.map((tax) => tax.amount)) : gross
  return {method: methodOf(planning, first.title), cost, taxed: [{lineKey: null, net: cost, taxes}]}
}

function methodOf({rules, faults}: Planning, title: string): string | null {
  const method = lookUp(rules.shipping.methods, title) ?? rules.shipping.fallback
  if (method === null) faults.push({code: 'SHIPPING_UNMAPPED', what: JSON.stringify(title)})
  return method
}
