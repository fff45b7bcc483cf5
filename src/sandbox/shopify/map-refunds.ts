import {bag, minus, nothing, pair, plus, total, type Currencies, type Pair} from './amounts.ts'
import {connection} from './connection.ts'
import {globalId, instant, integer, legacyId, list, object, text} from './document.ts'
import type {Json} from './json.ts'
import {mapLocation} from './map-people.ts'
import {mapTransaction, transactionAmount} from './map-transactions.ts'

/** Shipping that was given back; `lineId` is null where the document does not say which shipping line it was. */
export type ShippingRefund = Readonly<{id: string; lineId: string | null; amount: Pair; tax: Pair}>

/** What all refunds together took away, and the money that went back. */
export type RefundFacts = Readonly<{
  subtotal: Pair
  tax: Pair
  shipping: readonly ShippingRefund[]
  /** Refund transactions that succeeded. */
  paid: Pair
  duties: Pair
  /** What adjustments took, negative where the customer got more than lines and shipping account for. */
  discrepancy: Pair
}>

export function readRefunds(order: Json, currencies: Currencies): RefundFacts {
  const refunds = list(order, 'refunds')
  const lines = refunds.flatMap((refund) => list(refund, 'refund_line_items'))
  return {
    subtotal: total(lines.map((line) => pair(line, 'subtotal', currencies) ?? nothing)),
    tax: total(lines.map((line) => pair(line, 'total_tax', currencies) ?? nothing)),
    shipping: refunds.flatMap((refund) => shippingRefunds(refund, currencies)),
    paid: total(refunds.map((refund) => paidBack(refund, currencies))),
    duties: total(refunds.flatMap((refund) => list(refund, 'duties').map((duty) => dutyRefund(duty, currencies)))),
    discrepancy: total(refunds.flatMap((refund) => adjustments(refund).map((one) => adjusted(one, currencies)))),
  }
}

/** In documents of older API versions shipping came back as an adjustment of kind `shipping_refund`, negative. */
function shippingRefunds(refund: Json, currencies: Currencies): ShippingRefund[] {
  const listed = list(refund, 'refund_shipping_lines').map((line) => ({
    id: globalId(line, 'RefundShippingLine') ?? '',
    lineId: text(object(line, 'shipping_line') ?? {}, 'id') ?? text(line, 'shipping_line_id'),
    amount: pair(line, 'subtotal_amount', currencies) ?? pair(line, 'subtotal', currencies) ?? nothing,
    tax: pair(line, 'tax_amount', currencies) ?? pair(line, 'total_tax', currencies) ?? nothing,
  }))
  const older = list(refund, 'order_adjustments')
    .filter((one) => text(one, 'kind') === 'shipping_refund')
    .map((one) => ({
      id: `gid://shopify/RefundShippingLine/${legacyId(one) ?? '0'}`,
      lineId: null,
      amount: minus(nothing, pair(one, 'amount', currencies) ?? nothing),
      tax: minus(nothing, pair(one, 'tax_amount', currencies) ?? nothing),
    }))
  return [...listed, ...older]
}

function paidBack(refund: Json, currencies: Currencies): Pair {
  const paid = list(refund, 'transactions').filter(
    (one) => text(one, 'kind') === 'refund' && text(one, 'status') === 'success',
  )
  return total(paid.map((one) => transactionAmount(one, currencies)))
}

function dutyRefund(duty: Json, currencies: Currencies): Pair {
  return pair(duty, 'amount', currencies) ?? pair(duty, 'price', currencies) ?? nothing
}

type Mapped = Readonly<Record<string, unknown>>

/** What a refund points at: its order, and the lines of the order by numeric id. */
export type RefundContext = Readonly<{
  order: () => Mapped
  line: (id: string) => Mapped | null
  shippingLine: (id: string | null) => Mapped | null
  duty: (id: string | null) => Mapped | null
  /** A transaction of the order by its numeric id. */
  transaction: (id: string | null) => Mapped | null
  currencies: Currencies
}>

