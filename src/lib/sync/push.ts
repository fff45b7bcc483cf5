import {withFlowLock} from '../ledger/locks.ts'
import type {Shopify} from '../shopify/client.ts'
import {drainOrders, newReport, queueOrders, subjectOf, type PushReport} from './orders.ts'
import {previewOrders, type Preview} from './preview.ts'
import {chosenOrders, ordersOf, isChosen, type Selection} from './select.ts'
import type {OrderDeps} from './work.ts'

export type PushDeps = OrderDeps & Readonly<{shopify: Shopify}>
type Watch = Readonly<{signal: AbortSignal; onProgress: (report: PushReport) => void}>

/**
 * Queues the chosen orders and works the queue. Orders named one by one are compared with NetSuite even where the ledger
 * says that nothing changed, and do not wait for a run over a window; two runs over windows exclude each other (ALREADY_RUNNING).
 */
export async function pushOrders(deps: PushDeps, chosen: Selection, watch: Watch): Promise<PushReport> {
  const report = newReport(deps.runId)
  const named = chosen.names.length > 0
  const run = async () => {
    const subjects: string[] = []
    if (isChosen(chosen)) {
      for await (const page of chosenOrders(deps.shopify, chosen, deps.rules.timeZone)) {
        if (watch.signal.aborted) break
        await queueOrders(deps, 'hand', page)
        report.queued += page.length
        if (named || chosen.limit !== null) subjects.push(...page.map((hint) => subjectOf(deps.shop, hint.id)))
        watch.onProgress(report)
      }
    }
    return drainOrders(deps, report, {...watch, verify: named, subjects: subjects.length > 0 ? subjects : null})
  }
  return named ? run() : withFlowLock(deps.ledger, `orders:push ${deps.shop}`, run)
}

/** What the same push would do. Reads both systems, writes nothing. */
export async function* dryRun(deps: PushDeps, chosen: Selection, signal: AbortSignal): AsyncIterable<Preview[]> {
  for await (const page of chosenOrders(deps.shopify, chosen, deps.rules.timeZone)) {
    for (let i = 0; i < page.length && !signal.aborted; i += 50) {
      const ids = page.slice(i, i + 50).map((hint) => hint.id)
      const orders = await deps.shopify.getOrders(ids)
      yield await previewOrders(deps, ordersOf(orders))
    }
  }
}
