import {expect, onTestFinished, test} from 'vitest'

import type {App} from '../../../src/app.ts'
import {queueOrders} from '../../../src/lib/sync/orders.ts'
import {workOrders, type WorkerOptions, type WorkReport} from '../../../src/lib/sync/worker.ts'
import {order} from '../../simulation/order.ts'
import {expectTiedOut, parkedCodes} from '../../simulation/tied-out.ts'
import {runOn} from '../../support/postgres.ts'
import {depsOf, world, type World} from '../../support/world.ts'

type Line = Readonly<{event: string}> & Readonly<Record<string, unknown>>
type Running = Readonly<{app: App; lines: readonly Line[]; stop(): Promise<WorkReport>}>

/** A worker of its own, as a process has it: it ends with the test. */
async function work(shop: World, change: Partial<WorkerOptions> = {}): Promise<Running> {
  const [app, ending] = [await shop.open(), new AbortController()]
  const lines: Line[] = []
  const ended = workOrders(depsOf(app), {
    signal: ending.signal,
    log: (event, facts) => void lines.push({event, ...facts}),
    knocks: Object.values(app.remotes().knocks),
    lanes: () => 6,
    ...change,
  })
  let isStopped = false
  const stop = async () => {
    ending.abort(new Error('the end'))
    const report = await ended
    if (!isStopped) await app.close('done')
    isStopped = true
    return report
  }
  onTestFinished(async () => void (await stop()))
  return {app, lines, stop}
}

/** Puts orders into the shop and queues them, as a webhook does. */
async function arrive({app}: Running, shop: World, ids: readonly number[]): Promise<void> {
  await shop.postOrders(ids.map((id) => order(id)), true) // prettier-ignore
  await hint(app, ids)
}

async function hint(app: App, ids: readonly number[]): Promise<void> {
  const hints = ids.map((id) => ({id: `gid://shopify/Order/${id}`, name: `#${id}`, updatedAt: ''}))
  await queueOrders({...depsOf(app), runId: `hint ${Math.random()}`}, 'webhook', hints)
}

