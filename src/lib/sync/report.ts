import {format} from '../core/money.ts'
import type {Subject} from '../ledger/types.ts'
import {POSTING_TYPES, type PostingType} from '../netsuite/posting-types.ts'
import {outcomeOf, type Outcome, type Work} from './work.ts'

/** What a run of orders:push did. `counts` has each order by how it ended, `orders` a row for each that is not simply unchanged. */
export type PushReport = {
  readonly runId: string
  queued: number
  /** null: the orders were named or chosen by a window. */
  sweep: SweepReport | null
  readonly counts: Record<Outcome, number>
  /** Records after the sales orders that came to NetSuite, by type. */
  readonly records: Partial<Record<PostingType, number>>
  /** Orders with records due that this run does not write; they wait in the queue. */
  left: number
  orders: PushedOrder[]
  interrupted: boolean
}

/** What a sweep did. It can end early; then the next one goes on where this one stood. */
export type SweepReport = {
  /** The first moment of change that was looked at. */
  readonly from: Date
  /** Why there: the last sweep's end less the overlap, the contract's orders.since, or a first sweep without it. */
  readonly because: 'cursor' | 'contract' | 'first'
  /** Changes that Shopify listed, those that this sweep queued, and those that an earlier sweep had queued. */
  listed: number
  queued: number
  known: number
  /** How far the sweeps have come; the next one begins here, less the overlap. */
  upTo: Date | null
  /** What an operator should know. */
  readonly notes: string[]
}

type PushedOrder = Readonly<{
  subject: string
  name: string | null
  outcome: Outcome
  netsuiteId: string | null
  total: string | null
  code: string | null
  message: string | null
  hint: string | null
}>

/** A report names at most this many orders that went well, and as many that wait; the counts are of all. */
const ROWS = 1_000

export function newReport(runId: string): PushReport {
  const counts = {written: 0, updated: 0, adopted: 0, unchanged: 0, skipped: 0, parked: 0, retry: 0, released: 0}
  return {runId, queued: 0, sweep: null, counts, records: {}, left: 0, orders: [], interrupted: false}
}

export type Tally = Readonly<{count(works: readonly Work[]): void; close(): void}>

/** Fills the report. An order that had to be tried again counts once, by its last end, and as written where any try wrote it. */
export function tally(report: PushReport): Tally {
  const rows = new Map<Subject, PushedOrder>()
  const again = new Map<Subject, Readonly<{outcome: Outcome; did: Work['did']}>>()
  let [good, waiting] = [0, 0]

  function count(work: Work): void {
    const {subject} = work.job
    for (const type of postingsOf(work)) report.records[type] = (report.records[type] ?? 0) + 1
    if (work.isLeftOver === true && work.error === undefined) report.left += 1
    const before = again.get(subject)
    if (before !== undefined) report.counts[before.outcome] -= 1
    const now = outcomeOf(work)
    const outcome = now === 'unchanged' ? (before?.did ?? now) : now
    report.counts[outcome] += 1
    if (outcome === 'retry' || outcome === 'released') again.set(subject, {outcome, did: work.did ?? before?.did})
    else again.delete(subject)
    keep(rowOf(work, outcome))
  }

  function keep(row: PushedOrder): void {
    if (row.outcome === 'unchanged') return void rows.delete(row.subject)
    const isGood = row.code === null
    if (!rows.has(row.subject) && (isGood ? good++ : waiting++) >= ROWS) return
    rows.set(row.subject, row)
  }

  return {
    count: (works) => works.forEach(count),
    close: () => void (report.orders = [...rows.values()]),
  }
}

/** Types of the records after the sales order that came to NetSuite by this work, one for each record. */
export function postingsOf({writes}: Work): PostingType[] {
  return writes
    .filter(({outcome}) => outcome === 'written' || outcome === 'adopted')
    .map(({recordType}) => recordType)
    .filter(isPosting)
}

function isPosting(recordType: string): recordType is PostingType {
  return (POSTING_TYPES as readonly string[]).includes(recordType)
}

function rowOf(work: Work, outcome: Outcome): PushedOrder {
  const total = work.salesOrder?.total
  return {
    subject: work.job.subject,
    name: work.order?.name ?? work.job.name,
    outcome,
    netsuiteId: work.netsuiteId ?? null,
    total: total === undefined ? null : format(total),
    code: work.error?.code ?? null,
    message: work.error?.message ?? null,
    hint: work.error?.hint ?? null,
  }
}
