import {inspect} from 'node:util'

import {afterEach, expect, test} from 'vitest'

import {ConfigError, CredentialError, RejectedError, RetryableError, SyncError} from '../../../src/lib/core/errors.ts'
import type {ShopifyRequestNote} from '../../../src/lib/shopify/transport-types.ts'
import {
  answered,
  clientOf,
  costOf,
  patientClock,
  type Scripted,
  type ScriptedShop,
  SHOP_INFO,
  startScriptedShop,
} from './scripted-shop.ts'

let shop: ScriptedShop | undefined
afterEach(() => shop?.stop())

async function errorOf(work: Promise<unknown>): Promise<SyncError> {
  const error: unknown = await work.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof SyncError)) throw error
  return error
}

const graphqlError = (code: string, message: string, more: Record<string, unknown> = {}) => ({
  json: {errors: [{message, extensions: {code, ...more}}]},
})

const refused401 = {
  status: 401,
  json: {errors: '[API] Invalid API key or access token (unrecognized login or wrong password)'},
}

type Row = readonly [string, Scripted, new (...args: never[]) => SyncError, string, number]

/** Bodies as Shopify sends them; the last column is how often the request is sent in all. */
const table: readonly Row[] = [
  ['a revoked token', refused401, CredentialError, 'SHOPIFY_TOKEN_REFUSED', 1],
  ['a frozen shop', {status: 402, json: {errors: "This shop's plan does not have access to this feature"}}, CredentialError, 'SHOPIFY_SHOP_UNAVAILABLE', 1],
  ['a user without access', {status: 403, json: {errors: 'User does not have access'}}, CredentialError, 'SHOPIFY_ACCESS_DENIED', 1],
  ['a wrong shop', {status: 404, json: {errors: 'Not Found'}}, ConfigError, 'SHOPIFY_NOT_FOUND', 1],
  ['a locked shop', {status: 423, json: {errors: 'This shop is unavailable'}}, CredentialError, 'SHOPIFY_SHOP_UNAVAILABLE', 1],
  ['a shop that moved', {status: 301, text: '', headers: {location: 'http://127.0.0.1:1/'}}, ConfigError, 'SHOPIFY_NOT_FOUND', 1],
  ['a request without query', {status: 400, json: {errors: {query: 'Required parameter missing or invalid'}}}, RejectedError, 'SHOPIFY_REQUEST_REFUSED', 1],
  ['too many calls', {status: 429, json: {errors: 'Exceeded 4 calls per second for api client.'}, headers: {'retry-after': '4.0'}}, RetryableError, 'SHOPIFY_THROTTLED', 6],
  ['a security rejection', {status: 430, text: ''}, RetryableError, 'SHOPIFY_THROTTLED', 6],
  ['a broken server', {status: 500, json: {errors: 'An unexpected error occurred'}}, RetryableError, 'SHOPIFY_SERVER_FAULT', 6],
  ['a page of the gateway', {status: 503, text: '<html><body>Sorry</body></html>'}, RetryableError, 'SHOPIFY_SERVER_FAULT', 6],
  ['HTML in place of JSON', {text: '<!doctype html><p>Sign in'}, RetryableError, 'SHOPIFY_ANSWER_UNREADABLE', 6],
  ['JSON that ends too early', {text: '{"data":{"shop":{"na'}, RetryableError, 'SHOPIFY_ANSWER_UNREADABLE', 6],
  ['an answer cut in half', {cut: '{"data":{"shop"'}, RetryableError, 'SHOPIFY_REPLY_LOST', 6],
  ['a connection that is reset', 'reset', RetryableError, 'SHOPIFY_REPLY_LOST', 6],
  ['an internal error', graphqlError('INTERNAL_SERVER_ERROR', 'Internal error. Looks like something went wrong on our end.\nRequest ID: 7.'), RetryableError, 'SHOPIFY_SERVER_FAULT', 6],
  ['a missing scope', graphqlError('ACCESS_DENIED', 'Access denied for customer field. Required access: `read_customers` access scope.'), CredentialError, 'SHOPIFY_ACCESS_DENIED', 1],
  ['a closed shop', graphqlError('SHOP_INACTIVE', 'The shop is inactive'), CredentialError, 'SHOPIFY_SHOP_UNAVAILABLE', 1],
  ['a query that is too large', graphqlError('MAX_COST_EXCEEDED', 'Query cost is 1293, which exceeds the single query max cost limit (1000).', {cost: 1293, maxCost: 1000}), RejectedError, 'SHOPIFY_COST_EXCEEDED', 1],
  ['an unknown field', graphqlError('undefinedField', "Field 'x' doesn't exist on type 'Shop'"), RejectedError, 'SHOPIFY_REQUEST_REFUSED', 1],
  ['errors as a text', {json: {errors: 'something is wrong'}}, RejectedError, 'SHOPIFY_REQUEST_REFUSED', 1],
  ['errors as an object', {json: {errors: {query: 'is wrong'}}}, RejectedError, 'SHOPIFY_REQUEST_REFUSED', 1],
  ['errors beside data', {json: {data: SHOP_INFO, errors: [{message: 'half of it'}]}}, RejectedError, 'SHOPIFY_REQUEST_REFUSED', 1],
  ['a missing field', answered({shop: {...SHOP_INFO.shop, currencyCode: undefined}}), RejectedError, 'SHOPIFY_ANSWER_MALFORMED', 1],
  ['an answer without frame', {json: [1, 2]}, RejectedError, 'SHOPIFY_ANSWER_MALFORMED', 1],
  ['an empty answer', {json: {}}, RejectedError, 'SHOPIFY_ANSWER_MALFORMED', 1],
] // prettier-ignore

