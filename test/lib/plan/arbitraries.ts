import fc from 'fast-check'

import {decimalOf, digitsOf, money} from '../../../src/lib/core/money.ts'
import type {HeldSalesOrder, SalesOrder} from '../../../src/lib/netsuite/types.ts'
import type {ItemBook, OrderRules} from '../../../src/lib/plan/types.ts'
import type {
  MoneyBag,
  RestockType,
  ShopifyLine,
  ShopifyOrder,
  ShopifyRefundLine,
  ShopifyTaxLine,
} from '../../../src/lib/shopify/types.ts'
import {address, ann, order as example, rules as exampleRules} from './orders-of-shopify.ts'

/*
 * Any order that adds up on Shopify's side. Everything here is computed the way Shopify states it (amounts per line,
 * tax rounded per line, refunds by cumulative share), with integer arithmetic of its own: nothing of src/lib/plan is
 * used.
 */

type Rate = Readonly<{title: string; thousandths: number; channelLiable: boolean | null}>

const RATES: readonly Rate[] = [
  {title: 'State Tax', thousandths: 62, channelLiable: false},
  {title: 'City Tax', thousandths: 11, channelLiable: null},
  {title: 'VAT', thousandths: 200, channelLiable: false},
  {title: 'Marketplace Tax', thousandths: 80, channelLiable: true},
]

type Fate = 'kept' | 'cancelled' | 'returned' | 'edited' | 'refundedShipped' | 'refundedUnshipped'

type LineSeed = Readonly<{
  sku: string | null
  isGiftCard: boolean
  /** Price in the smallest unit. */
  price: bigint
  /** Where each unit went. */
  fates: readonly Fate[]
  /** Discounts in percent of the line. */
  discounts: readonly number[]
  rates: readonly Rate[]
  duties: readonly bigint[]
}>

type OrderSeed = Readonly<{
  currency: string
  presentment: string
  taxesIncluded: boolean
  lines: readonly LineSeed[]
  shipping: readonly Readonly<{price: bigint; discount: number; rates: readonly Rate[]; isRemoved: boolean}>[]
  fees: readonly Readonly<{price: bigint; rates: readonly Rate[]}>[]
  tip: bigint
  isCancelled: boolean
}>

const price = fc.bigInt({min: 0n, max: 30_000n})
const rates = fc.uniqueArray(fc.constantFrom(...RATES), {maxLength: 3, selector: (rate) => rate.title})
const fates = (kinds: readonly Fate[]) => fc.array(fc.constantFrom(...kinds), {minLength: 1, maxLength: 5})

function lineSeed(kinds: readonly Fate[]): fc.Arbitrary<LineSeed> {
  return fc.record({
    sku: fc.constantFrom('TEE-M', 'TEE-M', 'CAP', 'MUG', null),
    isGiftCard: fc.constantFrom(false, false, false, true),
    price,
    fates: fates(kinds),
    discounts: fc.oneof(fc.constant([]), fc.array(fc.integer({min: 0, max: 50}), {minLength: 1, maxLength: 2})),
    rates,
    duties: fc.oneof({weight: 4, arbitrary: fc.constant([])}, {weight: 1, arbitrary: fc.array(price, {maxLength: 2})}),
  })
}

function orderSeed(kinds: readonly Fate[], removesShipping: boolean): fc.Arbitrary<OrderSeed> {
  const isRemoved = removesShipping ? fc.boolean() : fc.constant(false)
  return fc.record({
    currency: fc.constantFrom('USD', 'GBP', 'JPY', 'KWD'),
    presentment: fc.constantFrom('USD', 'EUR', 'JPY', 'KWD'),
    taxesIncluded: fc.boolean(),
    lines: fc.array(lineSeed(kinds), {minLength: 1, maxLength: 4}),
    shipping: fc.array(fc.record({price, discount: fc.integer({min: 0, max: 100}), rates, isRemoved}), {maxLength: 2}),
    fees: fc.oneof(fc.constant([]), fc.array(fc.record({price, rates}), {maxLength: 2})),
    tip: fc.oneof(fc.constant(0n), price),
    isCancelled: fc.boolean().map((is) => is && kinds.length === 1),
  })
}

