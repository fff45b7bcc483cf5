import {spawn, type ChildProcess} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

import {onTestFinished} from 'vitest'

import {openApp, type App} from '../../src/app.ts'
import {reconcileOrders} from '../../src/lib/reconcile/orders.ts'
import {memoriesOf} from '../../src/lib/sync/conflicts.ts'
import type {OrdersReport} from '../../src/lib/reconcile/report.ts'
import {daysOf} from '../../src/lib/reconcile/window.ts'
import {pushOrders} from '../../src/lib/sync/push.ts'
import type {PushReport} from '../../src/lib/sync/report.ts'
import {selection} from '../../src/lib/sync/select.ts'
import type {OrderDeps} from '../../src/lib/sync/work.ts'
import {startSandbox, type SandboxOptions} from '../../src/sandbox/start.ts'
import {freshDatabase} from './fresh-ledger.ts'

export type Ran = Readonly<{code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string}>
export type Running = Readonly<{process: ChildProcess; ended: Promise<Ran>}>
export type HeldOrder = Readonly<{id: string; externalId: string | null; total: string; currency: string}> &
  Record<string, unknown>
export type Document = Record<string, unknown> &
  Readonly<{id: number; name: string; test: boolean; total_price: string}>

export type Stats = Readonly<{
  requests: number
  records: number
  refusals: number
  inFlight: number
  logins: Record<string, number>
}> &
  Readonly<{byOperation: Readonly<Record<string, Readonly<{requests: number; records: number}>>>}>

/** A sandbox, a ledger of its own, and a folder where `tieout` runs against both. */
export type World = Readonly<{
  folder: string
  databaseUrl: string
  shopifyUrl: string
  netsuiteUrl: string
  /** Runs the built command line, as a user would. */
  tieout(...args: string[]): Promise<Ran>
  start(args: readonly string[], options?: Readonly<{stdin?: string; env?: Record<string, string>}>): Running
  /**
   * What orders:push does, in this process: these orders, or all. It does not wait for what is to be tried again; another
   * push takes that up at once.
   */
  push(...ids: string[]): Promise<PushReport>
  reconcile(from?: string, to?: string): Promise<OrdersReport>
  /** Everything that a command has; close it. */
  open(signal?: AbortSignal): Promise<App>
  documents(): Promise<Document[]>
  postOrders(orders: unknown, known?: boolean): Promise<void>
  salesOrders(): Promise<HeldOrder[]>
  customers(): Promise<HeldOrder[]>
  fault(system: 'shopify' | 'netsuite', rule: unknown): Promise<void>
  calm(): Promise<void>
  stats(system: 'shopify' | 'netsuite'): Promise<Stats>
  /** Changes a record of NetSuite as a person would: PATCH by id, or DELETE. Bodies have the form of its REST service. */
  edit(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<unknown>
}>

const run = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

export async function world(options: Partial<SandboxOptions> = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'tieout-world-'))
  const databaseUrl = await freshDatabase({migrated: true})
  const sandbox = await startSandbox({
    seed: 1, orders: 0, days: 5, awkward: false, latencyMs: 0, concurrency: 5, suiteTax: false, shopifyPort: 0, netsuitePort: 0, databaseUrl,
    writeConfig: {folder, home: join(folder, 'home'), databaseUrl},
    ...options,
  }) // prettier-ignore
  onTestFinished(async () => {
    await sandbox.stop()
    rmSync(folder, {recursive: true, force: true})
  })
  const {shopifyUrl, netsuiteUrl} = sandbox
  const urls = {shopify: shopifyUrl, netsuite: netsuiteUrl}
  const start = (args: readonly string[], {stdin, env}: {stdin?: string; env?: Record<string, string>} = {}) =>
    launch(folder, args, stdin, env)
  return {
    folder, databaseUrl, shopifyUrl, netsuiteUrl, start,
    tieout: (...args) => start(args).ended,
    push: (...ids) => inside(folder, (app) => push(app, ids)),
    reconcile: (from = '2020-01-01', to) => inside(folder, (app) => reconcile(app, from, to)),
    open: (signal) => open(folder, signal),
    documents: () => call(`${shopifyUrl}/_sandbox/orders`),
    postOrders: (orders, known = false) => call(`${shopifyUrl}/_sandbox/orders${known ? '?known=1' : ''}`, 'POST', orders),
    salesOrders: () => call(`${netsuiteUrl}/_sandbox/records/salesOrder`),
    customers: () => call(`${netsuiteUrl}/_sandbox/records/customer`),
    fault: (system, rule) => call(`${urls[system]}/_sandbox/faults`, 'POST', rule),
    calm: async () => {
      for (const url of Object.values(urls)) await call(`${url}/_sandbox/faults`, 'DELETE')
    },
    stats: (system) => call(`${urls[system]}/_sandbox/stats`),
    edit: (method, path, body) => call(`${netsuiteUrl}/_sandbox/records/${path}`, method, body),
  } // prettier-ignore
}

/** The command's own construction, in this process. Settings are read from the folder before anything waits. */
function open(folder: string, signal = new AbortController().signal): Promise<App> {
  const before = process.cwd()
  process.chdir(folder)
  const opening = openApp({command: 'test', argv: [], remotes: true, run: true, signal, note: () => undefined})
  process.chdir(before)
  return opening
}

async function inside<T>(folder: string, work: (app: App) => Promise<T>): Promise<T> {
  const app = await open(folder)
  try {
    return await work(app)
  } finally {
    await app.close('done')
  }
}

/** What the stages of a push need, from the open app. */
export function depsOf(app: App): OrderDeps & Pick<ReturnType<App['remotes']>, 'shopify'> {
  return {...app.remotes(), ledger: app.ledger, clock: app.clock, runId: app.runId}
}

function push(app: App, ids: readonly string[]): Promise<PushReport> {
  const chosen = selection(ids.length > 0 ? {ids} : {ids: [], since: '2000-01-01'})
  const signal = new AbortController().signal
  return pushOrders(depsOf(app), chosen, {signal, onProgress: () => undefined, patienceMs: 0})
}

function reconcile(app: App, from: string, to: string | undefined): Promise<OrdersReport> {
  const {rules} = app.remotes()
  const memories = (externalIds: readonly string[]) => memoriesOf(app.ledger.db, externalIds)
  return reconcileOrders({...app.remotes(), memories}, daysOf({from, to}, rules.timeZone, app.clock.now()))
}

function launch(
  folder: string,
  args: readonly string[],
  stdin: string | undefined,
  extra: Record<string, string> | undefined,
): Running {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(SHOPIFY|NETSUITE|TIEOUT)_|^(DATABASE_URL|NO_COLOR|FORCE_COLOR)$/.test(name),
  )
  const env = {...Object.fromEntries(inherited), NODE_ENV: 'production', ...extra}
  const child = spawn(process.execPath, [run, ...args], {
    cwd: folder,
    env,
    stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  if (stdin !== undefined) child.stdin?.end(stdin)
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = new Promise<Ran>((resolve) =>
    child.on('close', (code, signal) => resolve({code, signal, stdout, stderr})),
  )
  return {process: child, ended}
}

async function call<T>(url: string, method = 'GET', body?: unknown): Promise<T> {
  const answer = await fetch(url, {
    method,
    ...(body === undefined ? {} : {headers: {'content-type': 'application/json'}, body: JSON.stringify(body)}),
  })
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as T
}
