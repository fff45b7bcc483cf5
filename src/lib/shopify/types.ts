import type {Money} from '../core/money.ts'
import type {ShopifyTransaction} from './money-types.ts'

/** Every amount of Shopify comes twice: in the shop's currency and in the customer's. */
export type MoneyBag = Readonly<{shop: Money; presentment: Money}>

/** `channelLiable` true: a marketplace owes this tax; null: unknown. `rate` is a decimal text such as "0.0825". */
export type ShopifyTaxLine = Readonly<{
  title: string
  rate: string | null
  price: MoneyBag
  channelLiable: boolean | null
}>

/** A share of a discount that fell on this line. `title` is the code, or the title of an automatic or manual discount. */
export type ShopifyDiscountAllocation = Readonly<{
  amount: MoneyBag
  kind: 'code' | 'automatic' | 'manual' | 'script'
  title: string
}>

export type ShopifyDuty = Readonly<{id: string; price: MoneyBag; taxLines: readonly ShopifyTaxLine[]}>

export type ShopifyLine = Readonly<{
  /** Global id, e.g. gid://shopify/LineItem/1. */
  id: string
  sku: string | null
  title: string
  variantTitle: string | null
  /** Units ordered, including refunded and removed ones. */
  quantity: number
  /** Units that are neither refunded nor removed. */
  currentQuantity: number
  /** Before any discount; contains tax where the order says taxesIncluded. */
  unitPrice: MoneyBag
  /** For `quantity` units; the sum is the line's whole discount (order-level ones included). */
  discounts: readonly ShopifyDiscountAllocation[]
  /** For `quantity` units. */
  taxLines: readonly ShopifyTaxLine[]
  duties: readonly ShopifyDuty[]
  isGiftCard: boolean
  requiresShipping: boolean
  taxable: boolean
  variantId: string | null
  properties: readonly Readonly<{key: string; value: string | null}>[]
}>

export type ShopifyShippingLine = Readonly<{
  id: string | null
  title: string
  code: string | null
  /** Before discounts. */
  price: MoneyBag
  /** After discounts; contains tax where the order says taxesIncluded. */
  discountedPrice: MoneyBag
  taxLines: readonly ShopifyTaxLine[]
  isRemoved: boolean
}>

export type ShopifyFee = Readonly<{id: string; name: string; price: MoneyBag; taxLines: readonly ShopifyTaxLine[]}>

export type ShopifyAddress = Readonly<{
  firstName: string | null
  lastName: string | null
  company: string | null
  address1: string | null
  address2: string | null
  city: string | null
  province: string | null
  provinceCode: string | null
  zip: string | null
  /** ISO 3166-1 alpha-2. */
  countryCode: string | null
  phone: string | null
}>

export type ShopifyCustomer = Readonly<{
  id: string
  firstName: string | null
  lastName: string | null
  email: string | null
  phone: string | null
  note: string | null
  taxExempt: boolean
}>

/** The company that bought, on B2B orders. */
export type ShopifyCompany = Readonly<{
  id: string
  name: string
  externalId: string | null
  locationId: string
  locationName: string
}>

export type RestockType = 'CANCEL' | 'RETURN' | 'NO_RESTOCK' | 'LEGACY_RESTOCK'

/** Units of a line that left the order. `subtotal` is after discounts (with tax where taxesIncluded), `tax` the tax of those units. */
export type ShopifyRefundLine = Readonly<{
  lineId: string
  quantity: number
  restockType: RestockType
  subtotal: MoneyBag
  tax: MoneyBag
}>

export type ShopifyRefund = Readonly<{
  id: string
  createdAt: string
  lines: readonly ShopifyRefundLine[]
  /** Shipping given back, without and with its tax as taxesIncluded says. */
  shipping: readonly Readonly<{amount: MoneyBag; tax: MoneyBag}>[]
  /** Duties given back, by the id of the duty; '' where Shopify no longer has the duty. */
  duties?: readonly Readonly<{dutyId: string; amount: MoneyBag}>[]
  /**
   * What lines and shipping do not explain. Positive: kept from the customer (a restocking fee); negative: given beyond
   * (an amount-only refund). OrderAdjustment of the Admin API, whose sign is its own.
   */
  adjustments?: readonly Readonly<{amount: MoneyBag; tax: MoneyBag; reason: string | null}>[]
  /** Global ids of the transactions that paid it out (they stand in the order's transactions). */
  transactionIds?: readonly string[]
  /** The return that it belongs to; null: none. */
  returnId?: string | null
}>

/**
 * Units that shipped, per line, of a fulfilment that succeeded. A reading with money also tells of those that were
 * cancelled or failed; `status` says so.
 */
export type ShopifyFulfillment = Readonly<{
  id: string
  status: string
  lines: readonly Readonly<{lineId: string; quantity: number}>[]
  createdAt?: string
  /** Global id of the location that shipped. */
  locationId?: string | null
  tracking?: readonly Readonly<{number: string | null; company: string | null; url: string | null}>[]
}>

/**
 * An order as Shopify states it at the moment of reading, complete: no connection in it is cut.
 * `refunds` and `fulfillments` are read (and complete) whenever a line or a shipping line is no longer whole, and in a
 * reading with money always; otherwise they may be empty.
 * Times are ISO 8601 in UTC.
 */
export type ShopifyOrder = Readonly<{
  /** gid://shopify/Order/5001 */
  id: string
  /** "5001" */
  legacyId: string
  /** "#1001": display text, not unique across shops. */
  name: string
  createdAt: string
  updatedAt: string
  processedAt: string
  cancelledAt: string | null
  closedAt: string | null
  test: boolean
  /** The shop's currency. */
  currency: string
  presentmentCurrency: string
  taxesIncluded: boolean
  dutiesIncluded: boolean
  taxExempt: boolean
  sourceName: string | null
  email: string | null
  phone: string | null
  note: string | null
  tags: readonly string[]
  attributes: readonly Readonly<{key: string; value: string | null}>[]
  poNumber: string | null
  customer: ShopifyCustomer | null
  company: ShopifyCompany | null
  billingAddress: ShopifyAddress | null
  shippingAddress: ShopifyAddress | null
  lines: readonly ShopifyLine[]
  shippingLines: readonly ShopifyShippingLine[]
  fees: readonly ShopifyFee[]
  refunds: readonly ShopifyRefund[]
  fulfillments: readonly ShopifyFulfillment[]
  /** Before returns and removals: every line at its full quantity. */
  total: MoneyBag
  totalTax: MoneyBag
  tip: MoneyBag
  /** After returns, removals and edits. */
  currentTotal: MoneyBag
  currentTotalTax: MoneyBag
  /** "PAID", "PENDING", … an open enumeration. */
  financialStatus: string | null
  fulfillmentStatus: string
  gateways: readonly string[]
  /** Name of the payment terms ("Net 30") on B2B and deferred orders. */
  paymentTerms: string | null
  /** What we wrote back earlier: the internal id of the sales order in NetSuite. */
  netsuiteId: string | null
  /** Every movement of money, oldest first; left out by a reading that was not asked for it. */
  transactions?: readonly ShopifyTransaction[]
}>

/** One row of a list of orders: enough to queue it. */
export type OrderHint = Readonly<{id: string; name: string; updatedAt: string}>
