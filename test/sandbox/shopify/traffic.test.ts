import {afterEach, beforeEach, describe, expect, test} from 'vitest'

import {HAPPENINGS} from '../../../src/sandbox/orders/stages.ts'
import {playTraffic} from '../../../src/sandbox/orders/traffic.ts'
import type {SandboxShopify} from '../../../src/sandbox/shopify/server.ts'
import {eventually, receive, subscribe, type Receiver} from './receiver.ts'
import {checkSums, list, type Doc} from './sums.ts'
import {at, control, document, start} from './support.ts'

let shop: SandboxShopify
let receiver: Receiver
beforeEach(async () => {
  shop = await start({now: () => new Date()})
  receiver = await receive()
})
afterEach(async () => {
  await shop.stop()
  await receiver.stop()
})

/** A thousand orders a second. */
const FAST = {ordersPerMinute: 60_000, seed: 5, edits: 0.2, cancellations: 0.2}
const never = new AbortController().signal
const EVERYTHING = {
  ...FAST,
  edits: 0.15,
  cancellations: 0.08,
  partialCancellations: 0.08,
  addressChanges: 0.08,
  noteChanges: 0.08,
  latePayments: 0.08,
  shipments: 0.08,
  deletions: 0.05,
  tests: 0.05,
  captures: 0.08,
  returns: 0.08,
  refunds: 0.1,
}

function shopOf({orders}: SandboxShopify) {
  return {all: () => orders.all(), get: (id: string) => orders.get(id), remove: (id: string) => orders.remove(id)}
}

/** What the shop holds, without the times and with ids told by their order alone. */
function contents(held: SandboxShopify) {
  return held.orders
    .all()
    .map(({document: order}) => [
      order.total_price,
      order.current_total_price,
      order.currency,
      order.presentment_currency,
      order.email,
      order.financial_status,
      at(order, 'line_items.0.sku'),
    ])
}

