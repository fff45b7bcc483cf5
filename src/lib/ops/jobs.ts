import {UsageError} from '../core/errors.ts'
import {findSubjects} from '../ledger/history.ts'
import {dropLinks} from '../ledger/links.ts'
import type {Ledger} from '../ledger/open.ts'
import {listParked, park, unpark} from '../ledger/parked.ts'
import {flowOf} from '../ledger/subjects.ts'

type RetryRequest = Readonly<{
  orders: readonly string[]
  code?: string | undefined
  all: boolean
  relink: boolean
  note?: string | undefined
  who: string
}>

/** Queues parked subjects again. Throws UsageError when nothing was chosen. */
export async function retryJobs(ledger: Ledger, request: RetryRequest): Promise<{queued: string[]; unknown: string[]}> {
  if (request.orders.length === 0 && request.code === undefined && !request.all) {
    throw new UsageError('NOTHING_CHOSEN', 'no orders were named', {
      hint: 'name orders, or choose with --code or --all; tieout jobs:list shows what is parked',
    })
  }
  const chosen: string[] = []
  const unknown: string[] = []
  for (const order of request.orders) {
    const subjects = await findSubjects(ledger.db, order)
    const parked = subjects.length === 0 ? [] : await listParked(ledger.db, {subjects})
    if (parked.length === 0) unknown.push(order)
    chosen.push(...parked.map((job) => job.subject))
  }
  if (request.code !== undefined || request.all) {
    chosen.push(...(await listParked(ledger.db, {code: request.code})).map((job) => job.subject))
  }
  const queued = [...new Set(chosen)]
  if (request.relink) await dropLinks(ledger.db, 'salesOrder', queued)
  for (const [flow, subjects] of Map.groupBy(queued, flowOf))
    await unpark(ledger, flow, subjects, {who: request.who, note: request.note ?? null})
  return {queued, unknown}
}

type ParkRequest = Readonly<{order: string; note: string; owner: string | null; who: string}>

/** Sets a subject aside by hand, or changes owner and note of one that is parked. Throws UsageError when the ledger does not know it. */
export async function parkJob(ledger: Ledger, request: ParkRequest): Promise<{subjects: string[]}> {
  const subjects = await findSubjects(ledger.db, request.order)
  if (subjects.length === 0) {
    throw new UsageError('ORDER_NOT_IN_LEDGER', `the ledger knows nothing of ${request.order}`, {
      hint: 'only orders that arrived can be parked; tieout orders:push reads it first',
    })
  }
  const reason = {
    code: 'PARKED_BY_HAND',
    message: request.note,
    hint: 'tieout jobs:retry when it may go on',
    owner: request.owner,
    who: request.who,
  }
  for (const [flow, ofFlow] of Map.groupBy(subjects, flowOf)) await park(ledger, flow, ofFlow, reason)
  return {subjects}
}
