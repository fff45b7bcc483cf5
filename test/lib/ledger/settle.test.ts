import fc from 'fast-check'
import {expect, test} from 'vitest'

import {receive} from '../../../src/lib/ledger/events.ts'
import {findLinks} from '../../../src/lib/ledger/links.ts'
import type {Ledger} from '../../../src/lib/ledger/open.ts'
import {countParkedByCode, listParked} from '../../../src/lib/ledger/parked.ts'
import {settle} from '../../../src/lib/ledger/settle.ts'
import type {Job, Settlement} from '../../../src/lib/ledger/types.ts'
import {lastWrites} from '../../../src/lib/ledger/writes.ts'
import {freshLedger} from '../../support/fresh-ledger.ts'
import {hint, link, PARKED, settlement, SHOP, write} from '../../support/hints.ts'

async function taken(ledger: Ledger, ...ids: number[]): Promise<Job[]> {
  await receive(
    ledger,
    ids.map((id) => hint(id, {deliveryId: `${id}-${Math.random()}`})),
  )
  const jobs = await ledger.queue.fetchSubjects(
    'orders',
    ids.map((id) => `${SHOP}/${id}`),
    ids.length,
  )
  return jobs.sort((a, b) => (a.subject < b.subject ? -1 : 1))
}

async function all(ledger: Ledger) {
  const tables = ['writes', 'links', 'parked', 'postponed']
  const counts = await Promise.all(tables.map((table) => ledger.db(table).count<{count: string}[]>('*')))
  return {
    ...Object.fromEntries(tables.map((table, i) => [table, Number(counts[i]?.[0]?.count)])),
    ...(await ledger.queue.counts('orders')),
  }
}

const ENDS: Settlement['end'][] = [
  {as: 'done'},
  {as: 'retry', afterMs: 60_000, code: 'NETSUITE_BUSY', message: 'too many requests'},
  PARKED,
  {as: 'released'},
]

test('each order ends as it should: done, tried again later, parked, given back', async () => {
  const ledger = await freshLedger()
  const jobs = await taken(ledger, 1, 2, 3, 4)

  const settled = await settle(
    ledger,
    jobs.map((job, i) => settlement(job, ENDS[i] ?? PARKED, {writes: [write(job.subject)], links: [link(i + 1)]})),
  )

  expect(settled).toEqual({lost: [], contradicted: []})
  expect(await all(ledger)).toEqual({
    writes: 4,
    links: 4,
    parked: 1,
    postponed: 2,
    waiting: 0,
    running: 0,
    retrying: 2,
  })
  expect((await ledger.queue.fetch('orders', 10)).map((job) => [job.subject, job.attempt])).toEqual([[`${SHOP}/4`, 1]])
})

test('a settlement that fails at any point leaves nothing of itself', async () => {
  const ledger = await freshLedger()
  const jobs = await taken(ledger, 1, 2, 3, 4)
  const before = await all(ledger)
  const ends = jobs.map((job, i) =>
    settlement(job, ENDS[i] ?? PARKED, {writes: [write(job.subject)], links: [link(i + 1)]}),
  )
  for (const table of ['writes', 'links', 'parked', 'postponed', `${ledger.schemas.queue}.job_common`]) {
    await ledger.db.raw(`create function fail() returns trigger language plpgsql as $$ begin raise 'no'; end $$`)
    await ledger.db.raw(`create trigger fail before insert or update on ${table} for each row execute function fail()`)
    await expect(settle(ledger, ends)).rejects.toThrow('no')
    await ledger.db.raw('drop function fail() cascade')
    expect(await all(ledger)).toEqual(before)
  }
  expect(await settle(ledger, ends)).toEqual({lost: [], contradicted: []})
})

test('an order that was parked and then succeeds is not parked any more, and the history keeps that it was', async () => {
  const ledger = await freshLedger()
  const [first] = await taken(ledger, 1)
  if (first !== undefined) await settle(ledger, [settlement(first, PARKED)])
  const [again] = await taken(ledger, 1)
  if (again !== undefined) await settle(ledger, [settlement(again, PARKED)])
  expect(await listParked(ledger.db)).toMatchObject([{name: '#1', code: 'SKU_UNMAPPED', attempts: 2}])
  expect(await countParkedByCode(ledger.db)).toEqual(new Map([['SKU_UNMAPPED', 1]]))

  const [third] = await taken(ledger, 1)
  if (third !== undefined) await settle(ledger, [settlement(third, {as: 'done'})])

  expect(await listParked(ledger.db)).toEqual([])
  expect(await ledger.db('parked').select('resolved_by')).toEqual([{resolved_by: 'done'}])
})

