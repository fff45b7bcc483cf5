import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest'

import {company} from '../../../src/sandbox/company.ts'
import type {Known} from '../../../src/sandbox/shopify/control.ts'
import type {SandboxShopify} from '../../../src/sandbox/shopify/server.ts'
import {ask, at, control, document, start} from './support.ts'

let shop: SandboxShopify
const known: Known[] = []
beforeAll(async () => {
  shop = await start({onKnown: (one) => Promise.resolve(void known.push(one))})
})
afterEach(() => control(shop.url, 'POST', 'reset'))
afterAll(() => shop.stop())

const NAMES = '{ orders(first: 5) { nodes { name } } }'
const token = (value: string) => ({'x-shopify-access-token': value})
const set = (ownerId: string, change: Record<string, unknown> = {}) => ({
  metafields: [
    {
      ownerId,
      namespace: 'tieout',
      key: 'netsuite_sales_order_id',
      type: 'single_line_text_field',
      value: '77',
      ...change,
    },
  ],
})
const METAFIELDS_SET =
  'mutation Set($metafields: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $metafields) { metafields { id value compareDigest } userErrors { field message code } } }'

describe('the door', () => {
  test('only the header X-Shopify-Access-Token opens; the refusal’s errors are a text', async () => {
    for (const headers of [{}, token('wrong'), {authorization: `Bearer ${company.shopify.accessToken}`}]) {
      const {status, body} = await ask(shop.url, NAMES, {}, headers)
      expect(status).toBe(401)
      expect(at(body, 'errors')).toBe('[API] Invalid API key or access token (unrecognized login or wrong password)')
    }
    const both = {...token(company.shopify.accessToken), authorization: 'Bearer wrong'}
    expect((await ask(shop.url, NAMES, {}, both)).status).toBe(200)
  })

  test('a retired version falls forward to the oldest served one, and only the header tells', async () => {
    const served = async (path: string) =>
      (await ask(shop.url, NAMES, {}, undefined, path)).headers.get('x-shopify-api-version')
    expect(await served('/admin/api/2026-10/graphql.json')).toBe('2026-10')
    expect(await served('/admin/api/2025-01/graphql.json')).toBe('2026-01')
    expect(await served('/admin/api/graphql.json')).toBe('2026-01')
    expect((await ask(shop.url, NAMES, {}, undefined, '/admin/api/2026-11/graphql.json')).status).toBe(404)
    expect((await ask(shop.url, NAMES, {}, undefined, '/admin/api/2026-10/orders.json')).body).toEqual({
      errors: 'Not Found',
    })
  })

  test('a body without query is a bad request', async () => {
    const {status, body} = await ask(shop.url, ' ')
    expect(status).toBe(400)
    expect(body).toEqual({errors: {query: 'Required parameter missing or invalid'}})
  })

  test('the Date header tells the shop’s time, and every answer has a request id', async () => {
    const {headers} = await ask(shop.url, NAMES)
    expect(headers.get('date')).toBe('Tue, 24 Nov 2026 12:00:00 GMT')
    expect(headers.get('x-request-id')).toMatch(/^[\da-f]{8}-[\da-f]{4}-/)
  })

  test('a field that does not exist is named with Shopify’s code', async () => {
    const {status, body} = await ask(shop.url, '{ orders(first: 1) { nodes { price } } }')
    expect(status).toBe(200)
    expect(at(body, 'data')).toBeUndefined()
    expect(at(body, 'errors.0')).toMatchObject({
      message: "Field 'price' doesn't exist on type 'Order'",
      extensions: {code: 'undefinedField', typeName: 'Order', fieldName: 'price'},
    })
  })
})

