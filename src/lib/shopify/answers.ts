import {Decimal} from 'decimal.js'
import {z, type ZodType} from 'zod'

import {messageOf} from '../core/errors.ts'
import {type Money, parseMoney} from '../core/money.ts'
import type {MoneyBag, ShopifyTaxLine} from './types.ts'

/** Shapes of what Shopify answers. Enumerations are plain text: Shopify adds values to released versions. */

export const money = z.object({amount: z.string(), currencyCode: z.string()}).transform((value, context): Money => {
  try {
    return parseMoney(value.amount, value.currencyCode)
  } catch (error) {
    context.addIssue({code: 'custom', message: messageOf(error)})
    return z.NEVER
  }
})

/**
 * Both amounts. The customer's is read only where it may differ (`$detail`);
 * an order whose two currencies differ is always read with it.
 */
export const bag = z
  .object({shopMoney: money, presentmentMoney: money.optional()})
  .transform(({shopMoney, presentmentMoney}): MoneyBag => ({
    shop: shopMoney,
    presentment: presentmentMoney ?? shopMoney,
  }))

/** A point in time as ISO 8601 in UTC. */
export const time = z.string().transform((text, context) => {
  const at = new Date(text)
  if (!Number.isNaN(at.getTime())) return text.endsWith('Z') ? text : at.toISOString()
  context.addIssue({code: 'custom', message: `${JSON.stringify(text)} is no time`})
  return z.NEVER
})

const text = z.string().nullable()
const attributes = z.array(z.object({key: z.string(), value: text}))

/** A page of a connection. `nodes` may be empty while more follow. */
export type Page<T> = Readonly<{
  nodes: readonly T[]
  pageInfo: Readonly<{hasNextPage: boolean; endCursor: string | null}>
}>

export function pageOf<T>(node: ZodType<T>) {
  return z.object({nodes: z.array(node), pageInfo: z.object({hasNextPage: z.boolean(), endCursor: text})})
}

const tax = z
  .object({title: z.string(), rate: z.number().nullable(), channelLiable: z.boolean().nullable(), priceSet: bag})
  .transform(({title, rate, channelLiable, priceSet}): ShopifyTaxLine => ({
    title,
    // A float on the wire; its shortest decimal text, never in exponent form.
    rate: rate === null ? null : new Decimal(rate).toFixed(),
    price: priceSet,
    channelLiable,
  }))

const application = z.object({__typename: z.string(), title: z.string().optional(), code: z.string().optional()})

export const orderLine = z.object({
  id: z.string(),
  sku: text,
  title: z.string(),
  variantTitle: text,
  quantity: z.number().int().nonnegative(),
  currentQuantity: z.number().int().nonnegative(),
  isGiftCard: z.boolean(),
  requiresShipping: z.boolean(),
  taxable: z.boolean(),
  variant: z.object({id: z.string()}).nullable(),
  customAttributes: attributes,
  originalUnitPriceSet: bag,
  discountAllocations: z.array(z.object({allocatedAmountSet: bag, discountApplication: application})),
  taxLines: z.array(tax),
  duties: z.array(z.object({id: z.string(), price: bag.optional(), taxLines: z.array(tax).optional()})),
})
export type LineNode = z.infer<typeof orderLine>

export const shippingLine = z.object({
  id: text,
  title: z.string(),
  code: text,
  isRemoved: z.boolean(),
  originalPriceSet: bag,
  discountedPriceSet: bag,
  taxLines: z.array(tax),
})
export type ShippingNode = z.infer<typeof shippingLine>

export const refundLine = z.object({
  quantity: z.number().int().nonnegative(),
  restockType: z.string(),
  lineItem: z.object({id: z.string()}),
  subtotalSet: bag,
  totalTaxSet: bag,
})

export const refundShipping = z.object({subtotalAmountSet: bag, taxAmountSet: bag})

export const shippedLine = z.object({
  quantity: z.number().int().nonnegative().nullable(),
  lineItem: z.object({id: z.string()}),
})

export const refundNode = z.object({
  id: z.string(),
  createdAt: z.string().nullable(),
  refundLineItems: pageOf(refundLine),
  refundShippingLines: pageOf(refundShipping),
})
export type RefundNode = z.infer<typeof refundNode>

export const fulfillmentNode = z.object({
  id: z.string(),
  status: z.string(),
  fulfillmentLineItems: pageOf(shippedLine),
})
export type FulfillmentNode = z.infer<typeof fulfillmentNode>

const address = z
  .object({
    firstName: text,
    lastName: text,
    company: text,
    address1: text,
    address2: text,
    city: text,
    province: text,
    provinceCode: text,
    zip: text,
    countryCodeV2: text,
    phone: text,
  })
  .nullable()
export type AddressNode = z.infer<typeof address>

const customer = z
  .object({
    id: z.string(),
    firstName: text,
    lastName: text,
    note: text,
    taxExempt: z.boolean(),
    defaultEmailAddress: z.object({emailAddress: z.string()}).nullable(),
    defaultPhoneNumber: z.object({phoneNumber: z.string()}).nullable(),
  })
  .nullable()

/** A customer as purchaser has none of these fields: customers are read elsewhere. */
const purchaser = z
  .object({
    company: z.object({id: z.string(), name: z.string(), externalId: text}).optional(),
    location: z.object({id: z.string(), name: z.string()}).optional(),
  })
  .nullable()

const transaction = z.object({
  id: z.string(),
  kind: z.string(),
  status: z.string(),
  gateway: text,
  manualPaymentGateway: z.boolean(),
  test: z.boolean(),
  amountSet: bag,
  amountRoundingSet: bag.nullable(),
  createdAt: time,
  processedAt: time.nullable(),
  parentTransaction: z.object({id: z.string()}).nullable(),
})
export type TransactionNode = z.infer<typeof transaction>

export const orderNode = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: time,
  updatedAt: time,
  processedAt: time,
  cancelledAt: time.nullable(),
  closedAt: time.nullable(),
  test: z.boolean(),
  currencyCode: z.string(),
  presentmentCurrencyCode: z.string(),
  taxesIncluded: z.boolean(),
  dutiesIncluded: z.boolean(),
  taxExempt: z.boolean(),
  sourceName: text,
  email: text,
  phone: text,
  note: text,
  tags: z.array(z.string()),
  poNumber: text,
  displayFinancialStatus: text,
  displayFulfillmentStatus: z.string(),
  paymentGatewayNames: z.array(z.string()),
  customAttributes: attributes,
  customer,
  purchasingEntity: purchaser,
  billingAddress: address,
  shippingAddress: address,
  paymentTerms: z.object({paymentTermsName: z.string()}).nullable(),
  metafield: z.object({value: z.string()}).nullable(),
  totalPriceSet: bag,
  totalTaxSet: bag.nullable(),
  totalTipReceivedSet: bag,
  currentTotalPriceSet: bag,
  currentTotalTaxSet: bag,
  additionalFees: z.array(
    z.object({id: z.string(), name: z.string().optional(), price: bag.optional(), taxLines: z.array(tax).optional()}),
  ),
  refunds: z.array(z.object({id: z.string()})),
  lineItems: pageOf(orderLine),
  shippingLines: pageOf(shippingLine),
  /** Only in a reading with money, which tells of fulfilments no more than whether there are any. */
  transactions: z.array(transaction).optional(),
  fulfillments: z.array(z.object({id: z.string()})).optional(),
})
export type OrderNode = z.infer<typeof orderNode>

export const orderNodeWithMoney = orderNode.required({transactions: true, fulfillments: true})
