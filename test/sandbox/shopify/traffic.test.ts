import {afterEach, beforeEach, describe, expect, test} from 'vitest'

import {playTraffic} from '../../../src/sandbox/orders/traffic.ts'
import type {SandboxShopify} from '../../../src/sandbox/shopify/server.ts'
import {receive, subscribe, type Receiver} from './receiver.ts'
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
      expect(lines.some((line) => line.current_quantity < line.quantity)).toBe(true)
    }
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
})
