import {inspect} from 'node:util'

import {afterEach, expect, test} from 'vitest'

import {company} from '../../../src/sandbox/company.ts'
import {
  answered,
  clientOf,
  patientClock,
  type Scripted,
  type ScriptedShop,
  SHOP_INFO,
  startScriptedShop,
} from './scripted-shop.ts'
import {documentsOf, type Played, playShop} from './sandbox-shop.ts'

const app = {kind: 'client', clientId: 'the-id', clientSecret: 'the-secret'} as const
const HOUR_MS = 3_600_000

let shop: ScriptedShop | undefined
let played: Played | undefined
afterEach(async () => {
  await shop?.stop()
  await played?.stop()
  shop = played = undefined
})

const isToken = (path: string) => path === '/admin/oauth/access_token'
const granted = (token: string) => ({json: {access_token: token, scope: 'read_orders', expires_in: 86_399}})
const refused: Scripted = {status: 401, json: {errors: '[API] Invalid API key or access token'}}

/** Grants t1, t2, …; the API takes any of them but those in `dead`. */
async function startGranting(dead: Set<string> = new Set()): Promise<ScriptedShop> {
  let grants = 0
  return startScriptedShop(({path, token}) => {
    if (isToken(path)) return granted(`t${++grants}`)
    return dead.has(token) ? refused : answered(SHOP_INFO)
  })
}

test('an app logs in by its client credentials and shares one token among all requests', async () => {
  shop = await startGranting()
  const client = clientOf(shop, {credentials: app})

  await Promise.all([client.shopInfo(), client.shopInfo(), client.shopInfo()])

  const logins = shop.asked.filter(({path}) => isToken(path))
  expect(logins).toHaveLength(1)
  expect(Object.fromEntries(new URLSearchParams(logins[0]?.body))).toEqual({
    grant_type: 'client_credentials',
    client_id: 'the-id',
    client_secret: 'the-secret',
  })
  expect(shop.asked.filter(({path}) => !isToken(path)).map(({token}) => token)).toEqual(['t1', 't1', 't1'])
})

test('a token is renewed a minute before its end', async () => {
  shop = await startGranting()
  const clock = patientClock()
  const client = clientOf(shop, {credentials: app, clock})

  await client.shopInfo()
  await clock.sleep(86_399_000 - 61_000)
  await client.shopInfo()
  await clock.sleep(2000)
  await client.shopInfo()

  expect(shop.asked.filter(({path}) => !isToken(path)).map(({token}) => token)).toEqual(['t1', 't1', 't2'])
})

test('a token that is refused before its time is renewed once, by one of all who wait', async () => {
  const dead = new Set<string>()
  shop = await startGranting(dead)
  const client = clientOf(shop, {credentials: app})
  await client.shopInfo()
  dead.add('t1')

  await Promise.all([client.shopInfo(), client.shopInfo(), client.shopInfo()])

  expect(shop.asked.filter(({path}) => isToken(path))).toHaveLength(2)
})

test('when the renewed token is refused too, the system stops', async () => {
  shop = await startGranting(new Set(['t1', 't2', 't3']))

  await expect(clientOf(shop, {credentials: app}).shopInfo()).rejects.toMatchObject({
    code: 'SHOPIFY_TOKEN_REFUSED',
    exitCode: 12,
  })
  expect(shop.asked.filter(({path}) => !isToken(path))).toHaveLength(2)
})

test.each([
  ['a wrong secret', {status: 400, json: {error: 'invalid_client', error_description: 'the-secret is wrong'}}, 'invalid_client'],
  ['an app that is not installed', {status: 400, json: {error: 'app_not_installed'}}, 'app_not_installed'],
  ['a shop of others', {status: 400, text: '<html>Oauth error shop_not_permitted: Client credentials cannot be performed on this shop.</html>'}, 'shop_not_permitted'],
] as const)('%s is told with its reason, at the first refusal and without the secret', async (_, scripted, reason) => {
  shop = await startScriptedShop(() => scripted)

  const error: unknown = await clientOf(shop, {credentials: app}).shopInfo().catch((thrown: unknown) => thrown)

  expect(error).toMatchObject({code: 'SHOPIFY_TOKEN_REFUSED', exitCode: 12})
  expect(String(error)).toContain(reason)
  expect(inspect(error, {depth: 9})).not.toContain('the-secret')
  expect(shop.asked).toHaveLength(1)
}) // prettier-ignore

test('a login that fails for a passing reason is tried again', async () => {
  shop = await startScriptedShop(({path}, nth) => {
    if (nth === 1) return {status: 503, text: '<html>Sorry</html>'}
    if (nth === 2) return {text: '<html>Sorry</html>'}
    if (nth === 3) return 'reset'
    return isToken(path) ? granted('t1') : answered(SHOP_INFO)
  })

  expect((await clientOf(shop, {credentials: app}).shopInfo()).name).toBe('Tieout Demo')
})

test('a login that answers without a token is malformed', async () => {
  shop = await startScriptedShop(() => ({json: {access_token: '', expires_in: HOUR_MS}}))

  await expect(clientOf(shop, {credentials: app}).shopInfo()).rejects.toMatchObject({code: 'SHOPIFY_ANSWER_MALFORMED'})
})

test('the sandbox takes both kinds of credentials, and tells the granted scopes', async () => {
  const {clientId, clientSecret} = company.shopify
  played = await playShop({credentials: {kind: 'client', clientId, clientSecret}}, {scopes: ['read_orders']})

  const [order] = documentsOf(1)
  if (order !== undefined) played.shop.orders.put(order)

  expect(await played.client.grantedScopes()).toEqual(['read_orders'])
  await expect(played.client.getOrder(String(order?.id))).rejects.toMatchObject({code: 'SHOPIFY_ACCESS_DENIED'})
})