test('a hint during a job that must wait does not cut the wait short, unless a person asks', async () => {
  const ledger = await freshLedger()
  const [job] = await taken(ledger, 1)
  await receive(ledger, [hint(1, {deliveryId: 'during'})])
  if (job !== undefined) await settle(ledger, [settlement(job, ENDS[1] ?? PARKED)])
  await receive(ledger, [hint(1, {deliveryId: 'after'})])
  expect(await ledger.queue.counts('orders')).toEqual({waiting: 0, running: 0, retrying: 1})
  expect(await ledger.queue.fetch('orders', 10)).toEqual([])

  await receive(ledger, [hint(1, {deliveryId: 'asked', source: 'hand'})])

  expect(await ledger.queue.fetch('orders', 10)).toMatchObject([{subject: `${SHOP}/1`, attempt: 2}])
})

test('a worker that was silent too long keeps its writes, but the one who took over decides how the job ends', async () => {
  const ledger = await freshLedger({monitorSeconds: 1})
  const [job] = await taken(ledger, 1)
  await ledger.db.raw(`update ${ledger.schemas.queue}.job set heartbeat_on = now() - interval '11 s'`)
  await ledger.db.raw(`update ${ledger.schemas.queue}.queue set monitor_claim_on = null, monitor_on = null`)
  await new Promise((resolve) => setTimeout(resolve, 300))
  const [other] = await ledger.queue.fetch('orders', 1)
  expect(other).toMatchObject({id: job?.id, attempt: 2})

  const late = job === undefined ? [] : [settlement(job, PARKED, {writes: [write(job.subject)], links: [link(1)]})]
  expect(await settle(ledger, late)).toEqual({lost: [job], contradicted: []})

  expect(await all(ledger)).toMatchObject({writes: 1, links: 1, parked: 0, running: 1})
})

test('one order whose link contradicts the ledger is parked; the others of the batch are settled', async () => {
  const ledger = await freshLedger()
  const jobs = await taken(ledger, 1, 2, 3)
  const ends = jobs.map((job, i) => settlement(job, {as: 'done'}, {links: [link(i + 1, i === 1 ? {netsuiteId: '901'} : {})]})) // prettier-ignore

  const {contradicted} = await settle(ledger, ends)

  expect(contradicted).toEqual([link(2, {netsuiteId: '901'})])
  expect(await listParked(ledger.db)).toMatchObject([{subject: `${SHOP}/2`, code: 'LINK_CONTRADICTED'}])
  expect([...(await findLinks(ledger.db, 'salesOrder', SHOP, ['1', '2', '3'])).keys()].sort()).toEqual(['1', '3'])
})

test('the record of writes cannot be changed, only added to', async () => {
  const ledger = await freshLedger()
  const [job] = await taken(ledger, 1)
  if (job !== undefined) await settle(ledger, [settlement(job, {as: 'done'}, {writes: [write(job.subject)]})])

  await expect(ledger.db('writes').update({outcome: 'rejected'})).rejects.toThrow('append-only')
  await expect(ledger.db('writes').delete()).rejects.toThrow('append-only')
  await expect(ledger.db.raw('truncate writes')).rejects.toThrow('append-only')
})

test('the last attempt counts, whatever came before, and every kind of text survives in it', async () => {
  const ledger = await freshLedger()
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({unit: 'binary'}), {minLength: 1, maxLength: 5}), async (texts) => {
      const [job] = await taken(ledger, 1)
      const writes = texts.map((text, i) =>
        write(`${SHOP}/1`, {planHash: `h${i}`, sent: {text, at: 1n}, outcome: 'updated'}),
      )
      if (job !== undefined) await settle(ledger, [settlement(job, {as: 'done'}, {writes})])
      const last = await lastWrites(ledger.db, 'salesOrder', ['SHOPIFY:ORDER:1', 'SHOPIFY:ORDER:2'])
      expect([...last.keys()]).toEqual(['SHOPIFY:ORDER:1'])
      expect(last.get('SHOPIFY:ORDER:1')).toMatchObject({planHash: `h${texts.length - 1}`, outcome: 'updated'})
      const row = await ledger.db<{sent: {text: string}}>('writes').select('sent').orderBy('id', 'desc').first()
      expect(row?.sent.text).toBe(texts.at(-1))
    }),
    {numRuns: 20},
  )
})