describe('client credentials', () => {
  const grant = async (form: Record<string, string>, url = shop.url) => {
    const body = new URLSearchParams({grant_type: 'client_credentials', client_id: company.shopify.clientId, ...form})
    const response = await fetch(`${url}/admin/oauth/access_token`, {method: 'POST', body})
    return {status: response.status, body: (await response.json()) as Record<string, unknown>}
  }

  test('give a token for a day that opens the Admin API', async () => {
    const {status, body} = await grant({client_secret: company.shopify.clientSecret})
    expect(status).toBe(200)
    expect(body).toMatchObject({expires_in: 86_399, scope: expect.stringContaining('read_orders') as string})
    expect((await ask(shop.url, NAMES, {}, token(String(at(body, 'access_token'))))).status).toBe(200)
  })

  test('a token that is a day old is refused', async () => {
    let now = new Date('2026-11-24T12:00:00Z')
    const other = await start({now: () => now})
    const {body} = await grant({client_secret: company.shopify.clientSecret}, other.url)
    now = new Date('2026-11-25T12:00:00Z')
    expect((await ask(other.url, NAMES, {}, token(String(at(body, 'access_token'))))).status).toBe(401)
    await other.stop()
  })

  test('a wrong secret is a bad request with an OAuth error', async () => {
    expect(await grant({client_secret: 'wrong'})).toMatchObject({status: 400, body: {error: 'invalid_client'}})
    expect(await grant({grant_type: 'password'})).toMatchObject({status: 400, body: {error: 'unsupported_grant_type'}})
  })

  test('the granted scopes can be listed both ways', async () => {
    const headers = token(company.shopify.accessToken)
    const response = await fetch(`${shop.url}/admin/oauth/access_scopes.json`, {headers})
    const {access_scopes: listed} = (await response.json()) as {access_scopes: {handle: string}[]}
    const {body} = await ask(shop.url, '{ currentAppInstallation { accessScopes { handle } } }')
    expect(at(body, 'data.currentAppInstallation.accessScopes')).toEqual(listed)
    expect(listed).toContainEqual({handle: 'write_orders'})
  })
})

describe('scopes', () => {
  test('a customer without read_customers is null with an error; the order around it arrives', async () => {
    const other = await start({scopes: ['read_orders', 'read_all_orders']})
    other.orders.put(document(5001, {customer: {id: 1, email: 'ada@example.com'}}))
    const {status, body} = await ask(other.url, '{ orders(first: 1) { nodes { name customer { id } } } }')
    expect(status).toBe(200)
    expect(at(body, 'data.orders.nodes.0')).toEqual({name: '#5001', customer: null})
    expect(at(body, 'errors.0.message')).toBe(
      'Access denied for customer field. Required access: `read_customers` access scope.',
    )
    expect(at(body, 'errors.0.extensions.code')).toBe('ACCESS_DENIED')
    const write = await ask(other.url, METAFIELDS_SET, set('gid://shopify/Order/5001'))
    expect(at(write.body, 'errors.0.extensions.code')).toBe('ACCESS_DENIED')
    await other.stop()
  })

  test('without read_all_orders orders older than 60 days are absent, without any error', async () => {
    const other = await start({scopes: ['read_orders']})
    other.orders.put(document(5001, {created_at: '2026-09-01T00:00:00Z'}))
    other.orders.put(document(5002))
    const {body} = await ask(
      other.url,
      `{ orders(first: 5) { nodes { name } } order(id: "gid://shopify/Order/5001") { id } ordersCount { count } }`,
    )
    expect(at(body, 'errors')).toBeUndefined()
    expect(at(body, 'data')).toEqual({orders: {nodes: [{name: '#5002'}]}, order: null, ordersCount: {count: 1}})
    await other.stop()
  })
})

