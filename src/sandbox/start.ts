import {generateKeyPairSync} from 'node:crypto'

import {catchingUp} from './clock.ts'
import {company} from './company.ts'
import {addCurrencies, writeConfiguration} from './configuration.ts'
import type {Played} from './minute.ts'
import {startNetSuite} from './netsuite/server.ts'
import {generateOrders} from './orders/generate.ts'
import type {Plan} from './shopify/bucket.ts'
import {readTraffic} from './shopify/live-traffic.ts'
import {startShopify, type SandboxShopify} from './shopify/server.ts'

export type SandboxOptions = Readonly<{
  seed: number
  /** Orders in the shop at the start, spread over the last `days` days. */
  orders: number
  days: number
  /** The shop plays these days, ten seconds each, before it goes on in real time; its first orders come before them. */
  playsDays?: boolean
  /** Include some orders that must be parked. */
  awkward: boolean
  /** Added to every request. */
  latencyMs: number
  /** Added to a request to NetSuite for each of its records. Default: nothing. */
  perRecordMs?: number
  /** How fast the app may spend points at Shopify. Default: the Advanced plan. */
  plan?: Plan
  /** Requests that the NetSuite account allows at once, over all channels. */
  concurrency: number
  suiteTax: boolean
  shopifyPort: number
  netsuitePort: number
  /** Postgres in which SuiteQL runs. */
  databaseUrl: string
  /** Where a ready .env and tieout.yaml are written; null: nowhere. */
  writeConfig: Readonly<{folder: string; home: string; databaseUrl: string | null}> | null
  /** The contract that is written has payments, fulfilments, bills and refunds switched on. Default: off. */
  books?: boolean
  webhooks?: WebhookOptions
}>

type WebhookOptions = Readonly<{
  /** How many times faster than on Shopify the waits before retries pass; default 1. */
  timeScale?: number
  /** Told of a subscription that was removed because its receiver failed too often. */
  onRemoved?: (subscription: Readonly<{topic: string; uri: string}>) => void
}>

export type Sandbox = Readonly<{
  shopifyUrl: string
  netsuiteUrl: string
  /** Subscribes an address to everything that orders cause. Throws TypeError that says why it cannot. */
  subscribe(uri: string): void
  /** Places orders from now on, and lets things happen to them. */
  play(ordersPerMinute: number): void
  /** Orders and webhooks that were played since the start. */
  played(): Played
  stop(): Promise<void>
}>

/** What the app of the sandbox may do. */
export const SCOPES = [
  'read_orders',
  'write_orders',
  'read_all_orders',
  'read_customers',
  'write_customers',
  'read_products',
  'write_products',
  'read_inventory',
  'read_locations',
  'read_payment_terms',
  'read_merchant_managed_fulfillment_orders',
  'write_merchant_managed_fulfillment_orders',
  'read_returns',
  'read_shopify_payments_accounts',
  'read_shopify_payments_payouts',
  'read_shopify_payments_disputes',
  'read_fulfillments',
]

/** Starts both platforms on loopback ports, deterministic from the seed. Where one cannot start, neither goes on running. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const end of stops) await end()
  }
  try {
    return {...(await startBoth(options, stops)), stop}
  } catch (error) {
    await stop()
    throw error
  }
}

async function startBoth(options: SandboxOptions, stops: (() => Promise<void>)[]): Promise<Omit<Sandbox, 'stop'>> {
  const keys = generateKeyPairSync('ec', {namedCurve: 'P-256'})
  const netsuite = await startNetSuite({
    port: options.netsuitePort,
    databaseUrl: options.databaseUrl,
    concurrency: options.concurrency,
    suiteTax: options.suiteTax,
    latencyMs: options.latencyMs,
    perRecordMs: options.perRecordMs ?? 0,
    seed: options.seed,
    oauth2PublicKey: keys.publicKey.export({type: 'spki', format: 'pem'}).toString(),
  })
  stops.unshift(() => netsuite.stop())
  const {timeScale = 1, onRemoved = () => undefined} = options.webhooks ?? {}
  const now = options.playsDays === true ? catchingUp(options.days) : () => new Date()
  const shopify = await startShopify({
    port: options.shopifyPort,
    shop: company.shop,
    credentials: company.shopify,
    scopes: SCOPES,
    seed: options.seed,
    latencyMs: options.latencyMs,
    now,
    // A token lasts a day of whoever holds it.
    tokenNow: () => new Date(),
    ...(options.plan === undefined ? {} : {plan: options.plan}),
    webhookTimeScale: timeScale,
    onRemoved,
    onKnown: async (known) => {
      const {currencies} = await netsuite.know(known)
      if (options.writeConfig !== null) addCurrencies(options.writeConfig.folder, currencies)
    },
  })
  stops.unshift(() => shopify.stop())
  seedOrders(options, shopify.orders, now())
  if (options.writeConfig !== null) {
    writeConfiguration({
      ...options.writeConfig,
      shopifyUrl: shopify.url,
      netsuiteUrl: netsuite.url,
      concurrency: options.concurrency,
      suiteTax: options.suiteTax,
      books: options.books ?? false,
      privateKey: keys.privateKey.export({type: 'pkcs8', format: 'pem'}).toString(),
    })
  }
  return {shopifyUrl: shopify.url, netsuiteUrl: netsuite.url, ...lifeOf(shopify, options.seed)}
}

function lifeOf({traffic, webhooks}: SandboxShopify, seed: number): Pick<Sandbox, 'subscribe' | 'play' | 'played'> {
  return {
    subscribe: (uri) => webhooks.subscribeAll(uri),
    play: (ordersPerMinute) => traffic.start(readTraffic({ordersPerMinute, seed})),
    played: () => ({traffic: traffic.report(), webhooks: webhooks.report()}),
  }
}

function seedOrders(options: SandboxOptions, store: SandboxShopify['orders'], to: Date): void {
  const from = new Date(to.getTime() - options.days * 86_400_000)
  for (const order of generateOrders({seed: options.seed, count: options.orders, from, to, awkward: options.awkward}))
    store.put(order)
}
