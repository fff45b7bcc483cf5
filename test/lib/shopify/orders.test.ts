import {afterEach, beforeEach, expect, test} from 'vitest'

import {RejectedError, RetryableError, SyncError} from '../../../src/lib/core/errors.ts'
import {systemClock} from '../../../src/lib/core/clock.ts'
import {decimalOf, format, money, sum} from '../../../src/lib/core/money.ts'
import type {ShopifyOrder} from '../../../src/lib/shopify/types.ts'
import {company} from '../../../src/sandbox/company.ts'
import {answered, clientOf, startScriptedShop} from './scripted-shop.ts'
import {type Doc, documentsOf, orderWithLines, type Played, playShop} from './sandbox-shop.ts'

let played: Played
beforeEach(async () => {
  played = await playShop()
})
afterEach(() => played.stop())

function put(...documents: Doc[]): void {
  for (const document of documents) played.shop.orders.put(document)
}

function found(reading: ShopifyOrder | null | SyncError | undefined): ShopifyOrder {
  if (reading instanceof SyncError) throw reading
  if (!reading) throw new Error('the order was not found')
  return reading
}

test.each([1, 10, 11, 60, 250, 600])('an order with %i lines arrives complete', async (count) => {
  put(orderWithLines(count))

  const order = found(await played.client.getOrder('8001'))

  expect(order.lines.map((line) => line.sku)).toEqual(Array.from({length: count}, (_, n) => `SKU-${n}`))
  expect(decimalOf(order.total.shop)).toBe(`${count}.00`)
})

test('the amounts of an order are exactly those of its document, in both currencies', async () => {
  const documents = documentsOf(120)
  put(...documents)

  const orders = (await played.client.getOrders(documents.map(({id}) => String(id)))).map(found)

  expect(orders.map((order) => order.name)).toEqual(documents.map((document) => document.name))
  expect(new Set(orders.map((order) => order.presentmentCurrency)).size).toBeGreaterThan(1)
  orders.forEach((order, at) => {
    const document = documents[at] as Doc & Record<'total_price_set', Record<string, {amount: string}>>
    expect(Number(decimalOf(order.total.shop))).toBe(Number(document.total_price_set['shop_money']?.amount))
    expect(Number(decimalOf(order.total.presentment))).toBe(
      Number(document.total_price_set['presentment_money']?.amount),
    )
    expect(order.lines).toHaveLength(document.line_items.length)
    expect(order.total.presentment.currency).toBe(order.presentmentCurrency)
  })
})

test('what is read sums to what was charged: lines, discounts, shipping, tax, tip, duties', async () => {
  const documents = documentsOf(150, 11)
  put(...documents)

  const orders = (await played.client.getOrders(documents.map(({id}) => String(id)))).map(found)

  for (const order of orders) {
    for (const side of ['shop', 'presentment'] as const) {
      const {currency} = order.total[side]
      const goods = order.lines.map((line) => money(line.unitPrice[side].minor * BigInt(line.quantity), currency))
      const discounts = order.lines.flatMap((line) => line.discounts.map((discount) => discount.amount[side]))
      const shipping = order.shippingLines.map((line) => line.discountedPrice[side])
      const duties = order.dutiesIncluded
        ? []
        : order.lines.flatMap((line) => line.duties.map((duty) => duty.price[side]))
      const tax = order.taxesIncluded ? [] : [order.totalTax[side]]
      const charged = sum([...goods, ...shipping, ...duties, ...tax, order.tip[side]], currency)
      const off = sum(discounts, currency)
      expect(format(money(charged.minor - off.minor, currency)), `${order.name} ${side}`).toBe(
        format(order.total[side]),
      )
    }
  }
})

test('refunds and fulfilments are read whenever something left the order, be it only shipping or money', async () => {
  const documents = documentsOf(150, 11)
  put(...documents)

  const orders = (await played.client.getOrders(documents.map(({id}) => String(id)))).map(found)

  const touched = orders.filter((order) => order.lines.some((line) => line.currentQuantity < line.quantity))
  expect(touched.length).toBeGreaterThan(3)
  for (const order of touched) {
    for (const line of order.lines.filter((one) => one.currentQuantity < one.quantity)) {
      const refunded = order.refunds.flatMap((refund) => refund.lines).filter(({lineId}) => lineId === line.id)
      const units = refunded.reduce((all, one) => all + one.quantity, 0)
      if (units > 0) expect(units).toBe(line.quantity - line.currentQuantity)
    }
  }
  const refunds = documents.map((document) => (document['refunds'] as unknown[]).length)
  expect(orders.map((order) => order.refunds.length)).toEqual(refunds)
  expect(orders.some((order) => order.refunds.length > 0 && !touched.includes(order))).toBe(true)
})

