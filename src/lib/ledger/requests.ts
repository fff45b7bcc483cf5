import type {Knex} from 'knex'

import {ADD_PLANS, planValues} from './plans.ts'
import {storable} from './rows.ts'
import type {Job, Settlement, Tx} from './types.ts'

/** One finished request to one of the two systems. It holds no secret and nothing of a body. */
export type KeptRequest = Readonly<{
  system: 'netsuite' | 'shopify'
  /** soap, rest, suiteql, oauth or graphql. */
  channel: string
  operation: string
  /** Records that it carried; null where the client does not say. */
  records: number | null
  startedAt: Date
  durationMs: number
  /** Time spent waiting for leave to send it: a permit of NetSuite's, points of Shopify's. */
  waitedMs: number
  /** 'ok', or the code of the error. */
  outcome: string
  requestId: string | null
}>

/** One pass of a group of orders through the stages, with the requests that it made. */
export type Batch = Readonly<{
  runId: string
  startedAt: Date
  requests: readonly KeptRequest[]
  /** Requests over the bound, which are counted only. */
  leftOut: number
}>

/**
 * Appends a batch: when it began and ended, how each of its jobs ended, its requests, each once however many orders it
 * served, and the plans that changed. One statement, because it stands in the transaction that every order waits for.
 * The plan of a job that another worker has taken over is left out: it is older than what that one knows.
 */
export async function addBatch(
  tx: Tx,
  batch: Batch,
  tries: readonly Pick<Settlement, 'job' | 'end' | 'plan'>[],
  lost: readonly Job[],
): Promise<void> {
  const gone = new Set(lost.map((job) => job.id))
  const plans = tries.flatMap(({job, plan}) => (plan === undefined || gone.has(job.id) ? [] : [plan]))
  const {requests} = batch
  const values = [
    batch.runId,
    batch.startedAt,
    tries.length,
    batch.leftOut,
    tries.map(({job}) => job.flow),
    tries.map(({job}) => job.subject),
    tries.map(({job}) => job.attempt),
    tries.map(({job, end}) => (gone.has(job.id) ? 'lost' : end.as)),
    tries.map(({end}) => (end.as === 'parked' ? end.code : null)),
    tries.map(({end}) => (end.as === 'parked' ? storable(end.message) : null)),
    ...planValues(plans),
    requests.map(({system}) => system),
    requests.map(({channel}) => channel),
    requests.map(({operation}) => storable(operation)),
    requests.map(({records}) => records),
    requests.map(({startedAt}) => startedAt.toISOString()),
    requests.map(({durationMs}) => wholeMs(durationMs)),
    requests.map(({waitedMs}) => wholeMs(waitedMs)),
    requests.map(({outcome}) => outcome),
    requests.map(({requestId}) => storable(requestId)),
  ]
  await tx.raw(ADD_BATCH, values as Knex.RawBinding[])
}

/** A clock that was set back during a request makes its time negative. */
function wholeMs(ms: number): number {
  return Math.max(0, Math.round(ms))
}

const ADD_BATCH = `
  with batch as (
    insert into batches (run_id, started_at, orders, requests_left_out) values (?, ?, ?, ?) returning id
  ), tried as (
    insert into tries (batch, flow, subject, attempt, ended, code, message)
    select batch.id, t.* from batch, unnest(?::text[], ?::text[], ?::int[], ?::text[], ?::text[], ?::text[]) as t
  ), planned as (${ADD_PLANS}
  )
  insert into requests
    (batch, system, channel, operation, records, started_at, duration_ms, waited_ms, outcome, request_id)
  select batch.id, r.* from batch, unnest(?::text[], ?::text[], ?::text[], ?::int[], ?::timestamptz[], ?::int[], ?::int[],
    ?::text[], ?::text[]) as r`
