import {format} from '../core/money.ts'
import type {ShopifyDuty, ShopifyTaxLine} from '../shopify/types.ts'
import {total, type Planning} from './book.ts'
import type {LineUnits, Part} from './quantities.ts'
import {limitOf, shareOf} from './rounding.ts'

/** What the plan sums to, by class of charge. */
export type Sums = Readonly<Record<'goods' | 'shipping' | 'tax' | 'tip' | 'duties' | 'fees', bigint>>

/** The total to meet, and what a rounding line has to carry for it (0: nothing). */
export type Tie = Readonly<{total: bigint; rounding: bigint}>

/**
 * Compares the sum of the plan with Shopify's own figure for the kept units, which the books must meet to the cent. A
 * difference up to the contract's limit becomes one visible rounding line; anything larger is a fault that names both
 * figures.
 */
export function tieOut(planning: Planning, sums: Sums, units: ReadonlyMap<string, LineUnits>): Tie {
  const {rules, book, faults} = planning
  const planned = total(Object.values(sums))
  const figures = figuresOf(planning, units)
  const stated = figures.find((figure) => figure === planned) ?? figures[0] ?? planned
  const difference = stated - planned
  if (!isWithin(difference, limitOf(rules.roundingLimit, book.currency))) {
    faults.push({code: 'ORDER_TOTAL_MISMATCH', what: mismatch(planning, sums, planned, stated)})
  } else if (difference !== 0n && rules.items.rounding === null) {
    const what = `${mismatch(planning, sums, planned, stated)}; items.rounding names no item that could carry it`
    faults.push({code: 'ORDER_TOTAL_MISMATCH', what})
  }
  return {total: stated, rounding: difference}
}

function isWithin(difference: bigint, limit: bigint): boolean {
  return difference <= limit && -difference <= limit
}

/**
 * Shopify's figures for the kept units, the most telling first. Order.totalPriceSet is "before returns" and counts
 * every unit ordered, Order.currentTotalPriceSet is after returns, removals and edits:
 * - nothing removed, or the order is closed and stands as ordered: the total
 * - only removed: the current total, or the total less the refund lines of what was removed
 * - removed and returned: the total less the refund lines of what was removed; where an edit left none, the current
 *   total with what was returned put back
 *
 * Refund lines do not state duties: those of removed units are taken to leave with them, and where nothing came back
 * only the current total proves it.
 */
function figuresOf(planning: Planning, units: ReadonlyMap<string, LineUnits>): bigint[] {
  const {order, book, closed} = planning
  const ordered = book.of(order.total)
  const current = book.of(order.currentTotal)
  const shipping = removedShipping(planning)
  const lines = [...units.values()]
  const isWhole = shipping === null && lines.every((line) => line.removed.units === 0 && line.edited === 0)
  if (closed || isWhole) return [ordered]

  const amountOf = ({subtotal, tax}: Part) => subtotal + (order.taxesIncluded ? 0n : tax)
  const duties = removedDuties(planning, units)
  const less = ordered - total(lines.map((line) => amountOf(line.removed))) - (shipping ?? 0n) - duties
  const returned =
    total(lines.map((line) => amountOf(line.returned))) + (shipping === null ? refundedShipping(planning) : 0n)
  const isStated = lines.every((line) => line.edited === 0)
  const onlyRemoved = returned === 0n && lines.every((line) => line.returned.units === 0)
  if (onlyRemoved) return isStated && duties === 0n ? [current, less] : [current]
  return isStated ? [less] : [current + returned]
}

function removedDuties({order, book}: Planning, units: ReadonlyMap<string, LineUnits>): bigint {
  if (order.dutiesIncluded) return 0n
  const shares = order.lines.flatMap(({id, quantity, duties}) => {
    const kept = units.get(id)?.kept ?? quantity
    const leaving = (amount: bigint) => amount - shareOf(amount, kept, quantity - kept)
    const taxOf = (duty: ShopifyDuty) => total(duty.taxLines.map(({price}) => book.of(price)))
    return duties.map((duty) => leaving(book.of(duty.price)) + (order.taxesIncluded ? 0n : leaving(taxOf(duty))))
  })
  return total(shares)
}

function removedShipping({order, book}: Planning): bigint | null {
  const lines = order.shippingLines.filter((line) => line.isRemoved)
  if (lines.length === 0) return null
  const tax = order.taxesIncluded ? [] : lines.flatMap((line) => line.taxLines.map(({price}) => book.of(price)))
  return total([...lines.map((line) => book.of(line.discountedPrice)), ...tax])
}

function refundedShipping({order, book}: Planning): bigint {
  const given = order.refunds.flatMap((refund) => refund.shipping)
  return total(given.map(({amount, tax}) => book.of(amount) + (order.taxesIncluded ? 0n : book.of(tax))))
}

/** Both figures, and the class of charge that is as large as the difference, if there is one. */
function mismatch({book}: Planning, sums: Sums, planned: bigint, stated: bigint): string {
  const difference = stated - planned
  const [ours, theirs, gap] = [planned, stated, difference].map((minor) => format(book.money(minor)))
  const suspects = Object.entries(sums).filter(([, sum]) => sum !== 0n && (sum === difference || sum === -difference))
  const names = suspects.map(([name]) => name).join(' or ')
  const suspicion = names === '' ? 'no single charge is that large' : `as much as the ${names}`
  return `the charges sum to ${ours}, Shopify says ${theirs}: a difference of ${gap}, ${suspicion}`
}

/**
 * Where prices include tax the total does not depend on it, so missing tax lines would be booked as revenue unseen: the
 * order's tax must be what its tax lines say, within the rounding limit (for a reduced order, the current tax will do).
 * Where prices do not include tax it is a part of the total, and tieOut sees it.
 */
export function checkIncludedTax(planning: Planning, keptTax: bigint): void {
  const {order, rules, book, faults} = planning
  if (!order.taxesIncluded) return
  const limit = limitOf(rules.roundingLimit, book.currency)
  const sum = (taxLines: readonly ShopifyTaxLine[]) => total(taxLines.map((line) => book.of(line.price)))
  const charges = [...order.lines, ...order.lines.flatMap((line) => line.duties), ...order.shippingLines, ...order.fees]
  const ordered = total(charges.map((charge) => sum(charge.taxLines)))
  if (isWithin(book.of(order.totalTax) - ordered, limit)) return
  const isReduced = order.lines.some((line) => line.currentQuantity < line.quantity)
  if (isReduced && isWithin(book.of(order.currentTotalTax) - keptTax, limit)) return
  const [ours, theirs] = [format(book.money(ordered)), format(book.money(book.of(order.totalTax)))]
  const what = `the tax lines sum to ${ours} where Shopify's tax of the order is ${theirs}`
  faults.push({code: 'ORDER_TOTAL_MISMATCH', what})
}
