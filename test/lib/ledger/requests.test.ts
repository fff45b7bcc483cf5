import {describe, expect, test} from 'vitest'

import {receive} from '../../../src/lib/ledger/events.ts'
import {history} from '../../../src/lib/ledger/history.ts'
import type {Ledger} from '../../../src/lib/ledger/open.ts'
import {park, unpark} from '../../../src/lib/ledger/parked.ts'
import type {Batch, KeptRequest} from '../../../src/lib/ledger/requests.ts'
import {beginRun} from '../../../src/lib/ledger/runs.ts'
import {settle} from '../../../src/lib/ledger/settle.ts'
import type {Job, KeptPlan} from '../../../src/lib/ledger/types.ts'
import {freshLedger} from '../../support/fresh-ledger.ts'
import {hint, PARKED, settlement, SHOP, write} from '../../support/hints.ts'

const request: KeptRequest = {
  system: 'netsuite', channel: 'soap', operation: 'addList', records: 2, startedAt: new Date(), durationMs: 40.4, waitedMs: 70,
  outcome: 'ok', requestId: 'r-1',
} // prettier-ignore

function batch(change: Partial<Batch> = {}): Batch {
  return {runId: 'run-1', startedAt: new Date(), requests: [{...request, startedAt: new Date()}], leftOut: 0, ...change}
}

function plan(subject: string, planHash: string): KeptPlan {
  const document = {fields: {total: `${planHash} USD`}, lines: []}
  return {flow: 'orders', subject, runId: 'run-1', externalId: `SHOPIFY:ORDER:${subject.split('/')[1]}`, planHash, plannedAt: new Date(), document} // prettier-ignore
}

async function taken(ledger: Ledger, ...ids: number[]): Promise<Job[]> {
  await receive(ledger, ids.map((id) => hint(id, {deliveryId: `${id}-${Math.random()}`, receivedAt: new Date()}))) // prettier-ignore
  const jobs = await ledger.queue.fetchSubjects('orders', ids.map((id) => `${SHOP}/${id}`), ids.length) // prettier-ignore
  return jobs.sort((a, b) => (a.subject < b.subject ? -1 : 1))
}

async function linesOf(ledger: Ledger, id: number): Promise<string[]> {
  const {entries} = await history(ledger.db, 'orders', `${SHOP}/${id}`)
  return entries.map(({kind, summary}) => `${kind} ${summary}`)
}

const TABLES = ['batches', 'tries', 'requests', 'plans'] as const

async function counts(ledger: Ledger): Promise<Record<string, number>> {
  const rows = await Promise.all(TABLES.map((table) => ledger.db(table).count<{count: string}[]>('*')))
  return Object.fromEntries(TABLES.map((table, i) => [table, Number(rows[i]?.[0]?.count)]))
}

test('the requests of a batch are kept once, and each of its orders shows them', async () => {
  const ledger = await freshLedger()
  const run = await beginRun(ledger.db, {command: 'jobs:work', flags: [], who: 'cron', host: 'vm-1'})
  const jobs = await taken(ledger, 1, 2)

  await settle(ledger, jobs.map((job) => settlement(job, {as: 'done'})), batch({runId: run.id, leftOut: 3})) // prettier-ignore

  expect(await counts(ledger)).toEqual({batches: 1, tries: 2, requests: 1, plans: 0})
  for (const id of [1, 2]) {
    expect((await linesOf(ledger, id)).map((text) => text.replace(/\d+ ms after/, 'N ms after'))).toEqual([
      `event arrived by webhook: orders/updated #${id}`,
      'job taken up by jobs:work on vm-1 (cron), with 1 other order',
      'request netsuite soap addList of 2 records: ok in 40 ms, after 70 ms of waiting for a permit',
      'job done, N ms after it arrived',
    ])
  }
})

