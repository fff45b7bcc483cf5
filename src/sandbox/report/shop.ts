import {filled, flag, integer, legacyId, list, text} from '../shopify/document.ts'
import type {Json} from '../shopify/json.ts'
import {readerOf, sum, sumOf, type Reader} from './money.ts'
import {rowOfGateway, type Item, type RowKey} from './rows.ts'

/** One transaction that moved money, in the currency of the order's books; what went back is negative. */
export type Movement = Readonly<{
  id: string
  order: string
  gateway: string
  currency: string
  /** With cash rounding. */
  amount: bigint
  isRefund: boolean
  /** False where it failed: only Shopify's balance knows then whether money moved and came back. */
  isDone: boolean
}>

/** An order's documents, read in the currency in which NetSuite holds the order. */
export type BookedOrder = Readonly<{doc: Json; name: string; currency: string; read: Reader}>

/**
 * Chooses the currency of each order: the shop's, or the customer's where NetSuite's sales order is in it. Test orders are
 * left out.
 * @param currencies of the sales orders by external ID
 */
export function bookedOrders(documents: readonly Json[], currencies: ReadonlyMap<string, string>): BookedOrder[] {
  return documents
    .filter((doc) => !flag(doc, 'test'))
    .map((doc) => {
      const shop = text(doc, 'currency') ?? ''
      const currency = currencies.get(`SHOPIFY:ORDER:${legacyId(doc) ?? ''}`) ?? shop
      const side = currency === shop ? 'shop' : 'presentment'
      return {doc, name: text(doc, 'name') ?? '', currency, read: readerOf(side)}
    })
}

/** What an order was charged and given back, each transaction by itself. */
export function movementsOf({doc, name, currency, read}: BookedOrder): Movement[] {
  return list(doc, 'transactions').flatMap((one) => {
    const kind = text(one, 'kind') ?? ''
    const status = text(one, 'status')
    const isRefund = kind === 'refund'
    const isOut = isRefund || kind === 'change'
    if (!['sale', 'capture', 'change', 'refund'].includes(kind) || flag(one, 'test')) return []
    if (status !== 'success' && !(isRefund && status === 'failure')) return []
    const amount = read(one, 'amount') + read(one, 'amount_rounding')
    return {
      id: legacyId(one) ?? '',
      order: name,
      gateway: text(one, 'gateway') ?? '',
      currency,
      amount: isOut ? -amount : amount,
      isRefund,
      isDone: status === 'success',
    }
  })
}

/** The rows of an order: what it sells, less what came back, and the money that was moved. */
export function orderItems(order: BookedOrder): Item[] {
  const {name, currency} = order
  const item = (row: RowKey, amount: bigint): Item => ({row, currency, amount, of: name})
  const done = movementsOf(order).filter((one) => one.isDone)
  const [back, paid] = [done.filter((one) => one.isRefund), done.filter((one) => !one.isRefund)]
  const moved = (movements: readonly Movement[]) => sum(movements.map(({amount}) => amount))
  const sold = soldOf(order)
  const ordered = sum(Object.entries(sold).map(([row, amount]) => (OFF_PRICE.has(row) ? -amount : amount)))
  // Gift cards and store credit are owed to customers: what is paid with them lowers what is owed.
  const tenders = done
    .map((one) => ({row: rowOfGateway(one.gateway), amount: one.amount}))
    .filter(({row}) => row !== 'undeposited')
    .map(({row, amount}) => item(row, row === 'giftCards' || row === 'storeCredit' ? -amount : amount))
  return [
    ...Object.entries(sold).map(([row, amount]) => item(row as RowKey, amount)),
    item('payments', moved(paid)),
    item('refunds', -moved(back)),
    item('customers', moved(done) - ordered),
    ...tenders,
  ]
}

type Sold = Record<
  | 'sales'
  | 'discounts'
  | 'shipping'
  | 'tax'
  | 'marketplaceTax'
  | 'duties'
  | 'tips'
  | 'adjustments'
  | 'rounding'
  | 'giftCards',
  bigint
>

/** Rows that lower what a customer owes. */
const OFF_PRICE: ReadonlySet<string> = new Set(['discounts', 'adjustments'])

