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
import {mapRefund, readRefunds} from './map-refunds.ts'
import {mapShippingLine, readShipping} from './map-shipping.ts'
import {mapCurrentTaxLines, mapTotals, type OrderFacts} from './map-totals.ts'
import {isCapturable, isResolvable, mapTransaction} from './map-transactions.ts'
import type {Dispute} from './payments/lines.ts'
import {gateways, transactionDocuments} from './transaction-documents.ts'

export type MappedOrder = Readonly<Record<string, unknown>>

/** Computes once, when first asked. */
function once<T>(compute: () => T): () => T {
  let held: {value: T} | null = null
  return () => (held ??= {value: compute()}).value
}

/** What the parts of an order are worked out from, each once. */
export function factsOf(doc: OrderDocument): OrderFacts {
  const currencies = currenciesOf(doc)
  const refunds = once(() => readRefunds(doc, currencies))
  return {
    doc,
    currencies,
    refunds,
    lines: once(() => readLines(doc, currencies)),
    shipping: once(() => readShipping(doc, refunds().shipping, currencies)),
  }
}

/**
 * An order document as the type Order: plain values, and functions for whatever costs something to work out.
 * `updatedAt` may be later than the document says, since writes to the order move it.
 */
export function mapOrder(doc: OrderDocument, updatedAt: string, now: () => Date): MappedOrder {
  const facts = factsOf(doc)
  const {currencies} = facts
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
type TransactionArguments = First & Readonly<{capturable?: boolean | null; manuallyResolvable?: boolean | null}>

type Disputes = Readonly<{advance: () => void; disputes: () => readonly Dispute[]}>
type DisputeContext = Readonly<{shop: Readonly<{payments: Readonly<{book: Disputes}>}>}>

function mapDisputes(orderId: string | null, book: Disputes) {
  book.advance()
  return book
    .disputes()
    .filter((one) => one.order.id === orderId)
    .map(({id, type, status}) => ({id: `gid://shopify/OrderDisputeSummary/${id}`, initiatedAs: type, status}))
}

/** The lists of an order. */
function mapParts(facts: OrderFacts, order: () => MappedOrder): MappedOrder {
  const {doc, currencies, lines} = facts
  const mapped = once(() => lines().map((line) => mapLine(line, doc, currencies)))
  // Refunds name a line by its number, which a rounding parser may have spoilt alike on both sides.
  const line = (id: string) => mapped()[lines().findIndex((one) => one.id === id || text(one.doc, 'id') === id)] ?? null
  const shippingLines = once(() => facts.shipping().map((one) => mapShippingLine(one, doc, currencies)))
  const shippingLine = (id: string | null) =>
    shippingLines()[facts.shipping().findIndex((one) => text(one.doc, 'id') === id)] ?? shippingLines()[0] ?? null
  const duty = (id: string | null) =>
    mapped()
      .flatMap((one) => one.duties())
      .find((held) => id !== null && held.id?.endsWith(`/${id}`) === true) ?? null
  const documents = once(() => transactionDocuments(facts))
  const transactions = once((): readonly MappedOrder[] => documents().map((one) => mapTransaction(one, context)))
  const transaction = (id: string | null): MappedOrder | null =>
    transactions()[documents().findIndex((one) => id !== null && legacyId(one) === id)] ?? null
  const context = {order, line, lines, shippingLine, duty, transaction, currencies}
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
    transactions: ({first, capturable, manuallyResolvable}: TransactionArguments) =>
      transactions()
        .filter((_, i) => capturable !== true || isCapturable(documents()[i] ?? {}, documents(), currencies))
        .filter((_, i) => manuallyResolvable !== true || isResolvable(documents()[i] ?? {}, documents()))
        .slice(0, first ?? undefined),
    disputes: (_given: unknown, {shop}: DisputeContext) => mapDisputes(legacyId(doc), shop.payments.book),
    transactionsCount: () => ({count: transactions().length, precision: 'EXACT'}),
  }
}
