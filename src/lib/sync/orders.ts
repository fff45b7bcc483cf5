import {chunks} from '../core/concurrent.ts'
import {messageOf} from '../core/errors.ts'
import {format} from '../core/money.ts'
import {receive} from '../ledger/events.ts'
import type {Hint, Job} from '../ledger/types.ts'
import type {OrderHint} from '../shopify/types.ts'
import {legacyId} from '../core/ids.ts'
import {pushBatch} from './batch.ts'
import type {OrderDeps, Outcome, Work} from './work.ts'

/** What a run of orders:push did. `orders` has one row for each order that is not simply unchanged. */
export type PushReport = {
  readonly runId: string
  queued: number
  readonly counts: Record<Outcome, number>
  readonly orders: PushedOrder[]
  interrupted: boolean
}

export type PushedOrder = Readonly<{
  subject: string
  name: string | null
  outcome: Outcome
  netsuiteId: string | null
  total: string | null
  code: string | null
  message: string | null
  hint: string | null
}>

export type PushOptions = Readonly<{
  /** Compare with NetSuite even where the ledger says that nothing changed. */
  verify: boolean
  /** Only these subjects; null: everything that waits. */
  subjects: readonly string[] | null
  signal: AbortSignal
  onProgress: (report: PushReport) => void
}>

/** Orders a batch: a list operation of NetSuite saves requests, a lost reply concerns no more than these. */
const BATCH = 50
/** Batches side by side: while one waits for NetSuite the other reads Shopify. */
const LANES = 2
/** How long a run waits for jobs that are to be tried again, before it leaves them to the next run. */
const PATIENCE_MS = 30_000
/** A report names at most this many orders; the counts are of all. */
const ROWS = 1_000

export function newReport(runId: string): PushReport {
  const counts = {written: 0, updated: 0, adopted: 0, unchanged: 0, skipped: 0, parked: 0, retry: 0, released: 0}
  return {runId, queued: 0, counts, orders: [], interrupted: false}
}

export function subjectOf(shop: string, orderId: string): string {
  return `${shop}/${legacyId(orderId)}`
}

/** Records hints and queues their orders, durably: from here on an interruption loses nothing. */
export async function queueOrders(deps: OrderDeps, source: Hint['source'], hints: readonly OrderHint[]): Promise<void> {
  for (const part of chunks(hints, 500)) {
    await receive(
      deps.ledger,
      part.map((hint) => ({
        source,
        deliveryId: `${deps.runId}/${legacyId(hint.id)}`,
        flow: 'orders',
        subject: subjectOf(deps.shop, hint.id),
        name: hint.name,
        topic: 'orders',
        body: JSON.stringify({id: hint.id, updatedAt: hint.updatedAt}),
        receivedAt: deps.clock.now(),
      })),
    )
  }
}

/**
 * Works the queue until nothing of it is left for this run: what must wait longer stays queued, what a person must solve is parked.
 * Throws what concerns every order (CredentialError, ConfigError), after all jobs are settled.
 */
export async function drainOrders(deps: OrderDeps, report: PushReport, options: PushOptions): Promise<PushReport> {
  const stop = new AbortController()
  const signal = AbortSignal.any([options.signal, stop.signal])
  /** Only the first lane waits for jobs that are due later; the others help while there is work. */
  const lane = async (isHelper: boolean) => {
    while (!signal.aborted) {
      const jobs = await fetchJobs(deps, options)
      if (jobs.length === 0 && (isHelper || !(await waitForMore(deps, options, signal)))) return
      if (jobs.length === 0) continue
      count(report, await pushBatch(deps, jobs, {verify: options.verify, signal}))
      options.onProgress(report)
    }
  }
  const lanes = await Promise.allSettled(
    Array.from({length: LANES}, async (_, index) => {
      try {
        await lane(index > 0)
      } catch (error) {
        stop.abort(new Error(messageOf(error)))
        throw error
      }
    }),
  )
  report.interrupted = options.signal.aborted
  for (const result of lanes) if (result.status === 'rejected') throw result.reason
  return report
}

async function fetchJobs(deps: OrderDeps, options: PushOptions): Promise<Job[]> {
  if (options.subjects === null) return deps.ledger.queue.fetch('orders', BATCH)
  return deps.ledger.queue.fetchSubjects('orders', options.subjects, BATCH)
}

/** True when a job of this run will be due soon and has been waited for. */
async function waitForMore(deps: OrderDeps, options: PushOptions, signal: AbortSignal): Promise<boolean> {
  const next = await deps.ledger.queue.nextDue('orders', options.subjects)
  if (next === null) return false
  const waitMs = next.getTime() - deps.clock.now().getTime()
  if (waitMs > PATIENCE_MS) return false
  try {
    await deps.clock.sleep(Math.max(50, waitMs), signal)
  } catch (error) {
    if (!signal.aborted) throw error
  }
  return true
}

function count(report: PushReport, works: readonly Work[]): void {
  for (const work of works) {
    const outcome = work.outcome ?? 'released'
    report.counts[outcome] += 1
    if (outcome !== 'unchanged' && report.orders.length < ROWS) report.orders.push(rowOf(work, outcome))
  }
}

function rowOf(work: Work, outcome: Outcome): PushedOrder {
  const total = work.salesOrder?.total
  return {
    subject: work.job.subject,
    name: work.order?.name ?? work.job.name,
    outcome,
    netsuiteId: work.netsuiteId ?? null,
    total: total === undefined ? null : format(total),
    code: work.error?.code ?? null,
    message: work.error?.message ?? null,
    hint: work.error?.hint ?? null,
  }
}
