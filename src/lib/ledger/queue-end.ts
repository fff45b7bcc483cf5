import {fromKnex, type PgBoss} from 'pg-boss'

import * as sql from './queue-sql.ts'
import {jsonOf, storable} from './rows.ts'
import type {Flow, Job, Tx} from './types.ts'

/** How a job ends in the queue: for good, or to be tried again after a wait with the reason. */
export type JobEnd = Readonly<{job: Job; again: Again | null}>
/** `untouched`: nothing was tried, so this was no attempt. */
type Again = Readonly<{afterMs: number; reason: string; untouched: boolean}>

/** `lost`: meanwhile taken over by another worker, whose job it is now to end them. */
export type Ended = Readonly<{lost: readonly Job[]}>

/** Ends jobs, each only if it is still this attempt that runs. */
export async function endJobs(boss: PgBoss, schema: string, tx: Tx, ends: readonly JobEnd[]): Promise<Ended> {
  const lost: Job[] = []
  for (const [flow, ofFlow] of Map.groupBy(ends, (end) => end.job.flow)) {
    const {good = [], again = []} = Object.groupBy(ofFlow, (end) => (end.again === null ? 'good' : 'again'))
    if (good.length > 0) {
      lost.push(...(await settled(good, (attempts) => boss.complete(flow, attempts, null, {db: fromKnex(tx)}))))
    }
    if (again.length > 0) lost.push(...(await endAgain(boss, schema, tx, flow, again)))
  }
  return {lost}
}

async function endAgain(boss: PgBoss, schema: string, tx: Tx, flow: Flow, ends: readonly JobEnd[]): Promise<Job[]> {
  const lost = await settled(ends, (attempts) => boss.fail(flow, attempts, null, {db: fromKnex(tx)}))
  const kept = ends.filter((end) => !lost.includes(end.job))
  await tx.raw(sql.POSTPONE(schema), [
    kept.map((end) => end.job.id),
    kept.map((end) => (end.again?.afterMs ?? 0) / 1000),
    kept.map((end) => jsonOf({reason: storable(end.again?.reason ?? '')})),
    kept.map((end) => end.again?.untouched ?? false),
    flow,
  ])
  await tx.raw(sql.MERGE(schema), [flow, kept.map((end) => end.job.subject)])
  return lost
}

type Attempt = {id: string; retryCount: number}

/** pg-boss tells which of the attempts it ended (`settled`, beside the declared counts). */
async function settled(ends: readonly JobEnd[], end: (attempts: Attempt[]) => Promise<object>): Promise<Job[]> {
  const response = await end(ends.map(({job}) => ({id: job.id, retryCount: job.attempt - 1})))
  const ids = new Set((response as {settled?: string[]}).settled ?? [])
  return ends.filter(({job}) => !ids.has(job.id)).map(({job}) => job)
}
