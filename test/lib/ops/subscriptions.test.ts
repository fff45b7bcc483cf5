import {afterEach, beforeEach, expect, test} from 'vitest'

import {judge} from '../../../src/lib/ops/subscription-states.ts'
import {watchSubscriptions} from '../../../src/lib/ops/subscription-watch.ts'
import {registerSubscriptions, type RegisterOptions} from '../../../src/lib/ops/subscriptions.ts'
import {TOPICS} from '../../../src/lib/shopify/topics.ts'
import {company} from '../../../src/sandbox/company.ts'
import {freshLedger} from '../../support/fresh-ledger.ts'
import {type Played, playShop} from '../shopify/sandbox-shop.ts'

const URL_HERE = 'https://hooks.example.com/webhooks/shopify'
const URL_OLD = 'https://old.example.com/webhooks/shopify'
const SHOP = 'tieout-demo.myshopify.com'

let played: Played
beforeEach(async () => {
  played = await playShop()
})
afterEach(() => played.stop())

const client = () => played.client.subscriptions
const usual: RegisterOptions = {url: URL_HERE, prune: false, move: true, dryRun: false}

/** Asks Shopify past our client, as another program of the same app would. */
async function ask<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
  const reply = await fetch(`${played.shop.url}/admin/api/2026-10/graphql.json`, {
    method: 'POST',
    headers: {'content-type': 'application/json', 'x-shopify-access-token': company.shopify.accessToken},
    body: JSON.stringify({query, variables}),
  })
  return ((await reply.json()) as {data: T}).data
}

type Held = Readonly<{id: string; topic: string; uri: string}>

async function held(): Promise<Held[]> {
  const query = '{ webhookSubscriptions(first: 100) { nodes { id topic uri } } }'
  return (await ask<{webhookSubscriptions: {nodes: Held[]}}>(query)).webhookSubscriptions.nodes
}

function make(topic: string, settings: Record<string, unknown>): Promise<unknown> {
  const create = `mutation M($topic: WebhookSubscriptionTopic!, $settings: WebhookSubscriptionInput!) {
    webhookSubscriptionCreate(topic: $topic, webhookSubscription: $settings) { userErrors { message } } }`
  return ask(create, {topic, settings})
}

async function topicsAt(uri: string): Promise<string[]> {
  const at = (await held()).filter((one) => one.uri === uri)
  return at.map(({topic}) => topic).toSorted()
}

const ALL = TOPICS.map(({name}) => name).toSorted()

test('every topic is subscribed once, and a second run changes nothing', async () => {
  const first = await registerSubscriptions(client(), usual)
  const second = await registerSubscriptions(client(), usual)

  expect(first.changes.map(({did}) => did)).toEqual(TOPICS.map(() => 'create'))
  expect(await topicsAt(URL_HERE)).toEqual(ALL)
  expect(second.changes).toEqual([])
  expect(second.subscriptions.every(({state}) => state === 'right')).toBe(true)
})

test('a dry run says what it would do, and does nothing', async () => {
  const report = await registerSubscriptions(client(), {...usual, dryRun: true})

  expect(report.changes).toHaveLength(TOPICS.length)
  expect(await held()).toHaveLength(0)
})

test('subscriptions of a former host are turned to the present one by hand', async () => {
  await registerSubscriptions(client(), {...usual, url: URL_OLD})

  const report = await registerSubscriptions(client(), usual)

  expect(new Set(report.changes.map(({did}) => did))).toEqual(new Set(['move']))
  expect(report.changes[0]?.why).toContain(URL_OLD)
  expect([await topicsAt(URL_HERE), await topicsAt(URL_OLD)]).toEqual([ALL, []])
})

test('settings that lose events are corrected', async () => {
  await make('ORDERS_PAID', {uri: URL_HERE, filter: 'total_price:>100', includeFields: ['id', 'updated_at']})

  const report = await registerSubscriptions(client(), usual)

  expect(report.changes.find(({topic}) => topic === 'orders/paid')).toMatchObject({
    did: 'correct',
    why: 'the filter total_price:>100, only the fields id, updated_at',
  })
  expect(report.subscriptions.every(({state}) => state === 'right')).toBe(true)
  expect(await held()).toHaveLength(TOPICS.length)
})

