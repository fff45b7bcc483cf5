import {chunks} from '../core/concurrent.ts'
import {messageOf} from '../core/errors.ts'
import {legacyId} from '../core/ids.ts'
import {receive} from '../ledger/events.ts'
import type {Hint, Job} from '../ledger/types.ts'
import type {OrderHint} from '../shopify/types.ts'
import {createGroups} from './groups.ts'
import {BATCH, createLanes, pushJobs, takenOf} from './lanes.ts'
import {tally, type PushReport} from './report.ts'
import {outcomeOf, type OrderDeps, type Work} from './work.ts'

export type PushOptions = Readonly<{
  /** Compare with NetSuite even where the ledger says that nothing changed. */
  verify: boolean
  /** Only these subjects; null: everything that waits. */
  subjects: readonly string[] | null
  /** Jobs that the run holds already; they are worked first. */
  claimed?: readonly Job[]
  signal: AbortSignal
  onProgress: (report: PushReport) => void
  /** How long the run waits for jobs that are to be tried again before it leaves them to the next run; 30 s by default. */
  patienceMs?: number | undefined
}>

/** Batches side by side: while one waits for NetSuite the other reads Shopify. */
const LANES = 2
const PATIENCE_MS = 30_000
/** At least this long between two looks into the queue that found nothing. */
const LOOK_MS = 50

export function subjectOf(shop: string, orderId: string): string {
  return `${shop}/${legacyId(orderId)}`
}

/**
 * Records hints and queues their orders, durably: from here on an interruption loses nothing.
 * @param claim take the jobs, too, before any worker can: they are given
 */
export async function queueOrders(
  deps: OrderDeps,
  source: Hint['source'],
  hints: readonly OrderHint[],
  claim = false,
): Promise<readonly Job[]> {
  const jobs: Job[] = []
  for (const part of chunks(hints, 500)) {
    const {claimed} = await receive(
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
      claim,
    )
    jobs.push(...claimed)
  }
  return jobs
}

/**
 * Works the queue until nothing of it is left for this run: what must wait longer stays queued, what a person must solve is parked.
 * Throws what concerns every order (CredentialError, ConfigError), after all jobs are settled.
 */
export async function drainOrders(deps: OrderDeps, report: PushReport, options: PushOptions): Promise<PushReport> {
  const counting = tally(report)
  try {
    await drain(deps, options, (works) => {
      counting.count(works)
      options.onProgress(report)
    })
  } catch (error) {
    // The clients end their waits with the signal's own reason: that the run was interrupted is in the report.
    if (!options.signal.aborted || error !== options.signal.reason) throw error
  } finally {
    counting.close()
    report.interrupted = options.signal.aborted
  }
  return report
}

async function drain(deps: OrderDeps, options: PushOptions, onWorks: (works: readonly Work[]) => void): Promise<void> {
  const stop = new AbortController()
  const signal = AbortSignal.any([options.signal, stop.signal])
  const wanted = wantedOf(deps, options)
  const run = {deps, groups: createGroups(), verify: options.verify, signal, onWorks: wanted.after(onWorks)}
  let idleMs = 0
  const lanes = createLanes(
    () => LANES,
    async () => {
      if (signal.aborted) return 'none'
      try {
        const jobs = await wanted.fetch()
        if (jobs.length > 0) idleMs = 0
        await pushJobs(run, jobs)
        return takenOf(jobs)
      } catch (error) {
        stop.abort(new Error(messageOf(error)))
        throw error
      }
    },
  )
  if (options.claimed !== undefined) await pushJobs(run, wanted.take(options.claimed))
  while (!signal.aborted) {
    for (let i = 0; i < LANES; i++) lanes.ring()
    await lanes.ended()
    const waitMs = signal.aborted ? null : await nextLook(deps, wanted.subjects())
    if (waitMs === null || idleMs + waitMs > (options.patienceMs ?? PATIENCE_MS)) return
    idleMs += waitMs
    await pause(deps, waitMs, signal)
  }
}

type Wanted = Readonly<{
  /** null: everything that waits. */
  subjects(): readonly string[] | null
  fetch(): Promise<readonly Job[]>
  /** These are taken, by whatever way. */
  take(jobs: readonly Job[]): readonly Job[]
  after(onWorks: (works: readonly Work[]) => void): (works: readonly Work[]) => void
}>

/**
 * The subjects of this run. A limited run takes each of them once: what it leaves of an order waits in the queue for another
 * run, and is not to come back to this one. One that is tried again, or was given back untouched, does.
 */
function wantedOf({ledger, only}: OrderDeps, {subjects}: PushOptions): Wanted {
  const left = only === undefined || subjects === null ? null : new Set(subjects)
  const wanted = () => (left === null ? subjects : [...left])
  const take = (jobs: readonly Job[]) => {
    for (const job of jobs) left?.delete(job.subject)
    return jobs
  }
  return {
    subjects: wanted,
    take,
    async fetch() {
      const asked = wanted()
      if (asked === null) return ledger.queue.fetch('orders', BATCH)
      return take(await ledger.queue.fetchSubjects('orders', asked, BATCH))
    },
    after: (onWorks) => (works) => {
      for (const work of works) if (['retry', 'released'].includes(outcomeOf(work))) left?.add(work.job.subject)
      onWorks(works)
    },
  }
}

/** How long until a job of this run may be due; null when there is none. */
async function nextLook(deps: OrderDeps, subjects: readonly string[] | null): Promise<number | null> {
  const next = await deps.ledger.queue.nextDue('orders', subjects)
  return next === null ? null : Math.max(LOOK_MS, next.getTime() - deps.clock.now().getTime())
}

async function pause(deps: OrderDeps, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await deps.clock.sleep(ms, signal)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
