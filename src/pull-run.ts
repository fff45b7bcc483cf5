import type {App} from './app.ts'
import {pullFulfillments} from './lib/sync/fulfillments-pull.ts'
import type {ShipmentChoice} from './lib/sync/shipment-choice.ts'
import type {PullDeps} from './lib/sync/shipment-facts.ts'
import {previewPull, type PullPreview} from './lib/sync/shipment-preview.ts'
import type {PullReport, ShipmentSweep} from './lib/sync/shipment-report.ts'

/** What fulfillments:pull needs of the app. */
function pullDeps({ledger, clock, runId, remotes}: App): PullDeps {
  const {shopify, netsuite, rules, shop} = remotes()
  return {ledger, shopify, netsuite, rules, shop, clock, runId}
}

/** How a run is ended and watched; `onSweep` is told of a sweep once it is known. */
type Watch = Readonly<{signal: AbortSignal; onSweep: (sweep: ShipmentSweep) => void}>

/** A run of fulfillments:pull. */
export function runPull(app: App, chosen: ShipmentChoice, watch: Watch): Promise<PullReport> {
  return pullFulfillments(pullDeps(app), chosen, watch)
}

/** What the same run would do. */
export function dryPull(
  app: App,
  chosen: ShipmentChoice,
  {signal, onSweep}: Watch,
): AsyncIterable<readonly PullPreview[]> {
  return previewPull(pullDeps(app), chosen, signal, onSweep)
}
