import {format} from '../core/money.ts'
import type {KnownPosting} from '../ledger/postings.ts'
import {payoutOf} from '../ledger/subjects.ts'
import type {Parked} from '../ledger/types.ts'
import type {PostingRecord} from '../netsuite/posting-types.ts'
import type {WaitsFor} from '../plan/payout-lines.ts'
import {amountOf} from '../plan/postings.ts'
import type {ShopifyPayout} from '../shopify/money-types.ts'
import {outcomeOf, type Work} from './work.ts'

/** How a payout ended. `open`: Shopify has not paid it yet. `waits`: for payments that NetSuite does not hold yet. */
type PayoutOutcome = 'written' | 'unchanged' | 'open' | 'waits' | 'parked' | 'retry' | 'released'

/** A record of a payout; `netsuiteId` null: not written. */
export type PayoutRecord = Readonly<{type: string; externalId: string; netsuiteId: string | null; total: string}>

type PushedPayout = Readonly<{
  payout: string
  status: string | null
  issuedAt: string | null
  net: string | null
  outcome: PayoutOutcome
  records: readonly PayoutRecord[]
  /** The first of what it waits for. */
  waitsFor: readonly WaitsFor[]
  code: string | null
  message: string | null
  hint: string | null
}>

/** What a run of payouts:push did. */
export type PayoutsReport = {
  readonly runId: string
  /** Payouts that Shopify listed, or that were named. */
  listed: number
  queued: number
  /** Orders that were queued because a payout waits for their money. */
  ordersQueued: number
  readonly counts: Record<PayoutOutcome, number>
  readonly payouts: PushedPayout[]
  interrupted: boolean
}

/** What a payout waits for is named so far; the message tells how much it is. */
const WAITS = 50

export function newPayoutsReport(runId: string): PayoutsReport {
  const counts = {written: 0, unchanged: 0, open: 0, waits: 0, parked: 0, retry: 0, released: 0}
  return {runId, listed: 0, queued: 0, ordersQueued: 0, counts, payouts: [], interrupted: false}
}

type Listed = Readonly<{open: number; parked: readonly Parked[]}>

/** Adds payouts that cannot be worked now: those that Shopify has not paid, and those that wait for a person. */
export function countListed(report: PayoutsReport, listed: number, {open, parked}: Listed): void {
  report.listed += listed
  report.counts.open += open
  report.counts.parked += parked.length
  const nothing = {status: null, issuedAt: null, net: null, records: [], waitsFor: []}
  for (const {subject, code, message, hint} of parked)
    report.payouts.push({...nothing, payout: payoutOf(subject), outcome: 'parked', code, message, hint})
}

/** One payout on its way through a run. */
export type PayoutWork = {
  readonly work: Work
  payout: ShopifyPayout | null
  isOpen: boolean
  /** What the plan says, and what the ledger knew of it before. */
  records: readonly PostingRecord[]
  known: readonly KnownPosting[]
  waitsFor: readonly WaitsFor[]
}

/** Adds a payout to the report, by how it ended. */
export function count(report: PayoutsReport, passing: PayoutWork): void {
  const {work, payout, records, known, waitsFor} = passing
  const outcome = endOf(work, passing.isOpen)
  report.counts[outcome] += 1
  const ids = new Map([...known, ...work.links].map(({externalId, netsuiteId}) => [externalId, netsuiteId]))
  report.payouts.push({
    payout: payout?.legacyId ?? payoutOf(work.job.subject),
    status: payout?.status ?? null,
    issuedAt: payout?.issuedAt ?? null,
    net: payout === null ? null : format(payout.net),
    outcome,
    records: records.map((record) => recordRow(record, ids.get(record.externalId) ?? null)),
    waitsFor: waitsFor.slice(0, WAITS),
    code: work.error?.code ?? null,
    message: work.error?.message ?? null,
    hint: work.error?.hint ?? null,
  })
}

function endOf(work: Work, isOpen: boolean): PayoutOutcome {
  const outcome = outcomeOf(work)
  if (outcome === 'retry') return work.error?.code === 'PAYOUT_WAITS' ? 'waits' : 'retry'
  if (outcome === 'parked' || outcome === 'released') return outcome
  return isOpen ? 'open' : outcome === 'written' ? 'written' : 'unchanged'
}

export function recordRow(record: PostingRecord, netsuiteId: string | null): PayoutRecord {
  const amount = amountOf(record)
  return {type: record.type, externalId: record.externalId, netsuiteId, total: amount === null ? '' : format(amount)}
}
