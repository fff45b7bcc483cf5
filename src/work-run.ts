import type {App} from './app.ts'
import {workOrders, type WorkReport} from './lib/sync/worker.ts'
import {outcomeOf, type Outcome, type Work} from './lib/sync/work.ts'
import type {WorkSource} from './lib/ops/work-figures.ts'

type Run = Readonly<{
  signal: AbortSignal
  /** Takes one line of JSON. */
  log: (line: string) => void
  /** Batches side by side; null: as many as keep all permits of NetSuite busy. */
  lanes: number | null
}>

/**
 * Batches for each permit of NetSuite: while some are in flight, others read Shopify, plan, settle, or wait for one that adds the
 * same customers. With two the permits are in use nearly all the time; with one they were three quarters of it (bench/drain.ts).
 */
const LANES_OF_A_PERMIT = 2
/** More would wait for each other's connections to the ledger. */
const LANES_MAX = 12

/** Works the queue with what the app opened (`remotes: 'later'`), until the signal. `source` is for /metrics. */
export function runWorker(
  app: App,
  {signal, log, lanes}: Run,
): Readonly<{report: Promise<WorkReport>; source: WorkSource}> {
  const {rules, shop, shopify, netsuite, items, permits, knocks} = app.remotes()
  const deps = {ledger: app.ledger, shopify, netsuite, items, rules, shop, clock: app.clock, runId: app.runId}
  const tell = (event: string, facts: Readonly<Record<string, unknown>>) =>
    log(JSON.stringify({at: app.clock.now().toISOString(), event, ...facts}))
  const outcomes: Partial<Record<Outcome, number>> = {}
  const report = workOrders(deps, {
    signal,
    log: tell,
    knocks: Object.values(knocks),
    lanes: () => lanes ?? Math.min(LANES_MAX, LANES_OF_A_PERMIT * permits().slots),
    learn: app.settings.netsuite().concurrency === null ? knocks.netsuite.ask : undefined,
    tend: () => app.alert(),
    onWorks: (works: readonly Work[]) => {
      for (const outcome of works.map(outcomeOf)) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    },
  })
  const systems = Object.values(knocks).map(({login}) => login.system)
  return {report, source: {outcomes, permits, systems}}
}
