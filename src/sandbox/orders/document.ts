import type {OrderDocument} from '../shopify/document.ts'
import {decimal, isNone, none, setOf, stated, type Currencies, type Two} from './amounts.ts'
import type {Discount} from './cart.ts'
import {fulfillmentsOf, refundsOf, type Story} from './events.ts'
import {identified} from './numbers.ts'
import {addressOf, companyOf, customerOf, emailOf} from './parties.ts'
import {taxTotals, type Allocation, type PricedTax} from './pricing.ts'
import {stamp} from './times.ts'
import {settleMoney, type Money} from './transactions.ts'

type Part = Readonly<Record<string, unknown>>

/**
 * The order as the webhooks of API version 2026-10 carry it (Shopify: webhooks, topic orders/updated), and its transactions
 * beside it, which webhooks leave out.
 */
export function documentOf(story: Story, number: number, money: Money): OrderDocument {
  const {scenario, priced, state, numbers, name} = story
  const {currencies, cart} = scenario
  const lines = state.lines.map((_, i) => lineDocument(story, i))
  const settled = settleMoney(story, money)
  const taxed = [...priced.lines, ...(priced.shipping === null ? [] : [priced.shipping])]
  return {
    ...identified(numbers.order, 'Order'),
    name,
    number: number - 1000,
    order_number: number,
    confirmed: true,
    test: scenario.isTest,
    ...timesOf(story),
    currency: currencies.shop.code,
    presentment_currency: currencies.presentment.code,
    ...stateOf(story),
    payment_gateway_names: settled.gateways,
    taxes_included: cart.taxesIncluded,
    tax_exempt: scenario.firm?.isExempt ?? false,
    estimated_taxes: false,
    duties_included: false,
    ...totalsOf(story),
    total_outstanding: decimal(outstandingOf(story) - settled.owedBack.shop, currencies.shop),
    total_cash_rounding_payment_adjustment_set: setOf(settled.rounding, currencies),
    tax_lines: taxLines(taxTotals(taxed), currencies),
    discount_applications: cart.discounts.map((discount) => application(discount, currencies)),
    discount_codes: priced.discounts.flatMap(({discount, amount}) => codeOf(discount, amount, currencies)),
    ...companyOf(story),
    email: emailOf(scenario),
    contact_email: emailOf(scenario),
    phone: null,
    customer: customerOf(scenario),
    billing_address: addressOf(scenario),
    shipping_address: priced.shipping === null ? null : addressOf(scenario),
    note: null,
    note_attributes: scenario.channel === 'web' ? [{name: 'Gift wrap', value: 'no'}] : [],
    tags: scenario.channel === 'b2b' ? 'wholesale, b2b' : '',
    source_name: scenario.channel === 'pos' ? 'pos' : 'web',
    location_id: scenario.channel === 'pos' ? 70_000_000_002 : null,
    customer_locale: 'en',
    line_items: lines,
    shipping_lines: shippingLines(story),
    fulfillments: fulfillmentsOf(story, (i) => lines[i] ?? {}),
    refunds: refundsOf(story, settled.refunds),
    transactions: settled.transactions,
  }
}

function timesOf({times, state, scenario}: Story): Part {
  const {aftermath} = scenario
  const isUntouched = aftermath === 'open'
  const isChanged = !isUntouched && aftermath !== 'fulfilled' && aftermath !== 'partly fulfilled'
  const isDone = state.lines.every(({fulfilled, current}) => fulfilled >= current)
  const last = isChanged ? times.changed : isUntouched ? times.placed : times.shipped
  return {
    created_at: stamp(times.placed),
    processed_at: stamp(times.placed),
    updated_at: stamp(last),
    closed_at: isDone ? stamp(last) : null,
    cancelled_at: aftermath === 'cancelled' ? stamp(times.changed) : null,
    cancel_reason: aftermath === 'cancelled' ? 'customer' : null,
  }
}

function stateOf({scenario, state, priced}: Story): Part {
  const {aftermath} = scenario
  const isRefunded =
    ['units returned', 'units cancelled', 'amount refunded'].includes(aftermath) || state.shippingRefunded
  const paid =
    aftermath === 'cancelled' ? 'refunded' : isRefunded && !isNone(priced.total) ? 'partially_refunded' : 'paid'
  const shipped = state.lines.some(({fulfilled}) => fulfilled > 0)
  const all = state.lines.every(({fulfilled, current}) => fulfilled >= current)
  return {
    financial_status: scenario.channel === 'b2b' ? 'pending' : paid,
    fulfillment_status: shipped ? (all ? 'fulfilled' : 'partial') : aftermath === 'cancelled' ? 'restocked' : null,
  }
}

/** An order on terms is not paid yet. */
function outstandingOf({scenario, state}: Story): number {
  return scenario.channel === 'b2b' ? state.currentTotal.shop : 0
}

