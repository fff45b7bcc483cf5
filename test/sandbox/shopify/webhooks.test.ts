import {createServer, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

import fc from 'fast-check'
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest'

import type {SandboxShopify} from '../../../src/sandbox/shopify/server.ts'
import {RETRIES, retryWaitMs} from '../../../src/sandbox/shopify/webhooks/courier.ts'
import {CREATE, eventually, isGenuine, receive, subscribe, type Received, type Receiver} from './receiver.ts'
import {ask, at, control, document, start} from './support.ts'

/** 4 hours of retries pass in under 0.3 s. */
const SPEED = 50_000

let shop: SandboxShopify
let receiver: Receiver
beforeAll(async () => {
  shop = await start({webhookTimeScale: SPEED})
})
beforeEach(async () => {
  receiver = await receive()
})
afterEach(async () => {
  await control(shop.url, 'POST', 'reset')
  await receiver.stop()
})
afterAll(() => shop.stop())

const put = (body: unknown) => control(shop.url, 'POST', 'orders', body)
const fault = (kind: string, change: object = {}) => control(shop.url, 'POST', 'faults', {kind, ...change})
const stats = async () => at((await control(shop.url, 'GET', 'stats')).body, 'webhooks') as Record<string, number>
const topics = (all: readonly Received[]) => all.map(({topic}) => topic).toSorted()
const ALL = [
  'ORDERS_CREATE',
  'ORDERS_UPDATED',
  'ORDERS_PAID',
  'ORDERS_CANCELLED',
  'ORDERS_EDITED',
  'ORDERS_FULFILLED',
  'ORDERS_PARTIALLY_FULFILLED',
  'ORDERS_DELETE',
  'ORDER_TRANSACTIONS_CREATE',
  'REFUNDS_CREATE',
  'FULFILLMENTS_CREATE',
  'FULFILLMENTS_UPDATE',
]
const subscribeToAll = async () => {
  for (const topic of ALL) await subscribe(shop.url, topic, `${receiver.url}/hooks`)
}
/** What was told of a write, once everything about it has arrived. */
const toldOf = async (write: () => Promise<unknown>) => {
  receiver.received.length = 0
  await write()
  await eventually(
    async () => (await stats()).waiting === 0,
    () => 'deliveries still wait',
  )
  return topics(receiver.received)
}
const refused = (response: ServerResponse) => response.writeHead(500).end()

describe('subscriptions', () => {
  const list = async (given: string) =>
    at(
      (
        await ask(
          shop.url,
          `{ webhookSubscriptions(${given}) { nodes { id topic uri } pageInfo { hasNextPage endCursor } } }`,
        )
      ).body,
      'data.webhookSubscriptions',
    ) as {nodes: {id: string; topic: string}[]; pageInfo: {endCursor: string}}
  const errorsOf = async (topic: string, input: object) =>
    at((await ask(shop.url, CREATE, {topic, input})).body, 'data.webhookSubscriptionCreate.userErrors')

  test('a subscription can be made, read, listed by page and topic, changed and ended', async () => {
    const [create, update] = [
      await subscribe(shop.url, 'ORDERS_CREATE', `${receiver.url}/a`),
      await subscribe(shop.url, 'ORDERS_UPDATED', `${receiver.url}/a`, {name: 'tieout', includeFields: ['id']}),
    ]
    const {body} = await ask(
      shop.url,
      `{ webhookSubscription(id: "${update}") { topic uri callbackUrl format filter includeFields metafieldNamespaces
         name apiVersion { handle } endpoint { __typename ... on WebhookHttpEndpoint { callbackUrl } } }
         node(id: "${update}") { id } webhookSubscriptionsCount { count precision } }`,
    )
    expect(at(body, 'data')).toEqual({
      webhookSubscription: {
        topic: 'ORDERS_UPDATED',
        uri: `${receiver.url}/a`,
        callbackUrl: `${receiver.url}/a`,
        format: 'JSON',
        filter: null,
        includeFields: ['id'],
        metafieldNamespaces: [],
        name: 'tieout',
        apiVersion: {handle: '2026-10'},
        endpoint: {__typename: 'WebhookHttpEndpoint', callbackUrl: `${receiver.url}/a`},
      },
      node: {id: update},
      webhookSubscriptionsCount: {count: 2, precision: 'EXACT'},
    })
    const first = await list('first: 1')
    const second = await list(`first: 1, after: "${first.pageInfo.endCursor}"`)
    expect([...first.nodes, ...second.nodes].map(({id}) => id)).toEqual([create, update])
    expect((await list('first: 5, topics: [ORDERS_UPDATED]')).nodes.map(({id}) => id)).toEqual([update])
    expect((await list(`first: 5, query: "id:${create.replace(/\D/g, '')}"`)).nodes.map(({id}) => id)).toEqual([create])

    const changed = await ask(
      shop.url,
      `mutation { webhookSubscriptionUpdate(id: "${create}", webhookSubscription: {uri: "${receiver.url}/b"}) { webhookSubscription { uri topic } userErrors { message } } }`,
    )
    expect(at(changed.body, 'data.webhookSubscriptionUpdate')).toEqual({
      webhookSubscription: {uri: `${receiver.url}/b`, topic: 'ORDERS_CREATE'},
      userErrors: [],
    })
    const remove = `mutation { webhookSubscriptionDelete(id: "${create}") { deletedWebhookSubscriptionId userErrors { field message } } }`
    expect(at((await ask(shop.url, remove)).body, 'data.webhookSubscriptionDelete')).toEqual({
      deletedWebhookSubscriptionId: create,
      userErrors: [],
    })
    expect(at((await ask(shop.url, remove)).body, 'data.webhookSubscriptionDelete')).toEqual({
      deletedWebhookSubscriptionId: null,
      userErrors: [{field: ['id'], message: 'Webhook subscription does not exist'}],
    })
  })

  test('the same address for a topic is refused, for another topic it is not', async () => {
    const uri = `${receiver.url}/hooks`
    await subscribe(shop.url, 'ORDERS_CREATE', uri)
    await subscribe(shop.url, 'ORDERS_PAID', uri)
    expect(await errorsOf('ORDERS_CREATE', {uri})).toEqual([
      {field: ['webhookSubscription', 'uri'], message: 'Address for this topic has already been taken'},
    ])
  })

  test('an address is https, or plain http on this machine; anything else is named', async () => {
    await subscribe(shop.url, 'ORDERS_CREATE', 'https://example.com/hooks')
    for (const uri of ['http://example.com/hooks', 'ftp://example.com', 'pubsub://project:topic', 'hooks', '']) {
      expect(await errorsOf('ORDERS_CREATE', {uri}), uri).toHaveLength(1)
    }
    expect(await errorsOf('ORDERS_CREATE', {callbackUrl: 'http://example.com'})).toEqual([
      {field: ['webhookSubscription', 'callbackUrl'], message: 'Address protocol http:// is not supported'},
    ])
    expect(
      await errorsOf('ORDERS_CREATE', {uri: 'https://a.example', format: 'XML', name: 'a b', filter: 'cheap'}),
    ).toHaveLength(3)
  })

  test('an unknown topic is refused before anything is executed', async () => {
    const {body} = await ask(shop.url, CREATE, {topic: 'ORDERS_EXPLODED', input: {uri: `${receiver.url}/`}})
    expect(at(body, 'data')).toBeUndefined()
    expect(at(body, 'errors.0.extensions.code')).toBe('INVALID_VARIABLE')
  })

  test('a topic needs the scope of what it tells', async () => {
    const other = await start({scopes: ['read_orders']})
    await subscribe(other.url, 'ORDERS_CREATE', receiver.url)
    await expect(subscribe(other.url, 'FULFILLMENTS_CREATE', receiver.url)).rejects.toThrow(/read_fulfillments/)
    await other.stop()
  })
})

describe('a delivery', () => {
  test('carries the order, signed over its bytes, with Shopify’s headers', async () => {
    await subscribe(shop.url, 'ORDERS_CREATE', `${receiver.url}/hooks`, {name: 'tieout'})
    const order = document(5001, {note: '<b>50 % & more</b> 😀'})
    await put(order)
    const [one] = await receiver.count(1)
    if (one === undefined) throw new Error('nothing came')
    expect(one.path).toBe('/hooks')
    expect(one.body).toEqual(order)
    expect(isGenuine(one)).toBe(true)
    expect(one.headers).toMatchObject({
      'content-type': 'application/json',
      'x-shopify-topic': 'orders/create',
      'x-shopify-shop-domain': 'tieout-demo.myshopify.com',
      'x-shopify-api-version': '2026-10',
      'x-shopify-order-id': '5001',
      'x-shopify-test': 'false',
      'x-shopify-name': 'tieout',
    })
    expect(one.headers['x-shopify-triggered-at']).toMatch(/^2026-11-24T12:00:00\.\d{9}Z$/)
    expect(one.webhookId).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/)
  })

  test('has other bytes than its JSON printed again, so that only the raw body can be verified', async () => {
    await subscribe(shop.url, 'ORDERS_CREATE', receiver.url)
    await put(document(5001))
    const [one] = await receiver.count(1)
    expect(one?.bytes.toString()).toContain(String.raw`gid:\/\/shopify\/Order\/5001`)
    expect(one?.bytes.toString()).not.toBe(JSON.stringify(one?.body))
  })

  test('ids of 18 digits arrive unrounded, and transactions stay at home', async () => {
    await subscribe(shop.url, 'ORDERS_CREATE', receiver.url)
    await put('{"id":820982911946154508,"transactions":[{"id":1}],"line_items":[]}')
    const [one] = await receiver.count(1)
    expect(one?.bytes.toString()).toBe('{"id":820982911946154508,"line_items":[]}')
  })

  test('two subscriptions share the Event-Id and have Webhook-Ids of their own', async () => {
    await subscribe(shop.url, 'ORDERS_CREATE', `${receiver.url}/a`)
    await subscribe(shop.url, 'ORDERS_CREATE', `${receiver.url}/b`)
    await put(document(5001))
    const [a, b] = await receiver.count(2)
    expect(a?.eventId).toBe(b?.eventId)
    expect(a?.webhookId).not.toBe(b?.webhookId)
  })

  test('connections are kept alive', async () => {
    await subscribe(shop.url, 'ORDERS_CREATE', receiver.url)
    for (const id of [5001, 5002, 5003]) {
      await put(document(id))
      await eventually(
        async () => (await stats()).waiting === 0,
        () => 'still waiting',
      )
    }
    expect(new Set((await receiver.count(3)).map(({port}) => port)).size).toBe(1)
  })

  test('its ids depend on the seed alone', async () => {
    const idsOf = async (seed: number) => {
      const other = await start({seed})
      await subscribe(other.url, 'ORDERS_CREATE', receiver.url)
      receiver.received.length = 0
      await control(other.url, 'POST', 'orders', document(5001))
      const [one] = await receiver.count(1)
      await other.stop()
      return [one?.webhookId, one?.eventId]
    }
    expect(await idsOf(7)).toEqual(await idsOf(7))
    expect(await idsOf(8)).not.toEqual(await idsOf(7))
  })
})

