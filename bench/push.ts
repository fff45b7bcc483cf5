/**
 * orders:push against a sandbox that takes 40 ms a request and allows five to NetSuite at once, beside a loop of the same
 * steps that pushes one order at a time (a quarter of them, so that it ends). Each has a fresh sandbox and a fresh ledger.
 * Required: four times the orders a second of the loop, at most 2.5 requests to NetSuite an order, none refused.
 * Usage: node bench/push.ts [orders]
 */
import {chmod, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {isMainThread, parentPort, Worker, workerData} from 'node:worker_threads'

import {openApp, type App} from '../src/app.ts'
import {startEmbedded, stopEmbedded} from '../src/lib/ledger/embedded.ts'
import {pushBatch} from '../src/lib/sync/batch.ts'
import {queueOrders} from '../src/lib/sync/orders.ts'
import {pushOrders} from '../src/lib/sync/push.ts'
import {selection} from '../src/lib/sync/select.ts'
import type {OrderDeps} from '../src/lib/sync/work.ts'
import {startSandbox} from '../src/sandbox/start.ts'
import {print} from './figures.ts'
import {freshDatabase} from './parts/fresh-database.ts'

const ORDERS = Number(process.argv[2] ?? 200)
const LATENCY_MS = 40
const LIMIT = 5
const REQUIRED = {ratio: 4, requests: 2.5, refusals: 0}

type Place = Readonly<{folder: string; databaseUrl: string; orders: number}>
type Stats = Readonly<{requests: number; refusals: number; byOperation: Record<string, {requests: number}>}>
type Figures = Readonly<{perSecond: number; netsuite: number; shopify: number; refusals: number; stats: Stats}>

/** The sandbox has a thread of its own, so that its work is not a part of what is measured. */
async function serve({folder, databaseUrl, orders}: Place): Promise<void> {
  const {netsuiteUrl} = await startSandbox({
    seed: 11, orders, days: 5, awkward: false, latencyMs: LATENCY_MS, concurrency: LIMIT, suiteTax: false,
    shopifyPort: 0, netsuitePort: 0, databaseUrl, writeConfig: {folder, home: folder, databaseUrl},
  }) // prettier-ignore
  parentPort?.postMessage(netsuiteUrl)
}

async function measure(home: string, name: string, orders: number, push: (app: App, deps: OrderDeps) => Promise<void>) {
  const server = (await startEmbedded(home)).url
  const databaseUrl = await freshDatabase(server, `bench_${name}`)
  const folder = await mkdtemp(join(home, `${name}-`))
  const place: Place = {folder, databaseUrl, orders}
  const worker = new Worker(new URL(import.meta.url), {workerData: place})
  const url = await new Promise<string>((resolve, reject) => worker.once('message', resolve).once('error', reject))
  process.chdir(folder)
  const app = await openApp({
    command: 'bench', argv: [], remotes: true, run: true, signal: new AbortController().signal, note: () => undefined,
  }) // prettier-ignore
  try {
    const startMs = performance.now()
    await push(app, {...app.remotes(), ledger: app.ledger, clock: app.clock, runId: app.runId})
    const seconds = (performance.now() - startMs) / 1000
    return await figures(app, url, seconds)
  } finally {
    await app.close('done')
    await worker.terminate()
  }
}

async function figures(app: App, netsuiteUrl: string, seconds: number): Promise<Figures> {
  const held = (await (await fetch(`${netsuiteUrl}/_sandbox/records/salesOrder`)).json()) as unknown[]
  const stats = (await (await fetch(`${netsuiteUrl}/_sandbox/stats`)).json()) as Stats
  const shopify = app.remotes().requests.shopify / held.length
  const netsuite = stats.requests / held.length
  return {perSecond: held.length / seconds, netsuite, shopify, refusals: stats.refusals, stats}
}

const everything = selection({ids: [], since: '2020-01-01'})
const watch = {signal: new AbortController().signal, onProgress: () => undefined}

async function pushAll(app: App, deps: OrderDeps): Promise<void> {
  await pushOrders({...deps, shopify: app.remotes().shopify}, everything, watch)
}

/** The same steps, one order after the other. */
async function pushOneByOne(app: App, deps: OrderDeps): Promise<void> {
  for await (const page of app.remotes().shopify.listOrders({by: 'created'})) {
    await queueOrders(deps, 'hand', page)
  }
  for (;;) {
    const jobs = await deps.ledger.queue.fetch('orders', 1)
    if (jobs.length === 0) return
    await pushBatch(deps, jobs, {verify: false, signal: watch.signal})
  }
}

async function main(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'tieout-bench-'))
  await chmod(home, 0o711) // as root the server runs under another account, which must pass
  try {
    const ours = await measure(home, 'push', ORDERS, pushAll)
    const peer = await measure(home, 'one_by_one', Math.ceil(ORDERS / 4), pushOneByOne)
    report(ours, peer)
  } finally {
    process.chdir(tmpdir())
    await stopEmbedded(home)
    await rm(home, {recursive: true, force: true})
  }
}

function report(ours: Figures, peer: Figures): void {
  const ratio = ours.perSecond / peer.perSecond
  const per = (amount: number) => `${amount.toFixed(2)} an order`
  print(`orders:push of ${ORDERS} orders, ${LATENCY_MS} ms a request, ${LIMIT} at once to NetSuite`, [
    ['one order at a time', `${peer.perSecond.toFixed(1)} orders/s`, '1.00'],
    ['orders:push', `${ours.perSecond.toFixed(1)} orders/s`, ratio.toFixed(2)],
    ['requests to NetSuite', per(ours.netsuite), (ours.netsuite / peer.netsuite).toFixed(2)],
    ['requests to Shopify', per(ours.shopify), (ours.shopify / peer.shopify).toFixed(2)],
    ['refused for concurrency', String(ours.refusals), ''],
  ])
  const isMet = ratio >= REQUIRED.ratio && ours.netsuite <= REQUIRED.requests && ours.refusals <= REQUIRED.refusals
  if (!isMet) process.exitCode = 1
}

if (isMainThread) await main()
else await serve(workerData as Place)