test('a plan is kept each time that it changed, not each time that it was tried', async () => {
  const ledger = await freshLedger()
  for (const hash of ['a', 'a', 'b', 'b', 'a']) {
    const [job] = await taken(ledger, 1)
    if (job !== undefined)
      await settle(ledger, [settlement(job, {as: 'done'}, {plan: plan(job.subject, hash)})], batch())
  }

  expect(await ledger.db('plans').select('plan_hash').orderBy('id')).toEqual(['a', 'b', 'a'].map((plan_hash) => ({plan_hash}))) // prettier-ignore
  const {entries} = await history(ledger.db, 'orders', `${SHOP}/1`)
  expect(entries.filter(({kind}) => kind === 'plan').map(({detail}) => detail)).toMatchObject([
    {number: 1, previous: null, plan: {fields: {total: 'a USD'}}},
    {number: 2, previous: {fields: {total: 'a USD'}}, plan: {fields: {total: 'b USD'}}},
    {number: 3, previous: {fields: {total: 'b USD'}}},
  ])
})

test('every text that Postgres could refuse is kept', async () => {
  const ledger = await freshLedger()
  const [job] = await taken(ledger, 1)
  if (job === undefined) throw new Error('a job was queued')
  const nasty = 'a\u0000b \ud800 "quoted" {1,2} \\u0000 NULL'
  const kept = {...plan(job.subject, 'a'), document: {fields: {total: nasty}, lines: []}}
  const requests = [{...request, operation: nasty, requestId: nasty, records: null, durationMs: -3}]

  await settle(ledger, [settlement(job, {...PARKED, message: nasty}, {plan: kept})], batch({requests}))

  const readable = nasty.replaceAll('\u0000', '\ufffd').toWellFormed()
  expect(await ledger.db('requests').first('operation', 'request_id', 'records', 'duration_ms')).toEqual({operation: readable, request_id: readable, records: null, duration_ms: 0}) // prettier-ignore
  expect(await ledger.db('plans').first('plan')).toEqual({plan: {fields: {total: readable}, lines: []}})
  expect(await ledger.db('tries').first('message')).toEqual({message: readable})
})

test('a job that another worker has taken over is told as such, and its older plan is not kept', async () => {
  const ledger = await freshLedger()
  const [job] = await taken(ledger, 1)
  if (job === undefined) throw new Error('a job was queued')
  const stale = {...job, attempt: job.attempt + 7}

  const {lost} = await settle(ledger, [settlement(stale, {as: 'done'}, {plan: plan(job.subject, 'a')})], batch())

  expect(lost).toEqual([stale])
  expect(await counts(ledger)).toEqual({batches: 1, tries: 1, requests: 1, plans: 0})
  expect((await linesOf(ledger, 1)).at(-1)).toBe('job left to the worker that had taken it over meanwhile')
})

test('an order that is parked again and again shows each reason, and who set it aside and took it up', async () => {
  const ledger = await freshLedger()
  for (const code of ['SKU_UNMAPPED', 'SKU_UNMAPPED', 'TOTAL_DIFFERS']) {
    const [job] = await taken(ledger, 1)
    if (job !== undefined) await settle(ledger, [settlement(job, {...PARKED, code, message: `because ${code}`})], batch())
  }
  await park(ledger, 'orders', [`${SHOP}/1`], {code: 'PARKED_BY_HAND', message: 'wait', hint: '', owner: 'ana', who: 'bo'})
  await unpark(ledger, 'orders', [`${SHOP}/1`], {who: 'ana', note: 'item created'})

  const lines = (await linesOf(ledger, 1)).filter((text) => /^(un)?parked/.test(text))

  expect(lines).toEqual([
    'parked parked: SKU_UNMAPPED: because SKU_UNMAPPED',
    'parked parked again: SKU_UNMAPPED: because SKU_UNMAPPED',
    'parked parked again: TOTAL_DIFFERS: because TOTAL_DIFFERS',
    'unparked taken up again by ana: item created',
  ])
}) // prettier-ignore