describe('what an order’s life tells', () => {
  const line = {id: 50011, sku: 'TEE-BLA-M', title: 'Organic Tee', quantity: 2, current_quantity: 2, price: '12.00'}
  const pending = document(5001, {financial_status: 'pending', line_items: [line]})
  const paid = {...pending, financial_status: 'paid'}
  const shipped = (quantity: number, status: string, change: object = {}) => ({
    ...paid,
    fulfillment_status: status,
    fulfillments: [{id: 71, status: 'success', line_items: [{id: 50011, quantity}], ...change}],
  })

  test('from placed over paid and shipped to deleted, each step fires its topics and no other', async () => {
    await subscribeToAll()
    expect(await toldOf(() => put(pending))).toEqual(['orders/create'])
    expect(await toldOf(() => put(paid))).toEqual(['order_transactions/create', 'orders/paid', 'orders/updated'])
    expect(await toldOf(() => put(paid))).toEqual(['orders/updated'])
    expect(await toldOf(() => put(shipped(1, 'partial')))).toEqual([
      'fulfillments/create',
      'orders/partially_fulfilled',
      'orders/updated',
    ])
    expect(await toldOf(() => put(shipped(2, 'fulfilled', {tracking_number: '1Z'})))).toEqual([
      'fulfillments/update',
      'orders/fulfilled',
      'orders/updated',
    ])
    expect(receiver.received.find(({topic}) => topic === 'fulfillments/update')?.body).toMatchObject({
      id: 71,
      order_id: 5001,
    })
    expect(await toldOf(() => control(shop.url, 'DELETE', 'orders/5001'))).toEqual(['orders/delete'])
    expect(receiver.received[0]?.body).toEqual({id: 5001})
  })

  test('an order placed paid tells so at once', async () => {
    await subscribeToAll()
    expect(await toldOf(() => put(paid))).toEqual(['order_transactions/create', 'orders/create', 'orders/paid'])
    const sale = receiver.received.find(({topic}) => topic === 'order_transactions/create')
    expect(sale?.body).toMatchObject({
      order_id: 5001,
      kind: 'sale',
      status: 'success',
      amount: '24.00',
      currency: 'USD',
    })
  })

  test('an edit names the units of each line; a refund is none', async () => {
    await put(paid)
    await subscribeToAll()
    const edited = {
      ...paid,
      line_items: [
        {...line, current_quantity: 1},
        {...line, id: 50012, quantity: 1, current_quantity: 1},
      ],
    }
    expect(await toldOf(() => put(edited))).toEqual(['orders/edited', 'orders/updated'])
    expect(at(receiver.received.find(({topic}) => topic === 'orders/edited')?.body, 'order_edit')).toMatchObject({
      order_id: 5001,
      line_items: {additions: [{id: 50012, delta: 1}], removals: [{id: 50011, delta: 1}]},
    })
    const refund = {
      id: 81,
      refund_line_items: [{id: 91, line_item_id: 50012, quantity: 1, subtotal: 12, total_tax: 0}],
      transactions: [{id: 92, kind: 'refund', status: 'success', amount: '12.00', currency: 'USD'}],
    }
    const refunded = {
      ...edited,
      financial_status: 'partially_refunded',
      line_items: [edited.line_items[0], {...edited.line_items[1], current_quantity: 0}],
      refunds: [refund],
    }
    expect(await toldOf(() => put(refunded))).toEqual(['order_transactions/create', 'orders/updated', 'refunds/create'])
    expect(receiver.received.find(({topic}) => topic === 'refunds/create')?.body).toEqual({...refund, order_id: 5001})
    const cancelled = {...refunded, cancelled_at: '2026-11-24T06:00:00-05:00', line_items: []}
    expect(await toldOf(() => put(cancelled))).toEqual(['orders/cancelled', 'orders/updated'])
  })

  test('writing a metafield is an update of the order, and the body tells its time', async () => {
    await put(document(5001))
    await subscribe(shop.url, 'ORDERS_UPDATED', receiver.url, {metafieldNamespaces: ['tieout']})
    const set = `mutation { metafieldsSet(metafields: [
      {ownerId: "gid://shopify/Order/5001", namespace: "tieout", key: "netsuite", type: "single_line_text_field", value: "77"},
      {ownerId: "gid://shopify/Order/5001", namespace: "other", key: "colour", type: "single_line_text_field", value: "red"}
    ]) { userErrors { message } } }`
    expect(await toldOf(() => ask(shop.url, set))).toEqual(['orders/updated'])
    expect(receiver.received[0]?.body).toMatchObject({
      updated_at: '2026-11-24T07:00:00-05:00',
      metafields: [{namespace: 'tieout', key: 'netsuite', value: '77', owner_id: 5001, owner_resource: 'order'}],
    })
    expect(at(receiver.received[0]?.body, 'metafields.1')).toBeUndefined()
  })

  test('a filter lets through only what fits', async () => {
    await subscribe(shop.url, 'ORDERS_CREATE', receiver.url, {filter: 'total_price:>=100 AND line_items.sku:tee-*'})
    await put([
      document(5001),
      document(5002, {total_price: '100.00'}),
      document(5003, {total_price: '200', line_items: []}),
    ])
    await eventually(
      async () => (await stats()).waiting === 0,
      () => 'still waiting',
    )
    expect(receiver.received.map(({body}) => at(body, 'id'))).toEqual([5002])
  })

  test('with includeFields a body holds only those, and one like the last is debounced away', async () => {
    await subscribe(shop.url, 'ORDERS_UPDATED', receiver.url, {includeFields: ['id', 'note', 'line_items.sku']})
    await put(document(5001))
    await put(document(5001, {note: 'ring twice'}))
    await receiver.count(1)
    await put(document(5001, {note: 'ring twice', updated_at: '2026-11-24T07:00:00-05:00'}))
    await put(document(5001, {note: 'do not ring'}))
    await receiver.count(2)
    expect(receiver.received.map(({body}) => body)).toEqual([
      {id: 5001, line_items: [{sku: 'TEE-BLA-M'}], note: 'ring twice'},
      {id: 5001, line_items: [{sku: 'TEE-BLA-M'}], note: 'do not ring'},
    ])
    expect(await stats()).toMatchObject({deliveries: 2, debounced: 1})
  })
})

