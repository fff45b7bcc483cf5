/**
 * The topics that the sandbox fires, by their name in GraphQL, as headers name them. Any other topic of the schema can be
 * subscribed to as well; nothing in the sandbox fires it.
 */
const FIRED: Readonly<Record<string, string>> = {
  ORDERS_CREATE: 'orders/create',
  ORDERS_UPDATED: 'orders/updated',
  ORDERS_PAID: 'orders/paid',
  ORDERS_CANCELLED: 'orders/cancelled',
  ORDERS_EDITED: 'orders/edited',
  ORDERS_FULFILLED: 'orders/fulfilled',
  ORDERS_PARTIALLY_FULFILLED: 'orders/partially_fulfilled',
  ORDERS_DELETE: 'orders/delete',
  ORDER_TRANSACTIONS_CREATE: 'order_transactions/create',
  REFUNDS_CREATE: 'refunds/create',
  FULFILLMENTS_CREATE: 'fulfillments/create',
  FULFILLMENTS_UPDATE: 'fulfillments/update',
}

/** All of them. */
export const FIRED_TOPICS: readonly string[] = Object.keys(FIRED)

/** Scopes by how a topic begins; any one of them will do (Shopify: enum WebhookSubscriptionTopic). The first match counts. */
const SCOPES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(ORDERS|ORDER_TRANSACTIONS|REFUNDS|TENDER_TRANSACTIONS)_/, ['read_orders']],
  [/^FULFILLMENTS_/, ['read_fulfillments']],
  [
    /^FULFILLMENT_ORDERS_/,
    [
      'read_merchant_managed_fulfillment_orders',
      'read_assigned_fulfillment_orders',
      'read_third_party_fulfillment_orders',
    ],
  ],
  [/^RETURNS_/, ['read_returns']],
  [/^CUSTOMERS_/, ['read_customers']],
  [/^INVENTORY_/, ['read_inventory']],
  [/^PRODUCTS_/, ['read_products']],
  [/^LOCATIONS_/, ['read_locations']],
  [/^DISPUTES_/, ['read_shopify_payments_disputes']],
]

/** The scopes of which a subscription to a topic needs one; none where the topic is open to every app. */
export function scopesOf(topic: string): readonly string[] {
  return SCOPES.find(([pattern]) => pattern.test(topic))?.[1] ?? []
}

/** A topic as headers name it: resource/action. Exact for the topics that fire, a plain guess for others. */
export function pathOf(topic: string): string {
  return FIRED[topic] ?? topic.toLowerCase().replace('_', '/')
}
