import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {describe, expect, test} from 'vitest'

import {receive} from '../../src/lib/ledger/events.ts'
import {drainOrders, queueOrders} from '../../src/lib/sync/orders.ts'
import {newReport, type PushReport} from '../../src/lib/sync/report.ts'
import type {OrderDeps} from '../../src/lib/sync/work.ts'
import {runOn} from '../support/postgres.ts'
import {depsOf, world, type World} from '../support/world.ts'
import {line, order} from './order.ts'
import {expectTiedOut, parkedCodes} from './tied-out.ts'

type Change = Readonly<Record<string, unknown>>

const later = {updated_at: '2026-11-22T10:00:00-05:00'}
const calm = {verify: false, subjects: null, signal: new AbortController().signal, onProgress: () => undefined, patienceMs: 0} // prettier-ignore

/** Runs work with an open app, as a worker has it. */
async function withDeps<T>(shop: World, work: (deps: OrderDeps) => Promise<T>): Promise<T> {
  const app = await shop.open()
  try {
    return await work(depsOf(app))
  } finally {
    await app.close('done')
  }
}

let deliveries = 0

/** A webhook of an order arrives, and everything that waits is worked, without looking at what the ledger takes for right. */
async function hinted(shop: World, id: number, topic = 'orders/updated', receivedAt = new Date()): Promise<PushReport> {
  return withDeps(shop, async (deps) => {
    const subject = `${deps.shop}/${id}`
    deliveries += 1
    await receive(deps.ledger, [
      {source: 'webhook', deliveryId: `d${deliveries}`, flow: 'orders', subject, name: `#${id}`, topic, body: '{}', receivedAt},
    ]) // prettier-ignore
    return drainOrders(deps, newReport(deps.runId), calm)
  })
}

async function written(shop: World): Promise<number> {
  const {byOperation} = await shop.stats('netsuite')
  const writes = Object.entries(byOperation).filter(([name]) => /add|update|upsert|POST|PATCH|PUT/i.test(name))
  return writes.reduce((sum, [, {records}]) => sum + records, 0)
}

async function linesOf(shop: World, id: number) {
  return withDeps(shop, async ({netsuite}) => {
    const [held] = await netsuite.salesOrders.get([{externalId: `SHOPIFY:ORDER:${id}`}])
    return held?.lines ?? []
  })
}

const tees = (units: number, change: Change = {}) => line(10_010, {quantity: 3, current_quantity: units, ...change})
const cap = (units: number) => line(10_011, {sku: 'SIM-CAP', title: 'Simulated cap', quantity: 1, current_quantity: units, price: '10.00'}) // prettier-ignore

function money(goods: string, total: string, now: readonly [string, string] = [goods, total]): Change {
  const [currentGoods, currentTotal] = now
  return {
    total_line_items_price: goods, subtotal_price: goods, total_price: total,
    current_subtotal_price: currentGoods, current_total_price: currentTotal,
  } // prettier-ignore
}

function refund(id: number, lineId: number, quantity: number, subtotal: string): Change {
  const refundLine = {id: id + 1, line_item_id: lineId, quantity, restock_type: 'cancel', subtotal, total_tax: '0.00'}
  return {id, created_at: '2026-11-21T10:00:00-05:00', refund_line_items: [refundLine], order_adjustments: [], transactions: []} // prettier-ignore
}

const bought = {line_items: [tees(3), cap(1)], ...money('70.00', '75.00')}

/** One tee ships: in Shopify, and in NetSuite by hand of the warehouse. */
const oneShipped = {
  fulfillment_status: 'partial',
  fulfillments: [{id: 88, status: 'success', created_at: '2026-11-21T10:00:00-05:00', line_items: [tees(3, {quantity: 1})]}],
} // prettier-ignore

async function shipOne(shop: World): Promise<void> {
  const [held] = await shop.salesOrders()
  const [first] = await linesOf(shop, 1001)
  await shop.edit('POST', 'itemFulfillment', {
    createdFrom: {id: held?.id},
    item: {
      items: [{orderLine: first?.line, item: {id: first?.itemId}, quantity: 1, location: {id: first?.locationId}}],
    },
  })
}