describe('a receiver that fails', () => {
  test('is tried again with the same body and Webhook-Id until it says 2xx', async () => {
    let left = 3
    receiver.answer((response) => response.writeHead(left-- > 0 ? 503 : 204).end())
    await subscribe(shop.url, 'ORDERS_CREATE', receiver.url)
    await put(document(5001))
    const all = await receiver.count(4)
    await put(document(5001, {note: 'later'}))
    expect(new Set(all.map(({webhookId}) => webhookId)).size).toBe(1)
    expect(new Set(all.map(({bytes}) => bytes.toString())).size).toBe(1)
    await eventually(
      async () => (await stats()).waiting === 0,
      () => 'still waiting',
    )
    expect(await stats()).toMatchObject({
      deliveries: 1,
      attempts: 4,
      failed: 3,
      retried: 3,
      acknowledged: 1,
      givenUp: 0,
    })
  })

  test('the waits before retries double, and together they take 4 hours', () => {
    const waits = Array.from({length: RETRIES}, (_, i) => retryWaitMs(i + 1))
    expect(waits).toHaveLength(8)
    expect(waits.reduce((a, b) => a + b)).toBeCloseTo(4 * 3_600_000)
    for (const [i, wait] of waits.slice(1).entries()) expect(wait / (waits[i] ?? 0)).toBeCloseTo(2)
  })

  test('a redirect is a failure and is not followed', async () => {
    receiver.answer((response) => response.writeHead(302, {location: `${receiver.url}/elsewhere`}).end())
    await subscribe(shop.url, 'ORDERS_CREATE', receiver.url)
    await put(document(5001))
    await receiver.count(2)
    expect(receiver.received.every(({path}) => path === '/')).toBe(true)
    expect((await stats()).failed).toBeGreaterThanOrEqual(1)
  })

  test('after the first attempt and 8 failed retries over 4 hours the subscription is deleted', async () => {
    receiver.answer(refused)
    await subscribe(shop.url, 'ORDERS_CREATE', receiver.url)
    const at0 = performance.now()
    await put(document(5001))
    await eventually(
      async () => (await stats()).removedSubscriptions === 1,
      () => 'the subscription is still there',
    )
    const tookMs = performance.now() - at0
    expect(receiver.received).toHaveLength(9)
    expect(tookMs).toBeGreaterThanOrEqual((4 * 3_600_000) / SPEED)
    expect(await stats()).toMatchObject({subscriptions: 0, attempts: 9, retried: 8, givenUp: 1, waiting: 0})
    await put(document(5002))
    expect(await stats()).toMatchObject({deliveries: 1})
  })

  test('one poisonous order among others that are acknowledged does not end the subscription', async () => {
    receiver.answer((response, {body}) => response.writeHead(at(body, 'id') === 5001 ? 500 : 200).end())
    await subscribe(shop.url, 'ORDERS_CREATE', receiver.url)
    await put(document(5001))
    await receiver.count(1)
    await put(document(5002))
    await eventually(
      async () => (await stats()).givenUp === 1,
      () => 'not given up',
    )
    expect(await stats()).toMatchObject({subscriptions: 1, removedSubscriptions: 0, acknowledged: 1})
  })

  test('one that does not answer in time, or is not there, has failed', async () => {
    const other = await start({webhookLimits: {connectMs: 200, totalMs: 300}})
    receiver.answer(() => undefined)
    await subscribe(other.url, 'ORDERS_CREATE', receiver.url)
    const nobody = createServer()
    await new Promise<void>((resolve) => nobody.listen(0, '127.0.0.1', resolve))
    const {port} = nobody.address() as AddressInfo
    await new Promise((resolve) => nobody.close(resolve))
    await subscribe(other.url, 'ORDERS_CREATE', `http://127.0.0.1:${port}/`)
    await control(other.url, 'POST', 'orders', document(5001))
    const errors = async () => {
      const {body} = await control(other.url, 'GET', 'webhooks')
      return (at(body, 'deliveries') as {attempts: {error?: string}[]}[]).map(({attempts}) => attempts[0]?.error ?? '')
    }
    await eventually(
      async () => (await errors()).every((one) => one !== ''),
      () => 'no failure yet',
    )
    expect(await errors()).toEqual([
      expect.stringContaining('no answer within 300 ms'),
      expect.stringContaining('ECONNREFUSED'),
    ])
    await other.stop()
  })

  test('a flush delivers at once what waits for a retry', async () => {
    const slow = await start()
    receiver.answer(refused)
    await subscribe(slow.url, 'ORDERS_CREATE', receiver.url)
    await control(slow.url, 'POST', 'orders', document(5001))
    await receiver.count(1)
    receiver.answer((response) => response.end())
    const {body} = await control(slow.url, 'POST', 'webhooks/flush')
    expect(body).toMatchObject({acknowledged: 1, waiting: 0})
    expect(receiver.received).toHaveLength(2)
    await slow.stop()
  })

  test('when a subscription is deleted, what waits for it is not sent any more', async () => {
    const slow = await start()
    receiver.answer(refused)
    const id = await subscribe(slow.url, 'ORDERS_CREATE', receiver.url)
    await control(slow.url, 'POST', 'orders', document(5001))
    await receiver.count(1)
    await ask(slow.url, `mutation { webhookSubscriptionDelete(id: "${id}") { deletedWebhookSubscriptionId } }`)
    expect((await control(slow.url, 'POST', 'webhooks/flush')).body).toMatchObject({givenUp: 1, waiting: 0})
    expect(receiver.received).toHaveLength(1)
    await slow.stop()
  })
})

