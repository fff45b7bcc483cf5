import {GraphQLError} from 'graphql'

import {connection, paginate, type PageArguments} from './connection.ts'
import {legacyId, object, text} from './document.ts'
import type {Json} from './json.ts'
import {fulfillmentFields} from './fulfilling/api.ts'
import type {Fulfilling} from './fulfilling/fulfilling.ts'
import {FIRST_LOCATION, mapCustomer, mapLocation} from './map-people.ts'
import type {MetafieldInput, Metafields} from './metafields.ts'
import {positionOf, type Entry, type Orders} from './orders.ts'
import {dispute, mapAccount, payout} from './payments/api.ts'
import type {Payments} from './payments/payments.ts'
import {products, variants} from './products.ts'
import type {Idempotency} from './refunding/idempotency.ts'
import {refundCreate} from './refunding/refund.ts'
import {accessDenied, isGranted} from './scopes.ts'
import {parseSearch} from './search.ts'
import type {SearchWarning} from './search-terms.ts'
import {API_VERSIONS} from './versions.ts'
import {findSubscription, webhookFields} from './webhooks/api.ts'
import type {Webhooks} from './webhooks/webhooks.ts'

/** Everything that the sandbox's shop holds. */
export type Shop = Readonly<{
  domain: string
  name: string
  currency: string
  timeZone: string
  orders: Orders
  metafields: Metafields
  payments: Payments
  fulfilling: Fulfilling
  idempotency: Idempotency
  webhooks: Webhooks
  /** The version in which webhooks are written. */
  apiVersion: string
  now: () => Date
}>

type SearchReport = Readonly<{path: readonly string[]; query: string; warnings: readonly SearchWarning[]}>

/** What resolvers know of a request. They add to `searches` what Shopify says about search queries. */
export type Context = Readonly<{
  shop: Shop
  scopes: ReadonlySet<string>
  searches: SearchReport[]
  /** True when the client asked for the report even of faultless searches (header Shopify-Search-Query-Debug). */
  isSearchDebugged: boolean
}>

type OrdersArguments = PageArguments & Readonly<{query?: string | null; sortKey: string}>

/** Orders older than this need read_all_orders; without it they are absent, not refused (Shopify: access scopes). */
const WINDOW_MS = 60 * 86_400_000

function isVisible(entry: Entry, {scopes, shop}: Context): boolean {
  return scopes.has('read_all_orders') || entry.createdAt >= shop.now().getTime() - WINDOW_MS
}

/** The visible orders that a search finds, ascending. */
function found(query: string | null | undefined, field: string, sortKey: string, context: Context): readonly Entry[] {
  const {orders: store} = context.shop
  if (query === null || query === undefined || query.trim() === '') {
    return store.sorted(sortKey).filter((entry) => isVisible(entry, context))
  }
  const {test, ids, warnings} = parseSearch(query)
  if (warnings.length > 0 || context.isSearchDebugged) context.searches.push({path: [field], query, warnings})
  const candidates = ids === null ? store.sorted(sortKey) : store.some(ids, sortKey)
  return candidates.filter((entry) => isVisible(entry, context) && test(entry))
}

function orders({query, sortKey, ...page}: OrdersArguments, context: Context) {
  const store = context.shop.orders
  const entries = found(query, 'orders', sortKey, context)
  return paginate(
    entries,
    page,
    (entry) => positionOf(entry, sortKey),
    (entry) => store.view(entry),
  )
}

/** Counts are exact up to the limit, 10,000 by default (Shopify: ordersCount). */
function ordersCount({query, limit}: Readonly<{query?: string | null; limit?: number | null}>, context: Context) {
  const count = found(query, 'ordersCount', 'ID', context).length
  const most = limit ?? Number.POSITIVE_INFINITY
  return {count: Math.min(count, most), precision: count > most ? 'AT_LEAST' : 'EXACT'}
}

function parseId(id: string): Readonly<{type: string; number: string}> {
  const match = /^gid:\/\/shopify\/(\w+)\/(\d+)/.exec(id)
  if (match === null) {
    throw new GraphQLError(`Invalid global id '${id}'`, {extensions: {code: 'argumentLiteralsIncompatible'}})
  }
  return {type: match[1] ?? '', number: match[2] ?? ''}
}

function order({id}: Readonly<{id: string}>, context: Context) {
  const {type, number} = parseId(id)
  const entry = type === 'Order' ? context.shop.orders.get(number) : null
  return entry === null || !isVisible(entry, context) ? null : context.shop.orders.view(entry)
}

/** The customer as the newest order of theirs states them. */
function customer({id}: Readonly<{id: string}>, {shop}: Context) {
  const {number} = parseId(id)
  const entry = shop.orders
    .sorted('UPDATED_AT')
    .findLast((one) => legacyId(object(one.document, 'customer') ?? {}) === number)
  return entry === undefined ? null : mapCustomer(entry.document)
}

/** A refund or fulfilment, found through the order that holds it. */
function part(key: 'refunds' | 'fulfillments') {
  return ({id}: Readonly<{id: string}>, context: Context): unknown => {
    const {number} = parseId(id)
    const entry = context.shop.orders.holding(key, number)
    if (entry === null || !isVisible(entry, context)) return null
    const all = context.shop.orders.view(entry)[key] as (given: PageArguments) => readonly Json[]
    return all({}).find((one) => one.legacyResourceId === number) ?? null
  }
}

function shopPayments(_given: unknown, {shop}: Context): unknown {
  return mapAccount(shop.payments.account)
}