describe('an order that is edited after a part of it shipped', () => {
  test.each<readonly [string, Change, readonly (readonly [string, string])[]]>([
    [
      'loses a line that did not ship',
      {line_items: [tees(3), cap(0)], ...money('70.00', '75.00', ['60.00', '65.00']), refunds: [refund(77, 10_011, 1, '10.00')]},
      [['10010', '3']],
    ],
    [
      'loses a unit that did not ship',
      {line_items: [tees(2), cap(1)], ...money('70.00', '75.00', ['50.00', '55.00']), refunds: [refund(77, 10_010, 1, '20.00')]},
      [['10010', '2'], ['10011', '1']],
    ],
    [
      'gains a line',
      {line_items: [tees(3), cap(1), line(10_012, {quantity: 1, current_quantity: 1})], ...money('90.00', '95.00')},
      [['10010', '3'], ['10011', '1'], ['10012', '1']],
    ],
  ])('%s: the shipped units stay, and both sides agree', async (_, change, expected) => {
    const shop = await world()
    await shop.postOrders([order(1001, bought)], true)
    await shop.push()
    await shipOne(shop)
    await shop.postOrders([order(1001, {...bought, ...oneShipped, ...change, ...later})], true)

    const edited = await hinted(shop, 1001, 'orders/edited')
    const again = await hinted(shop, 1001, 'orders/updated')

    expect(edited.counts, JSON.stringify(edited.orders)).toMatchObject({updated: 1})
    expect(again.counts).toMatchObject({unchanged: 1, updated: 0})
    const lines = await linesOf(shop, 1001)
    expect(lines.map(({key, quantity}) => [key, String(Number(quantity))])).toEqual(expected)
    await expectTiedOut(shop)
  })
}) // prettier-ignore

test('an order that is cancelled in part keeps what remains, and one that is cancelled as a whole is closed', async () => {
  const shop = await world()
  await shop.postOrders([order(1001, bought), order(1002)], true)
  await shop.push()
  const partly = {line_items: [tees(1), cap(1)], ...money('70.00', '75.00', ['30.00', '35.00']), refunds: [refund(77, 10_010, 2, '40.00')]} // prettier-ignore
  await shop.postOrders([order(1001, {...bought, ...partly, ...later}), order(1002, {cancelled_at: '2026-11-21T10:00:00-05:00', ...later})]) // prettier-ignore

  await hinted(shop, 1001)
  await hinted(shop, 1002, 'orders/cancelled')

  expect((await linesOf(shop, 1001)).map(({quantity}) => Number(quantity))).toEqual([1, 1])
  expect((await linesOf(shop, 1002)).every(({isClosed}) => isClosed)).toBe(true)
  await expectTiedOut(shop)
})

test('hints that come twice, late and in the wrong order write the present state once, and then nothing', async () => {
  const shop = await world()
  await shop.postOrders([order(1001, {po_number: 'PO-2', ...later})], true)

  const first = await hinted(shop, 1001, 'orders/updated')
  const before = await written(shop)
  for (const topic of ['orders/create', 'orders/paid', 'orders/updated', 'orders/create']) {
    expect((await hinted(shop, 1001, topic)).counts).toMatchObject({unchanged: 1, written: 0, updated: 0})
  }

  expect(first.counts).toMatchObject({written: 1})
  expect(await written(shop)).toBe(before)
  expect(await shop.salesOrders()).toMatchObject([{otherRefNum: 'PO-2'}])
})

test('an order that is edited while it is pushed is put right by the hint of that edit', async () => {
  const shop = await world()
  await shop.postOrders([order(1001)], true)
  await withDeps(shop, async (deps) => {
    await queueOrders(deps, 'webhook', [{id: 'gid://shopify/Order/1001', name: '#1001', updatedAt: ''}])
    const getOrders: OrderDeps['shopify']['getOrders'] = async (ids) => {
      const readings = await deps.shopify.getOrders(ids)
      await shop.postOrders([order(1001, {po_number: 'PO-9', ...later})])
      return readings
    }
    await drainOrders({...deps, shopify: {...deps.shopify, getOrders}}, newReport(deps.runId), calm)
  })
  const overtaken = await shop.salesOrders()

  const report = await hinted(shop, 1001, 'orders/edited')

  expect(overtaken).toMatchObject([{otherRefNum: '#1001'}])
  expect(report.counts).toMatchObject({updated: 1})
  await expectTiedOut(shop)
})

test('a test order is left out, in sight', async () => {
  const shop = await world()
  await shop.postOrders([order(1001, {test: true})], true)

  expect((await hinted(shop, 1001, 'orders/create')).counts).toMatchObject({skipped: 1})
  expect(await shop.salesOrders()).toEqual([])
})

test('another customer that NetSuite refuses on the sales order parks the order with what to do', async () => {
  const shop = await world()
  await shop.postOrders([order(1001)], true)
  await shop.push()
  const other = {id: 7_999_999, email: 'other@example.com', first_name: 'Bo', last_name: 'Other'}
  await shop.postOrders([order(1001, {customer: other, email: 'other@example.com', ...later})])
  await shop.fault('netsuite', {kind: 'mandatory-field', field: 'custbody_shipped', match: {channel: 'soap', operation: 'update'}}) // prettier-ignore

  await hinted(shop, 1001)
  const codes = await parkedCodes(shop)
  await shop.calm()
  await hinted(shop, 1001)

  expect(codes).toEqual({'#1001': 'CUSTOMER_CHANGE_REFUSED'})
  expect(await parkedCodes(shop)).toEqual({})
  await expectTiedOut(shop)
})