describe('faults to order', () => {
  beforeEach(() => subscribe(shop.url, 'ORDERS_CREATE', receiver.url))

  test('a duplicate is the same delivery again', async () => {
    await fault('webhook-duplicate', {count: 1})
    await put([document(5001), document(5002)])
    const all = await receiver.count(3)
    expect(new Set(all.map(({webhookId}) => webhookId)).size).toBe(2)
    expect(all.every(isGenuine)).toBe(true)
  })

  test('a lost delivery never comes; one can be lost by its order', async () => {
    await fault('webhook-lost', {match: {operation: 'orders/create', orderId: 5002}})
    await put([document(5001), document(5002), document(5003)])
    await control(shop.url, 'POST', 'webhooks/flush')
    expect(receiver.received.map(({body}) => at(body, 'id')).toSorted()).toEqual([5001, 5003])
    expect(await stats()).toMatchObject({deliveries: 3, lost: 1, acknowledged: 2, waiting: 0})
  })

  test('a late delivery is overtaken', async () => {
    await fault('webhook-late', {count: 1, delayMs: 60})
    await put(document(5001))
    await put(document(5002))
    const all = await receiver.count(2)
    expect(all.map(({body}) => at(body, 'id'))).toEqual([5002, 5001])
  })

  test('shuffled deliveries come in another order, each once', async () => {
    const ids = Array.from({length: 12}, (_, i) => 6001 + i)
    await fault('webhook-shuffled', {delayMs: 20})
    await put(ids.map((id) => document(id)))
    const order = (await receiver.count(ids.length)).map(({body}) => at(body, 'id'))
    expect(order.toSorted()).toEqual(ids)
    expect(order).not.toEqual(ids)
  })

  test('a forgery comes beside the genuine delivery, and whether it was accepted is counted', async () => {
    await fault('webhook-forged')
    receiver.answer((response, one) => response.writeHead(isGenuine(one) ? 200 : 401).end())
    await put(document(5001))
    await receiver.count(2)
    await eventually(
      async () => (await stats()).waiting === 0,
      () => 'still waiting',
    )
    expect(await stats()).toMatchObject({deliveries: 1, acknowledged: 1, failed: 0, forged: 1, forgedAccepted: 0})
    receiver.answer((response) => response.end())
    await put(document(5002))
    await eventually(
      async () => (await stats()).forgedAccepted === 1,
      () => 'the forgery was not noticed',
    )
  })

  test('whatever strikes, every delivery is acknowledged, lost, given up or waiting', async () => {
    const kinds = ['webhook-duplicate', 'webhook-lost', 'webhook-late', 'webhook-shuffled', 'webhook-forged']
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({kind: fc.constantFrom(...kinds), probability: fc.double({min: 0.1, max: 1, noNaN: true})}),
          {maxLength: 4},
        ),
        fc.integer({min: 1, max: 15}),
        fc.boolean(),
        async (faults, count, isFailing) => {
          await control(shop.url, 'POST', 'reset')
          await subscribe(shop.url, 'ORDERS_CREATE', receiver.url)
          for (const one of faults) await fault(one.kind, {...one, delayMs: 3})
          let turn = 0
          receiver.answer((response) => response.writeHead(isFailing && (turn += 1) % 3 === 0 ? 500 : 200).end())
          await put(Array.from({length: count}, (_, i) => document(7000 + i)))
          const held = await stats()
          const sums = (one: Record<string, number>) => [
            (one.deliveries ?? 0) + (one.duplicated ?? 0),
            (one.acknowledged ?? 0) + (one.lost ?? 0) + (one.givenUp ?? 0),
          ]
          expect(held.deliveries).toBe(count)
          await eventually(
            async () => (await stats()).waiting === 0,
            () => 'deliveries still wait',
          )
          const [caused, accounted] = sums(await stats())
          expect(accounted).toBe(caused)
        },
      ),
      {numRuns: 12},
    )
  })
})
