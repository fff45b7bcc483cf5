import {randomUUID} from 'node:crypto'

import fc from 'fast-check'
import pg from 'pg'
import {expect, onTestFinished, test} from 'vitest'

import {receive} from '../../../src/lib/ledger/events.ts'
import {openIntake, type Arrival, type Intake} from '../../../src/lib/ledger/intake.ts'
import type {Ledger} from '../../../src/lib/ledger/open.ts'
import {park} from '../../../src/lib/ledger/parked.ts'
import {freshLedger} from '../../support/fresh-ledger.ts'
import {hint, SHOP} from '../../support/hints.ts'

async function fresh(): Promise<{ledger: Ledger & {url: string}; intake: Intake}> {
  const ledger = await freshLedger()
  const intake = openIntake(ledger)
  onTestFinished(() => intake.close())
  return {ledger, intake}
}

/** The arrival of the same hint. */
function arrival(id: number, change: Partial<Arrival> = {}): Arrival {
  const {deliveryId, subject, name, topic, body, receivedAt} = hint(id)
  return {deliveryId, flow: 'orders', subject, name, topic, body: Buffer.from(body), receivedAt, ...change}
}

type Event = Record<string, unknown> & {flow: string; delivery_id: string; body: Buffer}
const eventsOf = (ledger: Ledger) => ledger.db<Event>('events').select().orderBy('delivery_id')
const jobsOf = async (ledger: Ledger) =>
  (await ledger.db.raw(`select * from ${ledger.schemas.queue}.job order by singleton_key`)).rows as Record<
    string,
    unknown
  >[]

test('a webhook leaves the very rows that a sweep leaves, in events and in the queue', async () => {
  const [one, other] = [await fresh(), await fresh()]
  await one.intake.record([arrival(1), arrival(2, {name: null})])
  await receive(other.ledger, [hint(1), hint(2, {name: null})])

  const [ours, theirs] = [await jobsOf(one.ledger), await jobsOf(other.ledger)]
  expect(ours).toHaveLength(2)
  const spanMs = (job: Record<string, unknown>) => Number(job['keep_until']) - Number(job['start_after'])
  expect(ours.map(spanMs)).toEqual(theirs.map(spanMs))
  const lasting = ({id: _, created_on: __, start_after: ___, keep_until: ____, ...rest}: Record<string, unknown>) =>
    rest
  expect(ours.map(lasting)).toEqual(theirs.map(lasting))
  const kept = ({id: _, recorded_at: __, ...rest}: Record<string, unknown>) => rest
  expect((await eventsOf(one.ledger)).map(kept)).toEqual((await eventsOf(other.ledger)).map(kept))
})

test('a delivery that comes twice is recorded and queued once, also within one commit', async () => {
  const {ledger, intake} = await fresh()

  expect(await intake.record([arrival(1), arrival(2), arrival(1)])).toEqual(['recorded', 'recorded', 'seen'])
  expect(await intake.record([arrival(3), arrival(2)])).toEqual(['recorded', 'seen'])

  expect(await ledger.queue.counts('orders')).toEqual({waiting: 3, running: 0, retrying: 0})
})

test('commits and sweeps side by side leave one job an order and one event a delivery', async () => {
  const {ledger, intake} = await fresh()
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({min: 1, max: 20}), {minLength: 1, maxLength: 60}), async (ids) => {
      await ledger.db.raw(`truncate events; delete from ${ledger.schemas.queue}.job`)
      const arrivals = ids.map((id, i) => arrival(id, {deliveryId: `d${i}`}))
      const hints = ids.map((id, i) => hint(id, {deliveryId: `d${i}`}))
      const [first, second] = await Promise.all([
        intake.record(arrivals),
        intake.record(arrivals.toReversed()),
        receive(ledger, hints.toReversed()),
      ])
      const {waiting} = await ledger.queue.counts('orders')
      expect([waiting, (await eventsOf(ledger)).length]).toEqual([new Set(ids).size, ids.length])
      const recorded = [...first, ...second].filter((result) => result === 'recorded')
      expect(recorded.length).toBeLessThanOrEqual(ids.length)
    }),
    {numRuns: 15},
  )
})

