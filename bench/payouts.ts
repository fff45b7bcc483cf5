/**
 * A payout of 2,000 transactions, written to a sandbox that takes a second for each request to NetSuite and allows five at
 * once: how many requests it takes, and how long. The payments of its orders are in NetSuite, and in the ledger, before.
 * Required: 20 seconds.
 * Usage: node bench/payouts.ts [transactions]
 */
import {chmod, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {isMainThread, parentPort, Worker, workerData} from 'node:worker_threads'

import {openApp} from '../src/app.ts'
import {startEmbedded, stopEmbedded} from '../src/lib/ledger/embedded.ts'
import {payoutSelection} from '../src/lib/sync/payout-select.ts'
import {pushPayouts} from '../src/lib/sync/payouts.ts'
import {pushOrders, type PushDeps} from '../src/lib/sync/push.ts'
import {selection} from '../src/lib/sync/select.ts'
import {startSandbox} from '../src/sandbox/start.ts'
import {print} from './figures.ts'
import {freshDatabase} from './parts/fresh-database.ts'

const TRANSACTIONS = Number(process.argv[2] ?? 2000)
const REQUIRED_S = 20
const LATENCY_MS = 1000
const {signal} = new AbortController()
const watch = {signal, onProgress: () => undefined}

type Place = Readonly<{folder: string; databaseUrl: string}>
type Urls = Readonly<{shopifyUrl: string; netsuiteUrl: string}>

/** The sandbox has a thread of its own, so that its work is not a part of what is measured. */
async function serve({folder, databaseUrl}: Place): Promise<void> {
  const {shopifyUrl, netsuiteUrl} = await startSandbox({
    seed: 1, orders: 0, days: 5, awkward: false, latencyMs: 0, concurrency: 5, suiteTax: false, books: true,
    shopifyPort: 0, netsuitePort: 0, databaseUrl, plan: {maximumAvailable: 1e6, restoreRate: 1e5},
    writeConfig: {folder, home: folder, databaseUrl},
  }) // prettier-ignore
  parentPort?.postMessage({shopifyUrl, netsuiteUrl})
}

async function call(url: string, body: unknown): Promise<void> {
  const answer = await fetch(url, {method: 'POST', body: JSON.stringify(body)})
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
}

/** An order of one article, paid by card through Shopify Payments. */
function order(id: number): object {
  const at = '2026-11-20T10:00:00-05:00'
  const money = {amount: '10.00', currency_code: 'USD'}
  const set = {shop_money: money, presentment_money: money}
  return {
    id, admin_graphql_api_id: `gid://shopify/Order/${id}`, name: `#${id}`, test: false, created_at: at, processed_at: at,
    updated_at: at, currency: 'USD', presentment_currency: 'USD', financial_status: 'paid', taxes_included: false,
    subtotal_price: '10.00', total_price: '10.00', current_total_price: '10.00', current_subtotal_price: '10.00',
    total_tax: '0.00', email: 'buyer@example.com', customer: {id: 7, email: 'buyer@example.com', last_name: 'Buyer'},
    line_items: [{id: id * 10, sku: 'BENCH', title: 'Article', quantity: 1, current_quantity: 1, price: '10.00', requires_shipping: true, taxable: true}],
    shipping_lines: [], refunds: [], fulfillments: [],
    transactions: [{id: id * 10, kind: 'sale', status: 'success', gateway: 'shopify_payments', test: false, created_at: at, processed_at: at, amount_set: set}],
  } // prettier-ignore
}

/** Orders, and their payments in NetSuite and in the ledger. */
async function prepare(deps: PushDeps, {shopifyUrl}: Urls): Promise<void> {
  for (let i = 0; i < TRANSACTIONS; i += 500) {
    const orders = Array.from({length: Math.min(500, TRANSACTIONS - i)}, (_, n) => order(1000 + i + n))
    await call(`${shopifyUrl}/_sandbox/orders?known=1`, orders)
  }
  await pushOrders(deps, selection({ids: [], since: '2000-01-01'}), watch)
  await call(`${shopifyUrl}/_sandbox/payouts`, {})
}

async function measure(home: string): Promise<void> {
  const databaseUrl = await freshDatabase((await startEmbedded(home)).url, 'bench_payouts')
  const folder = await mkdtemp(join(home, 'payouts-'))
  const worker = new Worker(new URL(import.meta.url), {workerData: {folder, databaseUrl} satisfies Place})
  const urls = await new Promise<Urls>((resolve, reject) => worker.once('message', resolve).once('error', reject))
  process.chdir(folder)
  const app = await openApp({command: 'bench', argv: [], remotes: true, run: true, signal, note: () => undefined})
  try {
    const deps = {...app.remotes(), ledger: app.ledger, clock: app.clock, runId: app.runId}
    await prepare(deps, urls)
    await call(`${urls.netsuiteUrl}/_sandbox/faults`, {kind: 'delay', ms: LATENCY_MS})
    const before = {...deps.requests}
    const startMs = performance.now()
    const {counts, payouts} = await pushPayouts(deps, payoutSelection({ids: [], since: '2000-01-01'}), watch)
    const seconds = (performance.now() - startMs) / 1000
    if (counts.written !== 1) throw new Error(`the payout was not written: ${JSON.stringify(payouts)}`)
    print(`payouts:push of ${TRANSACTIONS} transactions, ${LATENCY_MS} ms a request to NetSuite`, [
      ['until it is written', `${seconds.toFixed(1)} s`, ''],
      ['requests to NetSuite', String(deps.requests.netsuite - before.netsuite), ''],
      ['requests to Shopify', String(deps.requests.shopify - before.shopify), ''],
    ])
    if (seconds > REQUIRED_S) process.exitCode = 1
  } finally {
    await app.close('done')
    await worker.terminate()
  }
}

async function main(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'tieout-bench-'))
  await chmod(home, 0o711) // as root the server runs under another account, which must pass
  try {
    await measure(home)
  } finally {
    process.chdir(tmpdir())
    await stopEmbedded(home)
    await rm(home, {recursive: true, force: true})
  }
}

if (isMainThread) await main()
else await serve(workerData as Place)
