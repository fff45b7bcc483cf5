import {eachConcurrent} from '../core/concurrent.ts'
import {SyncError} from '../core/errors.ts'
import {isConnectionFault, lost} from '../ledger/connection.ts'
import {receive} from '../ledger/events.ts'
import {withFlowLock} from '../ledger/locks.ts'
import {contradictionOf} from '../ledger/links.ts'
import {settle} from '../ledger/settle.ts'
import type {Job, Subject} from '../ledger/types.ts'
import type {HeldShipment} from '../netsuite/shipment-types.ts'
import {contradiction} from './record.ts'
import {checkContract, heldOf, namedSubjects, type ShipmentChoice} from './shipment-choice.ts'
import {planOrderShipments, type PullDeps} from './shipment-facts.ts'
import {noteAbsent, salesOrderOf, tellShopify, type Deeds} from './shipment-order.ts'
import {countPulled, newPullReport, noDeeds, type PullReport, type ShipmentSweep} from './shipment-report.ts'
import {beginSweep, hintOf, sweepShipments} from './shipment-sweep.ts'
import {trailOf, withTrail} from './trail.ts'
import {conclude, fail, unexpected, workOf, type Work} from './work.ts'

/** Orders of one pass: their item fulfilments are read together. */
const BATCH = 50
/** Orders of a pass that are told side by side. */
const WIDTH = 4
/** An order is planned again after what comes free by a cancellation; what is left then is for the next run. */
const PARTS = 3

/**
 * Tells Shopify what NetSuite shipped: queues the orders that are named, or those whose item fulfilments changed, and works
 * the queue until nothing of it is due. Two runs exclude each other.
 * Throws ConfigError KIND_OFF, AlreadyRunningError ALREADY_RUNNING, and what concerns every order.
 */
export async function pullFulfillments(
  deps: PullDeps,
  chosen: ShipmentChoice,
  watch: Readonly<{signal: AbortSignal; onSweep: (sweep: ShipmentSweep) => void}>,
): Promise<PullReport> {
  checkContract(deps)
  const report = newPullReport(deps.runId)
  return withFlowLock(deps.ledger, `fulfillments:pull ${deps.shop}`, async (lockLost) => {
    const signal = AbortSignal.any([watch.signal, lockLost])
    const subjects = chosen.names.length === 0 ? null : await queueNamed(deps, chosen, report)
    if (subjects === null) {
      report.sweep = await beginSweep(deps, chosen.since)
      report.queued = await sweepShipments(deps, report.sweep, chosen.since !== null)
      watch.onSweep(report.sweep)
    }
    for (;;) {
      const jobs = signal.aborted ? [] : await fetchJobs(deps, subjects)
      // Where a whole pass is to be tried again, something is away: the next run goes on.
      if (jobs.length === 0 || !(await pullBatch(deps, jobs, signal, report))) break
    }
    report.interrupted = watch.signal.aborted
    lockLost.throwIfAborted()
    return report
  })
}

async function queueNamed(deps: PullDeps, chosen: ShipmentChoice, report: PullReport): Promise<Subject[]> {
  const subjects = await namedSubjects(deps, chosen.names)
  await receive(
    deps.ledger,
    subjects.map((subject) => hintOf(deps, 'hand', subject, 'named')),
  )
  report.queued = subjects.length
  return subjects
}

function fetchJobs({ledger}: PullDeps, subjects: readonly Subject[] | null): Promise<Job[]> {
  if (subjects === null) return ledger.queue.fetch('fulfillments', BATCH)
  return ledger.queue.fetchSubjects('fulfillments', subjects, BATCH)
}

/** An order on its way through a pass. */
type Pulled = {readonly work: Work; readonly deeds: Deeds; name: string | null}

/** Takes the jobs of a pass all the way, and settles every one, whatever happens. True where any came to an end. */
async function pullBatch(
  deps: PullDeps,
  jobs: readonly Job[],
  signal: AbortSignal,
  report: PullReport,
): Promise<boolean> {
  const all = jobs.map((job): Pulled => ({work: workOf(job), deeds: noDeeds(), name: job.name}))
  await withTrail(deps.clock, async () => {
    try {
      await pullAll(deps, all, signal)
    } catch (error) {
      if (isConnectionFault(error)) throw lost(deps.ledger.connection, error)
      // An interruption comes out of the clients as the signal's reason: what is not ended is released.
      if (error instanceof SyncError || !signal.aborted) throw error
    } finally {
      const settlements = all.map(({name, work: {job, end = {as: 'released'} as const, writes, links}}) => {
        return {job: {...job, name}, end, writes, links}
      })
      const {contradicted} = await settle(deps.ledger, settlements, trailOf(deps.runId))
      for (const one of all) {
        const link = contradicted.find(({netsuiteId}) => one.work.links.some((own) => own.netsuiteId === netsuiteId))
        if (link !== undefined) fail(one.work, contradiction(contradictionOf(link), one.work))
        countPulled(report, one)
      }
    }
  })
  return all.some(({work: {end}}) => end?.as === 'done' || end?.as === 'parked')
}

async function pullAll(deps: PullDeps, all: readonly Pulled[], signal: AbortSignal): Promise<void> {
  let held = new Map<string, HeldShipment[]>()
  try {
    held = await heldOf(
      deps,
      all.map(({work}) => salesOrderOf(work)),
    )
  } catch (error) {
    for (const {work} of all) endWith(deps, work, error, signal)
  }
  // A credential that is refused concerns all: it ends the lanes, and what was not begun is given back.
  await eachConcurrent(
    all.filter(({work}) => work.end === undefined),
    WIDTH,
    async (one) => {
      if (!signal.aborted) await pullOrder(deps, one, held.get(salesOrderOf(one.work)) ?? [], signal)
    },
  )
}

async function pullOrder(
  deps: PullDeps,
  one: Pulled,
  held: readonly HeldShipment[],
  signal: AbortSignal,
): Promise<void> {
  const {work, deeds} = one
  try {
    let isToPlan = true
    for (let part = 0; isToPlan && part < PARTS; part++) {
      const planned = await planOrderShipments(deps, work.job.subject, held, work.writes)
      const pulling = {work, deeds, linked: planned?.linked ?? new Set<string>()}
      one.name = planned?.name ?? one.name
      if (planned === null) noteAbsent(deps, pulling)
      else await tellShopify(deps, pulling, planned.plan)
      isToPlan = planned?.plan.isFirstPart ?? false
    }
    conclude(work)
  } catch (error) {
    endWith(deps, work, error, signal)
  }
}

/** Ends an order by the kind of error; what concerns every order is thrown on. */
function endWith({ledger}: PullDeps, work: Work, error: unknown, signal: AbortSignal): void {
  if (error instanceof SyncError) return fail(work, error)
  if (isConnectionFault(error)) throw lost(ledger.connection, error)
  if (signal.aborted) throw error
  fail(work, unexpected(error))
}