describe('the throttle', () => {
  const HEAVY = '{ orders(first: 250) { nodes { id lineItems(first: 250) { nodes { id } } } } }'

  test('a query beyond the bucket is throttled as HTTP 200 without data, and the next smaller one passes', async () => {
    const other = await start({plan: {maximumAvailable: 158, restoreRate: 1}})
    const first = await ask(other.url, HEAVY)
    expect(at(first.body, 'extensions.cost')).toMatchObject({requestedQueryCost: 156, actualQueryCost: 0})
    other.orders.put(document(5001))
    await ask(other.url, '{ orders(first: 250) { nodes { id totalPriceSet { shopMoney { amount } } } } }')
    const {status, body, headers} = await ask(other.url, HEAVY)
    expect(status).toBe(200)
    expect(headers.get('retry-after')).toBeNull()
    expect(body).not.toHaveProperty('data')
    expect(at(body, 'errors.0.extensions.code')).toBe('THROTTLED')
    const cost = at(body, 'extensions.cost')
    expect(cost).toMatchObject({requestedQueryCost: 156, actualQueryCost: null})
    expect(at(cost, 'throttleStatus.currentlyAvailable')).toBeLessThan(156)
    expect(at(cost, 'throttleStatus')).toMatchObject({maximumAvailable: 158, restoreRate: 1})
    expect(at((await ask(other.url, NAMES)).body, 'data')).toBeDefined()
    expect(at((await control(other.url, 'GET', 'stats')).body, 'refusals')).toEqual({THROTTLED: 1})
    await other.stop()
  })

  test('a query over 1000 points is refused before it runs, whatever the bucket holds', async () => {
    const seven = Array.from({length: 7}, (_, i) => `q${i}: ${HEAVY.slice(1, -1)}`).join(' ')
    const {body} = await ask(shop.url, `{ ${seven} }`)
    expect(body).not.toHaveProperty('extensions')
    expect(at(body, 'errors.0.extensions')).toMatchObject({code: 'MAX_COST_EXCEEDED', cost: 1092, maxCost: 1000})
  })

  test('the debug header explains the cost field by field', async () => {
    const headers = {...token(company.shopify.accessToken), 'shopify-graphql-cost-debug': '1'}
    const {body} = await ask(shop.url, '{ shop { plan { displayName } } }', {}, headers)
    expect(at(body, 'extensions.cost.fields')).toContainEqual({
      path: ['shop'],
      definedCost: 1,
      requestedTotalCost: 2,
      requestedChildrenCost: 1,
    })
  })
})

describe('writing back', () => {
  const READ =
    '{ order(id: "gid://shopify/Order/5001") { updatedAt metafield(namespace: "tieout", key: "netsuite_sales_order_id") { value } } }'

  test('a metafield set on an order is read with it, and moves its updatedAt', async () => {
    shop.orders.put(document(5001))
    const {body} = await ask(shop.url, METAFIELDS_SET, set('gid://shopify/Order/5001'))
    expect(at(body, 'data.metafieldsSet.userErrors')).toEqual([])
    expect(at((await ask(shop.url, READ)).body, 'data.order')).toEqual({
      updatedAt: '2026-11-24T12:00:00Z',
      metafield: {value: '77'},
    })
  })

  test('set twice it stays one metafield', async () => {
    shop.orders.put(document(5001))
    const first = await ask(shop.url, METAFIELDS_SET, set('gid://shopify/Order/5001'))
    const again = await ask(shop.url, METAFIELDS_SET, set('gid://shopify/Order/5001', {value: '78'}))
    const id = (one: typeof first) => at(one.body, 'data.metafieldsSet.metafields.0.id')
    expect(id(again)).toBe(id(first))
    const stale = set('gid://shopify/Order/5001', {
      compareDigest: at(first.body, 'data.metafieldsSet.metafields.0.compareDigest'),
    })
    expect(at((await ask(shop.url, METAFIELDS_SET, stale)).body, 'data.metafieldsSet.userErrors.0.code')).toBe(
      'STALE_OBJECT',
    )
    expect(at((await ask(shop.url, READ)).body, 'data.order.metafield')).toEqual({value: '78'})
  })

  test('one bad metafield of several keeps all from being set', async () => {
    shop.orders.put(document(5001))
    const good = set('gid://shopify/Order/5001').metafields
    const cases: [Record<string, unknown>, string, string][] = [
      [{ownerId: 'gid://shopify/Order/9'}, 'ownerId', 'INVALID_VALUE'],
      [{key: 'k'}, 'key', 'TOO_SHORT'],
      [{value: ''}, 'value', 'BLANK'],
      [{value: 'two\nlines'}, 'value', 'INVALID_VALUE'],
      [{key: 'other', type: null}, 'type', 'BLANK'],
      [{key: 'other', type: 'colour'}, 'type', 'INVALID_TYPE'],
    ]
    for (const [change, field, code] of cases) {
      const metafields = [...good, ...set('gid://shopify/Order/5001', change).metafields]
      const {body} = await ask(shop.url, METAFIELDS_SET, {metafields})
      expect(at(body, 'data.metafieldsSet.userErrors')).toMatchObject([{field: ['metafields', '1', field], code}])
    }
    const many = {metafields: Array.from({length: 26}, () => good[0])}
    expect(at((await ask(shop.url, METAFIELDS_SET, many)).body, 'data.metafieldsSet.userErrors.0.code')).toBe(
      'LESS_THAN_OR_EQUAL_TO',
    )
    expect(at((await ask(shop.url, READ)).body, 'data.order.metafield')).toBeNull()
  })
})

