import {present} from '../core/assert.ts'
import {RetryableError} from '../core/errors.ts'
import {withFlowLock} from '../ledger/locks.ts'
import type {Shopify} from '../shopify/client.ts'
import {drainOrders, queueOrders, subjectOf, type PushOptions} from './orders.ts'
import {previewOrders, unreadable, type Preview} from './preview.ts'
import {newReport, type PushReport} from './report.ts'
import {chosenOrders, isChosen, ordersOf, type Selection} from './select.ts'
import type {OrderDeps} from './work.ts'

export type PushDeps = OrderDeps & Readonly<{shopify: Shopify}>
type Watch = Pick<PushOptions, 'signal' | 'onProgress' | 'patienceMs'>

/**
 * Queues the chosen orders and works the queue. Orders named one by one are compared with NetSuite even where the ledger
 * says that nothing changed, and do not wait for a run over a window; two runs over windows exclude each other (ALREADY_RUNNING).
 */
export async function pushOrders(deps: PushDeps, chosen: Selection, watch: Watch): Promise<PushReport> {
  if (chosen.names.length > 0) return queueAndDrain(deps, chosen, watch)
  return withFlowLock(deps.ledger, `orders:push ${deps.shop}`, async (lockLost) => {
    const signal = AbortSignal.any([watch.signal, lockLost])
    const report = await queueAndDrain(deps, chosen, {...watch, signal})
    lockLost.throwIfAborted()
    return report
  })
}

async function queueAndDrain(deps: PushDeps, chosen: Selection, watch: Watch): Promise<PushReport> {
  const report = newReport(deps.runId)
  const isNamed = chosen.names.length > 0
  const subjects = isNamed || chosen.limit !== null ? await waiting(deps, chosen) : null
  let fault: RetryableError | undefined
  try {
    for await (const page of isChosen(chosen) ? chosenOrders(deps.shopify, chosen, deps.rules.timeZone) : []) {
      if (watch.signal.aborted) break
      await queueOrders(deps, 'hand', page)
      report.queued += page.length
      subjects?.push(...page.map((hint) => subjectOf(deps.shop, hint.id)))
      watch.onProgress(report)
    }
  } catch (error) {
    // What was listed before is queued, and need not wait for the rest of the list.
    if (!(error instanceof RetryableError) || report.queued === 0) throw error
    fault = error
  }
  await drainOrders(deps, report, {...watch, verify: isNamed, subjects})
  if (fault !== undefined) throw fault
  return report
}

/** A limit without orders or a window means those that wait. */
async function waiting(deps: PushDeps, chosen: Selection): Promise<string[]> {
  if (isChosen(chosen) || chosen.limit === null) return []
  return (await deps.ledger.queue.list('orders', {limit: chosen.limit})).map((job) => job.subject)
}

/** What the same push would do. Reads both systems, writes nothing. */
export async function* dryRun(deps: PushDeps, chosen: Selection, signal: AbortSignal): AsyncIterable<Preview[]> {
  for await (const page of chosenOrders(deps.shopify, chosen, deps.rules.timeZone)) {
    for (let i = 0; i < page.length && !signal.aborted; i += 50) {
      const hints = page.slice(i, i + 50)
      const readings = await deps.shopify.getOrders(hints.map((hint) => hint.id))
      const previews = (await previewOrders(deps, ordersOf(readings))).values()
      yield readings.map((reading, at) => unreadable(hints[at], reading) ?? present(previews.next().value, 'a preview'))
    }
  }
}