test('refunds and fulfilments of more lines than a page arrive complete', async () => {
  const order = orderWithLines(620)
  const lineIds = order.line_items.map((line) => `gid://shopify/LineItem/${String(line['id'])}`)
  for (const line of order.line_items.slice(0, 600)) line['current_quantity'] = 0
  put(order)
  // The sandbox pages lines; the movements of so large an order are answered here, in pages of the size that was asked.
  const bag = {shopMoney: {amount: '1.0', currencyCode: 'USD'}}
  const refundLines = lineIds.slice(0, 600).map((id) => ({
    quantity: 1,
    restockType: 'CANCEL',
    lineItem: {id},
    subtotalSet: bag,
    totalTaxSet: bag,
  }))
  const shipping = Array.from({length: 8}, () => ({subtotalAmountSet: bag, taxAmountSet: bag}))
  const shipped = lineIds.slice(100, 600).map((id) => ({quantity: 1, lineItem: {id}}))
  const updatedAt = order['updated_at']
  const large = await startScriptedShop(async ({operation, variables, body}) => {
    const {first, after} = variables as {first: number; after?: string}
    const page = (nodes: readonly unknown[], size = first) => pageFrom(nodes, size, after)
    const node = {order: {updatedAt}}
    switch (operation) {
      case 'OrderMovements': {
        const refund = {
          id: 'gid://shopify/Refund/5',
          createdAt: updatedAt,
          refundLineItems: page(refundLines),
          refundShippingLines: page(shipping, 5),
        }
        const fulfillments = ['SUCCESS', 'CANCELLED'].map((status, n) => ({
          id: `gid://shopify/Fulfillment/${n}`,
          status,
          fulfillmentLineItems: page(shipped),
        }))
        return answered({order: {updatedAt, refunds: [refund], fulfillments}})
      }
      case 'RefundLines':
        return answered({node: {...node, refundLineItems: page(refundLines)}})
      case 'RefundShippingLines':
        return answered({node: {...node, refundShippingLines: page(shipping)}})
      case 'FulfillmentLines':
        return answered({node: {...node, fulfillmentLineItems: page(shipped)}})
      default:
        return {json: await forward(played.shop.url, body)}
    }
  })

  const read = found(await clientOf(large).getOrder('8001'))
  await large.stop()

  expect(read.refunds[0]?.lines.map((line) => line.lineId)).toEqual(lineIds.slice(0, 600))
  expect(read.refunds[0]?.shipping).toHaveLength(8)
  expect(read.fulfillments.map(({lines}) => lines.map((line) => line.lineId))).toEqual([lineIds.slice(100, 600)])
})

function pageFrom(nodes: readonly unknown[], size: number, after: string | undefined) {
  const from = Number(after ?? 0)
  const end = from + size
  return {nodes: nodes.slice(from, end), pageInfo: {hasNextPage: end < nodes.length, endCursor: String(end)}}
}

async function forward(url: string, body: string): Promise<unknown> {
  const headers = {'content-type': 'application/json', 'x-shopify-access-token': company.shopify.accessToken}
  const reply = await fetch(`${url}/admin/api/2026-10/graphql.json`, {method: 'POST', headers, body})
  return reply.json()
}

test('several orders come in few requests, in the order of the question, deleted ones as null', async () => {
  const documents = Array.from({length: 45}, (_, n) => orderWithLines(3, 9000 + n))
  put(...documents)
  const ids = [...documents.map(({id}) => String(id)).reverse(), '1', 'gid://shopify/Order/9003']

  const readings = await played.client.getOrders(ids)

  expect(readings[45]).toBeNull()
  expect(readings.filter((reading) => reading !== null).map((reading) => found(reading).legacyId)).toEqual([
    ...documents.map(({id}) => String(id)).reverse(),
    '9003',
  ])
  expect(played.notes.length).toBeLessThanOrEqual(2)
  for (const note of played.notes) expect(note.cost?.requested).toBeLessThan(1000)
})

test('batches grow until a request reads many orders, and never cost too much', async () => {
  const documents = documentsOf(250)
  put(...documents)
  const ids = documents.map(({id}) => String(id))

  await played.client.getOrders(ids)
  played.notes.length = 0
  await played.client.getOrders(ids)

  const searches = played.notes.filter((note) => note.operation === 'OrdersBySearch')
  expect(250 / searches.length).toBeGreaterThanOrEqual(20)
  expect(played.notes.every((note) => note.outcome === 'ok')).toBe(true)
})

test('an order that is deleted is null, not an error', async () => {
  expect(await played.client.getOrder('4711')).toBeNull()
})

