import {expect, test} from 'vitest'

import {openIntake, type Arrival} from '../../../src/lib/ledger/intake.ts'
import type {Ledger} from '../../../src/lib/ledger/open.ts'
import {settle} from '../../../src/lib/ledger/settle.ts'
import {arrivalChoice, listArrivals, webhookOverview} from '../../../src/lib/ops/arrivals.ts'
import {replayDeliveries, type ReplayReport} from '../../../src/lib/ops/replay.ts'
import {systemClock} from '../../../src/lib/core/clock.ts'
import {freshLedger} from '../../support/fresh-ledger.ts'
import {SHOP, settlement} from '../../support/hints.ts'
import {playShop} from '../shopify/sandbox-shop.ts'

/** A delivery as the listener records it. A test states only what it changes. */
function delivery(id: number, change: Partial<Arrival> = {}): Arrival {
  return {
    deliveryId: `delivery-${id}`,
    flow: 'orders',
    subject: `${SHOP}/${id}`,
    name: `#${id}`,
    topic: 'orders/paid',
    body: Buffer.from(JSON.stringify({id})),
    receivedAt: new Date(`2026-11-24T09:0${id % 10}:00Z`),
    ...change,
  }
}

/** What arrived, with every order worked meanwhile. */
async function arrived(ledger: Ledger, ...deliveries: Arrival[]): Promise<void> {
  const intake = openIntake(ledger)
  await intake.record(deliveries)
  await intake.close()
  const jobs = await ledger.queue.fetch('orders', 100)
  await settle(
    ledger,
    jobs.map((job) => settlement(job, {as: 'done'})),
  )
}

let runs = 0
function replay(
  ledger: Ledger,
  words: string[],
  choice: Parameters<typeof arrivalChoice>[0] = {},
  dryRun = false,
): Promise<ReplayReport> {
  const deps = {ledger, clock: systemClock, runId: `run-${++runs}`}
  return replayDeliveries(deps, {words, choice: arrivalChoice(choice), dryRun})
}

async function waiting(ledger: Ledger): Promise<string[]> {
  return (await ledger.queue.list('orders', {limit: 100})).map(({name}) => name ?? '').toSorted()
}

test('deliveries of a time and topic queue their orders again, each once', async () => {
  const ledger = await freshLedger()
  await arrived(ledger, delivery(1), delivery(2), delivery(3, {topic: 'orders/create'}), delivery(5))
  await arrived(ledger, delivery(12, {subject: `${SHOP}/2`, name: '#2'}))

  const report = await replay(ledger, [], {topic: 'orders/paid', since: '2026-11-24T09:02', until: '2026-11-24T09:05'})

  expect(report).toMatchObject({deliveries: 2, orders: 1, subjects: [`${SHOP}/2`]})
  expect(await waiting(ledger)).toEqual(['#2'])
})

test('an order that waits already is not queued twice, and who replayed stands in its history', async () => {
  const ledger = await freshLedger()
  await arrived(ledger, delivery(1))

  await replay(ledger, ['#1'])
  await replay(ledger, ['delivery-1'])

  expect(await waiting(ledger)).toEqual(['#1'])
  const events = await ledger.db('events').where({source: 'hand'}).select('topic', 'delivery_id')
  expect(events.map((event: {topic: string}) => event.topic)).toEqual([
    'replay of orders/paid',
    'replay of orders/paid',
  ])
})

test('what no delivery is stored of is told, and the rest is queued', async () => {
  const ledger = await freshLedger()
  await arrived(ledger, delivery(1))

  const report = await replay(ledger, ['#1', '#2', 'no-such-delivery'])

  expect(report).toMatchObject({orders: 1, unknown: ['#2', 'no-such-delivery']})
})

