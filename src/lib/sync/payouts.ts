import {present} from '../core/assert.ts'
import {RetryableError, SyncError} from '../core/errors.ts'
import {isConnectionFault, lost} from '../ledger/connection.ts'
import {contradictionOf} from '../ledger/links.ts'
import {withFlowLock} from '../ledger/locks.ts'
import {listParked} from '../ledger/parked.ts'
import {settle} from '../ledger/settle.ts'
import {payoutOf} from '../ledger/subjects.ts'
import type {Job} from '../ledger/types.ts'
import type {WaitsFor} from '../plan/payout-lines.ts'
import type {BalanceTransaction} from '../shopify/money-types.ts'
import type {OrderHint} from '../shopify/types.ts'
import {checkHeld} from './life-check.ts'
import {queueOrders, subjectOf} from './orders.ts'
import {queuePayouts} from './payout-queue.ts'
import {isOpen, planOfPayout, readPayout, refuseOff, writtenFor} from './payout-plan.ts'
import {count, newPayoutsReport, type PayoutsReport, type PayoutWork} from './payout-report.ts'
import type {PayoutSelection} from './payout-select.ts'
import {writePayout} from './payout-write.ts'
import type {PushDeps} from './push.ts'
import {contradiction} from './record.ts'
import {trailOf, withTrail} from './trail.ts'
import {conclude, fail, step, unexpected, workOf, type Work} from './work.ts'

export type PayoutWatch = Readonly<{signal: AbortSignal; onProgress: (report: PayoutsReport) => void}>

/** A payout that waits is tried again by the next run, or after this. */
const WAIT_MS = 60_000
/** What a payout waits for is told with so many examples. */
const EXAMPLES = 5

/**
 * Queues the chosen payouts, or what became due since the last run, and works everything that waits, each payout once, the
 * oldest first. Named payouts are compared with NetSuite even where the ledger says that they are written. Two runs exclude
 * each other (ALREADY_RUNNING). Throws what concerns every payout (CredentialError, ConfigError) after settling.
 */
export async function pushPayouts(deps: PushDeps, chosen: PayoutSelection, watch: PayoutWatch): Promise<PayoutsReport> {
  refuseOff(deps.rules.life)
  const report = newPayoutsReport(deps.runId)
  return withFlowLock(deps.ledger, `payouts:push ${deps.shop}`, async (lockLost) => {
    const signal = AbortSignal.any([watch.signal, lockLost])
    try {
      const subjects = await queuePayouts(deps, chosen, report, signal)
      for (const subject of subjects) {
        if (signal.aborted) break
        const [job] = await deps.ledger.queue.fetchSubjects('payouts', [subject], 1)
        if (job !== undefined) await pushPayout(deps, job, chosen.ids.length > 0, report, signal)
        watch.onProgress(report)
      }
    } catch (error) {
      // The clients end their waits with the signal's own reason: that the run was interrupted is in the report.
      if (!signal.aborted || error !== signal.reason) throw error
    } finally {
      report.interrupted = watch.signal.aborted
    }
    lockLost.throwIfAborted()
    return report
  })
}

/** Takes one payout all the way: read → plan → write → settle. Whatever happens, its job is settled with what was written. */
async function pushPayout(
  deps: PushDeps,
  job: Job,
  verify: boolean,
  report: PayoutsReport,
  signal: AbortSignal,
): Promise<void> {
  const work = workOf(job)
  const passing: PayoutWork = {work, payout: null, isOpen: false, records: [], known: [], waitsFor: []}
  await withTrail(deps.clock, async () => {
    try {
      await step(work, () => stages(deps, passing, verify, report))
      if (work.end === undefined) conclude(work)
    } catch (error) {
      if (error instanceof SyncError) throw error
      if (isConnectionFault(error)) throw lost(deps.ledger.connection, error)
      // An interruption comes out of the clients as the signal's reason: then the payout is given back.
      if (!signal.aborted) fail(work, unexpected(error))
    } finally {
      await settleOne(deps, work)
      count(report, passing)
    }
  })
}