test('one order that Shopify answers wrongly does not take the others along', async () => {
  const documents = Array.from({length: 8}, (_, n) => orderWithLines(2, 9000 + n))
  put(...documents)
  await played.fault({kind: 'malformed', match: {orderId: '9003'}, field: 'createdAt'})

  const readings = await played.client.getOrders(documents.map(({id}) => String(id)))

  const faulty = readings.filter((reading) => reading instanceof SyncError)
  expect(faulty).toHaveLength(1)
  expect(readings[3]).toBeInstanceOf(RejectedError)
  expect(readings[3]).toMatchObject({code: 'SHOPIFY_ANSWER_MALFORMED'})
})

test('an order that changes between its pages is read anew, never pieced together', async () => {
  put(orderWithLines(30))
  const changed = orderWithLines(40)
  changed['updated_at'] = new Date(Date.now() - 1000).toISOString()
  await played.fault({kind: 'delay', match: {operation: 'OrderLines'}, delayMs: 120, count: 1})

  const reading = played.client.getOrder('8001')
  while (played.notes.length === 0) await new Promise((done) => setTimeout(done, 5))
  put(changed)

  expect(found(await reading).lines).toHaveLength(40)
})

test('an order that never rests is left to be tried later', async () => {
  put(orderWithLines(30))
  const stop = setInterval(() => {
    const moved = orderWithLines(30)
    moved['updated_at'] = new Date(Date.now() - 1_000_000 + played.notes.length * 1000).toISOString()
    put(moved)
  }, 1)
  await played.fault({kind: 'delay', match: {operation: 'OrderLines'}, delayMs: 30})

  const reading = played.client.getOrder('8001')

  await expect(reading).rejects.toMatchObject({code: 'SHOPIFY_ORDER_CHANGING'})
  await expect(reading).rejects.toBeInstanceOf(RetryableError)
  clearInterval(stop)
})

test.each(['throttled', 'internal-error', 'html', 'cut', 'reset', 'lost-reply'])(
  'a passing fault (%s) does not keep an order from being read',
  async (kind) => {
    put(orderWithLines(3))
    await played.fault({kind, count: 2})

    expect(found(await played.client.getOrder('8001')).name).toBe('#8001')
    expect(played.notes.map((note) => note.outcome).filter((outcome) => outcome === 'ok')).toHaveLength(1)
  },
)

test('a small bucket slows reading down, and nothing is refused for its rate', async () => {
  await played.stop()
  played = await playShop({clock: systemClock}, {plan: {maximumAvailable: 1000, restoreRate: 3000}})
  const documents = documentsOf(150)
  put(...documents)

  const readings = await played.client.getOrders(documents.map(({id}) => String(id)))

  expect(readings.map((reading) => found(reading).name)).toEqual(documents.map((document) => document.name))
  expect(played.notes.some((note) => note.waitedMs > 50)).toBe(true)
  expect(played.notes.filter((note) => note.outcome !== 'ok')).toEqual([])
})

test('an order in one currency, without duties and returns, takes one request', async () => {
  put(orderWithLines(3))

  await played.client.getOrder('8001')

  expect(played.notes.map((note) => note.operation)).toEqual(['OrdersById'])
  expect(played.notes[0]?.cost?.requested).toBeLessThan(150)
})

test('fees and duties of an order in the shop currency are read with their amounts', async () => {
  const bag = {
    shop_money: {amount: '2.50', currency_code: 'USD'},
    presentment_money: {amount: '2.50', currency_code: 'USD'},
  }
  const withFee = orderWithLines(1, 9001)
  withFee['additional_fees'] = [{id: 31, name: 'Import fee', price_set: bag, price: '2.50', tax_lines: []}]
  const withDuty = orderWithLines(2, 9002)
  Object.assign(withDuty.line_items[1] ?? {}, {duties: [{id: 32, price_set: bag, price: '2.50', tax_lines: []}]})
  const withLateDuty = orderWithLines(12, 9003)
  Object.assign(withLateDuty.line_items[11] ?? {}, {duties: [{id: 33, price_set: bag, price: '2.50', tax_lines: []}]})
  put(withFee, withDuty, withLateDuty)

  const [fee, duty, late] = (await played.client.getOrders(['9001', '9002', '9003'])).map(found)

  expect(fee?.fees.map(({price}) => format(price.shop))).toEqual(['2.50 USD'])
  expect(duty?.lines[1]?.duties.map(({price}) => format(price.presentment))).toEqual(['2.50 USD'])
  expect(late?.lines[11]?.duties.map(({price}) => format(price.shop))).toEqual(['2.50 USD'])
})
