/**
 * From an accepted webhook to a settled sales order on an idle system: 200 orders of the sandbox, each of a new delivery and sent
 * when the one before is done. The listener and the worker are those of webhooks:listen, over real HTTP, in this process; the
 * sandbox has a thread of its own. Our own part is the whole time without that in which a request to Shopify or NetSuite was
 * under way, as the HTTP client saw it. Required: half of the orders within 15 ms of our own, 99 of 100 within 60 ms.
 * Usage: node bench/lag.ts [orders]
 */
import {createHmac} from 'node:crypto'
import diagnostics from 'node:diagnostics_channel'
import {chmod, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {isMainThread, parentPort, Worker, workerData} from 'node:worker_threads'

import {openApp, type App} from '../src/app.ts'
import {startEmbedded, stopEmbedded} from '../src/lib/ledger/embedded.ts'
import {listenForWebhooks} from '../src/lib/ops/listener/run.ts'
import {workOrders} from '../src/lib/sync/worker.ts'
import {startSandbox} from '../src/sandbox/start.ts'
import {print} from './figures.ts'

const ORDERS = Number(process.argv[2] ?? 200)
/** Connections, caches and compiled code of the first orders are not what an idle system is slow with. */
const WARM_UP = 10
const REQUIRED = {p50Ms: 15, p99Ms: 60}

type Place = Readonly<{folder: string; databaseUrl: string; orders: number}>
type Document = Readonly<{id: number}>
type Lag = Readonly<{wholeMs: number; ownMs: number}>

async function serve({folder, databaseUrl, orders}: Place): Promise<void> {
  const {shopifyUrl} = await startSandbox({
    seed: 13, orders, days: 5, awkward: false, latencyMs: 0, concurrency: 5, suiteTax: false,
    shopifyPort: 0, netsuitePort: 0, databaseUrl, writeConfig: {folder, home: folder, databaseUrl},
    // An idle shop has points: 200 orders in a row are not idle, so the bucket is made large.
    plan: {maximumAvailable: 1e6, restoreRate: 1e5},
  }) // prettier-ignore
  parentPort?.postMessage(shopifyUrl)
}

/** The times in which a request to one of the two systems was under way, from its creation to the last byte of its answer. */
function watchRequests() {
  const begun = new Map<object, number>()
  let spans: [from: number, to: number][] = []
  const requestOf = (message: unknown) => (message as {request: object}).request
  diagnostics.subscribe('undici:request:create', (message) => {
    begun.set(requestOf(message), performance.now())
  })
  diagnostics.subscribe('undici:request:trailers', (message) => {
    const from = begun.get(requestOf(message))
    begun.delete(requestOf(message))
    if (from !== undefined) spans.push([from, performance.now()])
  })
  return {
    /** How much of a span they cover together; forgets them. */
    covered(from: number, to: number): number {
      let [sum, until] = [0, from]
      for (const [a, b] of spans.toSorted(([a], [b]) => a - b)) {
        sum += Math.max(0, Math.min(b, to) - Math.max(a, until))
        until = Math.max(until, b)
      }
      spans = []
      return sum
    },
  }
}

async function measure(app: App, shopifyUrl: string): Promise<Lag[]> {
  const documents = (await (await fetch(`${shopifyUrl}/_sandbox/orders`)).json()) as Document[]
  const {shop, secrets} = app.settings.webhooks()
  const [secret = ''] = secrets
  const ending = new AbortController()
  let settled = Promise.withResolvers<number>()
  const worker = workOrders(
    {...app.remotes(), ledger: app.ledger, clock: app.clock, runId: app.runId},
    {
      signal: ending.signal,
      log: () => undefined,
      knocks: Object.values(app.remotes().knocks),
      lanes: () => 6,
      onWorks: () => settled.resolve(performance.now()),
    },
  )
  const listening = Promise.withResolvers<string>()
  const log = (line: string) =>
    void (line.includes('"listening"') && listening.resolve((JSON.parse(line) as {url: string}).url))
  const rules = {host: '127.0.0.1', port: 0, shops: new Set([shop]), secrets, publicMetrics: false, log}
  const listener = listenForWebhooks({...app, ...rules}, ending.signal)
  const url = await listening.promise
  const requests = watchRequests()
  const lags: Lag[] = []
  for (const document of documents) {
    settled = Promise.withResolvers<number>()
    await deliver(url, shop, secret, document)
    const accepted = performance.now()
    const done = await settled.promise
    lags.push({wholeMs: done - accepted, ownMs: done - accepted - requests.covered(accepted, done)})
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
  ending.abort(new Error('measured'))
  await Promise.all([worker, listener])
  return lags.slice(WARM_UP)
}

async function deliver(url: string, shop: string, secret: string, document: Document): Promise<void> {
  const body = JSON.stringify(document)
  const headers = {
    'content-type': 'application/json',
    'x-shopify-topic': 'orders/create',
    'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
    'x-shopify-shop-domain': shop,
    'x-shopify-api-version': '2026-10',
    'x-shopify-webhook-id': `lag-${document.id}`,
    'x-shopify-triggered-at': new Date().toISOString(),
  }
  const {status} = await fetch(`${url}/webhooks/shopify`, {method: 'POST', headers, body})
  if (status !== 200) throw new Error(`the listener answered ${status}`)
}

async function main(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'tieout-bench-'))
  await chmod(home, 0o711) // as root the server runs under another account, which must pass
  try {
    const databaseUrl = (await startEmbedded(home)).url
    const folder = await mkdtemp(join(home, 'lag-'))
    const place: Place = {folder, databaseUrl, orders: ORDERS + WARM_UP}
    const sandbox = new Worker(new URL(import.meta.url), {workerData: place})
    const shopifyUrl = await new Promise<string>((resolve, reject) =>
      sandbox.once('message', resolve).once('error', reject),
    )
    process.chdir(folder)
    const signal = new AbortController().signal
    const app = await openApp({command: 'bench', argv: [], remotes: 'later', run: true, signal, note: () => undefined})
    report(await measure(app, shopifyUrl))
    await app.close('done')
    await sandbox.terminate()
  } finally {
    process.chdir(tmpdir())
    await stopEmbedded(home)
    await rm(home, {recursive: true, force: true})
  }
}

function report(lags: readonly Lag[]): void {
  const at = (share: number, of: (lag: Lag) => number) => lags.map(of).toSorted((a, b) => a - b)[Math.floor(lags.length * share)] ?? NaN // prettier-ignore
  const [p50, p99] = [at(0.5, ({ownMs}) => ownMs), at(0.99, ({ownMs}) => ownMs)]
  const ms = (value: number) => `${value.toFixed(1)} ms`
  print(`webhook accepted → sales order settled, ${lags.length} orders, one at a time`, [
    ['in all, median', ms(at(0.5, ({wholeMs}) => wholeMs)), ''],
    ['in all, 99 of 100', ms(at(0.99, ({wholeMs}) => wholeMs)), ''],
    ['our own part, median', ms(p50), (p50 / REQUIRED.p50Ms).toFixed(2)],
    ['our own part, 99 of 100', ms(p99), (p99 / REQUIRED.p99Ms).toFixed(2)],
  ])
  if (p50 > REQUIRED.p50Ms || p99 > REQUIRED.p99Ms) process.exitCode = 1
}

if (isMainThread) await main()
else await serve(workerData as Place)
