import type {App} from './app.ts'
import {watchSubscriptions, type WatchReport} from './lib/ops/subscription-watch.ts'
import type {Kind} from './lib/plan/kinds.ts'
import {dryKind, pushKind} from './lib/sync/kind-push.ts'
import {dryRun, pushOrders, type PushDeps, type Watch} from './lib/sync/push.ts'
import type {PushReport, SweepReport} from './lib/sync/report.ts'
import type {Selection} from './lib/sync/select.ts'
import type {Preview} from './lib/sync/preview.ts'

/** What a push needs of the app. */
function pushDeps({ledger, clock, runId, remotes}: App): PushDeps {
  const {shopify, netsuite, items, rules, shop} = remotes()
  return {ledger, shopify, netsuite, items, rules, shop, clock, runId}
}

/**
 * A run of orders:push. A sweep also looks after the webhook subscriptions, before the queue is worked: a long backlog must
 * not keep them from coming back. `subscriptions` is null where it was no sweep or no address is known.
 */
export async function runPush(
  app: App,
  chosen: Selection,
  watch: Omit<Watch, 'onSwept'>,
): Promise<PushReport & Readonly<{subscriptions: WatchReport | null}>> {
  const {shopify, shop} = app.remotes()
  const about = {ledger: app.ledger, subscriptions: shopify.subscriptions, shop, url: app.settings.webhookUrl()}
  let subscriptions: WatchReport | null = null
  const onSwept = async () => {
    subscriptions = await watchSubscriptions(about)
  }
  const report = await pushOrders(pushDeps(app), chosen, {...watch, onSwept})
  return {...report, subscriptions}
}

/** What the same run would do. @param onSweep told where a sweep begins */
export function dryPush(
  app: App,
  chosen: Selection,
  signal: AbortSignal,
  onSweep: (sweep: SweepReport) => void,
): AsyncIterable<Preview[]> {
  return dryRun(pushDeps(app), chosen, signal, onSweep)
}

/** A run limited to one kind of the records after the sales orders. It sweeps nothing. */
export async function runKind(
  app: App,
  kind: Kind,
  chosen: Selection,
  watch: Omit<Watch, 'onSwept'>,
): Promise<PushReport & Readonly<{subscriptions: null}>> {
  return {...(await pushKind(pushDeps(app), kind, chosen, watch)), subscriptions: null}
}

/** What the same run would do. */
export function dryKindPush(app: App, kind: Kind, chosen: Selection, signal: AbortSignal): AsyncIterable<Preview[]> {
  return dryKind(pushDeps(app), kind, chosen, signal)
}
