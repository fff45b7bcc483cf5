import {generateKeyPairSync} from 'node:crypto'

import {company} from './company.ts'
import {addCurrencies, writeConfiguration} from './configuration.ts'
import {startNetSuite} from './netsuite/server.ts'
import {generateOrders} from './orders/generate.ts'
import {startShopify} from './shopify/server.ts'

export type SandboxOptions = Readonly<{
  seed: number
  /** Orders in the shop at the start, spread over the last `days` days. */
  orders: number
  days: number
  /** Include some orders that must be parked. */
  awkward: boolean
  /** Added to every request. */
  latencyMs: number
  /** Requests that the NetSuite account allows at once, over all channels. */
  concurrency: number
  suiteTax: boolean
  shopifyPort: number
  netsuitePort: number
  /** Postgres in which SuiteQL runs. */
  databaseUrl: string
  /** Where a ready .env and tieout.yaml are written; null: nowhere. */
  writeConfig: Readonly<{folder: string; home: string; databaseUrl: string | null}> | null
}>

export type Sandbox = Readonly<{shopifyUrl: string; netsuiteUrl: string; stop(): Promise<void>}>

const SCOPES = [
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
  'read_returns',
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
    seed: options.seed,
    oauth2PublicKey: keys.publicKey.export({type: 'spki', format: 'pem'}).toString(),
  })
  stops.unshift(() => netsuite.stop())
  const shopify = await startShopify({
    port: options.shopifyPort,
    shop: company.shop,
    credentials: company.shopify,
    scopes: SCOPES,
    seed: options.seed,
    latencyMs: options.latencyMs,
    onKnown: async (known) => {
      const {currencies} = await netsuite.know(known)
      if (options.writeConfig !== null) addCurrencies(options.writeConfig.folder, currencies)
    },
  })
  stops.unshift(() => shopify.stop())
  seedOrders(options, shopify.orders)
  if (options.writeConfig !== null) {
    writeConfiguration({
      ...options.writeConfig,
      shopifyUrl: shopify.url,
      netsuiteUrl: netsuite.url,
      concurrency: options.concurrency,
      suiteTax: options.suiteTax,
      privateKey: keys.privateKey.export({type: 'pkcs8', format: 'pem'}).toString(),
    })
  }
  return {shopifyUrl: shopify.url, netsuiteUrl: netsuite.url}
}

function seedOrders(options: SandboxOptions, store: Awaited<ReturnType<typeof startShopify>>['orders']): void {
  const to = new Date()
  const from = new Date(to.getTime() - options.days * 86_400_000)
  for (const order of generateOrders({seed: options.seed, count: options.orders, from, to, awkward: options.awkward}))
    store.put(order)
}