async function stages(deps: PushDeps, passing: PayoutWork, verify: boolean, report: PayoutsReport): Promise<void> {
  const {work} = passing
  const {subject} = work.job
  const payout = present(await deps.shopify.payouts.get(payoutOf(subject)), `the payout of ${subject}`)
  const written = await writtenFor(deps, [subject])
  const known = written.get(subject) ?? []
  Object.assign(passing, {payout, known, isOpen: isOpen(payout)})
  if (verify) await checkHeld(deps, [work], written)
  // Where Shopify has not paid it, the next run looks again.
  if (work.end !== undefined || isOpen(payout)) return
  const reading = await readPayout(deps, payout, known)
  const plan = planOfPayout(deps, reading)
  if ('waitsFor' in plan) {
    passing.waitsFor = plan.waitsFor
    report.ordersQueued += await queueMissing(deps, reading.lines, plan.waitsFor)
    throw await waiting(deps, reading.lines, plan.waitsFor)
  }
  passing.records = plan.records
  const left = plan.records.filter(({externalId}) => !known.some((one) => one.externalId === externalId))
  // A process that was frozen for longer than its heartbeat: another has taken the payout over.
  if (left.length > 0 && (await deps.ledger.queue.touch([work.job])).length > 0) work.end = {as: 'released'}
  else await writePayout(deps, work, reading, left)
}

/** The orders whose money is missing are queued: their push writes it, or says why it cannot. */
async function queueMissing(
  deps: PushDeps,
  lines: readonly BalanceTransaction[],
  waitsFor: readonly WaitsFor[],
): Promise<number> {
  const hints = missingOrders(lines, waitsFor)
  await queueOrders(deps, 'sweep', hints)
  return hints.length
}

function missingOrders(lines: readonly BalanceTransaction[], waitsFor: readonly WaitsFor[]): OrderHint[] {
  const missing = new Set(waitsFor.map(({transaction}) => transaction))
  const orders = new Map<string, OrderHint>()
  for (const {orderTransactionId, orderId, orderName} of lines) {
    if (orderId === null || orderTransactionId === null || !missing.has(orderTransactionId)) continue
    orders.set(orderId, {id: orderId, name: orderName ?? '', updatedAt: ''})
  }
  return [...orders.values()]
}

/** Tells what is missing, and who acts: a parked order or a setting of the contract will not come right by itself. */
async function waiting(
  {ledger, shop, rules}: PushDeps,
  lines: readonly BalanceTransaction[],
  waitsFor: readonly WaitsFor[],
): Promise<RetryableError> {
  const subjects = missingOrders(lines, waitsFor).map(({id}) => subjectOf(shop, id))
  const parked = await listParked(ledger.db, {flow: 'orders', subjects})
  const told = waitsFor
    .slice(0, EXAMPLES)
    .map(({order, transaction, why}) => `${order ?? 'no order'} ${transaction}: ${why}`)
  const rest = waitsFor.length > EXAMPLES ? [`and ${waitsFor.length - EXAMPLES} more`] : []
  const stuck = parked.slice(0, EXAMPLES).map(({name, subject, code}) => `${name ?? subject} is parked: ${code}`)
  const isOff = rules.life.refunds.mode === 'off' && waitsFor.some(({why}) => why.includes('refund'))
  const off = isOff ? ['refunds.mode is off in the contract: refunds are not written'] : []
  return new RetryableError('PAYOUT_WAITS', [...told, ...rest, ...stuck, ...off].join('; '), {
    hint: isOff
      ? 'set refunds.mode: push in tieout.yaml, then tieout orders:push and tieout payouts:push'
      : parked.length > 0
        ? 'solve what parks the orders (tieout jobs:list), then tieout jobs:retry and tieout orders:push'
        : 'the orders are queued: tieout orders:push writes their money, the next tieout payouts:push the payout',
    retryAfterMs: WAIT_MS,
  })
}

/** What the ledger decides otherwise is told by the work: a link that contradicts it, a job that another worker has. */
async function settleOne(deps: PushDeps, work: Work): Promise<void> {
  const {job, end = {as: 'released'}, writes, links} = work
  const {lost: gone, contradicted} = await settle(deps.ledger, [{job, end, writes, links}], trailOf(deps.runId))
  const [link] = contradicted
  if (link !== undefined) fail(work, contradiction(contradictionOf(link), work))
  if (gone.length > 0) work.end = {as: 'released'}
}
