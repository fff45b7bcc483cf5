import {z} from 'zod'

import {
  fulfillmentNode,
  pageOf,
  refundLine,
  refundNode,
  refundShipping,
  shippedLine,
  shippingLine,
  orderLine,
} from './answers.ts'
import {define} from './document-files.ts'
import {fulfillmentDocuments} from './fulfillment-documents.ts'
import {moneyDocuments} from './money-documents.ts'

/** An order of a list is checked one by one later, so that one wrong order does not take the others along. */
const anyNodes = z.array(z.unknown())
const updatedAt = z.string()

const hint = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.string(),
  processedAt: z.string(),
  updatedAt: z.string(),
})
export type HintNode = z.infer<typeof hint>

const movements = z.object({updatedAt, refunds: z.array(refundNode), fulfillments: z.array(fulfillmentNode)})

const parent = z.object({updatedAt})
const userError = z.object({
  code: z.string().nullable(),
  elementIndex: z.number().int().nullable(),
  field: z.array(z.string()).nullable(),
  message: z.string(),
})

const subscription = z.object({
  id: z.string(),
  topic: z.string(),
  uri: z.string(),
  format: z.string(),
  filter: z.string().nullable(),
  includeFields: z.array(z.string()),
  createdAt: z.string(),
  apiVersion: z.object({handle: z.string()}),
})
export type SubscriptionNode = z.infer<typeof subscription>
const plainErrors = z.array(z.object({field: z.array(z.string()).nullable(), message: z.string()}))
const savedSubscription = z.object({webhookSubscription: subscription.nullable(), userErrors: plainErrors}).nullable()

/**
 * Every document of the client, by what it asks for. Estimates are upper bounds of the requested cost at the largest page
 * used, 1000 being the most that a query may cost (shopify.dev, "Shopify API limits"); the first answer for each size
 * replaces them by what Shopify states.
 */
export const documents = {
  ordersBySearch: define('OrdersBySearch', 1000, z.object({orders: z.object({nodes: anyNodes})})),
  ordersById: define('OrdersById', 700, z.object({nodes: anyNodes})),
  orderLines: define(
    'OrderLines',
    300,
    z.object({order: z.object({updatedAt, lineItems: pageOf(orderLine)}).nullable()}),
  ),
  orderShippingLines: define(
    'OrderShippingLines',
    150,
    z.object({order: z.object({updatedAt, shippingLines: pageOf(shippingLine)}).nullable()}),
  ),
  orderMovements: define('OrderMovements', 250, z.object({order: movements.nullable()})),
  refundLines: define(
    'RefundLines',
    130,
    z.object({node: z.object({order: parent, refundLineItems: pageOf(refundLine)}).nullable()}),
  ),
  refundShippingLines: define(
    'RefundShippingLines',
    100,
    z.object({node: z.object({order: parent, refundShippingLines: pageOf(refundShipping)}).nullable()}),
  ),
  fulfillmentLines: define(
    'FulfillmentLines',
    40,
    z.object({node: z.object({order: parent, fulfillmentLineItems: pageOf(shippedLine)}).nullable()}),
  ),
  orderHints: define('OrderHints', 20, z.object({orders: pageOf(hint)})),
  setNetSuiteIds: define(
    'SetNetsuiteIds',
    20,
    z.object({metafieldsSet: z.object({userErrors: z.array(userError)}).nullable()}),
    'set',
  ),
  shopInfo: define(
    'ShopInfo',
    5,
    z.object({
      shop: z.object({
        name: z.string(),
        myshopifyDomain: z.string(),
        currencyCode: z.string(),
        ianaTimezone: z.string(),
        taxesIncluded: z.boolean(),
        plan: z.object({publicDisplayName: z.string()}),
      }),
    }),
  ),
  grantedScopes: define(
    'GrantedScopes',
    5,
    z.object({currentAppInstallation: z.object({accessScopes: z.array(z.object({handle: z.string()}))})}),
  ),
  webhookSubscriptions: define('WebhookSubscriptions', 40, z.object({webhookSubscriptions: pageOf(subscription)})),
  createSubscription: define(
    'CreateSubscription',
    15,
    z.object({webhookSubscriptionCreate: savedSubscription}),
    'once',
  ),
  updateSubscription: define('UpdateSubscription', 15, z.object({webhookSubscriptionUpdate: savedSubscription}), 'set'),
  deleteSubscription: define(
    'DeleteSubscription',
    15,
    z.object({webhookSubscriptionDelete: z.object({userErrors: plainErrors}).nullable()}),
    'set',
  ),
  ...moneyDocuments,
  ...fulfillmentDocuments,
} as const