test('a delivery that an older program did not understand is read again', async () => {
  const ledger = await freshLedger()
  const body = Buffer.from(JSON.stringify({id: 77, order_id: 7, name: '#7'}))
  await arrived(
    ledger,
    delivery(1, {flow: 'unreadable', subject: SHOP, name: null, body: Buffer.from('{')}),
    delivery(2, {flow: 'unreadable', subject: SHOP, name: null, topic: 'refunds/create', body}),
    delivery(3, {flow: 'ignored', subject: SHOP, name: null, topic: 'products/update'}),
  )

  const report = await replay(ledger, [], {since: '2026-11-24', until: '2026-11-24'})

  expect(report).toMatchObject({deliveries: 3, orders: 1, idle: 2, subjects: [`${SHOP}/7`]})
  expect(await ledger.queue.counts('orders')).toMatchObject({waiting: 1})
})

test('a dry run names the orders and queues nothing', async () => {
  const ledger = await freshLedger()
  await arrived(ledger, delivery(1))

  expect(await replay(ledger, ['#1'], {}, true)).toMatchObject({orders: 1, dryRun: true})
  expect(await waiting(ledger)).toEqual([])
})

test('a replay of everything must be asked for: nothing named is refused', async () => {
  const ledger = await freshLedger()

  await expect(replay(ledger, [])).rejects.toMatchObject({code: 'NOTHING_CHOSEN'})
})

test('more deliveries than one reading takes are all replayed', async () => {
  const ledger = await freshLedger()
  const many = Array.from({length: 1203}, (_, n) => delivery(n + 1, {receivedAt: new Date('2026-11-24T10:00:00Z')}))
  const intake = openIntake(ledger)
  for (let at = 0; at < many.length; at += 300) await intake.record(many.slice(at, at + 300))
  await intake.close()

  expect(await replay(ledger, [], {since: '2026-11-24'})).toMatchObject({deliveries: 1203, orders: 1203})
  expect(await ledger.queue.counts('orders')).toMatchObject({waiting: 1203})
})

test('deliveries are listed newest first, with the reason of each that queued nothing', async () => {
  const ledger = await freshLedger()
  await arrived(
    ledger,
    delivery(1),
    delivery(2, {flow: 'unreadable', subject: SHOP, name: null, body: Buffer.from('{')}),
    delivery(3, {flow: 'ignored', subject: SHOP, name: null, topic: 'products/update'}),
  )
  const since = '2026-11-24'

  expect((await listArrivals(ledger, arrivalChoice({since}), 2)).map(({outcome, why}) => [outcome, why])).toEqual([
    ['ignored', 'nothing works this topic'],
    ['unreadable', 'no JSON'],
  ])
  expect(await listArrivals(ledger, arrivalChoice({since, outcome: 'queued'}), 9)).toMatchObject([
    {name: '#1', why: null},
  ])
  expect(await listArrivals(ledger, arrivalChoice({since: '2026-11-25'}), 9)).toEqual([])
})

test('each subscription is shown with what it brought, and what was ignored is counted', async () => {
  const ledger = await freshLedger()
  await arrived(ledger, delivery(1), delivery(2))
  await arrived(ledger, delivery(3, {flow: 'ignored', subject: SHOP, name: null, topic: 'products/update'}))
  await arrived(ledger, delivery(4, {subject: 'other.myshopify.com/4'}))
  const played = await playShop()
  const {subscriptions} = played.client

  const overview = await webhookOverview({ledger, subscriptions, shop: SHOP}, null, new Date('2026-11-24'))
  await played.stop()

  expect(overview.subscriptions.find(({topic}) => topic === 'orders/paid')).toMatchObject({
    state: 'missing',
    arrivals: 2,
    lastArrival: new Date('2026-11-24T09:02:00Z'),
  })
  expect(overview.arrivals.find(({outcome}) => outcome === 'ignored')).toMatchObject({
    topic: 'products/update',
    count: 1,
  })
})

test.each([
  [{since: 'yesterday'}, '--since yesterday'],
  [{since: '2026-11-24', until: '2026-11-23'}, 'not before'],
])('a window that cannot be is refused: %j', (asked, text) => {
  expect(() => arrivalChoice(asked)).toThrow(
    expect.objectContaining({code: 'FLAGS_INVALID', message: expect.stringContaining(text) as string}),
  )
})