test('an order that is worked on is queued once more, and one that waits behind a backfill goes first', async () => {
  const {ledger, intake} = await fresh()
  await receive(ledger, [hint(1)])
  await ledger.queue.fetch('orders', 1)
  await receive(
    ledger,
    [2, 3].map((id) => hint(id, {source: 'backfill'})),
  )

  await intake.record([arrival(1, {deliveryId: 'again'}), arrival(3)])

  expect(await ledger.queue.counts('orders')).toEqual({waiting: 3, running: 1, retrying: 0})
  const next = await ledger.queue.fetchSubjects('orders', [`${SHOP}/2`, `${SHOP}/3`], 1)
  expect(next.map(({subject}) => subject)).toEqual([`${SHOP}/3`])
})

test('what a person set aside is recorded and stays aside', async () => {
  const {ledger, intake} = await fresh()
  await receive(ledger, [hint(1)])
  const reason = {code: 'PARKED_BY_HAND', message: 'wait', hint: 'ask the customer', owner: null, who: 'ada'}
  await park(ledger, 'orders', [`${SHOP}/1`], reason)

  expect(await intake.record([arrival(1, {deliveryId: 'later'})])).toEqual(['recorded'])

  expect(await ledger.queue.counts('orders')).toEqual({waiting: 0, running: 0, retrying: 0})
})

test('a topic of no flow, and a body that says nothing, are kept and queue nothing', async () => {
  const {ledger, intake} = await fresh()

  await intake.record([
    arrival(1, {flow: 'ignored', subject: SHOP, topic: 'customers/update'}),
    arrival(2, {flow: 'unreadable', subject: SHOP, body: Buffer.from([0, 255, 128])}),
  ])

  expect((await eventsOf(ledger)).map(({flow, body}) => [flow, body.length])).toEqual([
    ['ignored', arrival(1).body.length],
    ['unreadable', 3],
  ])
  expect(await jobsOf(ledger)).toEqual([])
})

test('when the queue refuses, no event is recorded either', async () => {
  const {ledger, intake} = await fresh()
  await ledger.db.raw(`alter table ${ledger.schemas.queue}.job_common add check (singleton_key <> '${SHOP}/3')`)

  await expect(intake.record([arrival(1), arrival(2), arrival(3)])).rejects.toThrow('check')

  expect(await eventsOf(ledger)).toEqual([])
  expect(await jobsOf(ledger)).toEqual([])
})

test('every byte of every body arrives, whatever bytes they are', async () => {
  const {ledger, intake} = await fresh()
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({maxLength: 400}), {minLength: 1, maxLength: 20}), async (bodies) => {
      const arrivals = bodies.map((body, i) => arrival(i, {deliveryId: randomUUID(), body: Buffer.from(body)}))
      await intake.record(arrivals)
      const rows = await eventsOf(ledger)
      const stored = new Map(rows.map((row) => [row.delivery_id, row.body]))
      expect(arrivals.map(({deliveryId}) => stored.get(deliveryId))).toEqual(arrivals.map(({body}) => body))
    }),
    {numRuns: 20},
  )
})

test('a commit waits for the disk, also on a server that by itself would not', async () => {
  const {ledger, intake} = await fresh()
  await ledger.db.raw(`
    create table settings_at_commit (setting text);
    create function note_setting() returns trigger language plpgsql as
      $$ begin insert into tieout.settings_at_commit values (current_setting('synchronous_commit')); return null; end $$;
    create constraint trigger at_commit after insert on events deferrable initially deferred
      for each row execute function note_setting();
    do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$`)

  await intake.record([arrival(1)])

  expect(await ledger.db('settings_at_commit').select()).toEqual([{setting: 'on'}])
})

test('a queue that asks for it wakes its workers with the commit', async () => {
  const {ledger, intake} = await fresh()
  const channel = ledger.db.raw(
    `select 'pgboss_' || left(encode(sha224('${ledger.schemas.queue}'::bytea), 'hex'), 24) as name`,
  )
  const worker = new pg.Client({connectionString: ledger.url})
  await worker.connect()
  onTestFinished(() => worker.end())
  await worker.query(`listen "${String(((await channel).rows as {name: string}[])[0]?.name)}"`)
  await ledger.db.raw(`update ${ledger.schemas.queue}.queue set notify = true`)
  const woken = new Promise<string | undefined>((resolve) =>
    worker.once('notification', (told: pg.Notification) => resolve(told.payload)),
  )

  await intake.record([arrival(1)])

  expect(await woken).toBe('orders')
})
