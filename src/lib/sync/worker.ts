import {CredentialError, messageOf} from '../core/errors.ts'
import {isConnectionFault, lost} from '../ledger/connection.ts'
import type {Job} from '../ledger/types.ts'
import {openWake} from '../ledger/wake.ts'
import {createGroups} from './groups.ts'
import {BATCH, createLanes, pushJobs, takenOf, type BatchRun, type Lanes} from './lanes.ts'
import {postingsOf} from './report.ts'
import {endBroken} from './worker-broken.ts'
import {createGate, type Gate, type Knock} from './worker-gate.ts'
import {createTroubles, type Troubles, type WorkerLog} from './worker-log.ts'
import {createPacer, type Pacer} from './worker-pacer.ts'
import {outcomeOf, type OrderDeps, type Outcome, type Work} from './work.ts'

export type WorkerOptions = Readonly<{
  /** Ends the worker: what is in flight is finished and settled, what is not begun is given back. */
  signal: AbortSignal
  log: WorkerLog
  /** The systems that this worker needs. */
  knocks: readonly Knock[]
  /** Batches side by side, asked each time: what is known of NetSuite's limit may change. */
  lanes: () => number
  /** Asks once what NetSuite allows; until then, and while it cannot be asked, the smallest is used. */
  learn?: (() => Promise<void>) | undefined
  /** Called about every minute, beside the work. What it throws is told, and changes nothing. */
  tend?: (() => Promise<void>) | undefined
  /** Told how the orders of each batch ended. */
  onWorks?: ((works: readonly Work[]) => void) | undefined
  /** Longest time between two looks into the queue when nothing is told; 2 s by default. */
  pollMs?: number | undefined
  /** Replaces the waits between two questions to a system that refused. */
  probeWaitsMs?: readonly number[] | undefined
}>

/** What a worker did: its batches' orders by how each ended, one that was tried again as often as it was tried. */
export type WorkReport = Readonly<{runId: string; counts: Readonly<Record<Outcome, number>>}>

/** With the silence after which a job is taken over, and the search for those, within 30 seconds. */
const POLL_MS = 2000
const TEND_MS = 60_000
/** Orders of a batch that its line of the log names. */
const NAMES_MAX = 5

type Worker = Readonly<{
  deps: OrderDeps
  options: WorkerOptions
  counts: Record<Outcome, number>
  gate: Gate
  troubles: Troubles
  run: BatchRun
}>

/**
 * Works the queue as it fills, until the signal. It is woken at the moment that a job is queued, and looks by itself every few
 * seconds and when a job is due again. A dead credential stops all workers (worker-gate.ts); a database that went away, a wrong
 * setting or a bug holds up this one; it goes on by itself in each case, and never throws.
 */
export async function workOrders(deps: OrderDeps, options: WorkerOptions): Promise<WorkReport> {
  const {signal, log} = options
  const counts = {written: 0, updated: 0, adopted: 0, unchanged: 0, skipped: 0, parked: 0, retry: 0, released: 0}
  const pacer = createPacer(deps.clock, signal)
  const gate = createGate({...options, ledger: deps.ledger, clock: deps.clock, onOpen: pacer.nudge})
  const troubles = createTroubles(deps.clock, log)
  const run = {deps, groups: createGroups(), verify: false, signal, onWorks: counter(counts, options, pacer)}
  const worker: Worker = {deps, options, counts, gate, troubles, run}
  const lanes = createLanes(options.lanes, (ring) => take(worker, ring))
  const isOpen = () => !signal.aborted && !gate.isShut() && troubles.waitMs() === 0
  const wake = openWake(deps.ledger, {onJob: () => void (isOpen() && lanes.ring()), onCircuits: pacer.nudge})
  log('working', {lanes: options.lanes()})
  const side = [pacer.every(TEND_MS, () => tend(options))]
  try {
    // What NetSuite allows is asked only when it is known that it may be asked.
    const waitMs = await look(worker, lanes, isOpen)
    side.push(learn(worker, pacer))
    await pacer.pause(waitMs)
    while (!signal.aborted) await pacer.pause(await look(worker, lanes, isOpen))
  } finally {
    await wake.close()
    await lanes.ended()
    await Promise.all(side)
  }
  log('ended', counts)
  return {runId: deps.runId, counts}
}

