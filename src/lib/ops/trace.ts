import {UsageError} from '../core/errors.ts'
import {findSubjects, history, LINES_MAX, type History} from '../ledger/history.ts'
import type {Ledger} from '../ledger/open.ts'
import {listParked} from '../ledger/parked.ts'
import {bankedPostings, sentPostings, type BankedPosting, type SentPosting} from '../ledger/posting-history.ts'
import {flowOf} from '../ledger/subjects.ts'
import type {HistoryEntry, Parked, PlanDocument, Subject} from '../ledger/types.ts'
import {POSTING_TYPES} from '../netsuite/posting-types.ts'
import {planChanges, planText} from './plan-diff.ts'

/**
 * Everything that the ledger knows of one order. `state` is how it stands now; `dueAt` is when one that waits may be tried;
 * `omitted` counts older lines that were not asked for.
 */
export type Trace = Readonly<{
  subject: string
  state: 'queued' | 'parked' | 'settled'
  dueAt: Date | null
  omitted: number
  entries: readonly HistoryEntry[]
  /** What NetSuite holds beside the sales order, in the order in which it was written. */
  records: readonly TracedRecord[]
}>

/** A record after the sales order; `bankDeposit` is the one that took its money, where the ledger knows it. */
type TracedRecord = SentPosting & Readonly<{bankDeposit: Omit<BankedPosting, 'payment'> | null}>

/** The newest `last` lines of the history of every order that the text may mean. Throws UsageError ORDER_NOT_IN_LEDGER. */
export async function traceOrders({db, queue}: Ledger, text: string, last: number): Promise<Trace[]> {
  const subjects = await subjectsOf(db, text)
  return Promise.all(
    subjects.map(async (subject): Promise<Trace> => {
      const flow = flowOf(subject)
      const isQueued = (await queue.waitingFor(flow, [subject])) > 0
      const isParked = (await listParked(db, {flow, subjects: [subject]})).length > 0
      return {
        subject,
        state: isQueued ? 'queued' : isParked ? 'parked' : 'settled',
        dueAt: isQueued ? await queue.nextDue(flow, [subject]) : null,
        ...explained(await history(db, flow, subject, last)),
        records: await recordsOf(db, subject),
      }
    }),
  )
}

/** Those of the orders meant that are parked, with their histories. Throws UsageError ORDER_NOT_IN_LEDGER. */
export async function parkedOrders(
  {db}: Ledger,
  text: string,
): Promise<(Parked & Readonly<{history: readonly HistoryEntry[]}>)[]> {
  const parked = await listParked(db, {subjects: await subjectsOf(db, text)})
  return Promise.all(
    parked.map(async (job) => {
      const {entries} = explained(await history(db, job.flow, job.subject, LINES_MAX))
      return {...job, history: entries}
    }),
  )
}

async function recordsOf(db: Ledger['db'], subject: Subject): Promise<TracedRecord[]> {
  const sent = await sentPostings(db, 'orders', subject, POSTING_TYPES)
  const banked = new Map((await bankedPostings(db, subject)).map(({payment, ...deposit}) => [payment, deposit]))
  return sent.map((record) => ({...record, bankDeposit: banked.get(record.externalId) ?? null}))
}

/** Each plan is told by what changed since the plan before it. */
function explained({entries, omitted}: History): History {
  return {omitted, entries: entries.map((entry) => (entry.kind === 'plan' ? withChanges(entry) : entry))}
}

type PlanDetail = Readonly<{number: number; plan: PlanDocument; previous: PlanDocument | null}>

function withChanges(entry: HistoryEntry): HistoryEntry {
  const {previous, ...detail} = entry.detail as PlanDetail
  const changes = previous === null ? [] : planChanges(previous, detail.plan)
  return {...entry, summary: `plan ${detail.number}: ${planText(previous, detail.plan)}`, detail: {...detail, changes}}
}

async function subjectsOf(db: Ledger['db'], text: string): Promise<string[]> {
  const subjects = await findSubjects(db, text)
  if (subjects.length > 0) return subjects
  throw new UsageError('ORDER_NOT_IN_LEDGER', `the ledger knows nothing of ${text}`, {
    hint: `push it: tieout orders:push '${text}'`,
  })
}
