import {spawn, type ChildProcess} from 'node:child_process'
import {mkdtemp} from 'node:fs/promises'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import {Worker} from 'node:worker_threads'

import {openApp, type App} from '../../src/app.ts'
import {queueOrders} from '../../src/lib/sync/orders.ts'
import {company} from '../../src/sandbox/company.ts'
import {startSandbox} from '../../src/sandbox/start.ts'
import {freshDatabase} from './fresh-database.ts'

export const LIMIT = 5
export const LATENCY_MS = 40
export const PER_RECORD_MS = 15

export type Place = Readonly<{folder: string; databaseUrl: string; orders: number}>

export type Stats = Readonly<{
  requests: number
  refusals: number
  inFlight: number
  busyMs: number
  byOperation: Readonly<Record<string, Readonly<{requests: number; records: number; p50Ms: number}>>>
}>

/** Runs in a thread of its own, so that the sandbox's work is not a part of what is measured. */
export async function serve({folder, databaseUrl, orders}: Place): Promise<string> {
  const {netsuiteUrl} = await startSandbox({
    seed: 12, orders, days: 5, awkward: false, latencyMs: LATENCY_MS, perRecordMs: PER_RECORD_MS, concurrency: LIMIT,
    suiteTax: false, shopifyPort: 0, netsuitePort: 0, databaseUrl,
    plan: {maximumAvailable: 1e6, restoreRate: 1e5}, writeConfig: {folder, home: folder, databaseUrl},
  }) // prettier-ignore
  return netsuiteUrl
}

type Named = Readonly<{id: string}>
/** A sales order as the sandbox shows it. */
export type SalesOrder = Readonly<{
  entity: Named
  subsidiary: Named
  lines: Readonly<{item: readonly Readonly<{fields: Readonly<{item: Named; quantity?: string; amount: string}>}>[]}>
}>

export type World = Readonly<{
  app: App
  netsuiteUrl: string
  folder: string
  stats(): Promise<Stats>
  /** Orders whose job is not done. */
  left(): Promise<number>
  salesOrders(): Promise<readonly SalesOrder[]>
  end(): Promise<void>
}>

/** A database, a sandbox and an open ledger of their own, in a folder where commands find their settings. */
export async function openWorld(home: string, server: string, name: string, orders: number): Promise<World> {
  const databaseUrl = await freshDatabase(server, `drain_${name}`)
  const folder = await mkdtemp(join(home, `${name}-`))
  const place: Place = {folder, databaseUrl, orders}
  const thread = new Worker(new URL('../drain.ts', import.meta.url), {workerData: place})
  const netsuiteUrl = await new Promise<string>((resolve, reject) =>
    thread.once('message', resolve).once('error', reject),
  )
  process.chdir(folder)
  const signal = new AbortController().signal
  const app = await openApp({command: 'bench', argv: [], remotes: true, run: true, signal, note: () => undefined})
  const ask = async (what: string) => (await fetch(`${netsuiteUrl}/_sandbox/${what}`)).json()
  const end = async () => {
    await app.close('done')
    await thread.terminate()
  }
  return {
    app,
    netsuiteUrl,
    folder,
    end,
    left: async () => {
      const {rows} = await app.ledger.db.raw<{rows: {n: number}[]}>(
        `select count(*)::int as n from ${app.ledger.schemas.queue}.job where name = 'orders' and state < 'completed'`,
      )
      return rows[0]?.n ?? 0
    },
    stats: async () => (await ask('stats')) as Stats,
    salesOrders: async () => (await ask('records/salesOrder')) as SalesOrder[],
  }
}

/** Queues every order of the shop at once, as a sweep after an outage would. */
export async function queueAll({app}: World): Promise<() => Promise<void>> {
  const deps = {...app.remotes(), ledger: app.ledger, clock: app.clock, runId: app.runId}
  const pages: Parameters<typeof queueOrders>[2][] = []
  for await (const page of app.remotes().shopify.listOrders({by: 'created'})) pages.push(page)
  return async () => {
    for (const page of pages) await queueOrders(deps, 'hand', page)
  }
}

export type WorkerProcess = Readonly<{pid: number; working: Promise<void>; kill(): void; end(): Promise<void>}>

/** `tieout jobs:work` in a process of its own. */
export function startWorker({folder}: World): WorkerProcess {
  const dev = fileURLToPath(new URL('../../bin/dev.js', import.meta.url))
  const child: ChildProcess = spawn(process.execPath, [dev, 'jobs:work'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const working = new Promise<void>((resolve, reject) => {
    let log = ''
    if (child.stderr !== null)
      createInterface({input: child.stderr}).on('line', (line) => {
        log += `${line}\n`
        if (line.includes('"event":"working"')) resolve()
      })
    void ended.then(() => reject(new Error(`a worker ended before it worked: ${log}`)))
  })
  return {
    pid: child.pid ?? 0,
    working,
    kill: () => void child.kill('SIGKILL'),
    end: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** The credentials that the sandbox takes, as netsuite-rest wants them. */
export function peerCredentials(netsuiteUrl: string) {
  const {consumerKey, consumerSecret, tokenId, tokenSecret} = company.netsuite
  return {
    consumer_key: consumerKey,
    consumer_secret_key: consumerSecret,
    token: tokenId,
    token_secret: tokenSecret,
    realm: company.account,
    base_url: netsuiteUrl,
  }
}