/** The order that a seed describes, in one currency. */
function build(seed: OrderSeed, currency: string, scale: bigint): ShopifyOrder {
  const bag = (amount: bigint): MoneyBag => ({shop: money(amount, currency), presentment: money(amount, currency)})
  const taxed = (base: bigint, list: readonly Rate[]): ShopifyTaxLine[] =>
    list.map(({title, thousandths, channelLiable}) => ({
      title,
      rate: decimalOf(money(BigInt(thousandths), 'KWD')),
      price: bag(taxOf(base, thousandths, list, seed.taxesIncluded)),
      channelLiable,
    }))
  const onTop = (amount: bigint) => (seed.taxesIncluded ? 0n : amount)
  let [total, totalTax, gone, goneTax] = [seed.tip * scale, 0n, 0n, 0n]
  const refundLines: ShopifyRefundLine[] = []
  const shippedLines: {lineId: string; quantity: number}[] = []
  const lines = seed.lines.map((line, i): ShopifyLine => {
    const id = `gid://shopify/LineItem/${100 + i}`
    const quantity = line.fates.length
    const gross = line.price * scale * BigInt(quantity)
    const discounts = line.discounts.map((percent) => (gross * BigInt(percent)) / 100n)
    const paid = gross - sum(discounts)
    const taxLines = taxed(paid, line.rates)
    const tax = sum(taxLines.map((each) => each.price.shop.minor))
    const duties = line.duties.map((amount, n) => ({
      id: `gid://shopify/Duty/${i}${n}`,
      price: bag(amount * scale),
      taxLines: taxed(amount * scale, line.rates.slice(0, 1)),
    }))
    const dutyTax = sum(duties.flatMap((each) => each.taxLines.map((line) => line.price.shop.minor)))
    const duty = sum(duties.map((each) => each.price.shop.minor))
    total += paid + onTop(tax) + duty + onTop(dutyTax)
    totalTax += tax + dutyTax
    line.fates.forEach((fate, unit) => {
      if (fate === 'kept') return
      const [subtotal, unitTax] = [portion(paid, unit, quantity), portion(tax, unit, quantity)]
      const [unitDuty, unitDutyTax] = [portion(duty, unit, quantity), portion(dutyTax, unit, quantity)]
      gone += subtotal + onTop(unitTax) + unitDuty + onTop(unitDutyTax)
      goneTax += unitTax + unitDutyTax
      if (fate !== 'edited') {
        refundLines.push({
          lineId: id,
          quantity: 1,
          restockType: RESTOCK[fate],
          subtotal: bag(subtotal),
          tax: bag(unitTax),
        })
      }
    })
    const shipped = line.fates.filter((fate) => fate === 'returned' || fate === 'refundedShipped').length
    if (shipped > 0) shippedLines.push({lineId: id, quantity: shipped})
    return {
      id,
      sku: line.sku,
      title: `Article ${i}`,
      variantTitle: null,
      quantity,
      currentQuantity: line.fates.filter((fate) => fate === 'kept').length,
      unitPrice: bag(line.price * scale),
      discounts: discounts.map((amount, n) => ({amount: bag(amount), kind: 'code', title: `CODE${n}`})),
      taxLines,
      duties,
      isGiftCard: line.isGiftCard,
      requiresShipping: true,
      taxable: true,
      variantId: 'gid://shopify/ProductVariant/1',
      properties: [],
    }
  })
  const shippingLines = seed.shipping.map((shipping, i) => {
    const discounted = shipping.price * scale - (shipping.price * scale * BigInt(shipping.discount)) / 100n
    const taxLines = taxed(discounted, shipping.rates)
    const tax = sum(taxLines.map((each) => each.price.shop.minor))
    total += discounted + onTop(tax)
    totalTax += tax
    if (shipping.isRemoved) {
      gone += discounted + onTop(tax)
      goneTax += tax
    }
    return {
      id: `gid://shopify/ShippingLine/${i}`,
      title: i === 0 ? 'Standard' : 'Express',
      code: null,
      price: bag(shipping.price * scale),
      discountedPrice: bag(discounted),
      taxLines,
      isRemoved: shipping.isRemoved,
    }
  })
  const fees = seed.fees.map((fee, i) => {
    const taxLines = taxed(fee.price * scale, fee.rates)
    const tax = sum(taxLines.map((each) => each.price.shop.minor))
    total += fee.price * scale + onTop(tax)
    totalTax += tax
    return {id: `gid://shopify/AdditionalFee/${i}`, name: `Fee ${i}`, price: bag(fee.price * scale), taxLines}
  })
  return {
    ...example(),
    currency,
    presentmentCurrency: currency,
    taxesIncluded: seed.taxesIncluded,
    cancelledAt: seed.isCancelled ? '2026-11-21T00:00:00Z' : null,
    customer: ann,
    billingAddress: address,
    lines,
    shippingLines,
    fees,
    refunds: refundLines.map((line, i) => ({
      id: `gid://shopify/Refund/${i}`,
      createdAt: '2026-11-21T00:00:00Z',
      lines: [line],
      shipping: [],
    })),
    fulfillments: shippedLines.map((line, i) => ({
      id: `gid://shopify/Fulfillment/${i}`,
      status: 'SUCCESS',
      lines: [line],
    })),
    tip: bag(seed.tip * scale),
    total: bag(total),
    totalTax: bag(totalTax),
    currentTotal: bag(total - gone),
    currentTotalTax: bag(totalTax - goneTax),
  }
}

