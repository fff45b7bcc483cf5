import {afterEach, beforeEach, expect, test} from 'vitest'

import {createAuth} from '../../../src/lib/shopify/auth.ts'
import {createHttp} from '../../../src/lib/shopify/http.ts'
import {listOrders} from '../../../src/lib/shopify/order-lists.ts'
import {createThrottle} from '../../../src/lib/shopify/throttle.ts'
import {createTransport} from '../../../src/lib/shopify/transport.ts'
import {company} from '../../../src/sandbox/company.ts'
import {answered, clientOf, startScriptedShop} from './scripted-shop.ts'
import {documentsOf, orderWithLines, type Played, playShop} from './sandbox-shop.ts'

let played: Played
beforeEach(async () => {
  played = await playShop()
})
afterEach(() => played.stop())

async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const items: T[] = []
  for await (const page of pages) items.push(...page)
  return items
}

test('all orders of a window are listed once, oldest first, over several pages', async () => {
  const documents = documentsOf(120)
  for (const document of documents) played.shop.orders.put(document)

  const hints = await all(played.client.listOrders({by: 'created', pageSize: 25}))

  expect(hints.map((hint) => hint.name)).toEqual(documents.map((document) => document.name))
  expect(played.notes).toHaveLength(5)
})

test.each(['created', 'updated', 'processed'] as const)(
  'a window by %s includes its beginning and excludes its end',
  async (by) => {
    for (let second = 0; second < 6; second++) {
      const document = orderWithLines(1, 9000 + second)
      document[`${by}_at`] = `2026-11-20T10:00:0${second}Z`
      played.shop.orders.put(document)
    }

    const hints = await all(
      played.client.listOrders({
        by,
        since: new Date('2026-11-20T10:00:01Z'),
        until: new Date('2026-11-20T10:00:03.999Z'),
      }),
    )

    expect(hints.map((hint) => hint.name)).toEqual(['#9001', '#9002', '#9003'])
  },
)

test('a list that is longer than Shopify lets one go through is continued with a new one', async () => {
  const documents = Array.from({length: 40}, (_, n) => {
    const document = orderWithLines(1, 9000 + n)
    // Three orders in each second, so that a list ends among equal times.
    document['created_at'] = new Date(Date.parse('2026-11-20T10:00:00Z') + Math.floor(n / 3) * 1000).toISOString()
    return document
  })
  for (const document of documents) played.shop.orders.put(document)
  const {transport, operations} = transportOf(played)

  const hints = await all(listOrders(transport, {by: 'created', pageSize: 5}, undefined, 10))

  expect(hints.map((hint) => hint.name)).toEqual(documents.map((document) => document.name))
  expect(operations.filter((after) => after === null).length).toBeGreaterThan(2)
})

test('a filter that Shopify does not know is an error, never a longer list', async () => {
  played.shop.orders.put(orderWithLines(1))

  await expect(all(played.client.listOrders({by: 'created', query: 'colour:red'}))).rejects.toMatchObject({
    code: 'SHOPIFY_FILTER_IGNORED',
  })
})

test('orders are found by exactly their names', async () => {
  for (const id of [9001, 9002, 90010]) played.shop.orders.put(orderWithLines(1, id))
  const odd = orderWithLines(1, 9003)
  odd.name = "#9003's"
  const similar = orderWithLines(1, 9004)
  similar.name = '9001'
  for (const order of [odd, similar]) played.shop.orders.put(order)

  const hints = await played.client.findOrdersByName(['#9001', "#9003's", '#1'])

  expect(hints.map((hint) => hint.name).sort()).toEqual(['#9001', "#9003's"])
})

test('a cursor that repeats ends the list with an error instead of never', async () => {
  const page = {
    nodes: [{id: 'gid://shopify/Order/1', name: '#1', createdAt: 'x', processedAt: 'x', updatedAt: 'x'}],
    pageInfo: {hasNextPage: true, endCursor: 'same'},
  }
  const shop = await startScriptedShop(() => answered({orders: page}))

  await expect(all(clientOf(shop).listOrders({by: 'created'}))).rejects.toMatchObject({
    code: 'SHOPIFY_ANSWER_MALFORMED',
  })
  expect(shop.asked.length).toBeLessThan(4)
  await shop.stop()
})

/** The client's own transport, with the cursors that were asked. */
function transportOf({shop, clock}: Played) {
  const operations: unknown[] = []
  const http = createHttp(5000)
  const transport = createTransport({
    base: shop.url,
    http,
    auth: createAuth(shop.url, {kind: 'token', accessToken: company.shopify.accessToken}, http, clock),
    throttle: createThrottle(clock),
    clock,
  })
  const send: typeof transport.send = (document, variables, signal) => {
    operations.push(variables['after'])
    return transport.send(document, variables, signal)
  }
  return {transport: {...transport, send}, operations}
}
