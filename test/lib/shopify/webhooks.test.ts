import {createHmac} from 'node:crypto'

import fc from 'fast-check'
import {expect, test} from 'vitest'

import {deliveryOf, meaningOf, signedBy} from '../../../src/lib/shopify/webhooks.ts'

const sign = (body: Uint8Array, secret: string) => createHmac('sha256', secret).update(body).digest('base64')
const secret = fc.string({minLength: 1, maxLength: 40})

test('a delivery is authentic under each of the live secrets, and under no other', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({maxLength: 300}),
      fc.uniqueArray(secret, {minLength: 3, maxLength: 3}),
      (bytes, secrets) => {
        const body = Buffer.from(bytes)
        const live = secrets.slice(0, 2)
        expect(secrets.map((one) => signedBy(body, sign(body, one), live))).toEqual([0, 1, -1])
      },
    ),
  )
})

test('one changed bit of the body or of the signature makes a delivery a forgery', () => {
  fc.assert(
    fc.property(fc.uint8Array({minLength: 1, maxLength: 300}), fc.nat(), (bytes, n) => {
      const body = Buffer.from(bytes)
      const signature = sign(body, 'hush')
      const changed = Buffer.from(body)
      changed[n % body.length]! ^= 1 << (n % 8)
      const forged = Buffer.from(signature, 'base64')
      forged[n % 32]! ^= 1 << (n % 8)
      expect(signedBy(changed, signature, ['hush'])).toBe(-1)
      expect(signedBy(body, forged.toString('base64'), ['hush'])).toBe(-1)
    }),
  )
})

test.each([undefined, '', 'x', '€', 'AAAA', 'A'.repeat(10_000)])(
  'the signature %j is refused, not stumbled over',
  (given) => {
    expect(signedBy(Buffer.from('{}'), given, ['hush'])).toBe(-1)
  },
)

test('without a live secret nothing is authentic', () => {
  expect(signedBy(Buffer.from('{}'), sign(Buffer.from('{}'), ''), [])).toBe(-1)
})

const digits = fc.bigInt({min: 1n, max: 9_999_999_999_999_999_999n}).map(String)

/** Payloads as Shopify writes them, by topic, for the order of this id. */
const payloads: readonly (readonly [topic: string, write: (id: string) => string])[] = [
  ['orders/create', (id) => `{"id":${id},"admin_graphql_api_id":"gid://shopify/Order/${id}","name":"#1001"}`],
  ['orders/updated', (id) => `{"id": ${id} , "name": "#1001"}`],
  ['orders/delete', (id) => `{"id":${id}}`],
  ['orders/edited', (id) => `{"order_edit":{"id":78912328793,"order_id":${id},"committed_at":null}}`],
  ['order_transactions/create', (id) => `{"id":389404469,"order_id":${id},"kind":"capture"}`],
  [
    'refunds/create',
    (id) => `{"id":1,"order_id":${id},"admin_graphql_api_id":"gid://shopify/Refund/890088186047892319"}`,
  ],
  ['fulfillments/update', (id) => `{"id":123456,"order_id":${id},"name":"#1001.1"}`],
]

test.each(payloads)('%s names its order, to the last digit of the longest id', (topic, write) => {
  fc.assert(
    fc.property(digits, (id) => {
      expect(meaningOf(topic, Buffer.from(write(id)))).toMatchObject({kind: 'order', id})
    }),
  )
})

test("an order's name is taken, the name of a fulfilment is not", () => {
  expect(meaningOf('orders/paid', Buffer.from('{"id":5001,"name":"#1001"}'))).toMatchObject({name: '#1001'})
  expect(meaningOf('fulfillments/create', Buffer.from('{"order_id":5001,"name":"#1001.1"}'))).toMatchObject({
    name: null,
  })
})

