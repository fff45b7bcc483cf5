import type {SalesOrderLine} from '../netsuite/types.ts'
import type {ShopifyLine, ShopifyOrder} from '../shopify/types.ts'
import {total, type Book, type Planning} from './book.ts'
import type {Charges} from './goods.ts'
import type {KeptLine} from './lines.ts'
import {itemOfCharge, plannedLine} from './planned-line.ts'
import {sharesOf, type TaxedCharge, type TaxShare} from './tax-shares.ts'

/**
 * What was charged beside goods and shipping: duties of the kept lines, the tip, additional fees. Charges of nothing
 * are left out.
 */
export function planCharges(planning: Planning, kept: readonly KeptLine[]): Charges {
  const {order, book} = planning
  const lines: SalesOrderLine[] = []
  const taxed: TaxedCharge[] = []
  const charge = (
    key: string,
    kind: 'duty' | 'tip' | 'fee',
    price: bigint,
    taxes: readonly TaxShare[],
    name: string,
  ) => {
    const net = order.taxesIncluded ? price - total(taxes.map((tax) => tax.amount)) : price
    taxed.push({lineKey: key, net, taxes})
    if (net === 0n && taxes.every((tax) => tax.amount === 0n)) return
    const item = itemOfCharge(planning, kind, price, kind === 'fee' ? name : '')
    lines.push(plannedLine(planning, {key, item, amount: net, description: name}))
  }
  for (const {key, line, duties} of kept) {
    for (const duty of duties) charge(`${key}:duty:${duty.id}`, 'duty', duty.price, duty.taxes, `Duty on ${line.title}`)
  }
  charge('tip', 'tip', book.of(order.tip), [], 'Tip')
  for (const {id, name, price, taxLines} of order.fees) {
    charge(`fee:${id.replace(/^.*\/|\?.*$/g, '')}`, 'fee', book.of(price), sharesOf(taxLines, book), name)
  }
  return {lines, taxed}
}

/**
 * The order without a line that only shows the tip. Shopify names tips among the lines that cannot be fulfilled
 * (Order.nonFulfillableLineItems) and states them as the order's tip as well. Such a line is known by the sums: counted
 * twice, the order exceeds its total by exactly the tip.
 */
export function withoutTipLine(order: ShopifyOrder, book: Book): ShopifyOrder {
  const tip = book.of(order.tip)
  if (tip === 0n) return order
  const shown = order.lines.find((line) => isTipLine(line, tip, book))
  if (shown === undefined || orderedSum(order, book) - book.of(order.total) !== tip) return order
  return {...order, lines: order.lines.filter((line) => line !== shown)}
}

function isTipLine(line: ShopifyLine, tip: bigint, book: Book): boolean {
  const hasNoProduct = line.variantId === null && (line.sku ?? '') === '' && !line.requiresShipping
  return hasNoProduct && book.of(line.unitPrice) * BigInt(line.quantity) === tip && line.taxLines.length === 0
}

/** Every charge as ordered, by Shopify's own figures: what its total should be. */
function orderedSum(order: ShopifyOrder, book: Book): bigint {
  const goods = order.lines.map((line) => {
    const discount = total(line.discounts.map(({amount}) => book.of(amount)))
    const duty = order.dutiesIncluded ? 0n : total(line.duties.map(({price}) => book.of(price)))
    return book.of(line.unitPrice) * BigInt(line.quantity) - discount + duty
  })
  const shipping = order.shippingLines.map((line) => book.of(line.discountedPrice))
  const fees = order.fees.map((fee) => book.of(fee.price))
  const tax = order.taxesIncluded ? 0n : book.of(order.totalTax)
  return total([...goods, ...shipping, ...fees, tax, book.of(order.tip)])
}
