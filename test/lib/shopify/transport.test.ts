import {afterEach, expect, test} from 'vitest'
import {z} from 'zod'

import {createAuth} from '../../../src/lib/shopify/auth.ts'
import {createHttp} from '../../../src/lib/shopify/http.ts'
import {createThrottle} from '../../../src/lib/shopify/throttle.ts'
import {createTransport} from '../../../src/lib/shopify/transport.ts'
import type {Document, Effect} from '../../../src/lib/shopify/transport-types.ts'
import {answered, patientClock, type Scripted, type ScriptedShop, startScriptedShop} from './scripted-shop.ts'

let shop: ScriptedShop | undefined
afterEach(() => shop?.stop())

/** A mutation such as fulfillmentCreate, which Shopify would execute twice. */
function documentOf(effect: Effect): Document<unknown> {
  return {operation: 'Ship', effect, estimate: 10, text: () => 'mutation Ship { ship { id } }', answer: z.unknown()}
}

function transportOf({url}: ScriptedShop) {
  const clock = patientClock()
  const http = createHttp(5000)
  const auth = createAuth(url, {kind: 'token', accessToken: 'shpat_secret'}, http, clock)
  return createTransport({base: url, http, auth, throttle: createThrottle(clock), clock})
}

const lossy: readonly (readonly [string, Scripted])[] = [
  ['a reset', 'reset'],
  ['half an answer', {cut: '{"data":'}],
  ['a page of a proxy', {text: '<html>'}],
  ['a broken server', {status: 502, text: '<html>'}],
  ['an internal error', {json: {errors: [{message: 'x', extensions: {code: 'INTERNAL_SERVER_ERROR'}}]}}],
]

test.each(lossy)(
  'after %s a write that must happen once is not sent again: its outcome is unknown',
  async (_, scripted) => {
    shop = await startScriptedShop(() => scripted)

    await expect(transportOf(shop).send(documentOf('once'), {})).rejects.toMatchObject({outcomeUnknown: true})
    expect(shop.asked).toHaveLength(1)
  },
)

test.each(lossy)('after %s a write that states a value is sent again', async (_, scripted) => {
  shop = await startScriptedShop((_asked, nth) => (nth === 1 ? scripted : answered({})))

  await transportOf(shop).send(documentOf('set'), {})

  expect(shop.asked).toHaveLength(2)
})

test('a write that was refused for its rate did not happen, and is sent again', async () => {
  const throttled = {json: {errors: [{message: 'Throttled', extensions: {code: 'THROTTLED'}}]}}
  shop = await startScriptedShop((_, nth) => (nth === 1 ? throttled : answered({})))

  await transportOf(shop).send(documentOf('once'), {})

  expect(shop.asked).toHaveLength(2)
})

test('an answer of endless size is cut off', async () => {
  shop = await startScriptedShop(() => ({text: ' '.repeat(33 * 1024 * 1024)}))

  await expect(transportOf(shop).send(documentOf('read'), {})).rejects.toMatchObject({code: 'SHOPIFY_ANSWER_MALFORMED'})
})

test('requests go to the pinned version of the API, with the token in the header that Shopify reads', async () => {
  shop = await startScriptedShop(() => answered({}))

  await transportOf(shop).send(documentOf('read'), {note: 'a "quoted" 😀 text'})

  expect(shop.asked[0]).toMatchObject({
    path: '/admin/api/2026-10/graphql.json',
    token: 'shpat_secret',
    variables: {note: 'a "quoted" 😀 text'},
  })
})
