import {createShopify, type Shopify, type ShopifySettings} from '../../../src/lib/shopify/client.ts'
import type {ShopifyRequestNote} from '../../../src/lib/shopify/transport-types.ts'
import {company} from '../../../src/sandbox/company.ts'
import {generateOrders} from '../../../src/sandbox/orders/generate.ts'
import {type SandboxShopify, type ShopifyOptions, startShopify} from '../../../src/sandbox/shopify/server.ts'
import {patientClock} from './scripted-shop.ts'

export type Played = Readonly<{
  shop: SandboxShopify
  client: Shopify
  clock: ReturnType<typeof patientClock>
  /** Every request that the client sent. */
  notes: ShopifyRequestNote[]
  fault(rule: Record<string, unknown>): Promise<void>
  stop(): Promise<void>
}>

/** A bucket that is never empty: the sandbox's is filled by real time, the client's waits take none. */
const AMPLE = {maximumAvailable: 1_000_000, restoreRate: 1_000_000}

/** The sandbox's shop, and a client of it whose waits take no time. */
export async function playShop(
  change: Partial<ShopifySettings> = {},
  options: Partial<ShopifyOptions> = {},
): Promise<Played> {
  const shop = await startShopify({
    port: 0,
    shop: company.shop,
    credentials: company.shopify,
    seed: 7,
    plan: AMPLE,
    ...options,
  })
  const clock = patientClock(Date.now())
  const notes: ShopifyRequestNote[] = []
  const client = createShopify({
    shop: company.shop,
    apiUrl: shop.url,
    credentials: {kind: 'token', accessToken: company.shopify.accessToken},
    clock,
    onRequest: (note) => notes.push(note),
    timeoutMs: 5000,
    ...change,
  })
  const fault = async (rule: Record<string, unknown>) => {
    const reply = await fetch(`${shop.url}/_sandbox/faults`, {method: 'POST', body: JSON.stringify(rule)})
    if (!reply.ok) throw new Error(await reply.text())
  }
  const stop = async () => {
    client.close()
    await shop.stop()
  }
  return {shop, client, clock, notes, fault, stop}
}

export type Doc = Record<string, unknown> & {id: number; name: string; line_items: Record<string, unknown>[]}

/** Generated orders of the last days, as documents. */
export function documentsOf(count: number, seed = 3): Doc[] {
  const to = new Date(Math.floor(Date.now() / 1000) * 1000 - 60_000)
  const from = new Date(to.getTime() - 20 * 86_400_000)
  return [...generateOrders({seed, count, from, to})] as unknown as Doc[]
}

/** A plain order in one currency with so many lines of one unit at 1.00, and nothing returned. */
export function orderWithLines(count: number, id = 8001): Doc {
  const at = new Date(Date.now() - 86_400_000).toISOString().replace(/\.\d+/, '')
  const lines = Array.from({length: count}, (_, n) => ({
    id: id * 10_000 + n,
    title: `Thing ${n}`,
    sku: `SKU-${n}`,
    quantity: 1,
    current_quantity: 1,
    price: '1.00',
    discount_allocations: [],
    tax_lines: [],
    duties: [],
    gift_card: false,
    taxable: true,
    requires_shipping: true,
  }))
  const total = `${count}.00`
  return {
    id,
    name: `#${id}`,
    created_at: at,
    processed_at: at,
    updated_at: at,
    currency: 'USD',
    presentment_currency: 'USD',
    total_price: total,
    subtotal_price: total,
    total_tax: '0.00',
    total_discounts: '0.00',
    taxes_included: false,
    financial_status: 'paid',
    fulfillment_status: null,
    line_items: lines,
    shipping_lines: [],
    refunds: [],
    fulfillments: [],
    discount_applications: [],
  }
}
