import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

import {company} from '../company.ts'
import {answerAdmin, type AdminParts} from './admin-api.ts'
import {ADVANCED, createBucket, type Plan} from './bucket.ts'
import {answerControl, type ControlParts, type Known} from './control.ts'
import {Faults} from './faults.ts'
import {Fulfilling} from './fulfilling/fulfilling.ts'
import {GraphQLServer} from './graphql.ts'
import {isLoopback, send} from './http.ts'
import {printExact} from './json.ts'
import {LiveTraffic} from './live-traffic.ts'
import {Metafields} from './metafields.ts'
import {Tokens, type AppCredentials} from './oauth.ts'
import {Orders} from './orders.ts'
import {Payments} from './payments/payments.ts'
import {seeded} from './random.ts'
import {Idempotency} from './refunding/idempotency.ts'
import type {Shop} from './resolvers.ts'
import {DEFAULT_SCOPES} from './scopes.ts'
import {Stats} from './stats.ts'
import {SHOPIFY_LIMITS, type Limits} from './webhooks/post.ts'
import type {Subscription} from './webhooks/subscriptions.ts'
import {Webhooks} from './webhooks/webhooks.ts'

export type ShopifyOptions = Readonly<{
  /** 0 lets the system choose. */
  port: number
  /** The shop's domain, e.g. tieout-demo.myshopify.com. */
  shop: string
  shopName?: string
  /** ISO 4217; default USD. */
  currency?: string
  /** Currencies beside the shop's that have a bank account of their own; default: none. */
  payoutCurrencies?: readonly string[]
  /** IANA zone; default America/New_York. */
  timeZone?: string
  credentials: AppCredentials
  /** Default: what Tieout's app asks for. */
  scopes?: readonly string[]
  /** Decides tokens, request ids and which faults strike. */
  seed: number
  /** Waited before every answer of the Admin API; default 0. */
  latencyMs?: number
  /** Default: the Advanced plan. */
  plan?: Plan
  /** The shop's clock, for `updatedAt`, the 60-day window, tokens and the Date header; default: the real time. */
  now?: () => Date
  /** By which tokens expire; default: the shop's clock. */
  tokenNow?: () => Date
  /** Told of SKUs and currencies when orders are posted with ?known=1, before that is answered. */
  onKnown?: (known: Known) => Promise<void>
  /** How many times faster than on Shopify the waits before webhook retries pass; default 1: 8 retries take 4 hours. */
  webhookTimeScale?: number
  /** How long a webhook's receiver may take; default: as on Shopify, 1 s to connect and 5 s in all. */
  webhookLimits?: Limits
  /** Told of a subscription that was removed because its receiver failed too often. */
  onRemoved?: (subscription: Subscription) => void
}>

export type SandboxShopify = Readonly<{
  /** http://127.0.0.1:<port> */
  url: string
  port: number
  orders: Orders
  metafields: Metafields
  webhooks: Webhooks
  traffic: LiveTraffic
  stop: () => Promise<void>
}>

/**
 * Starts a Shopify on a loopback port: the GraphQL Admin API, OAuth, and the sandbox's control endpoints.
 * Rejects when the port is taken.
 */
export async function startShopify(options: ShopifyOptions): Promise<SandboxShopify> {
  const parts = assemble(options)
  const server = createServer((request, response) => void handle(parts, request, response))
  server.keepAliveTimeout = 65_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const {port} = server.address() as AddressInfo
  const {traffic} = parts
  const {orders, metafields, webhooks} = parts.shop
  const end = () => {
    traffic.stop()
    webhooks.stop()
    return stop(server)
  }
  return {url: `http://127.0.0.1:${port}`, port, orders, metafields, webhooks, traffic, stop: end}
}

type Parts = AdminParts & ControlParts

function assemble(options: ShopifyOptions): Parts {
  const now = options.now ?? (() => new Date())
  const random = seeded(options.seed)
  const scopes = options.scopes ?? DEFAULT_SCOPES
  const shop = assembleShop(options, now)
  return {
    shop,
    traffic: new LiveTraffic(shop.orders, now, () => shop.payments.enliven()),
    tokens: new Tokens(options.credentials, scopes, options.tokenNow ?? now, random),
    scopes,
    bucket: createBucket(options.plan ?? ADVANCED),
    graphql: new GraphQLServer(),
    faults: new Faults(seeded(options.seed + 1)),
    stats: new Stats(),
    latencyMs: options.latencyMs ?? 0,
    random,
    onKnown: options.onKnown ?? (() => Promise.resolve()),
  }
}

function assembleShop(options: ShopifyOptions, now: () => Date): Shop {
  const {shop: domain, credentials, seed} = options
  const timeZone = options.timeZone ?? 'America/New_York'
  const metafields = new Metafields(now)
  const webhooks = new Webhooks({
    domain,
    apiVersion: company.apiVersion,
    secret: credentials.webhookSecret ?? credentials.clientSecret,
    now,
    random: seeded(seed + 2),
    timeZone,
    metafields,
    limits: options.webhookLimits ?? SHOPIFY_LIMITS,
    timeScale: options.webhookTimeScale ?? 1,
    onRemoved: options.onRemoved ?? (() => undefined),
  })
  const currency = options.currency ?? 'USD'
  const orders: Orders = new Orders(now, (before, after) => {
    if (before !== after) payments.orderWritten(after)
    webhooks.orderWritten(before, after)
  })
  const view = (id: string) => {
    const entry = orders.get(id)
    return entry === null ? null : orders.view(entry)
  }
  const payoutCurrencies = options.payoutCurrencies ?? []
  const payments = new Payments({now, seed, currency, payoutCurrencies, order: view})
  return {
    domain,
    name: options.shopName ?? domain.replace(/\..*$/, ''),
    currency,
    timeZone,
    orders,
    metafields,
    payments,
    fulfilling: new Fulfilling(orders),
    idempotency: new Idempotency(now),
    webhooks,
    apiVersion: company.apiVersion,
    now,
  }
}

async function handle(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    if (request.url?.startsWith('/_sandbox/') === true) {
      const answer = isLoopback(request)
        ? await answerControl(parts, request)
        : {status: 403, body: {errors: 'Forbidden'}}
      send(response, answer, printExact)
      return
    }
    const {answer, delivery} = await answerAdmin(parts, request)
    send(response, answer, JSON.stringify, delivery)
  } catch (error) {
    // A sandbox that fails must say why; its user is a developer on the same machine.
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    if (response.headersSent) response.socket?.destroy()
    else send(response, {status: 500, body: {errors: `the sandbox failed: ${reason}`}}, JSON.stringify)
  }
}

function stop(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)))
    server.closeAllConnections()
  })
}
