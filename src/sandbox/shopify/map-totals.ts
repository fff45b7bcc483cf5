import {
  bag,
  isNothing,
  minus,
  nothing,
  pair,
  plus,
  share,
  total,
  type Currencies,
  type MoneyBag,
  type Pair,
} from './amounts.ts'
import {flag, list, text} from './document.ts'
import type {Json} from './json.ts'
import {dutiesOf, mapTaxLines, type LineFacts} from './map-lines.ts'
import {refundedTotal, type RefundFacts} from './map-refunds.ts'
import type {ShippingFacts} from './map-shipping.ts'
import {leftToCapture, receivedBy} from './map-transactions.ts'

export type OrderFacts = Readonly<{
  doc: Json
  currencies: Currencies
  lines: () => readonly LineFacts[]
  shipping: () => readonly ShippingFacts[]
  refunds: () => RefundFacts
}>

/**
 * The order's totals. Documents of older API versions lack the `current_*` amounts: they follow from the amounts before
 * returns less the refunded lines and shipping. An amount-only refund changes none of them.
 */
export function mapTotals(facts: OrderFacts): Readonly<Record<string, () => MoneyBag | null>> {
  const {doc, currencies, refunds} = facts
  const read = (name: string) => pair(doc, name, currencies)
  const moved = list(doc, 'transactions')
  const money = (amount: Pair) => bag(amount, currencies)
  const price = () => read('total_price') ?? nothing
  const currentPrice = () =>
    read('current_total_price') ?? minus(price(), refundedTotal(refunds(), flag(doc, 'taxes_included')))
  const subtotal = () => read('subtotal_price') ?? total(facts.lines().map((line) => minus(line.gross, line.discount)))
  const outstanding = () => read('total_outstanding') ?? (isPaid(doc) ? nothing : currentPrice())
  // An amount-only refund leaves the order's total as it is, so the money it gave back is not in the difference.
  const net = () =>
    moved.length > 0
      ? minus(receivedBy(moved, currencies), refunds().paid)
      : plus(minus(currentPrice(), outstanding()), refunds().discrepancy)
  const back = () => total(refunds().shipping.map((one) => one.amount))
  return {
    totalPriceSet: () => money(price()),
    originalTotalPriceSet: () => money(price()),
    currentTotalPriceSet: () => money(currentPrice()),
    subtotalPriceSet: () => money(subtotal()),
    currentSubtotalPriceSet: () => money(read('current_subtotal_price') ?? minus(subtotal(), refunds().subtotal)),
    totalTaxSet: () => money(read('total_tax') ?? nothing),
    currentTotalTaxSet: () => money(currentTax(facts)),
    totalShippingPriceSet: () => money(read('total_shipping_price') ?? total(facts.shipping().map((one) => one.price))),
    currentShippingPriceSet: () =>
      money(read('current_shipping_price') ?? total(facts.shipping().map((one) => one.current))),
    totalDiscountsSet: () => money(read('total_discounts') ?? nothing),
    currentTotalDiscountsSet: () => money(read('current_total_discounts') ?? currentDiscounts(facts)),
    totalTipReceivedSet: () => money(read('total_tip_received') ?? nothing),
    totalOutstandingSet: () => money(outstanding()),
    totalReceivedSet: () => money(plus(net(), refunds().paid)),
    totalRefundedSet: () => money(refunds().paid),
    netPaymentSet: () => money(net()),
    totalRefundedShippingSet: () => money(back()),
    totalCapturableSet: () => money(capturable(facts) ?? (isAuthorized(doc) ? price() : nothing)),
    refundDiscrepancySet: () => money(refunds().discrepancy),
    ...charges(facts),
  }
}

/** Duties and fees are null where the order has none. */
function charges({doc, currencies, lines, refunds}: OrderFacts): Readonly<Record<string, () => MoneyBag | null>> {
  const unlessNothing = (amount: Pair) => (isNothing(amount) ? null : bag(amount, currencies))
  const duties = () =>
    pair(doc, 'original_total_duties', currencies) ?? total(lines().map((line) => dutiesOf(line.doc, currencies)))
  const fees = () => pair(doc, 'original_total_additional_fees', currencies) ?? nothing
  return {
    originalTotalDutiesSet: () => unlessNothing(duties()),
    currentTotalDutiesSet: () =>
      unlessNothing(pair(doc, 'current_total_duties', currencies) ?? minus(duties(), refunds().duties)),
    originalTotalAdditionalFeesSet: () => unlessNothing(fees()),
    currentTotalAdditionalFeesSet: () =>
      unlessNothing(pair(doc, 'current_total_additional_fees', currencies) ?? fees()),
  }
}

/** What is left of the authorisations that a document lists; null where it lists no transactions. */
function capturable({doc, currencies}: OrderFacts): Pair | null {
  const all = list(doc, 'transactions')
  return all.length === 0 ? null : total(all.map((one) => leftToCapture(one, all, currencies)))
}

function isAuthorized(doc: Json): boolean {
  return text(doc, 'financial_status') === 'authorized'
}

function isPaid(doc: Json): boolean {
  return ['paid', 'partially_refunded', 'refunded', 'voided'].includes(text(doc, 'financial_status') ?? '')
}

function currentTax({doc, currencies, refunds}: OrderFacts): Pair {
  const before = pair(doc, 'total_tax', currencies) ?? nothing
  const gone = plus(refunds().tax, total(refunds().shipping.map((one) => one.tax)))
  return pair(doc, 'current_total_tax', currencies) ?? minus(before, gone)
}

function currentDiscounts({doc, currencies, lines}: OrderFacts): Pair {
  const gone = lines().map((line) =>
    share(line.discount, line.quantity - line.currentQuantity, line.quantity, currencies),
  )
  return minus(pair(doc, 'total_discounts', currencies) ?? nothing, total(gone))
}

/**
 * Taxes after returns, one a title and rate. A document has only the sum of them, so it is spread over the taxes before
 * returns; the last takes what rounding leaves.
 */
export function mapCurrentTaxLines(facts: OrderFacts) {
  const {doc, currencies} = facts
  const before = list(doc, 'tax_lines').map((tax) => pair(tax, 'price', currencies) ?? nothing)
  const [whole, left] = [total(before), currentTax(facts)]
  let rest = left
  return mapTaxLines(doc, currencies).map((tax, i) => {
    const part = (amount: bigint, of: bigint, now: bigint) => (of === 0n ? 0n : (amount * now) / of)
    const price = before[i] ?? nothing
    const spread = share(
      {
        shop: part(price.shop, whole.shop, left.shop),
        presentment: part(price.presentment, whole.presentment, left.presentment),
      },
      1,
      1,
      currencies,
    )
    const amount = i === before.length - 1 ? rest : spread
    rest = minus(rest, amount)
    return {...tax, priceSet: bag(amount, currencies)}
  })
}