describe('an order that was deleted in Shopify', () => {
  async function remove(shop: World, id: number): Promise<void> {
    await fetch(`${shop.shopifyUrl}/_sandbox/orders/${id}`, {method: 'DELETE'})
  }

  function contractSays(shop: World, text: string): void {
    const file = join(shop.folder, 'tieout.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace('orders: {', `orders: {${text}, `))
  }

  async function shopWith(...ids: number[]): Promise<World> {
    const shop = await world()
    await shop.postOrders(ids.map((id) => order(id)), true) // prettier-ignore
    return shop
  }

  test('and that NetSuite never held ends as skipped', async () => {
    const shop = await shopWith(1001)
    await remove(shop, 1001)

    expect((await hinted(shop, 1001, 'orders/delete')).counts).toMatchObject({skipped: 1, parked: 0})
    expect((await hinted(shop, 1001, 'orders/create')).counts).toMatchObject({skipped: 1, parked: 0})
    expect(await shop.salesOrders()).toEqual([])
  })

  test('and that NetSuite holds waits for a person, until its sales order is closed', async () => {
    const shop = await shopWith(1001)
    await shop.push()
    const [before] = await shop.salesOrders()
    await remove(shop, 1001)

    await hinted(shop, 1001, 'orders/delete')
    const codes = await parkedCodes(shop)
    const held = await shop.salesOrders()
    await shop.edit('PATCH', `salesOrder/${before?.id}`, {item: {items: await closed(shop, 1001)}})
    const report = await hinted(shop, 1001, 'orders/delete')

    expect(codes).toEqual({'#1001': 'ORDER_DELETED'})
    expect(held).toEqual([before])
    expect(report.counts).toMatchObject({unchanged: 1})
    expect(await parkedCodes(shop)).toEqual({})
  })

  async function closed(shop: World, id: number): Promise<unknown[]> {
    return (await linesOf(shop, id)).map(({line: number}) => ({line: Number(number), isClosed: true}))
  }

  test('is closed in NetSuite where the contract says so, once', async () => {
    const shop = await shopWith(1001)
    contractSays(shop, 'deleted: close')
    await shop.push()
    const [before] = await shop.salesOrders()
    await remove(shop, 1001)

    const report = await hinted(shop, 1001, 'orders/delete')
    const count = await written(shop)
    const again = await hinted(shop, 1001, 'orders/delete')

    expect(report.counts).toMatchObject({updated: 1, parked: 0})
    expect(await shop.salesOrders()).toMatchObject([{status: 'H', total: before?.total, id: before?.id}])
    expect(again.counts).toMatchObject({unchanged: 1})
    expect(await written(shop)).toBe(count)
  })

  test('is not closed once a part of it shipped', async () => {
    const shop = await world()
    contractSays(shop, 'deleted: close')
    await shop.postOrders([order(1001, bought)], true)
    await shop.push()
    await shipOne(shop)
    const before = await shop.salesOrders()
    await remove(shop, 1001)

    await hinted(shop, 1001, 'orders/delete')

    expect(await parkedCodes(shop)).toEqual({'#1001': 'ORDER_DELETED'})
    expect(await shop.salesOrders()).toEqual(before)
  })

  test('a reply that is lost while it is closed closes it once', async () => {
    const shop = await shopWith(1001)
    contractSays(shop, 'deleted: close')
    await shop.push()
    await remove(shop, 1001)
    await shop.fault('netsuite', {kind: 'lost-reply', match: {channel: 'soap', operation: 'update'}, count: 1})

    const lost = await hinted(shop, 1001, 'orders/delete')
    await runOn(shop.databaseUrl, "update tieout_queue.job set start_after = now() where state = 'retry'")
    const again = await hinted(shop, 1001, 'orders/delete')

    expect(lost.counts).toMatchObject({retry: 1})
    expect(again.counts).toMatchObject({unchanged: 1})
    expect(await shop.salesOrders()).toMatchObject([{status: 'H'}])
  })

  const HOUR = 3_600_000
  test.each([
    ['told by no webhook, an app that may see all orders knows', ['read_all_orders'], 90 * 24 * HOUR, 'skipped'],
    ['told by no webhook, its age does: it would be seen', [], 2 * HOUR, 'skipped'],
    ['it may only be too old to be seen: it waits for a person', [], 90 * 24 * HOUR, 'parked'],
    ['it may only not be readable yet: it waits for a person', ['read_all_orders'], 60_000, 'parked'],
  ])('%s', async (_, scopes, ageMs, outcome) => {
    const shop = await world()
    const report = await withDeps(shop, async (deps) => {
      const receivedAt = new Date(Date.now() - ageMs)
      await receive(deps.ledger, [
        {source: 'webhook', deliveryId: 'd', flow: 'orders', subject: `${deps.shop}/1001`, name: '#1001', topic: 'orders/create', body: '{}', receivedAt},
      ]) // prettier-ignore
      const grantedScopes = () => Promise.resolve(scopes)
      return drainOrders({...deps, shopify: {...deps.shopify, grantedScopes}}, newReport(deps.runId), calm)
    })

    expect(report.counts).toMatchObject({[outcome]: 1})
  })
})
