import {legacyId} from '../core/ids.ts'
import {zero} from '../core/money.ts'
import type {AddressNode, LineNode, OrderNode, ShippingNode, TransactionNode} from './answers.ts'
import {malformed} from './faults.ts'
import type {ShopifyTransaction} from './money-types.ts'
import type {
  RestockType,
  ShopifyAddress,
  ShopifyCompany,
  ShopifyCustomer,
  ShopifyDiscountAllocation,
  ShopifyFee,
  ShopifyFulfillment,
  ShopifyLine,
  ShopifyOrder,
  ShopifyRefund,
  ShopifyShippingLine,
} from './types.ts'

/** The rest of an order whose first reading could not hold all of it. */
export type OrderParts = Readonly<{
  lines: readonly LineNode[]
  shippingLines: readonly ShippingNode[]
  refunds: readonly ShopifyRefund[]
  fulfillments: readonly ShopifyFulfillment[]
}>

/**
 * True when an order must be read in both currencies and with its duties and fees: the plain reading, which costs half,
 * holds only the shop's amounts and no more than the ids of duties and fees.
 */
export function needsDetail(order: OrderNode): boolean {
  return (
    order.presentmentCurrencyCode !== order.currencyCode ||
    order.additionalFees.length > 0 ||
    order.lineItems.nodes.some((line) => line.duties.length > 0)
  )
}

/** The order in our words, from its answer and its complete parts. */
export function toOrder(node: OrderNode, parts: OrderParts): ShopifyOrder {
  const noTax = {shop: zero(node.currencyCode), presentment: zero(node.presentmentCurrencyCode)}
  return {
    ...pick(node),
    legacyId: legacyId(node.id),
    currency: node.currencyCode,
    presentmentCurrency: node.presentmentCurrencyCode,
    attributes: node.customAttributes,
    customer: toCustomer(node),
    company: toCompany(node),
    billingAddress: toAddress(node.billingAddress),
    shippingAddress: toAddress(node.shippingAddress),
    lines: parts.lines.map((line) => toLine(line, node.id)),
    shippingLines: parts.shippingLines.map(toShippingLine),
    fees: node.additionalFees.map((fee) => toFee(fee, node.id)),
    refunds: parts.refunds,
    fulfillments: parts.fulfillments,
    total: node.totalPriceSet,
    totalTax: node.totalTaxSet ?? noTax,
    tip: node.totalTipReceivedSet,
    currentTotal: node.currentTotalPriceSet,
    currentTotalTax: node.currentTotalTaxSet,
    financialStatus: node.displayFinancialStatus,
    fulfillmentStatus: node.displayFulfillmentStatus,
    gateways: node.paymentGatewayNames,
    paymentTerms: node.paymentTerms?.paymentTermsName ?? null,
    netsuiteId: node.metafield?.value ?? null,
    ...(node.transactions === undefined ? {} : {transactions: toTransactions(node.transactions)}),
  }
}

/** What has the same name and meaning on both sides. */
function pick(node: OrderNode) {
  const {id, name, createdAt, updatedAt, processedAt, cancelledAt, closedAt, test} = node
  const {taxesIncluded, dutiesIncluded, taxExempt, sourceName, email, phone, note, tags, poNumber} = node
  const times = {createdAt, updatedAt, processedAt, cancelledAt, closedAt}
  return {
    id,
    name,
    ...times,
    test,
    taxesIncluded,
    dutiesIncluded,
    taxExempt,
    sourceName,
    email,
    phone,
    note,
    tags,
    poNumber,
  }
}

function toLine(line: LineNode, orderId: string): ShopifyLine {
  return {
    id: line.id,
    // Shopify answers with "" as well as with null for a variant without SKU.
    sku: line.sku === '' ? null : line.sku,
    title: line.title,
    variantTitle: line.variantTitle,
    quantity: line.quantity,
    currentQuantity: line.currentQuantity,
    unitPrice: line.originalUnitPriceSet,
    discounts: line.discountAllocations.map(toDiscount),
    taxLines: line.taxLines,
    duties: line.duties.map((duty) => ({
      id: duty.id,
      price: detail(duty.price, 'lineItems.duties.price', orderId),
      taxLines: detail(duty.taxLines, 'lineItems.duties.taxLines', orderId),
    })),
    isGiftCard: line.isGiftCard,
    requiresShipping: line.requiresShipping,
    taxable: line.taxable,
    variantId: line.variant?.id ?? null,
    properties: line.customAttributes,
  }
}

