import {present} from '../core/assert.ts'
import {RetryableError} from '../core/errors.ts'
import {withFlowLock} from '../ledger/locks.ts'
import type {Job} from '../ledger/types.ts'
import {isLifeOn} from '../plan/life-on.ts'
import type {Shopify} from '../shopify/client.ts'
import type {OrderHint} from '../shopify/types.ts'
import {BATCH} from './lanes.ts'
import {drainOrders, queueOrders, subjectOf, type PushOptions} from './orders.ts'
import {previewOrders, unreadable, type Preview} from './preview.ts'
import {newReport, type PushReport, type SweepReport} from './report.ts'
import {chosenOrders, isChosen, ordersOf, type Selection} from './select.ts'
import {changedOrders, sweepOrders} from './sweep.ts'
import type {OrderDeps} from './work.ts'

export type PushDeps = OrderDeps & Readonly<{shopify: Shopify}>
/** How a run is watched and ended. */
export type Watch = Pick<PushOptions, 'signal' | 'onProgress' | 'patienceMs'> &
  Readonly<{
    /** Runs after a sweep, before the queue is worked. */
    onSwept?: () => Promise<void>
  }>

/**
 * Queues the chosen orders, or what changed since the last sweep, and works the queue. Orders named one by one are compared
 * with NetSuite even where the ledger says that nothing changed, and do not wait for another run. Two runs that work the
 * queue exclude each other (ALREADY_RUNNING), as do two sweeps; but a sweep does not wait for a run that works a backlog for
 * hours: what it found is queued before it gives way.
 */
export async function pushOrders(deps: PushDeps, chosen: Selection, watch: Watch): Promise<PushReport> {
  const report = newReport(deps.runId)
  const queueAndDrain = async (held: Watch) =>
    drain(deps, chosen, held, report, await queue(deps, chosen, held, report))
  if (chosen.names.length > 0) return queueAndDrain(watch)
  if (isChosen(chosen)) return alone(deps, 'orders:push', watch, queueAndDrain)
  const queued = await alone(deps, 'orders:sweep', watch, (held) => queue(deps, chosen, held, report))
  return alone(deps, 'orders:push', watch, (held) => drain(deps, chosen, held, report, queued))
}

/** Runs work that excludes another run under this name; the signal also ends with the lock. */
export async function alone<T>(
  deps: PushDeps,
  name: string,
  watch: Watch,
  work: (held: Watch) => Promise<T>,
): Promise<T> {
  return withFlowLock(deps.ledger, `${name} ${deps.shop}`, async (lockLost) => {
    const result = await work({...watch, signal: AbortSignal.any([watch.signal, lockLost])})
    lockLost.throwIfAborted()
    return result
  })
}

/** `subjects`: those that this run is to work; null: all that wait. `claimed`: those it holds. `fault` ended the list early. */
type Queued = Readonly<{subjects: readonly string[] | null; claimed: readonly Job[]; fault: RetryableError | null}>

async function queue(deps: PushDeps, chosen: Selection, watch: Watch, report: PushReport): Promise<Queued> {
  const subjects: string[] | null = chosen.names.length > 0 || chosen.limit !== null ? [] : null
  let fault: RetryableError | null = null
  let claimed: readonly Job[] = []
  try {
    if (isChosen(chosen)) claimed = await queueChosen(deps, chosen, watch, report, subjects)
    else await sweep(deps, chosen, watch, report)
  } catch (error) {
    // What was listed before is queued, and need not wait for the rest of the list.
    if (!(error instanceof RetryableError) || report.queued === 0) throw error
    fault = error
  }
  // A limit without orders or a window means so many of all that wait.
  if (!isChosen(chosen) && chosen.limit !== null)
    subjects?.push(...(await deps.ledger.queue.list('orders', {limit: chosen.limit})).map((job) => job.subject))
  return {subjects, claimed, fault}
}

async function drain(
  deps: PushDeps,
  chosen: Selection,
  watch: Watch,
  report: PushReport,
  {subjects, claimed, fault}: Queued,
): Promise<PushReport> {
  await drainOrders(deps, report, {...watch, verify: chosen.names.length > 0, subjects, claimed})
  if (fault !== null) throw fault
  return report
}

/**
 * Queues the chosen orders, page by page. A few that are named are claimed, too, and given: whoever names an order wants it
 * compared here and now, and told how it ended, also beside a worker that takes what it is woken for.
 * @param subjects takes those that were queued, where it is given
 */
export async function queueChosen(
  deps: PushDeps,
  chosen: Selection,
  watch: Watch,
  report: PushReport,
  subjects: string[] | null,
): Promise<readonly Job[]> {
  const claim = chosen.names.length > 0 && chosen.names.length <= BATCH
  const claimed: Job[] = []
  for await (const page of chosenOrders(deps.shopify, chosen, deps.rules.timeZone)) {
    if (watch.signal.aborted) break
    claimed.push(...(await queueOrders(deps, 'hand', page, claim)))
    report.queued += page.length
    subjects?.push(...page.map((hint) => subjectOf(deps.shop, hint.id)))
    watch.onProgress(report)
  }
  return claimed
}

async function sweep(
  deps: PushDeps,
  {overlapMinutes}: Selection,
  {signal, onSwept}: Watch,
  report: PushReport,
): Promise<void> {
  try {
    await sweepOrders(deps, {overlapMinutes, signal}, (begun) => void (report.sweep = begun))
  } finally {
    report.queued = report.sweep?.queued ?? 0
  }
  await onSwept?.()
}

/**
 * What the same push would do. Reads both systems, writes nothing.
 * @param onSweep told where a sweep begins
 */
export function dryRun(
  deps: PushDeps,
  chosen: Selection,
  signal: AbortSignal,
  onSweep: (report: SweepReport) => void = () => undefined,
): AsyncIterable<Preview[]> {
  const pages = isChosen(chosen)
    ? chosenOrders(deps.shopify, chosen, deps.rules.timeZone)
    : changedOrders(deps, chosen.overlapMinutes, onSweep)
  return previewPages(deps, pages, signal)
}

/** Previews of the orders of each page, in groups, in their order. */
export async function* previewPages(
  deps: PushDeps,
  pages: AsyncIterable<readonly OrderHint[]>,
  signal: AbortSignal,
): AsyncIterable<Preview[]> {
  const money = isLifeOn(deps.rules.life)
  for await (const page of pages) {
    for (let i = 0; i < page.length && !signal.aborted; i += 50) {
      const hints = page.slice(i, i + 50)
      const readings = await deps.shopify.getOrders(
        hints.map((hint) => hint.id),
        {money},
      )
      const previews = (await previewOrders(deps, ordersOf(readings))).values()
      yield readings.map((reading, at) => unreadable(hints[at], reading) ?? present(previews.next().value, 'a preview'))
    }
  }
}