test.each(table)('%s is told by kind, and sent again only where that helps', async (_, scripted, kind, code, times) => {
  shop = await startScriptedShop(() => scripted)

  const error = await errorOf(clientOf(shop).shopInfo())

  expect(error.code).toBe(code)
  expect(error).toBeInstanceOf(kind)
  expect(shop.asked).toHaveLength(times)
  expect(inspect(error, {depth: 9})).not.toContain('shpat_secret')
})

test('a missing scope is named in the next step', async () => {
  const text = 'Access denied for orders field. Required access: `read_orders` access scope.'
  shop = await startScriptedShop(() => graphqlError('ACCESS_DENIED', text))

  expect((await errorOf(clientOf(shop).shopInfo())).hint).toContain('read_orders')
})

test('protected customer data that is not approved is told apart from a missing scope', async () => {
  const text =
    'This app is not approved to access the Order object. See https://shopify.dev/docs/apps/launch/protected-customer-data for more details.'
  shop = await startScriptedShop(() => graphqlError('ACCESS_DENIED', text))

  expect((await errorOf(clientOf(shop).shopInfo())).hint).toContain('protected customer data')
})

test('the place of a malformed answer is named', async () => {
  shop = await startScriptedShop(() => answered({shop: {...SHOP_INFO.shop, currencyCode: 5}}))

  expect((await errorOf(clientOf(shop).shopInfo())).message).toContain('shop.currencyCode')
})

test('a throttled request waits as long as its throttle status asks, then succeeds', async () => {
  const throttled = {
    json: {
      errors: [{message: 'Throttled', extensions: {code: 'THROTTLED'}}],
      extensions: {cost: costOf(862, null, 572)},
    },
  }
  shop = await startScriptedShop((_, nth) => (nth === 1 ? throttled : answered(SHOP_INFO)))
  const clock = patientClock()
  const notes: ShopifyRequestNote[] = []

  const info = await clientOf(shop, {clock, onRequest: (note) => notes.push(note)}).shopInfo()

  expect(info.currency).toBe('USD')
  expect(clock.slept.reduce((a, b) => a + b)).toBeGreaterThanOrEqual(1450)
  expect(notes.map((note) => note.outcome)).toEqual(['SHOPIFY_THROTTLED', 'ok'])
  expect(notes[1]).toMatchObject({operation: 'ShopInfo', requestId: 'req-1', cost: {requested: 10, actual: 10}})
})

test('a Retry-After that is a decimal number is honoured', async () => {
  const limited = {status: 429, json: {errors: 'Exceeded'}, headers: {'retry-after': '4.5'}}
  shop = await startScriptedShop((_, nth) => (nth === 1 ? limited : answered(SHOP_INFO)))
  const clock = patientClock()

  await clientOf(shop, {clock}).shopInfo()

  expect(Math.max(...clock.slept)).toBeGreaterThanOrEqual(4500)
})

test('a wait of minutes is left to the queue instead of being sat through', async () => {
  shop = await startScriptedShop(() => ({status: 429, json: {errors: 'x'}, headers: {'retry-after': '600'}}))

  const error = await errorOf(clientOf(shop).shopInfo())

  expect(error).toMatchObject({code: 'SHOPIFY_THROTTLED', retryAfterMs: 600_000})
  expect(shop.asked).toHaveLength(1)
})

test('a shop that never answers is given up after the bound', async () => {
  shop = await startScriptedShop(() => 'silence')

  const error = await errorOf(clientOf(shop, {timeoutMs: 60}).shopInfo())

  expect(error).toMatchObject({code: 'SHOPIFY_REPLY_LOST', outcomeUnknown: false})
})

test('nobody at the address is told as not reached', async () => {
  shop = await startScriptedShop(() => 'silence')
  const gone = {url: shop.url}
  await shop.stop()

  expect((await errorOf(clientOf(gone).shopInfo())).code).toBe('SHOPIFY_UNREACHABLE')
  expect((await errorOf(clientOf({url: 'http://shop.invalid'}).shopInfo())).code).toBe('SHOPIFY_UNREACHABLE')
})

test('an interrupted run stops waiting', async () => {
  shop = await startScriptedShop(() => ({status: 500, json: {errors: 'x'}}))
  const stop = new AbortController()
  const client = clientOf(shop, {signal: stop.signal, onRequest: () => stop.abort(new Error('interrupted'))})

  await expect(client.shopInfo()).rejects.toThrow('interrupted')
  expect(shop.asked).toHaveLength(1)
})

test('doctor learns the served version, the skew of the clocks and the bucket', async () => {
  const clock = patientClock()
  const warnings: string[] = []
  const date = new Date(clock.now().getTime() + 300_000).toUTCString()
  shop = await startScriptedShop(() => ({...answered(SHOP_INFO), headers: {'x-shopify-api-version': '2027-01', date}}))
  const client = clientOf(shop, {clock, onWarning: (text) => warnings.push(text)})

  await client.shopInfo()
  await client.shopInfo()

  expect(client.connection()).toMatchObject({
    pinnedVersion: '2026-10',
    servedVersion: '2027-01',
    clockSkewMs: 300_000,
    bucket: {maximumAvailable: 4000, restoreRate: 200},
  })
  expect(warnings).toHaveLength(1)
})

test('an address that is none is a fault of the settings', async () => {
  expect((await errorOf(clientOf({url: 'shop without scheme'}).shopInfo())).code).toBe('SHOPIFY_NOT_FOUND')
})