async function until(what: string, isTrue: () => Promise<boolean>, withinMs: number): Promise<void> {
  const endMs = performance.now() + withinMs
  while (!(await isTrue())) {
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Asks by a connection of its own: those of the app may be broken by the test. */
const isDrained = (shop: World) => async () => {
  const [row] = await runOn<{n: number}>(shop.databaseUrl, "select count(*)::int as n from tieout_queue.job where state <= 'active'") // prettier-ignore
  return row?.n === 0
}
const eventsOf = ({lines}: Running) => lines.map(({event}) => event)

test('an order is taken at the moment that it is queued, not when somebody looks', async () => {
  const shop = await world()
  const worker = await work(shop, {pollMs: 600_000})
  await until('the worker listens', async () => listens(shop), 5000)

  await arrive(worker, shop, [1])
  await until('the order is written', isDrained(shop), 3000)
  await hint(worker.app, [1])
  await until('it is looked at again', isDrained(shop), 3000)

  expect(await worker.stop()).toMatchObject({counts: {written: 1, unchanged: 1, parked: 0}})
  await expectTiedOut(shop)
})

test('an order that must wait is done at its time, by whoever is free', async () => {
  const shop = await world()
  await shop.fault('netsuite', {kind: 'maintenance', count: 1})
  const worker = await work(shop, {pollMs: 200})
  await arrive(worker, shop, [1])
  await until('it waits', async () => (await worker.app.ledger.queue.counts('orders')).retrying === 1, 5000)
  await runOn(shop.databaseUrl, "update tieout_queue.job set start_after = now() + interval '1 s'")
  await worker.stop()
  const other = await work(shop, {pollMs: 60_000})

  await until('the other did it', isDrained(shop), 5000)

  expect(await other.stop()).toMatchObject({counts: {written: 1}})
})

test('a dead credential stops every worker, costs no attempt, is asked for by one, and all go on when it is good again', async () => {
  const shop = await world()
  await shop.fault('netsuite', {kind: 'login'})
  const workers = [await work(shop, {probeWaitsMs: [800]}), await work(shop, {probeWaitsMs: [800]})] as const
  const [first] = workers

  await arrive(first, shop, [1, 2, 3])
  await until('both have stopped', async () => workers.every((one) => eventsOf(one).includes('circuit-open')), 5000)
  const counts = () => first.app.ledger.queue.counts('orders')
  await until('the orders are given back', async () => (await counts()).running === 0, 2000)
  const before = await shop.stats('netsuite')
  await until(
    'it was asked again',
    async () => workers.some((one) => eventsOf(one).includes('circuit-still-open')),
    5000,
  )
  const asked = (await shop.stats('netsuite')).requests - before.requests
  await shop.calm()
  await until('everything is written', isDrained(shop), 8000)

  const attempts = await runOn<{most: number}>(
    shop.databaseUrl,
    'select max(retry_count) as most from tieout_queue.job',
  )
  expect(before.requests).toBeLessThanOrEqual(2)
  expect(asked).toBe(1)
  expect(attempts).toEqual([{most: 0}])
  for (const one of workers) expect(eventsOf(one).filter((event) => event === 'circuit-open')).toHaveLength(1)
  expect(await parkedCodes(shop)).toEqual({})
  await expectTiedOut(shop)
})

test('a permission that one order needs keeps the system shut although the login is good', async () => {
  const shop = await world()
  await shop.fault('netsuite', {kind: 'permission', match: {channel: 'soap', operation: 'addList'}})
  await shop.fault('netsuite', {kind: 'permission', match: {channel: 'soap', operation: 'add'}})
  const worker = await work(shop, {probeWaitsMs: [150], pollMs: 200})

  await arrive(worker, shop, [1, 2])
  await until(
    'it was tried again',
    async () => eventsOf(worker).filter((event) => event === 'circuit-still-open').length > 1,
    8000,
  )
  expect(eventsOf(worker)).not.toContain('circuit-closed')
  await shop.calm()
  await until('everything is written', isDrained(shop), 8000)

  expect(eventsOf(worker).filter((event) => event === 'circuit-closed')).toHaveLength(1)
  await expectTiedOut(shop)
})

test('connections to the database that break are told once, and the worker goes on by itself', async () => {
  const shop = await world()
  const worker = await work(shop)
  const ids = Array.from({length: 40}, (_, i) => i + 1)
  for (const part of [ids.slice(0, 20), ids.slice(20)]) {
    await arrive(worker, shop, part)
    for (let i = 0; i < 4; i++) {
      await new Promise((resolve) => setTimeout(resolve, 60))
      await breakConnections(shop)
    }
  }

  await until('everything is written', isDrained(shop), 28_000)

  const told = eventsOf(worker).filter((event) => event === 'held' || event === 'resumed')
  expect(told.length).toBeLessThanOrEqual(16)
  expect(told).toEqual(told.map((_, i) => (i % 2 === 0 ? 'held' : 'resumed')))
  expect(await parkedCodes(shop)).toEqual({})
  await expectTiedOut(shop)
}, 40_000)

test('an order whose end the ledger refuses is parked by itself; the worker and the others go on', async () => {
  const shop = await world()
  await runOn(shop.databaseUrl, `create function tieout.refuse() returns trigger language plpgsql as $$
    begin if new.subject like '%/2' then raise 'a bug'; end if; return new; end $$`) // prettier-ignore
  await runOn(shop.databaseUrl, 'create trigger refuse before insert on tieout.writes for each row execute function tieout.refuse()') // prettier-ignore
  const worker = await work(shop)

  await arrive(worker, shop, [2])
  await until('it is parked', async () => '#2' in (await parkedCodes(shop)), 8000)
  await arrive(worker, shop, [1, 3])
  await until('the others are written', async () => (await shop.salesOrders()).length === 3, 8000)
  await until('the queue is empty', isDrained(shop), 8000)

  expect(await parkedCodes(shop)).toEqual({'#2': 'UNEXPECTED'})
  expect(eventsOf(worker)).toContain('held')
})

test('the signal ends it after what is in flight; nothing stays taken', async () => {
  const shop = await world({latencyMs: 30})
  const worker = await work(shop)
  await arrive(
    worker,
    shop,
    Array.from({length: 30}, (_, i) => i + 1),
  )
  await until('it works', async () => (await worker.app.ledger.queue.counts('orders')).running > 0, 5000)

  await worker.stop()

  const states = await runOn<{state: string}>(shop.databaseUrl, 'select distinct state::text from tieout_queue.job')
  expect(states.map(({state}) => state)).not.toContain('active')
})

test('the minute hook runs beside the work, and its fault changes nothing', async () => {
  const shop = await world()
  let times = 0
  const tend = () => Promise.reject(new Error(`tended ${++times}`))
  const worker = await work(shop, {tend})

  await arrive(worker, shop, [1])
  await until('the order is written', isDrained(shop), 5000)

  expect(times).toBe(1)
  expect(worker.lines).toContainEqual({event: 'tend-failed', message: 'tended 1'})
})

async function listens(shop: World): Promise<boolean> {
  const rows = await runOn(shop.databaseUrl, "select 1 from pg_stat_activity where application_name = 'tieout worker' and query like 'listen tieout%' and state = 'idle' and datname = current_database()") // prettier-ignore
  return rows.length > 0
}

async function breakConnections(shop: World): Promise<void> {
  await runOn(shop.databaseUrl, "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and application_name like 'tieout%'") // prettier-ignore
}
