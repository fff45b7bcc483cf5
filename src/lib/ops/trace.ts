import {UsageError} from '../core/errors.ts'
import {findSubjects, history} from '../ledger/history.ts'
import type {Ledger} from '../ledger/open.ts'
import {listParked} from '../ledger/parked.ts'
import type {HistoryEntry, Parked} from '../ledger/types.ts'

/** Everything that the ledger knows of one order. `state` is how it stands now; `dueAt` is when one that waits may be tried. */
export type Trace = Readonly<{
  subject: string
  state: 'queued' | 'parked' | 'settled'
  dueAt: Date | null
  entries: readonly HistoryEntry[]
}>

/** The histories of every order that the text may mean. Throws UsageError ORDER_NOT_IN_LEDGER. */
export async function traceOrders({db, queue}: Ledger, text: string): Promise<Trace[]> {
  const subjects = await subjectsOf(db, text)
  return Promise.all(
    subjects.map(async (subject): Promise<Trace> => {
      const isQueued = (await queue.waitingFor('orders', [subject])) > 0
      const isParked = (await listParked(db, {flow: 'orders', subjects: [subject]})).length > 0
      return {
        subject,
        state: isQueued ? 'queued' : isParked ? 'parked' : 'settled',
        dueAt: isQueued ? await queue.nextDue('orders', [subject]) : null,
        entries: await history(db, 'orders', subject),
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
  return Promise.all(parked.map(async (job) => ({...job, history: await history(db, job.flow, job.subject)})))
}

async function subjectsOf(db: Ledger['db'], text: string): Promise<string[]> {
  const subjects = await findSubjects(db, text)
  if (subjects.length > 0) return subjects
  throw new UsageError('ORDER_NOT_IN_LEDGER', `the ledger knows nothing of ${text}`, {
    hint: `push it: tieout orders:push '${text}'`,
  })
}