/** Amounts before returns, and after them. */
function totalsOf({scenario, priced, state}: Story): Part {
  const {currencies} = scenario
  const amount = (name: string, value: Two) => stated(name, value, currencies)
  const set = (value: Two) => setOf(value, currencies)
  const duties = (value: Two) => (isNone(priced.duty) ? null : set(value))
  return {
    ...amount('total_line_items_price', priced.gross),
    ...amount('total_discounts', priced.discount),
    ...amount('subtotal_price', priced.subtotal),
    ...amount('total_tax', priced.tax),
    ...amount('total_price', priced.total),
    total_tip_received: decimal(priced.tip.shop, currencies.shop),
    total_tip_received_set: set(priced.tip),
    total_shipping_price_set: set(priced.shipping?.price ?? none),
    original_total_duties_set: duties(priced.duty),
    original_total_additional_fees_set: null,
    ...amount('current_subtotal_price', state.currentSubtotal),
    ...amount('current_total_tax', state.currentTax),
    ...amount('current_total_discounts', state.currentDiscount),
    ...amount('current_total_price', state.currentTotal),
    current_shipping_price_set: set(state.currentShipping),
    current_total_duties_set: duties(state.currentDuty),
    current_total_additional_fees_set: null,
    total_cash_rounding_refund_adjustment_set: set(none),
  }
}

function lineDocument({scenario, state, numbers}: Story, i: number): Part {
  const {currencies} = scenario
  const facts = state.lines[i]
  if (facts === undefined) throw new RangeError(`the order has no line ${i}`)
  const {priced, current, fulfilled} = facts
  const {line} = priced
  return {
    ...identified(numbers.line(i), 'LineItem'),
    product_id: line.productId,
    variant_id: line.variantId,
    product_exists: line.productId !== null,
    sku: line.sku,
    title: line.title,
    variant_title: line.variantTitle,
    name: [line.title, line.variantTitle].filter(Boolean).join(' - '),
    vendor: line.productId === null ? null : 'Tieout Demo',
    quantity: line.quantity,
    current_quantity: current,
    fulfillable_quantity: Math.max(0, current - fulfilled),
    fulfillment_status: fulfilled === 0 ? null : fulfilled >= current ? 'fulfilled' : 'partial',
    fulfillment_service: 'manual',
    ...stated('price', line.unit, currencies),
    ...stated('total_discount', none, currencies),
    discount_allocations: allocations(priced.allocations, currencies),
    tax_lines: taxLines(priced.taxes, currencies),
    duties: isNone(priced.duty) ? [] : [dutyOf(numbers.part(60 + i), priced.duty, currencies)],
    gift_card: line.isGiftCard,
    taxable: line.taxable,
    requires_shipping: line.requiresShipping,
    grams: line.grams,
    properties: line.properties,
  }
}

function dutyOf(id: number, amount: Two, currencies: Currencies): Part {
  return {
    ...identified(id, 'Duty'),
    harmonized_system_code: '610910',
    country_code_of_origin: 'US',
    ...setOf(amount, currencies),
    tax_lines: [],
  }
}

function shippingLines({priced, scenario, state, numbers}: Story): Part[] {
  const {shipping} = priced
  if (shipping === null) return []
  const {currencies} = scenario
  return [
    {
      ...identified(numbers.part(0), 'ShippingLine'),
      title: shipping.title,
      code: shipping.title,
      source: 'shopify',
      carrier_identifier: null,
      phone: null,
      is_removed: false,
      ...stated('price', shipping.price, currencies),
      ...stated('discounted_price', shipping.net, currencies),
      current_discounted_price_set: setOf(state.currentShipping, currencies),
      discount_allocations: allocations(shipping.allocations, currencies),
      tax_lines: taxLines(shipping.taxes, currencies),
    },
  ]
}

function allocations(from: readonly Allocation[], currencies: Currencies): Part[] {
  return from.map(({index, amount}) => ({...stated('amount', amount, currencies), discount_application_index: index}))
}

function taxLines(from: readonly PricedTax[], currencies: Currencies): Part[] {
  return from.map(({tax, amount}) => ({
    title: tax.title,
    rate: tax.rate / 1_000_000,
    ...stated('price', amount, currencies),
    channel_liable: false,
  }))
}

function application({type, name, value, target}: Discount, currencies: Currencies): Part {
  const isLine = typeof target === 'number'
  return {
    type,
    ...(type === 'discount_code' ? {code: name} : {title: name}),
    ...(type === 'manual' ? {description: name} : {}),
    value: value.kind === 'percentage' ? (value.of / 100).toFixed(1) : decimal(value.amount.shop, currencies.shop),
    value_type: value.kind,
    allocation_method: isLine ? 'each' : 'across',
    target_selection: isLine ? (type === 'manual' ? 'explicit' : 'entitled') : 'all',
    target_type: target === 'shipping' ? 'shipping_line' : 'line_item',
  }
}

function codeOf({type, name, value, target}: Discount, amount: Two, currencies: Currencies): Part[] {
  if (type !== 'discount_code') return []
  const kind = target === 'shipping' ? 'shipping' : value.kind
  return [{code: name, amount: decimal(amount.shop, currencies.shop), type: kind}]
}