test('a payload is understood from its head as it is when all of it is parsed', () => {
  const name = fc.oneof(
    fc.string({maxLength: 300, unit: 'binary'}),
    fc.constantFrom('#1001', '}],"name":"#2', '\\', '"'),
  )
  const others = fc.dictionary(fc.constantFrom('email', 'note', 'total'), fc.jsonValue({maxDepth: 3}))
  const nested = fc.record({name: fc.string()})
  fc.assert(
    fc.property(digits, name, others, nested, fc.boolean(), (id, text, before, company, hasName) => {
      const rest = {...before, company, lines: [company], ...(hasName ? {name: text} : {}), customer: {name: 'Ada'}}
      const head = `{"id":${id},"admin_graphql_api_id":"gid://shopify/Order/${id}",`
      const body = `${head}${JSON.stringify(rest).slice(1)}`
      const shown = meaningOf('orders/updated', Buffer.from(body))
      const wholly = meaningOf('orders/updated', Buffer.from(body.replace('{', '{ ')))
      expect(shown).toEqual(wholly)
    }),
  )
})

test.each(['customers/update', 'inventory_levels/update', 'app/uninstalled', 'ordersx/create'])(
  '%s is of no flow, whatever its body is',
  (topic) => {
    expect(meaningOf(topic, Buffer.from('\u0000 no JSON'))).toEqual({kind: 'ignored'})
  },
)

test.each([
  '',
  'null',
  '[]',
  '"5001"',
  '{',
  '{"id":0}',
  '{"id":-5}',
  '{"id":1.5}',
  '{"id":1e400}',
  '{"id":"gid"}',
  '{"id":{}}',
])('the body %j of an order topic is told to be unreadable', (body) => {
  expect(meaningOf('orders/create', Buffer.from(body)).kind).toBe('unreadable')
})

test('no bytes at all break the reading', () => {
  fc.assert(
    fc.property(fc.uint8Array({maxLength: 200}), (bytes) => {
      expect(meaningOf('orders/create', Buffer.from(bytes)).kind).toMatch(/unreadable|order/)
    }),
  )
  const deep = `{"id":${'9'.repeat(18)},"x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`
  expect(meaningOf('orders/create', Buffer.from(deep)).kind).toMatch(/unreadable|order/)
})

const headers = {
  'x-shopify-topic': 'orders/create',
  'x-shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
  'x-shopify-shop-domain': 'Test.MyShopify.com',
  'x-shopify-api-version': '2026-10',
  'x-shopify-triggered-at': '2026-11-27T09:00:00.123456789Z',
}

test('the headers of a delivery are read', () => {
  expect(deliveryOf(headers)).toEqual({
    topic: 'orders/create',
    webhookId: 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
    shop: 'test.myshopify.com',
    apiVersion: '2026-10',
    triggeredAt: new Date('2026-11-27T09:00:00.123Z'),
  })
})

test.each([
  ['x-shopify-topic', 'orders'],
  ['x-shopify-topic', `orders/${'x'.repeat(200)}`],
  ['x-shopify-webhook-id', 'with space'],
  ['x-shopify-webhook-id', 'x'.repeat(200)],
  ['x-shopify-shop-domain', 'test.example.com'],
  ['x-shopify-shop-domain', 'a/b.myshopify.com'],
] as const)('without a usable %s (%s) a delivery cannot be kept', (name, value) => {
  expect(deliveryOf({...headers, [name]: value})).toHaveProperty('fault', expect.stringMatching(new RegExp(name, 'i')))
  expect(deliveryOf({...headers, [name]: undefined})).toHaveProperty(
    'fault',
    expect.stringMatching(new RegExp(name, 'i')),
  )
})

test('a delivery without version and time is kept all the same', () => {
  const odd = {...headers, 'x-shopify-api-version': 'soon', 'x-shopify-triggered-at': '2026-13-99T99:99:99Z'}
  expect(deliveryOf(odd)).toMatchObject({topic: 'orders/create', apiVersion: null, triggeredAt: null})
})
