/** A topic of webhooks that hints at an order. */
export type Topic = Readonly<{
  /** As headers name it. */
  path: string
  /** As GraphQL names it. */
  name: string
  /** Where the payload has the id of the order. */
  orderIn: 'order' | 'order_id'
}>

/**
 * The topics that we subscribe to and understand, all in this one place. Source: shopify.dev, enum WebhookSubscriptionTopic;
 * orders/* and the next two need the scope read_orders, fulfillments/* read_fulfillments.
 */
export const TOPICS: readonly Topic[] = [
  {path: 'orders/create', name: 'ORDERS_CREATE', orderIn: 'order'},
  {path: 'orders/updated', name: 'ORDERS_UPDATED', orderIn: 'order'},
  {path: 'orders/paid', name: 'ORDERS_PAID', orderIn: 'order'},
  {path: 'orders/cancelled', name: 'ORDERS_CANCELLED', orderIn: 'order'},
  {path: 'orders/edited', name: 'ORDERS_EDITED', orderIn: 'order'},
  {path: 'orders/fulfilled', name: 'ORDERS_FULFILLED', orderIn: 'order'},
  {path: 'orders/partially_fulfilled', name: 'ORDERS_PARTIALLY_FULFILLED', orderIn: 'order'},
  {path: 'orders/delete', name: 'ORDERS_DELETE', orderIn: 'order'},
  {path: 'order_transactions/create', name: 'ORDER_TRANSACTIONS_CREATE', orderIn: 'order_id'},
  {path: 'refunds/create', name: 'REFUNDS_CREATE', orderIn: 'order_id'},
  {path: 'fulfillments/create', name: 'FULFILLMENTS_CREATE', orderIn: 'order_id'},
  {path: 'fulfillments/update', name: 'FULFILLMENTS_UPDATE', orderIn: 'order_id'},
]

/** Where the payload of a topic has the id of the order; every other topic of orders/* is read as well. null: it has none. */
export function orderIdIn(path: string): Topic['orderIn'] | null {
  if (path.startsWith('orders/')) return 'order'
  return TOPICS.find((topic) => topic.path === path)?.orderIn ?? null
}

/** A topic of GraphQL as headers name it: exact for ours, for others a guess that people understand. */
export function pathOf(name: string): string {
  return TOPICS.find((topic) => topic.name === name)?.path ?? name.toLowerCase().replace('_', '/')
}
