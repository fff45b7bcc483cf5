import {RetryableError} from '../core/errors.ts'
import {writtenPostings, type KnownPosting} from '../ledger/postings.ts'
import {POSTING_TYPES, type PostingRecord, type PostingType} from '../netsuite/posting-types.ts'
import {planLife} from '../plan/life.ts'
import {withinReach} from '../plan/kinds.ts'
import {isLifeOn} from '../plan/life-on.ts'
import {laterThanClosed} from './life-period.ts'
import {adoptPostings, takeStatuses, unknownPostings} from './life-record.ts'
import type {OfWork} from './life-note.ts'
import {checkHeld} from './life-check.ts'
import {open, orderOf, planOf, sharedStep, step, type OrderDeps, type Work} from './work.ts'

/** What is still to be written of one order, in the order of its plan. */
type Due = Readonly<{work: Work; left: PostingRecord[]}>

/**
 * Brings NetSuite to what the plan says of an order beside its sales order: payments, fulfilments, bills, refunds. What the
 * ledger knows to be written is left alone, because none of these records is ever changed; the rest is added under its
 * external ID, many orders in one message, parents before children. Does nothing where the contract keeps to sales orders.
 * @param verify look into NetSuite for what the ledger says that it holds (an operator named the order)
 */
export async function writeLife(deps: OrderDeps, works: readonly Work[], verify: boolean): Promise<void> {
  if (!isLifeOn(deps.rules.life)) return
  const standing = open(works).filter((work) => work.netsuiteId !== undefined && work.salesOrder !== undefined)
  await sharedStep(standing, async () => {
    const subjects = standing.map((work) => work.job.subject)
    const known = Map.groupBy(
      await writtenPostings(deps.ledger.db, 'orders', subjects, POSTING_TYPES),
      ({subject}) => subject,
    )
    if (verify) await checkHeld(deps, standing, known)
    const dues: Due[] = []
    for (const work of open(standing)) {
      await step(work, () => void dues.push({work, left: leftOf(deps, work, known.get(work.job.subject) ?? [])}))
    }
    await writeWaves(deps, dues)
  })
}

function leftOf({rules, only}: OrderDeps, work: Work, known: readonly KnownPosting[]): PostingRecord[] {
  const written = new Map(known.map(({externalId, recordType}) => [externalId, recordType as PostingType]))
  const {records, waiting} = planLife(orderOf(work), planOf(work), rules, rules.life, written)
  work.waiting = waiting
  const due = records.filter(({externalId}) => !written.has(externalId))
  if (only === undefined) return due
  const {reached, left} = withinReach(due, only)
  work.isLeftOver = left.length > 0
  return reached
}

/**
 * One message after the other until nothing is left: each takes of every order as many records as can go together, because
 * the records of a message are written type by type, in an order of its own.
 */
async function writeWaves(deps: OrderDeps, dues: readonly Due[]): Promise<void> {
  for (;;) {
    const wave = dues.filter(({work, left}) => work.end === undefined && left.length > 0)
    if (wave.length === 0) return
    const works = wave.map(({work}) => work)
    await sharedStep(works, () => writeTogether(deps, wave))
  }
}

/** How many of the first records can be written type by type without one going before what it follows. */
export function goingTogether(records: readonly Pick<PostingRecord, 'type'>[]): number {
  const ranks = records.map(({type}) => POSTING_TYPES.indexOf(type))
  const end = ranks.findIndex((rank, i) => rank < (ranks[i - 1] ?? 0))
  return end === -1 ? records.length : end
}

async function writeTogether(deps: OrderDeps, dues: readonly Due[]): Promise<void> {
  const startedAt = deps.clock.now()
  const records = dues.flatMap(({work, left}) =>
    left.splice(0, goingTogether(left)).map((record): OfWork => ({work, record})),
  )
  try {
    const statuses = await deps.netsuite.postings.add(records.map(({record}) => record))
    const later = await laterThanClosed(deps, records, statuses)
    const isLater = (one: OfWork) => later.some(({record}) => record.externalId === one.record.externalId)
    const taken = [...records.entries()].filter(([, one]) => !isLater(one))
    const of = taken.map(([i]) => statuses[i])
    await takeStatuses(
      deps,
      taken.map(([, one]) => one),
      of,
      startedAt,
    )
    for (const {work, left} of dues) left.unshift(...later.filter((one) => one.work === work).map(({record}) => record))
  } catch (error) {
    if (!(error instanceof RetryableError) || !error.outcomeUnknown) throw error
    unknownPostings(deps, records, error, startedAt)
    await adoptPostings(deps, records, () => error)
  }
}