const RESTOCK: Readonly<Record<Exclude<Fate, 'kept' | 'edited'>, RestockType>> = {
  cancelled: 'CANCEL',
  returned: 'RETURN',
  refundedShipped: 'NO_RESTOCK',
  refundedUnshipped: 'NO_RESTOCK',
}

/**
 * Tax of one rate on a base, rounded to the unit: on top of it, or as the part of it that all rates together make up.
 */
function taxOf(base: bigint, thousandths: number, all: readonly Rate[], isIncluded: boolean): bigint {
  const whole = isIncluded ? 1000 + all.reduce((a, rate) => a + rate.thousandths, 0) : 1000
  return (2n * base * BigInt(thousandths) + BigInt(whole)) / (2n * BigInt(whole))
}

/** The share of the n-th of `of` units: cumulative shares, so that all units sum to the amount. */
function portion(amount: bigint, n: number, of: number): bigint {
  return (amount * BigInt(n + 1)) / BigInt(of) - (amount * BigInt(n)) / BigInt(of)
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => a + b, 0n)
}

/** Puts the amounts of the second order into the first as what the customer paid. */
function present(shop: unknown, paid: unknown): unknown {
  if (typeof shop !== 'object' || shop === null) return shop
  if (Array.isArray(shop)) return shop.map((each, i) => present(each, (paid as unknown[])[i]))
  if ('shop' in shop && 'presentment' in shop) return {shop: shop.shop, presentment: (paid as MoneyBag).presentment}
  return Object.fromEntries(
    Object.entries(shop).map(([key, value]) => [key, present(value, (paid as Record<string, unknown>)[key])]),
  )
}

function fromSeed(seed: OrderSeed): ShopifyOrder {
  const shop = build(seed, seed.currency, 1n)
  const paid = build(seed, seed.presentment, BigInt(10 ** digitsOf(seed.presentment)))
  return {...(present(shop, paid) as ShopifyOrder), presentmentCurrency: seed.presentment}
}

/** No unit left the order; it may be cancelled as a whole. */
export const wholeOrders = orderSeed(['kept'], false).map(fromSeed)

/** Units were cancelled, returned or refunded, each with Shopify's refund line; shipping may have been removed. */
export const refundedOrders = orderSeed(['kept', 'cancelled', 'returned', 'refundedUnshipped'], true).map(fromSeed)