/** One look at circuits and queue; gives how long until the next. */
async function look(worker: Worker, lanes: Lanes, isOpen: () => boolean): Promise<number> {
  const {deps, options, gate, troubles} = worker
  const pollMs = options.pollMs ?? POLL_MS
  try {
    if (troubles.waitMs() > 0) return troubles.waitMs()
    await gate.look(() => trial(worker))
    if (!isOpen()) return Math.max(pollMs, troubles.waitMs())
    lanes.ring()
    const due = await deps.ledger.queue.nextDue('orders', null)
    const waitMs = due === null ? pollMs : due.getTime() - deps.clock.now().getTime()
    // One that is due already and was not taken waits for its subject, which runs elsewhere.
    return waitMs > 0 ? Math.min(pollMs, waitMs) : pollMs
  } catch (error) {
    await handle(worker, error)
    return troubles.waitMs()
  }
}

async function take(worker: Worker, ring: () => void): Promise<'full' | 'some' | 'none'> {
  const {deps, options, gate, troubles, run} = worker
  if (options.signal.aborted || gate.isShut() || troubles.waitMs() > 0) return 'none'
  let jobs: Job[] = []
  try {
    jobs = await deps.ledger.queue.fetch('orders', BATCH)
    if (takenOf(jobs) === 'full') ring() // a backlog fills every lane, and does not wait for the first batch
    await pushJobs(run, jobs)
    troubles.over()
    return takenOf(jobs)
  } catch (error) {
    await handle(worker, error, jobs)
    return 'none'
  }
}

/** One order, alone, to see whether a credential is good for all of it. Any other fault than the credential's is no answer to that. */
async function trial({deps, run, troubles}: Worker): Promise<void> {
  try {
    await pushJobs(run, await deps.ledger.queue.fetch('orders', 1))
  } catch (error) {
    if (error instanceof CredentialError) throw error
    troubles.add(named(deps, error))
  }
}

/** A broken connection to the database as what it is; any other error as it came. */
function named({ledger}: OrderDeps, error: unknown): unknown {
  return isConnectionFault(error) ? lost(ledger.connection, error) : error
}

async function handle(
  {deps, options, gate, troubles}: Worker,
  error: unknown,
  jobs: readonly Job[] = [],
): Promise<void> {
  try {
    await endBroken(deps, jobs, error, options)
    if (options.signal.aborted) return
    if (!(error instanceof CredentialError)) return troubles.add(named(deps, error))
    await gate.shut(error)
  } catch (second) {
    troubles.add(named(deps, second))
  }
}

/** Until it was answered; what holds it up holds up the orders too, and is told there. */
async function learn(worker: Worker, pacer: Pacer): Promise<void> {
  const {options} = worker
  let isLearnt = options.learn === undefined
  await pacer.every(
    TEND_MS,
    async () => {
      if (isLearnt || worker.gate.isShut()) return
      try {
        await options.learn?.()
        isLearnt = true
      } catch (error) {
        if (error instanceof CredentialError) await handle(worker, error)
        else if (!options.signal.aborted) options.log('limit-unknown', {message: messageOf(error)})
      }
    },
    () => isLearnt,
  )
}

async function tend({tend, log, signal}: WorkerOptions): Promise<void> {
  try {
    await tend?.()
  } catch (error) {
    if (!signal.aborted) log('tend-failed', {message: messageOf(error)})
  }
}

function counter(counts: Record<Outcome, number>, options: WorkerOptions, pacer: Pacer) {
  return (works: readonly Work[]) => {
    for (const work of works) {
      const outcome = outcomeOf(work)
      counts[outcome] += 1
      if (outcome === 'parked') options.log('parked', {subject: work.job.subject, code: work.error?.code ?? null})
    }
    options.onWorks?.(works)
    const records = Object.fromEntries(sized(Map.groupBy(works.flatMap(postingsOf), (type) => type)))
    options.log('worked', {orders: works.length, ...Object.fromEntries(tallied(works)), records, names: namesOf(works)})
    // Their time may come before the next look.
    if (works.some((work) => work.end?.as === 'retry')) pacer.nudge()
  }
}

function tallied(works: readonly Work[]): [Outcome, number][] {
  return sized(Map.groupBy(works, outcomeOf))
}

function sized<K>(groups: ReadonlyMap<K, readonly unknown[]>): [K, number][] {
  return [...groups].map(([key, group]) => [key, group.length])
}

/** The first few of a batch, so that a line stays a line. */
function namesOf(works: readonly Work[]): string[] {
  return works.slice(0, NAMES_MAX).map(({order, job}) => order?.name ?? job.name ?? job.subject)
}