/** A refund as the type Refund. */
export function mapRefund(refund: Json, context: RefundContext): Mapped {
  const {currencies} = context
  const createdAt = instant(refund, 'created_at')
  return {
    __typename: 'Refund',
    id: globalId(refund, 'Refund'),
    legacyResourceId: legacyId(refund),
    createdAt,
    processedAt: instant(refund, 'processed_at') ?? createdAt,
    updatedAt: instant(refund, 'updated_at') ?? createdAt,
    note: text(refund, 'note'),
    order: context.order,
    totalRefundedSet: () => bag(paidBack(refund, currencies), currencies),
    return: () => mapReturn(refund, context),
    duties: () =>
      list(refund, 'duties').map((duty) => ({
        amountSet: bag(dutyRefund(duty, currencies), currencies),
        originalDuty: context.duty(text(duty, 'duty_id')),
      })),
    refundLineItems: connection(() => refundLines(refund, context)),
    refundShippingLines: connection(() =>
      shippingRefunds(refund, currencies).flatMap(({id, lineId, amount, tax}) => {
        const shippingLine = context.shippingLine(lineId)
        const sets = {subtotalAmountSet: bag(amount, currencies), taxAmountSet: bag(tax, currencies)}
        return shippingLine === null ? [] : [{__typename: 'RefundShippingLine', id, shippingLine, ...sets}]
      }),
    ),
    orderAdjustments: connection(() => adjustments(refund).map((one) => mapAdjustment(one, currencies))),
    transactions: connection(() =>
      list(refund, 'transactions').map((one) => context.transaction(legacyId(one)) ?? mapTransaction(one, context)),
    ),
  }
}

/** The return that a refund belongs to; a document names it by its id only. */
function mapReturn(refund: Json, {order}: RefundContext): Mapped | null {
  const doc = object(refund, 'return')
  if (doc === null) return null
  const at = instant(refund, 'created_at')
  const quantity = list(refund, 'refund_line_items').reduce((sum, line) => sum + (integer(line, 'quantity') ?? 0), 0)
  return {
    __typename: 'Return',
    id: globalId(doc, 'Return'),
    name: text(doc, 'name') ?? `${String(order().name)}-R1`,
    order,
    status: (text(doc, 'status') ?? 'closed').toUpperCase(),
    createdAt: instant(doc, 'created_at') ?? at,
    closedAt: instant(doc, 'closed_at') ?? at,
    totalQuantity: quantity,
  }
}

function refundLines(refund: Json, {line, currencies}: RefundContext) {
  return list(refund, 'refund_line_items').flatMap((doc) => {
    const lineItem = line(text(doc, 'line_item_id') ?? '')
    if (lineItem === null) return []
    const restockType = (text(doc, 'restock_type') ?? 'no_restock').toUpperCase()
    const price = pair(object(doc, 'line_item') ?? {}, 'price', currencies)
    return {
      id: globalId(doc, 'RefundLineItem'),
      quantity: integer(doc, 'quantity') ?? 0,
      restockType,
      restocked: restockType !== 'NO_RESTOCK',
      location: mapLocation(text(doc, 'location_id')),
      lineItem,
      priceSet: () => (price === null ? lineItem.originalUnitPriceSet : bag(price, currencies)),
      subtotalSet: bag(pair(doc, 'subtotal', currencies) ?? nothing, currencies),
      totalTaxSet: bag(pair(doc, 'total_tax', currencies) ?? nothing, currencies),
    }
  })
}

function adjustments(refund: Json): readonly Json[] {
  return list(refund, 'order_adjustments').filter((one) => text(one, 'kind') !== 'shipping_refund')
}

function adjusted(one: Json, currencies: Currencies): Pair {
  return plus(pair(one, 'amount', currencies) ?? nothing, pair(one, 'tax_amount', currencies) ?? nothing)
}

function mapAdjustment(one: Json, currencies: Currencies): Mapped {
  return {
    __typename: 'OrderAdjustment',
    id: globalId(one, 'OrderAdjustment'),
    reason: text(one, 'kind')?.toUpperCase() ?? null,
    amountSet: bag(pair(one, 'amount', currencies) ?? nothing, currencies),
    taxAmountSet: bag(pair(one, 'tax_amount', currencies) ?? nothing, currencies),
  }
}

/** What leaves the order's total with the refunded lines and shipping: their tax counts where prices exclude it. */
export function refundedTotal(facts: RefundFacts, taxesIncluded: boolean): Pair {
  const net = plus(facts.subtotal, total(facts.shipping.map((one) => one.amount)))
  const tax = plus(facts.tax, total(facts.shipping.map((one) => one.tax)))
  return plus(plus(net, facts.duties), taxesIncluded ? nothing : tax)
}
