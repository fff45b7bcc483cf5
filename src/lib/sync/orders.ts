import {chunks} from '../core/concurrent.ts'
import {messageOf} from '../core/errors.ts'
import {legacyId} from '../core/ids.ts'
import {receive} from '../ledger/events.ts'
import {settle} from '../ledger/settle.ts'
import type {Hint, Job} from '../ledger/types.ts'
import type {OrderHint} from '../shopify/types.ts'
import {pushBatch} from './batch.ts'
import {createGroups, type Groups} from './groups.ts'
import {tally, type PushReport, type Tally} from './report.ts'
import type {OrderDeps} from './work.ts'

export type PushOptions = Readonly<{
  /** Compare with NetSuite even where the ledger says that nothing changed. */
  verify: boolean
  /** Only these subjects; null: everything that waits. */
  subjects: readonly string[] | null
  signal: AbortSignal
  onProgress: (report: PushReport) => void
  /** How long the run waits for jobs that are to be tried again before it leaves them to the next run; 30 s by default. */
  patienceMs?: number | undefined
}>

/** Orders a batch: a list operation of NetSuite saves requests, a lost reply concerns no more than these. */
const BATCH = 50
/** Batches side by side: while one waits for NetSuite the other reads Shopify. */
const LANES = 2
const PATIENCE_MS = 30_000
/** At least this long between two looks into the queue that found nothing. */
const LOOK_MS = 50

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
  const counting = tally(report)
  const drain: Drain = {deps, options: {...options, signal}, groups: createGroups(), tally: counting, report}
  const lanes = await Promise.allSettled(
    Array.from({length: LANES}, async (_, index) => {
      try {
        await lane(drain, index > 0)
      } catch (error) {
        stop.abort(new Error(messageOf(error)))
        throw error
      }
    }),
  )
  counting.close()
  report.interrupted = options.signal.aborted
  for (const result of lanes) if (result.status === 'rejected' && !isInterruption(result, options)) throw result.reason
  return report
}

/** The clients end their waits with the signal's own reason: that the run was interrupted is in the report. */
function isInterruption({reason}: PromiseRejectedResult, {signal}: PushOptions): boolean {
  return signal.aborted && reason === signal.reason
}

type Drain = Readonly<{
  deps: OrderDeps
  options: PushOptions
  groups: Groups
  tally: Tally
  report: PushReport
}>

/** Only the first lane waits for jobs that are due later; the others help while there is work. */
async function lane(drain: Drain, isHelper: boolean): Promise<void> {
  const {signal, patienceMs = PATIENCE_MS} = drain.options
  let idleMs = 0
  while (!signal.aborted) {
    const jobs = await fetchJobs(drain)
    if (jobs.length > 0) {
      idleMs = 0
      await pushJobs(drain, jobs)
      continue
    }
    const waitMs = isHelper ? null : await nextLook(drain)
    if (waitMs === null || idleMs + waitMs > patienceMs) return
    idleMs += waitMs
    await pause(drain, waitMs)
  }
}

async function fetchJobs({deps, options}: Drain): Promise<Job[]> {
  if (options.subjects === null) return deps.ledger.queue.fetch('orders', BATCH)
  return deps.ledger.queue.fetchSubjects('orders', options.subjects, BATCH)
}

/** Takes the fetched jobs through the stages, group by group. What an error leaves untouched is given back. */
async function pushJobs({deps, options, groups, tally, report}: Drain, jobs: readonly Job[]): Promise<void> {
  const left = groups.sorted(jobs)
  try {
    while (left.length > 0 && !options.signal.aborted) {
      const works = await pushBatch(deps, left.splice(0, groups.next(left)), options)
      groups.learn(works)
      tally.count(works)
      options.onProgress(report)
    }
  } finally {
    await settle(
      deps.ledger,
      left.map((job) => ({job, end: {as: 'released'}, writes: [], links: []})),
    )
  }
}

/** How long until a job of this run may be due; null when there is none. */
async function nextLook({deps, options}: Drain): Promise<number | null> {
  const next = await deps.ledger.queue.nextDue('orders', options.subjects)
  return next === null ? null : Math.max(LOOK_MS, next.getTime() - deps.clock.now().getTime())
}

async function pause({deps, options}: Drain, ms: number): Promise<void> {
  try {
    await deps.clock.sleep(ms, options.signal)
  } catch (error) {
    if (!options.signal.aborted) throw error
  }
}
