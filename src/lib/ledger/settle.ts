import {inTransaction} from './connection.ts'
import {remember} from './conflicts.ts'
import {contradictionOf, addLinks} from './links.ts'
import type {Ledger} from './open.ts'
import {parkAll, resolve, type Reason} from './parked.ts'
import type {JobEnd} from './queue-end.ts'
import {addBatch, type Batch} from './requests.ts'
import {chunked, storable} from './rows.ts'
import type {Job, Link, Settlement, Tx} from './types.ts'
import {addWrites} from './writes.ts'

/**
 * `lost`: jobs that another worker had taken over, because this one was silent for too long. Their writes and links are
 * kept; how they end is the other's matter. `contradicted`: links that the ledger contradicts; their subjects are parked.
 */
export type Settled = Readonly<{lost: readonly Job[]; contradicted: readonly Link[]}>

/**
 * Records how jobs ended, all in one transaction: what was written, which records belong together, what waits for a person,
 * and the jobs themselves. Either everything of it holds or nothing, and then the jobs are worked again. One subject whose
 * links contradict the ledger is parked under LINK_CONTRADICTED; the others are not held up by it.
 * @param batch the pass in which they were worked, with its requests; null: they were not worked
 */
export async function settle(
  ledger: Pick<Ledger, 'db' | 'queue' | 'connection'>,
  settlements: readonly Settlement[],
  batch: Batch | null = null,
): Promise<Settled> {
  if (settlements.length === 0) return {lost: [], contradicted: []}
  // In one order everywhere, so that two workers wait for each other instead of deadlocking.
  const sorted = [...settlements].sort((a, b) => (a.job.subject < b.job.subject ? -1 : 1))
  return inTransaction(ledger, async (tx) => {
    await addWrites(
      tx,
      sorted.flatMap((settlement) => settlement.writes),
    )
    const contradicted = await addLinks(
      tx,
      sorted.flatMap((settlement) => settlement.links),
    )
    const ends = sorted.map((settlement) => withoutContradiction(settlement, contradicted))
    const {lost} = await ledger.queue.end(tx, ends.map(jobEndOf))
    if (batch !== null) await addBatch(tx, batch, ends, lost)
    const own = ends.filter((settlement) => !lost.some((job) => job.id === settlement.job.id))
    await remember(
      tx,
      own.flatMap((settlement) => settlement.remembered ?? []),
    )
    await parkAndResolve(tx, own)
    return {lost, contradicted}
  })
}

function withoutContradiction(settlement: Settlement, contradicted: readonly Link[]): Settlement {
  const link = settlement.links.find(
    (own) => contradicted.includes(own) || contradicted.some((one) => isSame(own, one)),
  )
  if (link === undefined) return settlement
  const hint = 'one of two records is a duplicate: compare both, then tieout jobs:retry --relink'
  return {...settlement, end: {as: 'parked', code: 'LINK_CONTRADICTED', message: contradictionOf(link), hint}}
}

function isSame(a: Link, b: Link): boolean {
  return a.recordType === b.recordType && a.shop === b.shop && a.shopifyId === b.shopifyId && a.externalId === b.externalId && a.netsuiteId === b.netsuiteId // prettier-ignore
}

function jobEndOf({job, end}: Settlement): JobEnd {
  if (end.as === 'retry')
    return {job, again: {afterMs: end.afterMs, reason: `${end.code}: ${end.message}`, untouched: false}}
  if (end.as === 'released') return {job, again: {afterMs: 0, reason: 'released', untouched: true}}
  return {job, again: null}
}

async function parkAndResolve(tx: Tx, settlements: readonly Settlement[]): Promise<void> {
  const postponed = settlements.flatMap(postponementOf)
  for (const part of chunked(postponed)) await tx('postponed').insert(part)
  const parked = settlements.flatMap(reasonOf)
  if (parked.length > 0) await parkAll(tx, parked)
  const done = settlements.filter((settlement) => settlement.end.as === 'done')
  for (const [flow, ofFlow] of Map.groupBy(done, (settlement) => settlement.job.flow)) {
    const byRun = Map.groupBy(ofFlow, (settlement) => settlement.writes.at(-1)?.runId ?? '')
    for (const [runId, ofRun] of byRun) {
      const subjects = ofRun.map((settlement) => settlement.job.subject)
      await resolve(tx, flow, subjects, runId === '' ? 'done' : `run ${runId}`)
    }
  }
}

function postponementOf({job, end}: Settlement): object[] {
  if (end.as !== 'retry' && end.as !== 'released') return []
  const {flow, subject, attempt} = job
  if (end.as === 'released') return [{flow, subject, attempt, code: '', message: '', after_ms: 0}]
  return [{flow, subject, attempt, code: end.code, message: storable(end.message), after_ms: Math.round(end.afterMs)}]
}

function reasonOf({job, end}: Settlement): Reason[] {
  if (end.as !== 'parked') return []
  const {flow, subject, name, attempt} = job
  return [{flow, subject, name, code: end.code, message: end.message, hint: end.hint, attempts: attempt}]
}
