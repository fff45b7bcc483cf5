import fc from 'fast-check'
import {expect, test} from 'vitest'

import {receive} from '../../../src/lib/ledger/events.ts'
import {park, unpark} from '../../../src/lib/ledger/parked.ts'
import {settle} from '../../../src/lib/ledger/settle.ts'
import {freshLedger} from '../../support/fresh-ledger.ts'
import {hint, settlement, SHOP} from '../../support/hints.ts'

test('a delivery that comes twice is recorded and queued once', async () => {
  const ledger = await freshLedger()

  expect(await receive(ledger, [hint(1), hint(2), hint(1)])).toMatchObject({recorded: 2, seen: 1})
  expect(await receive(ledger, [hint(2), hint(3)])).toMatchObject({recorded: 1, seen: 1})

  expect(await ledger.queue.counts('orders')).toEqual({waiting: 3, running: 0, retrying: 0})
})

test('many hints at one order leave one job, and every hint on record', async () => {
  const ledger = await freshLedger()
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({min: 1, max: 20}), {minLength: 1, maxLength: 60}), async (ids) => {
      await ledger.db.raw(`truncate events; delete from ${ledger.schemas.queue}.job`)
      const hints = ids.map((id, i) => hint(id, {deliveryId: `d${i}`}))
      // Two deliveries at once, in different orders, as a webhook and a sweep would come.
      await Promise.all([receive(ledger, hints), receive(ledger, hints.toReversed())])
      const {waiting} = await ledger.queue.counts('orders')
      const [row] = await ledger.db('events').count<{count: string}[]>('*')
      expect([waiting, Number(row?.count)]).toEqual([new Set(ids).size, ids.length])
    }),
    {numRuns: 15},
  )
})

test('when the queue refuses, the event is not recorded either', async () => {
  const ledger = await freshLedger()
  await ledger.db.raw(`alter table ${ledger.schemas.queue}.job_common add check (singleton_key <> '${SHOP}/3')`)

  await expect(receive(ledger, [hint(1), hint(2), hint(3)])).rejects.toThrow('check')

  expect(await ledger.db('events').select()).toEqual([])
  expect(await ledger.queue.counts('orders')).toEqual({waiting: 0, running: 0, retrying: 0})
})

test('hostile text arrives: NUL, emoji, quotes, right-to-left, and the body byte by byte', async () => {
  const ledger = await freshLedger()
  const hostile = '\u0000 \'";]]> <x> \u202E🧾\uD800 ' + 'x'.repeat(10_000)

  await receive(ledger, [hint(1, {body: hostile, name: `#1${hostile}`, topic: hostile})])

  const row = await ledger.db<{body: Buffer; name: string}>('events').first()
  expect(row?.body).toEqual(Buffer.from(hostile))
  expect(row?.name).toContain('🧾')
  expect((await ledger.queue.fetch('orders', 1))[0]?.subject).toBe(`${SHOP}/1`)
})

test('a hint that comes while its order is worked on makes it run once more', async () => {
  const ledger = await freshLedger()
  await receive(ledger, [hint(1)])
  const [job] = await ledger.queue.fetch('orders', 10)
  await receive(ledger, [hint(1, {deliveryId: 'later'})])

  expect(await ledger.queue.fetch('orders', 10)).toEqual([]) // never twice at once
  if (job !== undefined) await settle(ledger, [settlement(job, {as: 'done'})])

  expect(await ledger.queue.fetch('orders', 10)).toHaveLength(1)
})

test('live orders go before a backfill, and a hint lifts an order out of it', async () => {
  const ledger = await freshLedger()
  await receive(ledger, [hint(1, {source: 'backfill'}), hint(2, {source: 'backfill'})])
  await receive(ledger, [hint(3), hint(2, {deliveryId: 'live'})])

  const order = []
  for (let i = 0; i < 3; i++) order.push(...(await ledger.queue.fetch('orders', 1)).map((job) => job.subject))

  expect(order).toEqual([`${SHOP}/2`, `${SHOP}/3`, `${SHOP}/1`])
})

test('what a person set aside stays aside, whatever hints come, until a person takes it up', async () => {
  const ledger = await freshLedger()
  await receive(ledger, [hint(1), hint(2)])
  const reason = {code: 'PARKED_BY_HAND', message: 'disputed', hint: 'ask Ana', owner: 'ana', who: 'bo'}
  await park(ledger, 'orders', [`${SHOP}/1`], reason)
  await receive(ledger, [hint(1, {deliveryId: 'later'})])

  expect((await ledger.queue.fetch('orders', 10)).map((job) => job.subject)).toEqual([`${SHOP}/2`])

  await unpark(ledger, 'orders', [`${SHOP}/1`], {who: 'ana', note: 'settled'})
  expect((await ledger.queue.fetch('orders', 10)).map((job) => job.subject)).toEqual([`${SHOP}/1`])
})

test('who claims what it queues holds it before any worker can see it', async () => {
  const ledger = await freshLedger()
  const subjects = ['shop/71', 'shop/72']
  const asked = subjects.map((subject, i) => ({...hint(71 + i), subject}))

  const {claimed} = await receive(ledger, asked, true)
  const others = await ledger.queue.fetchSubjects('orders', subjects, 10)
  const again = await receive(ledger, asked.map((one) => ({...one, deliveryId: `${one.deliveryId}-2`})), true) // prettier-ignore

  expect(claimed.map(({subject}) => subject).toSorted()).toEqual(subjects)
  expect(others).toEqual([])
  expect(again.claimed).toEqual([])
})

test('a server without room is told as such, without the statement, and takes everything once it has room', async () => {
  const ledger = await freshLedger()
  await ledger.db.raw(`create function no_room() returns trigger language plpgsql as $$ begin
    raise exception 'could not extend file "base/5/1": No space left on device' using errcode = '53100'; end $$`)
  await ledger.db.raw('create trigger no_room before insert on events for each row execute function no_room()')

  const refused = await receive(ledger, [hint(1), hint(2)]).catch((error: unknown) => error)
  await ledger.db.raw('drop trigger no_room on events')

  expect(refused).toMatchObject({code: 'DATABASE_FULL', message: expect.stringMatching(/no room: could not extend file/)}) // prettier-ignore
  expect(String((refused as Error).message)).not.toContain('insert into')
  expect(await receive(ledger, [hint(1), hint(2)])).toMatchObject({recorded: 2})
})