/**
 * As refundedOrders, and units were edited out without a refund line, or refunded after shipping without restocking.
 * An order with duties has edits or returns, not both: no figure of Shopify tells whose duties then went.
 */
export const editedOrders = orderSeed(['kept', 'kept', 'cancelled', 'returned', 'edited', 'refundedShipped'], true)
  .filter(({lines}) => {
    const all = lines.flatMap((line) => line.fates)
    return (
      lines.every((line) => line.duties.length === 0) ||
      !all.includes('edited') ||
      all.every((fate) => fate === 'kept' || fate === 'edited')
    )
  })
  .map(fromSeed)

export const anyOrders = fc.oneof(wholeOrders, refundedOrders, editedOrders)

/** The book in which every SKU of the generated orders is found. */
export const itemBook: ItemBook = new Map(
  ['TEE-M', 'CAP', 'MUG'].map((sku, i) => [sku, {kind: 'found', id: `${1200 + i}`, isInactive: false}]),
)

const mapping = (n: number) => ({taxType: `10${n}`, taxCode: `20${n}`})

/** Every way in which a contract can book, all charges mapped. */
export const anyRules: fc.Arbitrary<OrderRules> = fc
  .record({
    book: fc.constantFrom('shop', 'presentment'),
    discounts: fc.constantFrom('line', 'net'),
    isSuiteTax: fc.boolean(),
    marketplaceTax: fc.constantFrom('9009', null),
  })
  .map(({book, discounts, isSuiteTax, marketplaceTax}) => ({
    ...exampleRules,
    book,
    discounts,
    items: {...exampleRules.items, marketplaceTax},
    tax: isSuiteTax
      ? {mode: 'suitetax', taxes: Object.fromEntries(RATES.map(({title}, i) => [title, mapping(i)])), fallback: null}
      : {mode: 'legacy', code: '-8'},
  }))

/** The sales order as NetSuite gives it back: numbers in another scale, lines in another order, empty texts as null. */
export function echo(plan: SalesOrder, options: {hasKeys?: boolean; rotate?: number} = {}): HeldSalesOrder {
  const {hasKeys = true, rotate = 0} = options
  const long = (amount: SalesOrder['total']) => {
    const text = decimalOf(amount)
    return text.includes('.') ? `${text}0` : `${text}.00`
  }
  const lines = plan.lines.map((line, i) => ({
    line: `${i * 3 + 1}`,
    key: hasKeys ? line.key : null,
    itemId: line.item.id,
    quantity: line.quantity === null ? null : `${line.quantity}.0`,
    amount: long(line.amount),
    description: line.description === '' ? null : line.description,
    locationId: line.location?.id ?? null,
    taxCodeId: line.taxCode?.id ?? null,
    isClosed: line.isClosed,
  }))
  const {currency} = plan.total
  return {
    type: 'salesOrder',
    id: '7001',
    externalId: plan.externalId,
    tranId: 'SO1',
    status: lines.every((line) => line.isClosed) ? 'H' : 'B',
    entityId: 'id' in plan.entity ? plan.entity.id : '77',
    subsidiaryId: plan.subsidiary?.id ?? '1',
    currencyId: plan.currency.id,
    tranDate: plan.tranDate,
    otherRefNum: plan.otherRefNum,
    memo: plan.memo,
    email: plan.email,
    termsId: plan.terms?.id ?? '9',
    billingAddress: plan.billingAddress,
    shippingAddress: plan.shippingAddress,
    shipMethodId: plan.shipMethod?.id ?? null,
    shippingCost: plan.shippingCost === null ? '0.0' : long(plan.shippingCost),
    taxTotal: long(money(sum((plan.taxDetails ?? []).map((detail) => detail.amount.minor)), currency)),
    total: long(plan.total),
    customFields: {...plan.customFields, custbody_other: 'of a person'},
    lines: [...lines.slice(rotate), ...lines.slice(0, rotate)],
  }
}
