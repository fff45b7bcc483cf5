import {bag, currenciesOf, nothing, pair, type Currencies} from './amounts.ts'
import {connection, type PageArguments} from './connection.ts'
import {
  filled,
  flag,
  globalId,
  instant,
  integer,
  legacyId,
  list,
  object,
  text,
  words,
  type OrderDocument,
} from './document.ts'
import type {Json} from './json.ts'
import {mapFulfillment} from './map-fulfillments.ts'
import {mapApplication, mapAttributes, mapFees, mapLine, mapTaxLines, readLines} from './map-lines.ts'
import {mapAddress, mapCustomer, mapLocation, mapPaymentTerms, mapPurchasingEntity} from './map-people.ts'
import {mapRefund, mapTransaction, readRefunds} from './map-refunds.ts'
import {mapShippingLine, readShipping} from './map-shipping.ts'
import {mapCurrentTaxLines, mapTotals, type OrderFacts} from './map-totals.ts'

export type MappedOrder = Readonly<Record<string, unknown>>

/** Computes once, when first asked. */
function once<T>(compute: () => T): () => T {
  let held: {value: T} | null = null
  return () => (held ??= {value: compute()}).value
}

/**
 * An order document as the type Order: plain values, and functions for whatever costs something to work out.
 * `updatedAt` may be later than the document says, since writes to the order move it.
 */
export function mapOrder(doc: OrderDocument, updatedAt: string, now: () => Date): MappedOrder {
  const currencies = currenciesOf(doc)
  const refunds = once(() => readRefunds(doc, currencies))
  const facts: OrderFacts = {
    doc,
    currencies,
    refunds,
    lines: once(() => readLines(doc, currencies)),
    shipping: once(() => readShipping(doc, refunds().shipping, currencies)),
  }
  const customer = once(() => mapCustomer(doc))
  const order: MappedOrder = {
    __typename: 'Order',
    ...mapHead(doc, currencies),
    updatedAt,
    ...mapStates(facts),
    ...mapTotals(facts),
    customer,
    purchasingEntity: () => mapPurchasingEntity(doc, customer()),
    paymentTerms: () => mapPaymentTerms(doc, now()),
    taxLines: () => mapTaxLines(doc, currencies),
    currentTaxLines: () => mapCurrentTaxLines(facts),
    additionalFees: () => mapFees(doc, currencies),
    ...mapParts(facts, () => order),
  }
  return order
}

function mapHead(doc: Json, currencies: Currencies): MappedOrder {
  const id = legacyId(doc) ?? '0'
  const createdAt = instant(doc, 'created_at')
  const number = integer(doc, 'order_number') ?? integer(doc, 'number') ?? 0
  const codes = list(doc, 'discount_codes').map((one) => text(one, 'code') ?? '')
  return {
    id: globalId(doc, 'Order'),
    legacyResourceId: id,
    name: text(doc, 'name') ?? `#${number || id}`,
    number,
    confirmationNumber: text(doc, 'confirmation_number'),
    createdAt,
    processedAt: instant(doc, 'processed_at') ?? createdAt,
    closedAt: instant(doc, 'closed_at'),
    closed: instant(doc, 'closed_at') !== null,
    cancelledAt: instant(doc, 'cancelled_at'),
    cancelReason: text(doc, 'cancel_reason')?.toUpperCase() ?? null,
    test: flag(doc, 'test'),
    confirmed: doc.confirmed !== false,
    sourceName: text(doc, 'source_name'),
    sourceIdentifier: text(doc, 'source_identifier'),
    poNumber: text(doc, 'po_number'),
    tags: words(doc, 'tags'),
    note: text(doc, 'note'),
    customAttributes: () => mapAttributes(doc, 'note_attributes'),
    customerLocale: text(doc, 'customer_locale'),
    currencyCode: currencies.shop,
    presentmentCurrencyCode: currencies.presentment,
    taxesIncluded: flag(doc, 'taxes_included'),
    taxExempt: flag(doc, 'tax_exempt'),
    estimatedTaxes: flag(doc, 'estimated_taxes'),
    dutiesIncluded: flag(doc, 'duties_included'),
    paymentGatewayNames: gateways(doc),
    discountCode: codes[0] ?? null,
    discountCodes: codes,
    email: filled(doc, 'email') ?? filled(doc, 'contact_email'),
    phone: filled(doc, 'phone'),
    billingAddress: () => mapAddress(object(doc, 'billing_address'), id),
    shippingAddress: () => mapAddress(object(doc, 'shipping_address'), id),
    retailLocation: text(doc, 'source_name') === 'pos' ? mapLocation(text(doc, 'location_id')) : null,
    totalCashRoundingAdjustment: () => ({
      paymentSet: bag(pair(doc, 'total_cash_rounding_payment_adjustment', currencies) ?? nothing, currencies),
      refundSet: bag(pair(doc, 'total_cash_rounding_refund_adjustment', currencies) ?? nothing, currencies),
    }),
  }
}