describe('faults to order', () => {
  const order = (rule: object) => control(shop.url, 'POST', 'faults', rule)

  test('strike the named operation as often as ordered, then everything works again', async () => {
    await order({kind: 'throttled', match: {operation: 'Names'}, count: 2})
    const codes = []
    for (const query of [NAMES, `query Names ${NAMES}`, `query Names ${NAMES}`, `query Names ${NAMES}`]) {
      codes.push(at((await ask(shop.url, query)).body, 'errors.0.extensions.code'))
    }
    expect(codes).toEqual([undefined, 'THROTTLED', 'THROTTLED', undefined])
  })

  test('strike only requests that mention the order', async () => {
    await order({kind: 'internal-error', match: {orderId: '5001'}})
    const read = (id: number) =>
      ask(shop.url, 'query One($id: ID!) { order(id: $id) { id } }', {id: `gid://shopify/Order/${id}`})
    expect(at((await read(5001)).body, 'errors.0.extensions.code')).toBe('INTERNAL_SERVER_ERROR')
    expect(at((await read(50_011)).body, 'errors')).toBeUndefined()
  })

  test('answer with any HTTP status in Shopify’s words', async () => {
    await order([
      {kind: 'http-status', status: 429, retryAfter: '4.0', count: 1},
      {kind: 'http-status', status: 503, count: 1},
      {kind: 'http-status', status: 402, count: 1},
      {kind: 'revoked', count: 1},
      {kind: 'html', count: 1},
      {kind: 'access-denied', count: 1},
    ])
    const limited = await ask(shop.url, NAMES)
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '4.0'])
    expect((await ask(shop.url, NAMES)).status).toBe(503)
    expect((await ask(shop.url, NAMES)).body).toEqual({errors: "This shop's plan does not have access to this feature"})
    expect((await ask(shop.url, NAMES)).status).toBe(401)
    expect((await ask(shop.url, NAMES)).body).toContain('<!DOCTYPE html>')
    expect(at((await ask(shop.url, NAMES)).body, 'errors.0.extensions.code')).toBe('ACCESS_DENIED')
  })

  test('break the connection before the work, within the answer, or after the work is done', async () => {
    shop.orders.put(document(5001))
    await order({kind: 'reset', count: 1})
    await expect(ask(shop.url, METAFIELDS_SET, set('gid://shopify/Order/5001'))).rejects.toThrow()
    expect(shop.metafields.find('gid://shopify/Order/5001', 'tieout', 'netsuite_sales_order_id')).toBeNull()
    await order({kind: 'cut', count: 1})
    await expect(ask(shop.url, NAMES)).rejects.toThrow()
    await order({kind: 'lost-reply', count: 1})
    await expect(ask(shop.url, METAFIELDS_SET, set('gid://shopify/Order/5001'))).rejects.toThrow()
    expect(shop.metafields.find('gid://shopify/Order/5001', 'tieout', 'netsuite_sales_order_id')?.value).toBe('77')
  })

  test('leave a member out of an answer', async () => {
    shop.orders.put(document(5001))
    await order({kind: 'malformed', field: 'name', count: 1})
    expect(at((await ask(shop.url, '{ orders(first: 1) { nodes { id name } } }')).body, 'data')).toEqual({
      orders: {nodes: [{id: 'gid://shopify/Order/5001'}]},
    })
  })

  test('a fault that makes no sense is refused with the reason', async () => {
    const {status, body} = await order({kind: 'earthquake'})
    expect(status).toBe(400)
    expect(at(body, 'errors')).toContain('kind must be one of throttled')
  })

  test('chances follow the seed', async () => {
    const draws = async () => {
      const other = await start({seed: 4})
      await control(other.url, 'POST', 'faults', {kind: 'internal-error', probability: 0.5})
      const struck = []
      for (let i = 0; i < 12; i += 1) struck.push(at((await ask(other.url, NAMES)).body, 'errors') !== undefined)
      await other.stop()
      return struck
    }
    const first = await draws()
    expect(new Set(first)).toEqual(new Set([true, false]))
    expect(await draws()).toEqual(first)
  })
})