/** What an order sells as of now, by what it is: less units that were taken off, cancelled or returned. */
function soldOf({doc, read}: BookedOrder): Sold {
  const isIncluded = flag(doc, 'taxes_included')
  const refunded = list(doc, 'refunds').flatMap((refund) => list(refund, 'refund_line_items'))
  const sold: Sold = {sales: 0n, discounts: 0n, shipping: 0n, tax: 0n, marketplaceTax: 0n, duties: 0n, tips: read(doc, 'total_tip_received'), adjustments: 0n, rounding: 0n, giftCards: 0n} // prettier-ignore
  for (const line of list(doc, 'line_items')) {
    const back = refunded.filter((one) => text(one, 'line_item_id') === legacyId(line))
    const {before, discount, tax} = lineOf(line, back, read, isIncluded)
    sold[flag(line, 'gift_card') ? 'giftCards' : 'sales'] += before
    sold.discounts += discount
    sold[isPaidByChannel(line) ? 'marketplaceTax' : 'tax'] += tax
    if (unitsLeft(line, back) > 0)
      sold.duties += sumOf(line, 'duties', (duty) => read({price_set: duty['price_set'] ?? duty}, 'price'))
  }
  for (const line of list(doc, 'shipping_lines')) {
    const [tax, off] = [taxOf(line, read), sumOf(line, 'discount_allocations', (one) => read(one, 'amount'))]
    sold.shipping += read(line, 'price') - off - (isIncluded ? tax : 0n)
    sold.tax += tax
  }
  for (const refund of list(doc, 'refunds')) {
    const tax = sumOf(refund, 'refund_shipping_lines', (one) => read(one, 'tax_amount'))
    sold.shipping -= sumOf(refund, 'refund_shipping_lines', (one) => read(one, 'subtotal_amount')) - (isIncluded ? tax : 0n) // prettier-ignore
    sold.tax -= tax
    sold.duties -= sumOf(refund, 'duties', (duty) => read(duty, 'amount'))
    // A discrepancy is negative where more was given back than lines explain.
    sold.adjustments -= sumOf(refund, 'order_adjustments', (one) => read(one, 'amount') + read(one, 'tax_amount'))
  }
  sold.rounding = sum(
    list(doc, 'transactions')
      .filter((one) => text(one, 'status') === 'success' && filled(one, 'amount_rounding') !== null)
      .map((one) => read(one, 'amount_rounding') * (text(one, 'kind') === 'refund' ? -1n : 1n)),
  )
  return sold
}

/** Units of a line that an edit did not take off; those that were refunded count. */
function unitsLeft(line: Json, back: readonly Json[]): number {
  const refunded = back.reduce((all, one) => all + (integer(one, 'quantity') ?? 0), 0)
  return (integer(line, 'current_quantity') ?? integer(line, 'quantity') ?? 0) + refunded
}

/**
 * Price before and off it, and tax, of a line without what was refunded; each in full, or its share where an edit took units
 * off. Where prices contain their tax both are without it: the discount by the share of the tax that the line bears.
 */
function lineOf(line: Json, back: readonly Json[], read: Reader, isIncluded: boolean) {
  const [ordered, left] = [integer(line, 'quantity') ?? 0, unitsLeft(line, back)]
  const shared = (amount: bigint) => portion(amount, left, ordered)
  const units = back.reduce((all, one) => all + (integer(one, 'quantity') ?? 0), 0)
  const tax = shared(taxOf(line, read))
  const price = read(line, 'price') * BigInt(left)
  const paid = price - shared(sumOf(line, 'discount_allocations', (one) => read(one, 'amount')))
  const net = paid - (isIncluded ? tax : 0n)
  const before = paid === 0n ? price : inCents(price * net, paid)
  const discount = before - net
  const backTax = sum(back.map((one) => read(one, 'total_tax')))
  const backNet = sum(back.map((one) => read(one, 'subtotal'))) - (isIncluded ? backTax : 0n)
  const backDiscount = portion(discount, units, left)
  return {before: before - backNet - backDiscount, discount: discount - backDiscount, tax: tax - backTax}
}

function portion(amount: bigint, part: number, whole: number): bigint {
  return whole === 0 ? 0n : inCents(amount * BigInt(part), BigInt(whole))
}

/** amount / divisor, rounded half up to the hundredth of a unit; amounts are thousandths. */
function inCents(amount: bigint, divisor: bigint): bigint {
  const unit = 10n * divisor
  return ((2n * amount + unit) / (2n * unit)) * 10n
}

function taxOf(line: Json, read: Reader): bigint {
  return sumOf(line, 'tax_lines', (one) => read(one, 'price'))
}

/** A marketplace collects and pays this tax (Shopify: TaxLine.channelLiable). */
function isPaidByChannel(line: Json): boolean {
  const taxes = list(line, 'tax_lines')
  return taxes.length > 0 && taxes.every((one) => flag(one, 'channel_liable'))
}
