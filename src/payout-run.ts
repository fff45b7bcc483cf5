import type {App} from './app.ts'
import {previewPayouts, type PayoutPreview} from './lib/sync/payout-preview.ts'
import type {PayoutsReport} from './lib/sync/payout-report.ts'
import type {PayoutSelection} from './lib/sync/payout-select.ts'
import {showPayout, type ShownPayout} from './lib/sync/payout-show.ts'
import {pushPayouts, type PayoutWatch} from './lib/sync/payouts.ts'
import type {PushDeps} from './lib/sync/push.ts'

/** What payouts need of the app. */
function payoutDeps({ledger, clock, runId, remotes}: App): PushDeps {
  const {shopify, netsuite, items, rules, shop} = remotes()
  return {ledger, shopify, netsuite, items, rules, shop, clock, runId}
}

/** A run of payouts:push. */
export function runPayouts(app: App, chosen: PayoutSelection, watch: PayoutWatch): Promise<PayoutsReport> {
  return pushPayouts(payoutDeps(app), chosen, watch)
}

/** What the same run would do. */
export function dryPayouts(app: App, chosen: PayoutSelection, signal: AbortSignal): AsyncIterable<PayoutPreview> {
  return previewPayouts(payoutDeps(app), chosen, signal)
}

/** One payout on both sides. */
export function showOnePayout(app: App, id: string): Promise<ShownPayout> {
  return showPayout(payoutDeps(app), id)
}
