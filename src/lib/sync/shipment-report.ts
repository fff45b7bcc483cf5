import type {ShipmentStep} from '../plan/shipments.ts'
import type {Deeds} from './shipment-order.ts'
import type {Outcome, Work} from './work.ts'

/** What a run of fulfillments:pull did. */
export type PullReport = {
  readonly runId: string
  /** null: the orders were named. */
  sweep: ShipmentSweep | null
  /** Orders that this run queued. */
  queued: number
  /** What was done, by kind: a fulfilment of Shopify, or the external ID of an item fulfilment of NetSuite, each. */
  readonly done: Deeds
  /** Orders by how they ended. */
  readonly counts: Record<PullOutcome, number>
  /** A row for each order that is not simply unchanged, at most 1,000. */
  readonly orders: PulledOrder[]
  interrupted: boolean
}

/** What a sweep over NetSuite found. */
export type ShipmentSweep = {
  /** First moment of change that was looked at, as NetSuite writes times. */
  readonly from: string
  /** Item fulfilments that changed, those that were deleted, and how many of both were queued before. */
  listed: number
  deleted: number
  known: number
  /** The next sweep begins here, less its overlap; null: as before. */
  upTo: string | null
  readonly notes: string[]
}

type PullOutcome = 'told' | Extract<Outcome, 'unchanged' | 'skipped' | 'parked' | 'retry' | 'released'>

type PulledOrder = Readonly<{
  subject: string
  name: string | null
  outcome: PullOutcome
  done: Deeds
  code: string | null
  message: string | null
  hint: string | null
}>

const ROWS = 1_000

export function noDeeds(): Deeds {
  return {create: 0, adopt: 0, track: 0, cancel: 0, name: 0}
}

export function newPullReport(runId: string): PullReport {
  const counts = {told: 0, unchanged: 0, skipped: 0, parked: 0, retry: 0, released: 0}
  return {runId, sweep: null, queued: 0, done: noDeeds(), counts, orders: [], interrupted: false}
}

/** Counts an order that was settled. */
export function countPulled(
  report: PullReport,
  {work, deeds, name}: Readonly<{work: Work; deeds: Deeds; name: string | null}>,
): void {
  const outcome = pullOutcomeOf(work, deeds)
  report.counts[outcome] += 1
  for (const kind of Object.keys(deeds) as ShipmentStep['do'][]) report.done[kind] += deeds[kind]
  if (outcome === 'unchanged' || report.orders.length >= ROWS) return
  const {code = null, message = null, hint = null} = work.error ?? {}
  const {subject} = work.job
  report.orders.push({subject, name, outcome, done: deeds, code, message, hint})
}

function pullOutcomeOf({end, did}: Work, deeds: Deeds): PullOutcome {
  if (end === undefined || end.as === 'released') return 'released'
  if (end.as !== 'done') return end.as
  if (did === 'skipped') return 'skipped'
  return Object.values(deeds).some((n) => n > 0) ? 'told' : 'unchanged'
}