describe('the control endpoints', () => {
  test('documents are kept as they were given, ids of 18 digits included', async () => {
    const given =
      '{"id":820982911946154508,"admin_graphql_api_id":"gid://shopify/Order/820982911946154508","created_at":"2026-11-01T00:00:00Z","currency":"USD","total_price":"1.00","line_items":[],"weird":{"deep":[1.5,null]}}'
    const {body} = await control(shop.url, 'POST', 'orders', given)
    expect(body).toEqual({accepted: 1, ids: ['820982911946154508']})
    expect(await (await fetch(`${shop.url}/_sandbox/orders`)).text()).toBe(`[${given}]`)
    const read = await ask(shop.url, '{ order(id: "gid://shopify/Order/820982911946154508") { legacyResourceId } }')
    expect(at(read.body, 'data.order.legacyResourceId')).toBe('820982911946154508')
  })

  test('several at once, replaced by id, and removed', async () => {
    await control(shop.url, 'POST', 'orders', [document(5001), document(5002)])
    await control(shop.url, 'POST', 'orders', document(5001, {name: '#new'}))
    expect(shop.orders.size).toBe(2)
    expect((await control(shop.url, 'DELETE', 'orders/5002')).status).toBe(200)
    expect((await control(shop.url, 'DELETE', 'orders/5002')).status).toBe(404)
    const {body} = await ask(
      shop.url,
      '{ nodes(ids: ["gid://shopify/Order/5002", "gid://shopify/Order/5001"]) { ... on Order { name } } }',
    )
    expect(at(body, 'data.nodes')).toEqual([null, {name: '#new'}])
  })

  test('?known=1 tells of SKUs and currencies before it answers', async () => {
    known.length = 0
    const gift = {id: 1, sku: 'GIFT', title: 'Gift card', gift_card: true, quantity: 1, price: '5.00'}
    const lines = [
      {id: 2, sku: 'A', title: 'First', quantity: 1, price: '1.00'},
      gift,
      {id: 3, sku: '', quantity: 1, price: '1.00'},
    ]
    await control(shop.url, 'POST', 'orders?known=1', document(5001, {presentment_currency: 'JPY', line_items: lines}))
    expect(known).toEqual([
      {
        skus: [
          {sku: 'A', title: 'First'},
          {sku: 'GIFT', title: 'Gift card', giftCard: true},
        ],
        currencies: ['USD', 'JPY'],
      },
    ])
    await control(shop.url, 'POST', 'orders', document(5002))
    expect(known.length).toBe(1)
  })

  test('what is no order is refused, and nothing of it is kept', async () => {
    for (const body of ['{', '"text"', [document(5001), {name: 'no id'}]]) {
      expect((await control(shop.url, 'POST', 'orders', body)).status).toBe(400)
    }
    expect(shop.orders.size).toBe(0)
  })

  test('statistics count requests, operations, refusals and how many were in flight at once', async () => {
    const slow = await start({latencyMs: 30})
    await Promise.all([ask(slow.url, NAMES), ask(slow.url, `query Named ${NAMES}`), ask(slow.url, '{ nothing }')])
    const {body} = await control(slow.url, 'GET', 'stats')
    expect(body).toMatchObject({
      requests: 3,
      kinds: {graphql: 3},
      operations: {orders: 1, Named: 1, invalid: 1},
      refusals: {undefinedField: 1},
      inFlight: 0,
    })
    expect(at(body, 'mostInFlight')).toBeGreaterThan(1)
    await slow.stop()
  })
})
