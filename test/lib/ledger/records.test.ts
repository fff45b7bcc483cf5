import fc from 'fast-check'
import {expect, test} from 'vitest'

import {advanceCursor, getCursor} from '../../../src/lib/ledger/cursors.ts'
import {receive} from '../../../src/lib/ledger/events.ts'
import {findSubjects, history} from '../../../src/lib/ledger/history.ts'
import {findItems, itemsReadAt, saveItems} from '../../../src/lib/ledger/items.ts'
import {withFlowLock} from '../../../src/lib/ledger/locks.ts'
import {listParked, park, unpark} from '../../../src/lib/ledger/parked.ts'
import {beginRun, endRun, lastRuns} from '../../../src/lib/ledger/runs.ts'
import {settle} from '../../../src/lib/ledger/settle.ts'
import type {CachedItem} from '../../../src/lib/ledger/types.ts'
import {countOutcomes} from '../../../src/lib/ledger/writes.ts'
import {freshLedger} from '../../support/fresh-ledger.ts'
import {hint, link, PARKED, settlement, SHOP, write} from '../../support/hints.ts'

test('a cursor never goes back, in whatever order sweeps end', async () => {
  const ledger = await freshLedger()
  expect(await getCursor(ledger.db, 'sweep')).toBeNull()
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({min: 0, max: 1e9}), {minLength: 1, maxLength: 8}), async (steps) => {
      await ledger.db('cursors').delete()
      await Promise.all(steps.map((at) => advanceCursor(ledger.db, 'sweep', new Date(at))))
      expect((await getCursor(ledger.db, 'sweep'))?.getTime()).toBe(Math.max(...steps))
    }),
    {numRuns: 15},
  )
})

test('a run is on record from its start, and how it ended is not overwritten', async () => {
  const ledger = await freshLedger()
  const run = await beginRun(ledger.db, {command: 'orders:push', flags: ['--since', '2026-11-01'], who: 'ana'})
  expect(run).toMatchObject({endedAt: null, outcome: null})

  await endRun(ledger.db, run.id, {outcome: 'exit 0', counts: {written: 3}})
  await endRun(ledger.db, run.id, {outcome: 'exit 1', counts: null})

  expect(await lastRuns(ledger.db, {command: 'orders:push', limit: 5})).toMatchObject([
    {id: run.id, who: 'ana', flags: ['--since', '2026-11-01'], outcome: 'exit 0', counts: {written: 3}},
  ])
})

test('items are found by SKU: several items of one SKU, several SKUs of one item, and renamed ones are forgotten', async () => {
  const ledger = await freshLedger()
  const readAt = new Date('2026-11-24T10:00:00Z')
  const item = (netsuiteId: string, sku: string): CachedItem => ({netsuiteId, sku, itemType: 'InvtPart', isInactive: false, readAt}) // prettier-ignore
  await saveItems(ledger.db, [item('1', 'TEE'), item('2', 'TEE'), item('1', '4006381333931'), item('3', "O'CAP\u0000")])

  expect((await findItems(ledger.db, ['TEE'])).map((one) => one.netsuiteId).sort()).toEqual(['1', '2'])
  expect(await findItems(ledger.db, ['4006381333931', 'NONE'])).toEqual([item('1', '4006381333931')])
  expect(await findItems(ledger.db, ["O'CAP\u0000"])).toHaveLength(1)
  expect(await itemsReadAt(ledger.db)).toEqual(readAt)

  await saveItems(ledger.db, [{...item('2', 'TEE'), isInactive: true}], ['TEE'])
  expect(await findItems(ledger.db, ['TEE'])).toEqual([{...item('2', 'TEE'), isInactive: true}])
})

test('two runs of one flow exclude each other; the second learns since when the first runs', async () => {
  const ledger = await freshLedger()

  await withFlowLock(ledger, 'orders:push', async () => {
    await expect(withFlowLock(ledger, 'orders:push', () => Promise.resolve())).rejects.toMatchObject({
      code: 'ALREADY_RUNNING',
      exitCode: 11,
      message: expect.stringMatching(/^orders:push already runs since \d{4}-/) as string,
    })
    expect(await withFlowLock(ledger, 'orders:sweep', () => Promise.resolve('free'))).toBe('free')
  })

  expect(await withFlowLock(ledger, 'orders:push', () => Promise.resolve('free'))).toBe('free')
})