test('the time from arrival to done begins with what the last good try had not seen', async () => {
  const ledger = await freshLedger()
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000)
  const arrived = async (deliveryId: string, minutes: number) => {
    await receive(ledger, [hint(1, {deliveryId, receivedAt: minutesAgo(minutes)})])
    const [job] = await ledger.queue.fetchSubjects('orders', [`${SHOP}/1`], 1)
    return job
  }
  const done = async (job: Job | undefined, minutes: number) => {
    if (job !== undefined) await settle(ledger, [settlement(job, {as: 'done'})], batch({startedAt: minutesAgo(minutes)}))
  }

  const first = await arrived('1', 60)
  await done(first, 30)
  const second = await arrived('2', 20)
  await done(second, 10)

  const {entries} = await history(ledger.db, 'orders', `${SHOP}/1`)
  const times = entries.filter(({summary}) => summary.startsWith('done')).map(({detail}) => (detail as {arrivedAt: string}).arrivedAt) // prettier-ignore
  expect(times.map((at) => Math.round((Date.now() - Date.parse(at)) / 60_000))).toEqual([60, 20])
}) // prettier-ignore

test('a conflict is told with what the person entered, and who decided it; a detail of the customer is not shown', async () => {
  const ledger = await freshLedger()
  const conflict = (field: string, change: Record<string, unknown>) =>
    ledger.db('conflicts').insert({
      flow: 'orders', subject: `${SHOP}/1`, name: '#1', record_type: 'salesOrder', external_id: 'SHOPIFY:ORDER:1', netsuite_id: '901', field,
      base: 'PO-1', held: 'PO-9', planned: 'PO-2', is_overwritten: true, run_id: 'run-1', ...change,
    }) // prettier-ignore
  await conflict('otherRefNum', {})
  await conflict('memo', {base: '~aaaa', held: '~bbbb', is_overwritten: false, times: 2})
  await ledger.db('conflicts').where({field: 'otherRefNum'}).update({
    state: 'kept_netsuite', resolved_at: ledger.db.fn.now(), resolved_by: 'ana', note: 'as agreed', restored_at: ledger.db.fn.now(),
  }) // prettier-ignore

  expect((await linesOf(ledger, 1)).map((text) => text.replace(/conflict \d+/, 'conflict N'))).toEqual([
    `conflict conflict N: a person changed otherRefNum in NetSuite from "PO-1" to "PO-9"; Shopify's value is written over it`,
    'conflict conflict N: a person changed memo in NetSuite; it is left as it is, found 2 times',
    "conflict conflict N on otherRefNum: ana kept NetSuite's value: as agreed",
    'conflict conflict N on otherRefNum: the value that was kept stands in NetSuite again',
  ])
}) // prettier-ignore

describe('what is kept for the trace', () => {
  test('comes with the settlement or not at all', async () => {
    const ledger = await freshLedger()
    const [job] = await taken(ledger, 1)
    if (job === undefined) throw new Error('a job was queued')
    const end = settlement(job, {as: 'done'}, {writes: [write(job.subject)], plan: plan(job.subject, 'a')})
    for (const table of TABLES) {
      await ledger.db.raw(`create function fail() returns trigger language plpgsql as $$ begin raise 'no'; end $$`)
      await ledger.db.raw(`create trigger fail before insert on ${table} for each row execute function fail()`)
      await expect(settle(ledger, [end], batch())).rejects.toThrow('no')
      await ledger.db.raw('drop function fail() cascade')
    }
    expect(await counts(ledger)).toEqual({batches: 0, tries: 0, requests: 0, plans: 0})
    expect(await ledger.db('writes').select('*')).toEqual([])

    await settle(ledger, [end], batch())
    expect(await counts(ledger)).toEqual({batches: 1, tries: 1, requests: 1, plans: 1})
  })

  test('cannot be changed, only added to', async () => {
    const ledger = await freshLedger()
    const [job] = await taken(ledger, 1)
    if (job !== undefined)
      await settle(ledger, [settlement(job, {as: 'done'}, {plan: plan(job.subject, 'a')})], batch())

    for (const table of TABLES) {
      await expect(ledger.db.raw(`update ${table} set id = default`)).rejects.toThrow('append-only')
      await expect(ledger.db(table).delete()).rejects.toThrow('append-only')
      await expect(ledger.db.raw(`truncate ${table}`)).rejects.toThrow('append-only')
    }
  })
})
