import {defaultFieldResolver, GraphQLError, isObjectType, type GraphQLSchema} from 'graphql'

/** What Tieout's own app asks for. */
export const DEFAULT_SCOPES: readonly string[] = [
  'read_all_orders',
  'read_customers',
  'read_fulfillments',
  'read_inventory',
  'read_locations',
  'read_merchant_managed_fulfillment_orders',
  'read_orders',
  'read_payment_terms',
  'read_products',
  'read_returns',
  'read_shopify_payments_accounts',
  'read_shopify_payments_disputes',
  'read_shopify_payments_payouts',
  'write_merchant_managed_fulfillment_orders',
  'write_orders',
]

/** Any of them opens fulfilment orders, each those of its kind; the sandbox has only those of the merchant. */
const FULFILLMENT_ORDERS = [
  'read_merchant_managed_fulfillment_orders',
  'read_assigned_fulfillment_orders',
  'read_third_party_fulfillment_orders',
] as const

/** The scopes of which a field needs one (Shopify: API access scopes). */
const NEEDED: Readonly<Record<string, string | readonly string[]>> = {
  'QueryRoot.order': 'read_orders',
  'QueryRoot.orders': 'read_orders',
  'QueryRoot.ordersCount': 'read_orders',
  'QueryRoot.customer': 'read_customers',
  'QueryRoot.product': 'read_products',
  'QueryRoot.products': 'read_products',
  'QueryRoot.productVariant': 'read_products',
  'QueryRoot.productVariants': 'read_products',
  'QueryRoot.dispute': 'read_shopify_payments_disputes',
  'QueryRoot.fulfillmentOrder': FULFILLMENT_ORDERS,
  'QueryRoot.location': 'read_locations',
  'QueryRoot.shopifyPaymentsAccount': ['read_shopify_payments', 'read_shopify_payments_accounts'],
  'ShopifyPaymentsAccount.balanceTransactions': 'read_shopify_payments_payouts',
  'ShopifyPaymentsAccount.payouts': 'read_shopify_payments_payouts',
  'ShopifyPaymentsAccount.disputes': 'read_shopify_payments_disputes',
  'Order.disputes': 'read_shopify_payments_disputes',
  'Order.fulfillmentOrders': FULFILLMENT_ORDERS,
  'Refund.return': 'read_returns',
  'Order.customer': 'read_customers',
  'Order.purchasingEntity': 'read_customers',
  'Order.paymentTerms': 'read_payment_terms',
  'LineItem.product': 'read_products',
  'LineItem.variant': 'read_products',
}

type Granted = Readonly<{scopes: ReadonlySet<string>}>

/** The refusal of a field for want of a scope: HTTP 200, code ACCESS_DENIED, the field null. */
export function accessDenied(field: string, ...scopes: readonly string[]): GraphQLError {
  const requiredAccess = `${scopes.map((scope) => `\`${scope}\``).join(' or ')} access scope.`
  return new GraphQLError(`Access denied for ${field} field. Required access: ${requiredAccess}`, {
    extensions: {code: 'ACCESS_DENIED', documentation: 'https://shopify.dev/api/usage/access-scopes', requiredAccess},
  })
}

/** Lets the schema refuse the fields whose scope the request's context does not grant. A write scope grants reading. */
export function guardScopes(schema: GraphQLSchema): void {
  for (const [place, needed] of Object.entries(NEEDED)) {
    const scopes = typeof needed === 'string' ? [needed] : needed
    const [typeName = '', fieldName = ''] = place.split('.')
    const type = schema.getType(typeName)
    const field = isObjectType(type) ? type.getFields()[fieldName] : undefined
    if (field === undefined) throw new TypeError(`the schema has no ${place}`)
    const resolve = field.resolve ?? defaultFieldResolver
    field.resolve = (source, given, context: Granted, info) => {
      if (!scopes.some((scope) => isGranted(context.scopes, scope))) throw accessDenied(fieldName, ...scopes)
      return resolve(source, given, context, info)
    }
  }
}

export function isGranted(scopes: ReadonlySet<string>, scope: string): boolean {
  return scopes.has(scope) || scopes.has(scope.replace(/^read_/, 'write_'))
}