function payoutOf({id}: Readonly<{id: string}>, {shop}: Context): unknown {
  const {book, account} = shop.payments
  book.advance()
  const held = book.payout(parseId(id).number)
  return held === null ? null : payout(held, account)
}

function disputeOf({id}: Readonly<{id: string}>, {shop}: Context): unknown {
  shop.payments.book.advance()
  const held = shop.payments.book.dispute(parseId(id).number)
  return held === null ? null : dispute(held, shop.payments.account)
}

type NodeSource = Readonly<{scope: string; find: (given: Readonly<{id: string}>, context: Context) => unknown}>

const NODES: ReadonlyMap<string, NodeSource> = new Map(
  Object.entries({
    Order: {scope: 'read_orders', find: order},
    Refund: {scope: 'read_orders', find: part('refunds')},
    Fulfillment: {scope: 'read_orders', find: part('fulfillments')},
    FulfillmentOrder: {
      scope: 'read_merchant_managed_fulfillment_orders',
      find: (given, context) => fulfillmentFields.fulfillmentOrder(given, context),
    },
    ShopifyPaymentsPayout: {scope: 'read_shopify_payments_payouts', find: payoutOf},
    ShopifyPaymentsDispute: {scope: 'read_shopify_payments_disputes', find: disputeOf},
    Customer: {scope: 'read_customers', find: customer},
    Product: {scope: 'read_products', find: ({id}) => products().find((one) => one.id === id) ?? null},
    ProductVariant: {scope: 'read_products', find: ({id}) => variants.find((one) => one.id === id) ?? null},
  }),
)

function node(given: Readonly<{id: string}>, context: Context): unknown {
  const {type} = parseId(given.id)
  if (type === 'WebhookSubscription') return findSubscription(given, context)
  const source = NODES.get(type)
  if (source === undefined) return null
  if (!isGranted(context.scopes, source.scope)) throw accessDenied('node', source.scope)
  return source.find(given, context)
}

function shopInfo(_given: unknown, {shop}: Context) {
  return {
    __typename: 'Shop',
    id: 'gid://shopify/Shop/70000000001',
    name: shop.name,
    myshopifyDomain: shop.domain,
    currencyCode: shop.currency,
    enabledPresentmentCurrencies: ['USD', 'CAD', 'EUR', 'GBP', 'JPY'],
    ianaTimezone: shop.timeZone,
    timezoneOffset: offsetOf(shop.timeZone, shop.now()),
    email: `owner@${shop.domain}`,
    contactEmail: `owner@${shop.domain}`,
    taxesIncluded: false,
    taxShipping: false,
    plan: {publicDisplayName: 'Advanced', displayName: 'Advanced', shopifyPlus: false, partnerDevelopment: false},
    url: `https://${shop.domain}`,
  }
}

/** The offset from UTC as Shopify writes it: "-0500". */
function offsetOf(timeZone: string, at: Date): string {
  const parts = new Intl.DateTimeFormat('en', {timeZone, timeZoneName: 'longOffset'}).formatToParts(at)
  const offset =
    parts
      .find((part) => part.type === 'timeZoneName')
      ?.value.slice(3)
      .replace(':', '') ?? ''
  return offset === '' ? '+0000' : offset
}

function currentAppInstallation(_given: unknown, {scopes}: Context) {
  const title = 'Tieout'
  return {
    __typename: 'AppInstallation',
    id: 'gid://shopify/AppInstallation/1',
    accessScopes: [...scopes].map((handle) => ({handle, description: handle.replaceAll('_', ' ')})),
    app: {__typename: 'App', id: 'gid://shopify/App/1001', title, handle: 'tieout', apiKey: 'sandbox-api-key'},
  }
}

function metafieldsSet({metafields}: Readonly<{metafields: readonly MetafieldInput[]}>, context: Context) {
  if (!context.scopes.has('write_orders')) throw accessDenied('metafieldsSet', 'write_orders')
  const set = context.shop.metafields.set(metafields, (id) => ownerOf(id, context))
  const owners = (set.metafields ?? []).filter(({ownerType}) => ownerType === 'ORDER').map(({owner}) => owner() as Json)
  for (const id of new Set(owners.map((one) => text(one, 'legacyResourceId')))) context.shop.orders.touch(id ?? '')
  return {metafields: set.metafields ?? [], userErrors: set.errors}
}

function ownerOf(id: string, context: Context): unknown {
  const {type} = parseId(id)
  if (type === 'Shop') return shopInfo(null, context)
  return type === 'Order' ? order({id}, context) : type === 'Customer' ? customer({id}, context) : null
}

/** The fields of QueryRoot and Mutation. */
export const root = {
  orders,
  ordersCount,
  order,
  customer,
  node,
  nodes: ({ids}: Readonly<{ids: readonly string[]}>, context: Context) => ids.map((id) => node({id}, context)),
  products: (given: PageArguments) => connection(products)(given),
  product: ({id}: Readonly<{id: string}>) => products().find((one) => one.id === id) ?? null,
  productVariants: (given: PageArguments) => connection(() => variants)(given),
  productVariant: ({id}: Readonly<{id: string}>) => variants.find((one) => one.id === id) ?? null,
  shop: shopInfo,
  shopifyPaymentsAccount: shopPayments,
  dispute: disputeOf,
  location: ({id}: Readonly<{id?: string | null}>) =>
    mapLocation(id === null || id === undefined ? String(FIRST_LOCATION) : parseId(id).number),
  currentAppInstallation,
  publicApiVersions: () =>
    API_VERSIONS.map(({handle, isStable}) => ({handle, displayName: handle, supported: isStable})),
  metafieldsSet,
  refundCreate,
  ...fulfillmentFields,
  ...webhookFields,
}