function gateways(doc: Json): readonly string[] {
  const names = doc.payment_gateway_names
  return Array.isArray(names) ? names.map(String) : [text(doc, 'gateway')].filter((one) => one !== null)
}

const FULFILLMENT: Readonly<Record<string, string>> = {
  partial: 'PARTIALLY_FULFILLED',
  fulfilled: 'FULFILLED',
  restocked: 'RESTOCKED',
}

/** Since 2026-10 an order with nothing left to fulfil says so (Shopify: release notes 2026-10). */
function mapStates({doc, lines}: OrderFacts): MappedOrder {
  const financial = text(doc, 'financial_status')?.toUpperCase() ?? null
  const isPaid = financial === 'PAID' || financial === 'PARTIALLY_REFUNDED' || financial === 'REFUNDED'
  const isEmpty = () => lines().every((line) => line.currentQuantity === 0)
  const state = FULFILLMENT[text(doc, 'fulfillment_status') ?? '']
  const count = (key: 'quantity' | 'currentQuantity') => lines().reduce((sum, line) => sum + line[key], 0)
  return {
    displayFinancialStatus: financial,
    displayFulfillmentStatus: () => state ?? (isEmpty() ? 'FULFILLMENT_NOT_REQUIRED' : 'UNFULFILLED'),
    returnStatus: 'NO_RETURN',
    fullyPaid: isPaid,
    unpaid: financial === 'PENDING' || financial === 'AUTHORIZED',
    edited: () =>
      flag(doc, 'edited') || (list(doc, 'refunds').length === 0 && count('quantity') !== count('currentQuantity')),
    requiresShipping: () => lines().some((line) => flag(line.doc, 'requires_shipping')),
    subtotalLineItemsQuantity: () => count('quantity'),
    currentSubtotalLineItemsQuantity: () => count('currentQuantity'),
  }
}

type First = Readonly<{first?: number | null}>

/** The lists of an order. */
function mapParts(facts: OrderFacts, order: () => MappedOrder): MappedOrder {
  const {doc, currencies, lines} = facts
  const mapped = once(() => lines().map((line) => mapLine(line, doc, currencies)))
  // Refunds name a line by its number, which a rounding parser may have spoilt alike on both sides.
  const line = (id: string) => mapped()[lines().findIndex((one) => one.id === id || text(one.doc, 'id') === id)] ?? null
  const shippingLines = once(() => facts.shipping().map((one) => mapShippingLine(one, doc, currencies)))
  const shippingLine = (id: string | null) =>
    shippingLines()[facts.shipping().findIndex((one) => text(one.doc, 'id') === id)] ?? shippingLines()[0] ?? null
  const context = {order, line, lines, shippingLine, currencies}
  const transactions = once(() => readTransactions(facts).map((one) => mapTransaction(one, order, currencies)))
  const kept = (all: boolean) => shippingLines().filter((one) => all || !one.isRemoved)
  return {
    lineItems: connection(mapped),
    shippingLine: () => kept(false)[0] ?? null,
    shippingLines: (given: PageArguments & Readonly<{includeRemovals?: boolean | null}>) =>
      connection(() => kept(given.includeRemovals === true))(given),
    discountApplications: connection(() =>
      list(doc, 'discount_applications').map((_, i) => mapApplication(doc, i, currencies)),
    ),
    refunds: ({first}: First) =>
      list(doc, 'refunds')
        .map((refund) => mapRefund(refund, context))
        .slice(0, first ?? undefined),
    fulfillments: ({first}: First) =>
      list(doc, 'fulfillments')
        .map((one) => mapFulfillment(one, context))
        .slice(0, first ?? undefined),
    transactions: ({first}: First) => transactions().slice(0, first ?? undefined),
    transactionsCount: () => ({count: transactions().length, precision: 'EXACT'}),
  }
}

/** Webhook documents carry no transactions: one sale of what was received stands for them, beside those of refunds. */
function readTransactions(facts: OrderFacts): readonly Json[] {
  const {doc} = facts
  if (Array.isArray(doc.transactions)) return list(doc, 'transactions')
  const received = mapTotals(facts).totalReceivedSet?.() ?? null
  const sale = {
    id: legacyId(doc),
    kind: 'sale',
    status: 'success',
    gateway: gateways(doc)[0] ?? 'manual',
    test: flag(doc, 'test'),
    processed_at: text(doc, 'processed_at'),
    amount_set: {
      shop_money: {amount: received?.shopMoney.amount},
      presentment_money: {amount: received?.presentmentMoney.amount},
    },
  }
  const refunds = list(doc, 'refunds').flatMap((refund) => list(refund, 'transactions'))
  return Number(received?.shopMoney.amount ?? 0) === 0 ? refunds : [sale, ...refunds]
}