const DISCOUNT_KINDS: Readonly<Record<string, ShopifyDiscountAllocation['kind']>> = {
  AutomaticDiscountApplication: 'automatic',
  DiscountCodeApplication: 'code',
  ManualDiscountApplication: 'manual',
  ScriptDiscountApplication: 'script',
}

/** A type of discount that Shopify adds later counts as automatic: its amount is right in any case. */
function toDiscount({allocatedAmountSet, discountApplication}: LineNode['discountAllocations'][number]) {
  const {__typename: type, title, code} = discountApplication
  return {amount: allocatedAmountSet, kind: DISCOUNT_KINDS[type] ?? 'automatic', title: code ?? title ?? type}
}

function toShippingLine(line: ShippingNode): ShopifyShippingLine {
  const {id, title, code, isRemoved, taxLines} = line
  return {id, title, code, isRemoved, taxLines, price: line.originalPriceSet, discountedPrice: line.discountedPriceSet}
}

function toFee(fee: OrderNode['additionalFees'][number], orderId: string): ShopifyFee {
  return {
    id: fee.id,
    name: detail(fee.name, 'additionalFees.name', orderId),
    price: detail(fee.price, 'additionalFees.price', orderId),
    taxLines: detail(fee.taxLines, 'additionalFees.taxLines', orderId),
  }
}

/** A field that a reading with detail always holds. */
function detail<T>(value: T | undefined, path: string, orderId: string): T {
  if (value === undefined) throw malformed('OrderFields', path, 'it is missing', orderId)
  return value
}

function toAddress(node: AddressNode): ShopifyAddress | null {
  if (node === null) return null
  const {countryCodeV2, ...rest} = node
  return {...rest, countryCode: countryCodeV2}
}

/** Oldest first; of the same moment, in the order in which Shopify made them. */
function toTransactions(nodes: readonly TransactionNode[]): ShopifyTransaction[] {
  const made = (one: TransactionNode) => Date.parse(one.createdAt)
  const place = (one: TransactionNode) => Number(legacyId(one.id))
  return nodes
    .toSorted((a, b) => made(a) - made(b) || place(a) - place(b))
    .map(({gateway, manualPaymentGateway, amountSet, amountRoundingSet, parentTransaction, ...rest}) => ({
      ...rest,
      gateway: gateway ?? '',
      isManual: manualPaymentGateway,
      amount: amountSet,
      rounding: amountRoundingSet,
      parentId: parentTransaction?.id ?? null,
    }))
}

function toCustomer({customer}: OrderNode): ShopifyCustomer | null {
  if (customer === null) return null
  const {defaultEmailAddress, defaultPhoneNumber, ...rest} = customer
  return {...rest, email: defaultEmailAddress?.emailAddress ?? null, phone: defaultPhoneNumber?.phoneNumber ?? null}
}

function toCompany({purchasingEntity}: OrderNode): ShopifyCompany | null {
  const {company, location} = purchasingEntity ?? {}
  if (company === undefined || location === undefined) return null
  return {...company, locationId: location.id, locationName: location.name}
}

const RESTOCK_TYPES: readonly string[] = ['CANCEL', 'RETURN', 'NO_RESTOCK', 'LEGACY_RESTOCK'] satisfies RestockType[]

/** An unknown value is refused, though enumerations are open: it decides whether units left before or after shipping. */
export function restockTypeOf(value: string, orderId: string): RestockType {
  if (RESTOCK_TYPES.includes(value)) return value as RestockType
  throw malformed('OrderMovements', 'refunds.refundLineItems.restockType', `${value} is not known`, orderId)
}