describe('traffic', () => {
  test('places so many orders, edits and cancels some, and every webhook of it arrives', async () => {
    for (const topic of ['ORDERS_CREATE', 'ORDERS_EDITED', 'ORDERS_CANCELLED']) {
      await subscribe(shop.url, topic, receiver.url)
    }
    const {placed, edited, cancelled} = await playTraffic(shop.orders, {...FAST, orders: 60}, never)
    expect(placed).toBe(60)
    expect(edited).toBeGreaterThan(3)
    expect(cancelled).toBeGreaterThan(3)
    await control(shop.url, 'POST', 'webhooks/flush')
    const count = (topic: string) => receiver.received.filter((one) => one.topic === topic).length
    expect(count('orders/create')).toBe(placed)
    expect(count('orders/edited')).toBe(edited)
    expect(count('orders/cancelled')).toBe(cancelled)
  })

  test('an order is placed whole and open, and holds what the change took only afterwards', async () => {
    await subscribe(shop.url, 'ORDERS_CREATE', receiver.url)
    await subscribe(shop.url, 'ORDERS_UPDATED', receiver.url)
    await playTraffic(shop.orders, {...FAST, orders: 40}, never)
    await control(shop.url, 'POST', 'webhooks/flush')
    const bodies = (topic: string) => receiver.received.filter((one) => one.topic === topic).map(({body}) => body)
    for (const body of bodies('orders/create')) {
      expect(at(body, 'cancelled_at')).toBeNull()
      expect(at(body, 'current_total_price')).toBe(at(body, 'total_price'))
      expect(at(body, 'refunds')).toEqual([])
    }
    expect(bodies('orders/updated').length).toBeGreaterThan(5)
    for (const body of bodies('orders/updated')) {
      const lines = at(body, 'line_items') as {quantity: number; current_quantity: number}[]
      const created = bodies('orders/create').find((one) => at(one, 'id') === at(body, 'id'))
      const isShorter = lines.some((line) => line.current_quantity < line.quantity)
      expect(isShorter || lines.length > (at(created, 'line_items') as unknown[]).length).toBe(true)
    }
  })

  test('whatever happens to orders, their documents add up to the cent all along', async () => {
    const documents: Doc[] = []
    const store = {all: () => [], put: (one: Doc) => void documents.push(one), remove: () => true}
    const done = await playTraffic(store, {...EVERYTHING, seed: 11, orders: 400}, never)

    documents.forEach(checkSums)
    for (const what of HAPPENINGS) expect(done[what], what).toBeGreaterThan(4)
    expect(documents.length).toBe(Object.values(done).reduce((sum, count) => sum + count, 0) - done.deleted)
    expect(documents.some((one) => one.test === true)).toBe(true)
  })

  test('what is owed is told until it is paid, and what a removed line left is owed to the customer', async () => {
    await playTraffic(shop.orders, {...FAST, cancellations: 0, edits: 0.6, latePayments: 0.4, orders: 60}, never)
    await subscribe(shop.url, 'ORDERS_PAID', receiver.url)
    const owed: number[] = []
    const store = {
      ...shopOf(shop),
      put: (one: Doc) => {
        owed.push(Number(one.total_outstanding))
        return shop.orders.put(one)
      },
    }
    const {paid} = await playTraffic(store, {...FAST, seed: 8, cancellations: 0, edits: 0.6, latePayments: 0.4, orders: 60}, never) // prettier-ignore
    await receiver.count(paid)
    for (const {body} of receiver.received) {
      expect(at(body, 'financial_status')).toBe('paid')
      expect(Number(at(body, 'total_outstanding'))).toBe(0)
    }
    expect(owed.some((amount) => amount > 0)).toBe(true)
    expect(owed.some((amount) => amount < 0)).toBe(true)
  })

  test('the second parcel holds what the first did not', async () => {
    await playTraffic(shop.orders, {...FAST, edits: 0, cancellations: 0, shipments: 1, orders: 20}, never)
    for (const {document: order} of shop.orders.all()) {
      const parcels = list(order, 'fulfillments')
      expect(parcels.map(({name}) => name)).toEqual([`${String(order.name)}.1`, `${String(order.name)}.2`])
      const units = (lines: Doc[]) => lines.reduce((sum, line) => sum + Number(line.quantity), 0)
      const sent = parcels.flatMap((parcel) => list(parcel, 'line_items'))
      expect(units(sent)).toBe(units(list(order, 'line_items')))
      expect(order.fulfillment_status).toBe('fulfilled')
    }
  })

  test('an order that somebody deletes meanwhile stays deleted', async () => {
    const store = {...shopOf(shop), put: (one: Doc) => shop.orders.remove(shop.orders.put(one))}
    const {placed, edited} = await playTraffic(store, {...FAST, edits: 1, cancellations: 0, orders: 5}, never)
    expect([placed, edited, shop.orders.size]).toEqual([5, 0, 0])
  })

  test('what orders hold depends on the seed, their numbers on what the shop has', async () => {
    await playTraffic(shop.orders, {...FAST, orders: 25}, never)
    const other = await start()
    other.orders.put(document(6_000_000_000_000, {order_number: 4711}))
    await playTraffic(other.orders, {...FAST, orders: 25}, never)
    expect(contents(other).slice(1)).toEqual(contents(shop))
    expect(other.orders.all()[1]?.name).toBe('#4712')
    expect(other.orders.all()[1]?.id).toBe('6000000000001')
    await other.stop()
    const third = await start()
    await playTraffic(third.orders, {...FAST, seed: 6, orders: 25}, never)
    expect(contents(third)).not.toEqual(contents(shop))
    await third.stop()
  })

  test('keeps its pace, and ends when told to', async () => {
    const end = new AbortController()
    setTimeout(() => end.abort(), 300)
    const {placed} = await playTraffic(shop.orders, {...FAST, ordersPerMinute: 6000}, end.signal)
    expect(placed).toBeGreaterThan(10)
    expect(placed).toBeLessThan(60)
    expect(shop.orders.size).toBe(placed)
  })

  test('is started, watched and ended by the control endpoints, one at a time', async () => {
    const traffic = async (method: string, body?: unknown) =>
      (await control(shop.url, method, 'traffic', body)).body as Record<string, unknown>
    await traffic('POST', {ordersPerMinute: 60_000, orders: 3, edits: 0, cancellations: 0})
    await eventually(async () => (await traffic('GET')).playing === false, () => 'the traffic did not end') // prettier-ignore
    expect(await traffic('GET')).toMatchObject({placed: 3, edited: 0, failure: null})

    await traffic('POST', {ordersPerMinute: 30_000})
    await eventually(() => shop.orders.size > 20, () => 'nothing was placed') // prettier-ignore
    expect((await traffic('DELETE')).playing).toBe(false)
    const size = shop.orders.size
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(shop.orders.size).toBe(size)
    const {placed} = (at((await control(shop.url, 'GET', 'stats')).body, 'traffic') ?? {}) as {placed: number}
    expect(placed).toBeGreaterThanOrEqual(size)

    for (const wrong of [{edits: 2}, {edits: 0.7, cancellations: 0.7}, {ordersPerMinute: 0}, {typo: 1}, []])
      expect((await control(shop.url, 'POST', 'traffic', wrong)).status).toBe(400)
  })
})