test('only ours are pruned, and only when asked', async () => {
  await make('PRODUCTS_UPDATE', {uri: URL_HERE})
  await make('ORDERS_PAID', {uri: URL_OLD})
  await make('ORDERS_PAID', {uri: URL_HERE})
  await make('ORDERS_PAID', {uri: 'https://elsewhere.example.com/their/hook'})

  const kept = await registerSubscriptions(client(), usual)
  expect(kept.changes.filter(({did}) => did === 'delete')).toEqual([])
  const pruned = await registerSubscriptions(client(), {...usual, prune: true})

  expect(pruned.changes.map(({topic, uri, did}) => [did, topic, uri])).toEqual([
    ['delete', 'products/update', URL_HERE],
    ['delete', 'orders/paid', URL_OLD],
  ])
  expect(await topicsAt('https://elsewhere.example.com/their/hook')).toEqual(['ORDERS_PAID'])
  expect(await topicsAt(URL_HERE)).toEqual(ALL)
})

test('a lost reply is looked for: the topic is subscribed once', async () => {
  await played.fault({kind: 'lost-reply', match: {operation: 'CreateSubscription'}, count: 2})

  const report = await registerSubscriptions(client(), usual)

  expect(report.changes).toHaveLength(TOPICS.length)
  expect(await topicsAt(URL_HERE)).toEqual(ALL)
})

test('a topic without its scope is refused by name, and the others are made', async () => {
  await played.stop()
  played = await playShop({}, {scopes: ['read_orders']})

  const {refused} = await registerSubscriptions(client(), usual)

  expect(refused.map(({topic}) => topic)).toEqual(['fulfillments/create', 'fulfillments/update'])
  expect(refused[0]).toMatchObject({
    code: 'WEBHOOK_SUBSCRIPTION_REFUSED',
    hint: expect.stringContaining('read_fulfillments') as string,
  })
  expect(await held()).toHaveLength(TOPICS.length - 2)
})

test('what Shopify deleted is made again by the watch, and people are told once', async () => {
  const ledger = await freshLedger()
  const deps = {ledger, subscriptions: client(), shop: SHOP, url: URL_HERE}
  await registerSubscriptions(client(), usual)
  const [first] = await held()
  await ask(`mutation { webhookSubscriptionDelete(id: "${first?.id}") { deletedWebhookSubscriptionId } }`)

  expect(await watchSubscriptions(deps)).toMatchObject({created: ['orders/create'], refused: [], error: null})
  expect(await watchSubscriptions(deps)).toMatchObject({created: [], corrected: []})

  expect(await topicsAt(URL_HERE)).toEqual(ALL)
  const alerts = await ledger.db('alerts').select('key', 'count')
  expect(alerts).toEqual([{key: `webhooks-made:${SHOP}`, count: 1}])
})

test('the watch takes nothing from another install: it makes its own beside', async () => {
  const ledger = await freshLedger()
  await registerSubscriptions(client(), {...usual, url: URL_OLD})

  await watchSubscriptions({ledger, subscriptions: client(), shop: SHOP, url: URL_HERE})

  expect([await topicsAt(URL_HERE), await topicsAt(URL_OLD)]).toEqual([ALL, ALL])
})

test('the watch costs one request where all is right, and none without an address', async () => {
  const ledger = await freshLedger()
  const deps = {ledger, subscriptions: client(), shop: SHOP, url: URL_HERE}
  await registerSubscriptions(client(), usual)
  const before = played.notes.length

  await watchSubscriptions(deps)
  expect(played.notes.length - before).toBe(1)
  expect(await watchSubscriptions({...deps, url: null})).toBeNull()
  expect(played.notes.length - before).toBe(1)
})

test('trouble with the subscriptions is told and stops nobody', async () => {
  const ledger = await freshLedger()
  await played.fault({kind: 'html', match: {operation: 'WebhookSubscriptions'}})

  expect(await watchSubscriptions({ledger, subscriptions: client(), shop: SHOP, url: URL_HERE})).toMatchObject({
    created: [],
    error: {code: 'SHOPIFY_ANSWER_UNREADABLE'},
  })
})

test('without a known address any host counts, and what goes to other paths is not ours', async () => {
  await make('ORDERS_PAID', {uri: URL_OLD})
  await make('ORDERS_CREATE', {uri: 'https://elsewhere.example.com/their/hook'})

  const states = judge(await client().list(), null)

  expect(states.find(({topic}) => topic === 'orders/paid')?.state).toBe('right')
  expect(states.filter(({topic}) => topic === 'orders/create').map(({state}) => state)).toEqual(['missing', 'foreign'])
})