test('the work learns when the lock is lost with its connection', async () => {
  const ledger = await freshLedger()

  const reason = await withFlowLock(ledger, 'orders:push', async (lockLost) => {
    const lost = new Promise((resolve) => lockLost.addEventListener('abort', () => resolve(lockLost.reason)))
    await ledger.db.raw(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'tieout orders%' and datname = current_database()",
    )
    return lost
  })

  expect(reason).toMatchObject({code: 'DATABASE_LOST'})
})

test('the history of an order tells everything in the order of time, with the persons', async () => {
  const ledger = await freshLedger()
  const run = await beginRun(ledger.db, {command: 'orders:push', flags: [], who: 'cron'})
  await receive(ledger, [hint(1001)])
  const take = async () => {
    const [job] = await ledger.queue.fetch('orders', 1)
    if (job === undefined) throw new Error('a job was queued')
    return job
  }
  await settle(ledger, [settlement(await take(), {as: 'retry', afterMs: 0, code: 'NETSUITE_BUSY', message: 'busy'})])
  await settle(ledger, [settlement(await take(), PARKED)])
  await unpark(ledger, 'orders', [`${SHOP}/1001`], {who: 'ana', note: 'item created'})
  const last = await take()
  await settle(ledger, [
    settlement(last, {as: 'done'}, {writes: [write(last.subject, {runId: run.id})], links: [link(1001)]}),
  ])

  const {entries} = await history(ledger.db, 'orders', `${SHOP}/1001`)

  expect(entries.map((entry) => entry.kind)).toEqual(['event', 'job', 'parked', 'unparked', 'write', 'link'])
  expect(entries.map((entry) => entry.summary).join('\n')).toMatch(
    /NETSUITE_BUSY[\s\S]*SKU_UNMAPPED[\s\S]*ana: item created/,
  )
  expect(entries[4]?.detail).toMatchObject({command: 'orders:push', who: 'cron'})
  expect(await countOutcomes(ledger.db, 24)).toEqual({written: 1})
})

test('an update that is only announced counts as no attempt', async () => {
  const ledger = await freshLedger()
  await receive(ledger, [hint(1001)])
  const [job] = await ledger.queue.fetch('orders', 1)
  if (job === undefined) throw new Error('a job was queued')
  const lost = write(job.subject, {outcome: 'unknown', reply: {code: 'NETSUITE_REPLY_LOST'}})
  const announced = write(job.subject, {outcome: 'unknown', reply: null})
  await settle(ledger, [settlement(job, {as: 'done'}, {writes: [announced, lost, write(job.subject)]})])

  expect(await countOutcomes(ledger.db, 24)).toEqual({unknown: 1, written: 1})
})

test('an order is found by any of its names, and the closest meaning wins', async () => {
  const ledger = await freshLedger()
  await receive(ledger, [hint(5001, {name: '#1001'}), hint(1001, {name: '#7'}), hint(6, {name: '#5001'})])
  const [job] = await ledger.queue.fetchSubjects('orders', [`${SHOP}/5001`], 1)
  if (job === undefined) throw new Error('a job was queued')
  await settle(ledger, [
    settlement(job, {as: 'done'}, {writes: [write(job.subject, {remoteId: '42'})], links: [link(5001)]}),
  ])

  for (const text of [
    '#1001',
    '5001',
    'gid://shopify/Order/5001',
    `${SHOP}/5001`,
    'SHOPIFY:ORDER:5001',
    '42',
    ' #1001 ',
  ]) {
    expect(await findSubjects(ledger.db, text)).toEqual([`${SHOP}/5001`])
  }
  expect(await findSubjects(ledger.db, '1001')).toEqual([`${SHOP}/1001`])
  expect(await findSubjects(ledger.db, "'; drop table events; --")).toEqual([])
})

test('setting aside keeps owner and reason, also for an order that is parked already', async () => {
  const ledger = await freshLedger()
  await receive(ledger, [hint(1)])
  const [job] = await ledger.queue.fetch('orders', 1)
  if (job === undefined) throw new Error('a job was queued')
  await settle(ledger, [settlement(job, PARKED)])

  const reason = {code: 'PARKED_BY_HAND', message: 'customer disputes', hint: 'ask', owner: 'ana', who: 'bo'}
  await park(ledger, 'orders', [job.subject], reason)

  expect(await listParked(ledger.db, {code: 'PARKED_BY_HAND', limit: 10})).toMatchObject([
    {name: '#1', owner: 'ana', note: 'bo: customer disputes', attempts: 2},
  ])
  expect(await listParked(ledger.db, {subjects: [job.subject], flow: 'orders'})).toHaveLength(1)
})
