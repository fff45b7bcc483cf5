import {describe, expect, test} from 'vitest'

import type {App} from '../../../src/app.ts'
import {pushBatch} from '../../../src/lib/sync/batch.ts'
import {drainOrders, queueOrders} from '../../../src/lib/sync/orders.ts'
import {newReport} from '../../../src/lib/sync/report.ts'
import {outcomeOf, type OrderDeps} from '../../../src/lib/sync/work.ts'
import {order} from '../../simulation/order.ts'
import {expectTiedOut, parkedCodes} from '../../simulation/tied-out.ts'
import {letTimePass} from '../../support/crash.ts'
import {depsOf, world, type World} from '../../support/world.ts'

const calm = new AbortController().signal
const all = {verify: false, subjects: null, signal: calm, onProgress: () => undefined, patienceMs: 0}

async function queue(deps: OrderDeps, ids: readonly number[]): Promise<void> {
  await queueOrders(deps, 'webhook', ids.map((id) => ({id: `gid://shopify/Order/${id}`, name: `#${id}`, updatedAt: ''}))) // prettier-ignore
}

async function opened(ids: readonly number[]): Promise<{shop: World; app: App; deps: OrderDeps}> {
  const shop = await world()
  await shop.postOrders(ids.map((id) => order(id)), true) // prettier-ignore
  const app = await shop.open()
  const deps = depsOf(app)
  await queue(deps, ids)
  return {shop, app, deps}
}

/** The same, but something happens right after the orders were read. */
function afterReading(deps: OrderDeps, happens: () => Promise<void> | void): OrderDeps {
  const getOrders: OrderDeps['shopify']['getOrders'] = async (ids) => {
    const readings = await deps.shopify.getOrders(ids)
    await happens()
    return readings
  }
  return {...deps, shopify: {...deps.shopify, getOrders}}
}

describe('a process that stood still for longer than its heartbeat', () => {
  test('leaves its orders to the process that took them over', async () => {
    const {shop, app, deps} = await opened([1, 2])
    const other = await shop.open()
    const frozen = afterReading(deps, async () => {
      await letTimePass(shop.databaseUrl)
      await drainOrders(depsOf(other), newReport(other.runId), all)
    })

    const jobs = await deps.ledger.queue.fetch('orders', 50)
    const works = await pushBatch(frozen, jobs, {verify: false, signal: calm})
    const writes = await deps.ledger.db('writes').where({run_id: app.runId})
    await app.close('done')
    await other.close('done')

    expect(works.map(outcomeOf)).toEqual(['released', 'released'])
    expect(writes).toEqual([])
    await expectTiedOut(shop)
  })
})

test('interrupted while it reads, a batch is given back as it was', async () => {
  const {shop, app, deps} = await opened([1, 2, 3])
  const stop = new AbortController()
  const report = await drainOrders(
    afterReading(deps, () => stop.abort(new Error('interrupted'))),
    newReport(app.runId),
    {...all, signal: stop.signal},
  )
  const counts = await app.ledger.queue.counts('orders')
  await app.close('done')

  expect(report).toMatchObject({interrupted: true, counts: {released: 3}})
  expect(counts).toMatchObject({running: 0})
  expect(await shop.salesOrders()).toEqual([])
  await shop.push()
  await expectTiedOut(shop)
})

test('an order that makes the program fail is parked alone; those that were in its batch arrive', async () => {
  const {shop, app, deps} = await opened([1, 2, 3, 4])
  const broken: OrderDeps = {
    ...deps,
    items: (skus) => deps.items(skus),
    netsuite: {
      ...deps.netsuite,
      salesOrders: {
        ...deps.netsuite.salesOrders,
        add: (orders) =>
          orders.some(({externalId}) => externalId === 'SHOPIFY:ORDER:3')
            ? Promise.reject(new TypeError('a bug'))
            : deps.netsuite.salesOrders.add(orders),
      },
    },
  }
  const reports = [await drainOrders(broken, newReport(app.runId), all)]
  for (let i = 0; i < 3; i++) reports.push(await drainOrders(broken, newReport(app.runId), all))
  await app.close('done')

  expect(await parkedCodes(shop)).toEqual({'#3': 'UNEXPECTED'})
  expect(await shop.salesOrders()).toHaveLength(3)
})

test('an order that changes while it is pushed is brought to its last state by the next push', async () => {
  const {shop, app, deps} = await opened([1])
  const changing = afterReading(deps, () => shop.postOrders([order(1, {po_number: 'PO-9', updated_at: '2026-11-23T10:00:00Z'})])) // prettier-ignore

  await drainOrders(changing, newReport(app.runId), all)
  await app.close('done')
  const next = await shop.push()

  expect(next.counts).toMatchObject({updated: 1})
  await expectTiedOut(shop)
})

test('a run does not wait for an order that fails again and again', async () => {
  const {shop, app, deps} = await opened([1])
  await shop.fault('netsuite', {kind: 'unexpected-error', match: {recordType: 'salesOrder'}})
  const slept: number[] = []
  const clock = {now: () => new Date(), sleep: (ms: number) => Promise.resolve(void slept.push(ms))}

  const report = await drainOrders({...deps, clock}, newReport(app.runId), {...all, patienceMs: 30_000})
  await app.close('done')

  expect(report.counts).toMatchObject({retry: 1})
  expect(slept.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(30_000)
})
