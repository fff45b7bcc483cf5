import {afterEach, beforeEach, expect, test} from 'vitest'

import {CredentialError, RejectedError, RetryableError} from '../../../src/lib/core/errors.ts'
import type {ShopifyFulfillmentOrder} from '../../../src/lib/shopify/fulfillments.ts'
import type {ShopifyOrder} from '../../../src/lib/shopify/types.ts'
import {DEFAULT_SCOPES} from '../../../src/sandbox/shopify/scopes.ts'
import {orderWithLines, type Played, playShop} from './sandbox-shop.ts'

let played: Played
beforeEach(async () => {
  played = await playShop()
})
afterEach(() => played.stop())

const BY_UPS = {company: 'UPS', numbers: ['1Z001', '1Z002'], urls: []}

/** The only fulfilment order of an order that waits to be shipped from one place. */
async function waiting(): Promise<ShopifyFulfillmentOrder> {
  const orders = (await played.client.fulfillments.orders('8001')) ?? []
  const [open] = orders.filter(({lines}) => lines.some(({remaining}) => remaining > 0))
  if (open === undefined) throw new Error('nothing waits to be shipped')
  return open
}

function ship(order: ShopifyFulfillmentOrder, lines = order.lines): Promise<string> {
  const wanted = lines.map(({id, remaining}) => ({id, quantity: remaining}))
  return played.client.fulfillments.create({
    parts: [{fulfillmentOrderId: order.id, lines: wanted}],
    tracking: BY_UPS,
    notify: false,
  })
}

async function fulfillmentsOf(): Promise<ShopifyOrder['fulfillments']> {
  const [order] = await played.client.getOrders(['8001'], {money: true})
  if (order === null || order === undefined || !('fulfillments' in order)) throw new Error('the order was not read')
  return order.fulfillments
}

test('what waits to be shipped is read whole: place, units and whether Shopify would ship it', async () => {
  const document = orderWithLines(120)
  played.shop.orders.put(document)

  const order = await waiting()

  expect(order).toMatchObject({status: 'OPEN', canShip: true, holds: []})
  expect(order.locationId).toMatch(/^gid:\/\/shopify\/Location\/\d+$/)
  const lineIds = document.line_items.map((line) => `gid://shopify/LineItem/${String(line['id'])}`)
  expect(order.lines.map(({lineId}) => lineId).toSorted()).toEqual(lineIds.toSorted())
  expect(order.lines.every(({total, remaining}) => total === 1 && remaining === 1)).toBe(true)
  expect(await played.client.fulfillments.orders('4711')).toBeNull()
})

test('a partial shipment with two tracking numbers stands on the order, and the rest still waits', async () => {
  played.shop.orders.put(orderWithLines(3))
  const order = await waiting()

  const id = await ship(order, order.lines.slice(0, 2))

  const [shipped] = await fulfillmentsOf()
  expect(shipped).toMatchObject({id, status: 'SUCCESS', locationId: order.locationId})
  expect(shipped?.lines.map(({lineId}) => lineId)).toEqual(order.lines.slice(0, 2).map(({lineId}) => lineId))
  expect(shipped?.tracking?.map(({number, company}) => `${company} ${number}`)).toEqual(['UPS 1Z001', 'UPS 1Z002'])
  expect((await waiting()).lines.map(({remaining}) => remaining).toSorted()).toEqual([0, 0, 1])
})

test('what has shipped cannot be shipped again: Shopify refuses, and the refusal is told with its reason', async () => {
  played.shop.orders.put(orderWithLines(2))
  const order = await waiting()
  await ship(order)

  const again = ship(order)

  await expect(again).rejects.toThrow(RejectedError)
  await expect(again).rejects.toMatchObject({code: 'SHOPIFY_FULFILLMENT_REFUSED', subject: order.id})
  expect(await fulfillmentsOf()).toHaveLength(1)
})

test('tracking may be stated anew, twice with the same effect; a cancelled shipment waits again', async () => {
  played.shop.orders.put(orderWithLines(2))
  const id = await ship(await waiting())
  const later = {company: 'DHL', numbers: ['JD01'], urls: ['https://dhl.example/JD01']}

  await played.client.fulfillments.updateTracking(id, later, false)
  await played.client.fulfillments.updateTracking(id.replace(/^.*\//, ''), later, false)
  const tracked = (await fulfillmentsOf())[0]?.tracking
  await played.client.fulfillments.cancel(id)

  expect(tracked).toEqual([{company: 'DHL', number: 'JD01', url: 'https://dhl.example/JD01'}])
  expect((await fulfillmentsOf()).map(({status}) => status)).toEqual(['CANCELLED'])
  expect((await waiting()).lines.every(({remaining}) => remaining === 1)).toBe(true)
})

test('a shipment whose reply is lost is not sent twice: whether it arrived must be looked up', async () => {
  played.shop.orders.put(orderWithLines(2))
  const order = await waiting()
  await played.fault({kind: 'lost-reply', operation: 'CreateFulfillment', count: 1})

  const lost = ship(order)

  await expect(lost).rejects.toThrow(RetryableError)
  await expect(lost).rejects.toMatchObject({outcomeUnknown: true})
  expect(await fulfillmentsOf()).toHaveLength(1)
})

test('a scope that shipping needs is named where the app lacks it', async () => {
  await played.stop()
  const scopes = DEFAULT_SCOPES.filter((scope) => scope !== 'write_merchant_managed_fulfillment_orders')
  played = await playShop({}, {scopes})
  played.shop.orders.put(orderWithLines(2))

  const refused = ship(await waiting())

  await expect(refused).rejects.toThrow(CredentialError)
  await expect(refused).rejects.toMatchObject({
    hint: expect.stringContaining('write_merchant_managed_fulfillment_orders'),
  })
})
