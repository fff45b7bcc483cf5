import {assert} from '../core/assert.ts'
import type {SalesOrder, SalesOrderLine} from '../netsuite/types.ts'
import type {ShopifyOrder} from '../shopify/types.ts'
import {bookOf, total, type Planning} from './book.ts'
import {planCharges, withoutTipLine} from './charges.ts'
import {customerOf} from './customers.ts'
import {refuseFaults} from './faults.ts'
import {planGoods, type Charges} from './goods.ts'
import {planHeader, refOf} from './header.ts'
import {keptLines, skuOf} from './lines.ts'
import {plannedLine} from './planned-line.ts'
import {unitsOf, type LineUnits} from './quantities.ts'
import {planShipping} from './shipping.ts'
import {planTax} from './tax.ts'
import type {TaxedCharge} from './tax-shares.ts'
import {checkIncludedTax, tieOut, type Sums} from './total.ts'
import type {CustomerPlan, ItemBook, OrderPlan, OrderRules, SkipReason} from './types.ts'

/**
 * Decides what NetSuite should hold for an order: push writes it, a dry run prints it, reconcile compares with it.
 * Decided in this order:
 * 1. Test orders are skipped unless the contract pushes them. Cancelled orders stand with every unit, closed; where the
 *    contract skips them, only those that NetSuite does not hold yet are skipped.
 * 2. Units: what shipped stays, what left before shipping is removed (quantities.ts). Where nothing remains, the order
 *    stands as ordered, closed.
 * 3. Amounts are Shopify's own, net of tax: goods with their discounts, duties, tip, fees, shipping, tax.
 * 4. Their sum must be Shopify's figure for those units; a difference within the contract's limit becomes one visible
 *    line.
 *
 * Throws RejectedError that names every fault of the order at once (the codes of faults.ts); nothing is guessed.
 * @param items every SKU of skusOf(order); a SKU that is missing is unknown
 */
export function planOrder(order: ShopifyOrder, rules: OrderRules, items: ItemBook): OrderPlan {
  const reason = skipReason(order, rules)
  if (reason !== null) return {kind: 'skipped', reason}
  const book = bookOf(order, rules)
  const shown = withoutTipLine(order, book)
  const units = unitsOf(shown, book)
  const planning: Planning = {order: shown, rules, book, closed: isClosed(shown, units), faults: []}
  const customer = customerOf(order, rules, planning.faults)
  const salesOrder = planSalesOrder(planning, customer, units, items)
  refuseFaults(order, planning.faults)
  assertSum(salesOrder)
  return {kind: 'records', customer, salesOrder}
}

/** The SKUs that an ItemBook must be asked for to plan the order, each once. Gift cards and custom lines need none. */
export function skusOf(order: ShopifyOrder): string[] {
  return [...new Set(order.lines.flatMap((line) => skuOf(line) ?? []))]
}

function skipReason(order: ShopifyOrder, rules: OrderRules): SkipReason | null {
  if (order.test && rules.orders.test === 'skip') return 'TEST_ORDER'
  const isUnknown = order.netsuiteId === null
  return order.cancelledAt !== null && rules.orders.cancelled === 'skip' && isUnknown ? 'CANCELLED_ORDER' : null
}

function isClosed(order: ShopifyOrder, units: ReadonlyMap<string, LineUnits>): boolean {
  if (order.cancelledAt !== null) return true
  return order.lines.length > 0 && order.lines.every((line) => units.get(line.id)?.kept === 0)
}

function planSalesOrder(
  planning: Planning,
  customer: CustomerPlan,
  units: ReadonlyMap<string, LineUnits>,
  items: ItemBook,
): SalesOrder {
  const {order, rules, book, closed, faults} = planning
  const kept = keptLines(order, closed ? null : units, book)
  const goods = planGoods(planning, kept, items)
  const charges = planCharges(planning, kept)
  const shipping = planShipping(planning)
  const taxed = [...goods.taxed, ...charges.taxed, ...shipping.taxed]
  const tax = planTax(planning, taxed)
  const sums = sumsOf(goods, charges, shipping.cost ?? 0n, taxed)
  checkIncludedTax(planning, sums.tax)
  const tie = tieOut(planning, sums, units)
  const lines = [...goods.lines, ...charges.lines, ...tax.lines, ...roundingLines(planning, tie.rounding)]
  if (lines.length === 0) faults.push({code: 'ORDER_EMPTY', what: ''})
  return {
    ...planHeader(planning, customer),
    shipMethod: refOf(shipping.method),
    shippingCost: shipping.cost === null ? null : book.money(shipping.cost),
    shippingTaxCode: shipping.cost !== null && rules.tax.mode === 'legacy' ? {id: rules.tax.code} : null,
    taxDetails: tax.details,
    lines,
    total: book.money(tie.total),
  }
}

function sumsOf(goods: Charges, charges: Charges, shipping: bigint, taxed: readonly TaxedCharge[]): Sums {
  const sum = (lines: readonly SalesOrderLine[]) => total(lines.map((line) => line.amount.minor))
  return {
    goods: sum(goods.lines),
    shipping,
    tax: total(taxed.flatMap((charge) => charge.taxes.map((share) => share.amount))),
    tip: sum(charges.lines.filter((line) => line.key === 'tip')),
    duties: sum(charges.lines.filter((line) => line.key.includes(':duty:'))),
    fees: sum(charges.lines.filter((line) => line.key.startsWith('fee:'))),
  }
}

function roundingLines(planning: Planning, amount: bigint): SalesOrderLine[] {
  const item = planning.rules.items.rounding
  if (amount === 0n || item === null) return []
  return [plannedLine(planning, {key: 'rounding', item, amount, description: 'Rounding difference'})]
}

/** The pair of the check in tieOut: what is handed out sums to its total, whoever made its parts. */
function assertSum({lines, shippingCost, taxDetails, total: stated}: SalesOrder): void {
  const parts = [...lines.map((line) => line.amount), ...(taxDetails ?? []).map((detail) => detail.amount)]
  const sum = total(parts.map((part) => part.minor)) + (shippingCost?.minor ?? 0n)
  assert(sum === stated.minor, 'the parts of a planned sales order do not sum to its total')
  assert(new Set(lines.map((line) => line.key)).size === lines.length, 'two planned lines have the same key')
}
