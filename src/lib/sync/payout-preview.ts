import {messageOf, RejectedError} from '../core/errors.ts'
import {add, format, type Money} from '../core/money.ts'
import type {PostingRecord} from '../netsuite/posting-types.ts'
import type {WaitsFor} from '../plan/payout-lines.ts'
import {postingsOf} from '../plan/postings.ts'
import type {ShopifyPayout} from '../shopify/money-types.ts'
import {
  isOpen,
  planOfPayout,
  readPayout,
  refuseOff,
  subjectOfPayout,
  writtenFor,
  type PayoutReading,
} from './payout-plan.ts'
import {chosenPayouts} from './payout-queue.ts'
import {recordRow, type PayoutRecord} from './payout-report.ts'
import type {PayoutSelection} from './payout-select.ts'
import type {PushDeps} from './push.ts'

/** The sum that a record posts on one side of an account. */
type PostingSum = Readonly<{account: string; debit: string | null; credit: string | null; lines: number}>

/** What a push would do with one payout. */
export type PayoutPreview = Readonly<{
  payout: string
  status: string
  issuedAt: string
  net: string
  would: 'write' | 'leave' | 'open' | 'wait' | 'park'
  /** Everything that NetSuite should hold of it; those with a `netsuiteId` are written. */
  records: readonly (PayoutRecord & Readonly<{tranDate: string; postings: readonly PostingSum[]}>)[]
  waitsFor: readonly WaitsFor[]
  reason: string | null
}>

/** Plans the chosen payouts, or those that a push would take up, one after the other. Writes nothing, anywhere. */
export async function* previewPayouts(
  deps: PushDeps,
  chosen: PayoutSelection,
  signal: AbortSignal,
): AsyncGenerator<PayoutPreview> {
  refuseOff(deps.rules.life)
  for await (const page of chosenPayouts(deps, chosen)) {
    for (const payout of page) {
      if (signal.aborted) return
      yield await previewOf(deps, payout)
    }
  }
}

async function previewOf(deps: PushDeps, payout: ShopifyPayout): Promise<PayoutPreview> {
  const subject = subjectOfPayout(deps.shop, payout)
  const known = (await writtenFor(deps, [subject])).get(subject) ?? []
  const planned = isOpen(payout) ? null : planOrReason(deps, await readPayout(deps, payout, known))
  const ids = new Map(known.map(({externalId, netsuiteId}) => [externalId, netsuiteId]))
  const about = {payout: payout.legacyId, status: payout.status, issuedAt: payout.issuedAt, net: format(payout.net)}
  const nothing = {...about, records: [], waitsFor: [], reason: null}
  if (planned === null) return {...nothing, would: 'open'}
  if ('reason' in planned) return {...nothing, would: 'park', reason: planned.reason}
  if ('waitsFor' in planned) return {...nothing, would: 'wait', waitsFor: planned.waitsFor}
  const records = planned.records.map((record) => previewRecord(record, ids.get(record.externalId) ?? null))
  const would = records.some(({netsuiteId}) => netsuiteId === null) ? 'write' : 'leave'
  return {...nothing, would, records}
}

type Planned = ReturnType<typeof planOfPayout> | Readonly<{reason: string}>

/** What blocks a payout is told as the push would park it. */
export function planOrReason(deps: PushDeps, reading: PayoutReading): Planned {
  try {
    return planOfPayout(deps, reading)
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error
    return {reason: `${error.code}: ${messageOf(error)}; next: ${error.hint}`}
  }
}

function previewRecord(record: PostingRecord, netsuiteId: string | null): PayoutPreview['records'][number] {
  return {...recordRow(record, netsuiteId), tranDate: record.tranDate, postings: sumsOf(record)}
}

/** A deposit credits undeposited funds once a payment: for people one sum a side of an account says more. */
function sumsOf(record: PostingRecord): PostingSum[] {
  const sums = new Map<string, {account: string; debit: Money | null; credit: Money | null; lines: number}>()
  for (const {account, debit, credit} of postingsOf(record)) {
    const key = `${debit === null ? 'credit' : 'debit'} ${account}`
    const sum = sums.get(key) ?? {account, debit: null, credit: null, lines: 0}
    sums.set(key, {account, debit: plus(sum.debit, debit), credit: plus(sum.credit, credit), lines: sum.lines + 1})
  }
  return [...sums.values()].map(({account, debit, credit, lines}) => ({
    account,
    debit: debit === null ? null : format(debit),
    credit: credit === null ? null : format(credit),
    lines,
  }))
}

function plus(a: Money | null, b: Money | null): Money | null {
  return a === null || b === null ? (a ?? b) : add(a, b)
}
