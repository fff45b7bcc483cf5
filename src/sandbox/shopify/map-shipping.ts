import {bag, minus, nothing, pair, total, type Currencies, type Pair} from './amounts.ts'
import {flag, globalId, list, text} from './document.ts'
import type {Json} from './json.ts'
import {mapAllocations, mapTaxLines} from './map-lines.ts'
import type {ShippingRefund} from './map-refunds.ts'

/** A shipping line with its price before and after discounts, and what is left of that after refunds and removals. */
export type ShippingFacts = Readonly<{doc: Json; price: Pair; discounted: Pair; current: Pair; isRemoved: boolean}>

export function readShipping(
  order: Json,
  refunded: readonly ShippingRefund[],
  currencies: Currencies,
): readonly ShippingFacts[] {
  const lines = list(order, 'shipping_lines')
  return lines.map((doc) => {
    const price = pair(doc, 'price', currencies) ?? nothing
    const discount = total(list(doc, 'discount_allocations').map((one) => pair(one, 'amount', currencies) ?? nothing))
    const discounted = pair(doc, 'discounted_price', currencies) ?? minus(price, discount)
    const isRemoved = flag(doc, 'is_removed')
    const back = refunded.filter((one) => (one.lineId === null ? lines.length === 1 : one.lineId === text(doc, 'id')))
    const left = isRemoved ? nothing : minus(discounted, total(back.map((one) => one.amount)))
    return {doc, price, discounted, isRemoved, current: pair(doc, 'current_discounted_price', currencies) ?? left}
  })
}

/** A shipping line as the type ShippingLine. */
export function mapShippingLine(
  {doc, price, discounted, current, isRemoved}: ShippingFacts,
  order: Json,
  currencies: Currencies,
) {
  return {
    id: globalId(doc, 'ShippingLine'),
    title: text(doc, 'title') ?? text(doc, 'code') ?? '',
    code: text(doc, 'code'),
    source: text(doc, 'source'),
    carrierIdentifier: text(doc, 'carrier_identifier'),
    deliveryCategory: text(doc, 'delivery_category'),
    phone: text(doc, 'phone'),
    custom: text(doc, 'code') === 'custom',
    isRemoved,
    originalPriceSet: bag(price, currencies),
    discountedPriceSet: bag(discounted, currencies),
    currentDiscountedPriceSet: bag(current, currencies),
    taxLines: () => mapTaxLines(doc, currencies),
    discountAllocations: () => mapAllocations(doc, order, currencies),
  }
}
