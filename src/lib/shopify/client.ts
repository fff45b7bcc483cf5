import type {Clock} from '../core/clock.ts'
import {type RejectedError, SyncError} from '../core/errors.ts'
import {createAuth, type ShopifyCredentials} from './auth.ts'
import {createSizing} from './batch-size.ts'
import {documents} from './documents.ts'
import {createFulfillments, type Fulfillments} from './fulfillments.ts'
import {createHttp} from './http.ts'
import {findOrdersByName, listOrders, type OrderFilter} from './order-lists.ts'
import {type OrderReading, readOrders} from './orders.ts'
import {type NetSuiteIdOf, setNetSuiteIds} from './netsuite-ids.ts'
import {createPayouts, type Payouts} from './payouts.ts'
import {createSubscriptions, type Subscriptions} from './subscriptions.ts'
import {createThrottle, type Throttle, type ThrottleLane} from './throttle.ts'
import {createTransport} from './transport.ts'
import type {ConnectionFacts, ShopifyRequestNote} from './transport-types.ts'
import type {OrderHint, ShopifyOrder} from './types.ts'

export type ShopifySettings = Readonly<{
  /** The myshopify.com name of the shop. */
  shop: string
  /** Scheme and host in place of https://<shop>, e.g. of the sandbox. */
  apiUrl?: string | null | undefined
  credentials: ShopifyCredentials
  clock: Clock
  /** Keeps requests within the bucket of the app on the shop; one of this process alone unless told. */
  throttle?: Throttle | undefined
  /** What the requests are for; 'live' unless told. */
  lane?: ThrottleLane | undefined
  /** Told of every finished request. */
  onRequest?: ((note: ShopifyRequestNote) => void) | undefined
  /** Told once of what an operator should know, such as another API version than the pinned one. */
  onWarning?: ((text: string) => void) | undefined
  /** Ends waiting (for points, for retries); a request under way is not cut. */
  signal?: AbortSignal | undefined
  /** Bound of one request in milliseconds; 60 s unless told. */
  timeoutMs?: number | undefined
}>

/** Facts about the shop. `timeZone` is an IANA name, `currency` ISO 4217. */
type ShopInfo = Readonly<{
  name: string
  domain: string
  currency: string
  timeZone: string
  taxesIncluded: boolean
  plan: string
}>

/**
 * A shop of Shopify. Faults of the connection, the credentials and the settings are thrown (RetryableError after our own
 * retries, CredentialError, ConfigError), as are answers that make no sense (RejectedError).
 */
export type Shopify = Readonly<{
  /** The order, complete; null where it was deleted. Takes a number or a global id. */
  getOrder(id: string): Promise<ShopifyOrder | null>
  /**
   * Several orders in few requests, in the order of the question; faults of one order stay with it. `money`: with their
   * transactions, and refunds and fulfilments in full, for a few points more an order.
   */
  getOrders(ids: readonly string[], options?: Readonly<{money?: boolean}>): Promise<OrderReading[]>
  listOrders(filter: OrderFilter): AsyncIterable<readonly OrderHint[]>
  /** The orders that bear one of these names. */
  findOrdersByName(names: readonly string[]): Promise<OrderHint[]>
  /** Keeps NetSuite's ids on the orders; answers with the errors of those that Shopify refused, by order id. */
  setNetSuiteIds(ids: readonly NetSuiteIdOf[]): Promise<Map<string, RejectedError>>
  shopInfo(): Promise<ShopInfo>
  /** Handles of the access scopes that the app holds on this shop. */
  grantedScopes(): Promise<string[]>
  /** The webhook subscriptions of our app. */
  subscriptions: Subscriptions
  payouts: Payouts
  fulfillments: Fulfillments
  connection(): ConnectionFacts
  /** Closes idle connections. */
  close(): void
}>

/** What the documents need (schema 2026-10 and shopify.dev, "Access scopes"). read_all_orders only for orders older than 60 days. */
export const REQUIRED_SCOPES: readonly string[] = [
  'read_orders',
  'write_orders',
  'read_customers',
  'read_products',
  'read_payment_terms',
]

/** A client for one shop. It opens no connection and loads no HTTP library before the first request. */
export function createShopify(settings: ShopifySettings): Shopify {
  const {clock, signal} = settings
  const base = (settings.apiUrl ?? `https://${settings.shop}`).replace(/\/+$/, '')
  const http = createHttp(settings.timeoutMs ?? 60_000)
  const auth = createAuth(base, settings.credentials, http, clock)
  const {onRequest, onWarning, lane, throttle = createThrottle(clock)} = settings
  const transport = createTransport({base, http, auth, throttle, lane, clock, onRequest, onWarning})
  const reader = {transport, clock, sizing: createSizing(), money: false}
  const moneyReader = {transport, clock, sizing: createSizing(), money: true}

  return {
    getOrder: async (id) => {
      const [reading = null] = await readOrders(reader, [id], signal)
      if (reading instanceof SyncError) throw reading
      return reading
    },
    getOrders: (ids, {money = false} = {}) => readOrders(money ? moneyReader : reader, ids, signal),
    listOrders: (filter) => listOrders(transport, filter, signal),
    findOrdersByName: (names) => findOrdersByName(transport, names, signal),
    setNetSuiteIds: (ids) => setNetSuiteIds(transport, ids, signal),
    shopInfo: async () => {
      const {shop} = (await transport.send(documents.shopInfo, {}, signal)).data
      const {name, taxesIncluded} = shop
      const facts = {domain: shop.myshopifyDomain, currency: shop.currencyCode, timeZone: shop.ianaTimezone}
      return {name, taxesIncluded, ...facts, plan: shop.plan.publicDisplayName}
    },
    grantedScopes: async () => {
      const {data} = await transport.send(documents.grantedScopes, {}, signal)
      return data.currentAppInstallation.accessScopes.map(({handle}) => handle)
    },
    subscriptions: createSubscriptions(transport, signal),
    payouts: createPayouts(transport, signal),
    fulfillments: createFulfillments(transport, signal),
    connection: () => transport.facts(),
    close: () => http.close(),
  }
}
