import {spawn} from 'node:child_process'
import {fileURLToPath} from 'node:url'

import {expect, test} from 'vitest'

import {company} from '../../src/sandbox/company.ts'
import {world} from '../support/world.ts'

const dev = fileURLToPath(new URL('../../bin/dev.js', import.meta.url))
const ADDRESS = 'http://127.0.0.1:9/webhooks/shopify'

type Report = Readonly<{changes: readonly unknown[]}>
type Ran = Readonly<{code: number | null; stdout: string; stderr: string; json: unknown}>

/** The command from source, where the settings of a sandbox are. */
function tieout(folder: string, env: Record<string, string>, ...args: string[]): Promise<Ran> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(SHOPIFY|NETSUITE|TIEOUT|DATABASE)_/.test(name))
  const child = spawn(process.execPath, [dev, ...args], {cwd: folder, env: {...Object.fromEntries(inherited), ...env}})
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  return new Promise((resolve) => {
    child.once('close', (code) => {
      const json: unknown = args.includes('--json') ? JSON.parse(stdout) : null
      resolve({code, stdout, stderr, json})
    })
  })
}

test('an operator registers webhooks, and a sweep brings back what Shopify drops and finds what no webhook told', async () => {
  const shop = await world({orders: 3})
  const env = {TIEOUT_WEBHOOK_URL: ADDRESS}
  const ask = async <T>(query: string): Promise<T> => {
    const reply = await fetch(`${shop.shopifyUrl}/admin/api/2026-10/graphql.json`, {
      method: 'POST',
      headers: {'content-type': 'application/json', 'x-shopify-access-token': company.shopify.accessToken},
      body: JSON.stringify({query}),
    })
    return ((await reply.json()) as {data: T}).data
  }

  expect(await tieout(shop.folder, {}, 'webhooks:register', '--json')).toMatchObject({code: 2})
  expect(await tieout(shop.folder, {}, 'webhooks:register', '--url', 'http://example.com/x', '--json')).toMatchObject({
    code: 2,
    json: {error: {code: 'FLAGS_INVALID'}},
  })
  const dry = await tieout(shop.folder, env, 'webhooks:register', '--dry-run')
  expect([dry.code, dry.stdout]).toEqual([0, expect.stringContaining('nothing was changed')])
  const made = await tieout(shop.folder, env, 'webhooks:register', '--json')
  expect(made).toMatchObject({code: 0, json: {url: ADDRESS, refused: []}})
  expect((made.json as Report).changes).toHaveLength(12)
  const shown = await tieout(shop.folder, env, 'webhooks:list')
  expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('orders/create')])

  type Held = Readonly<{webhookSubscriptions: {nodes: {id: string}[]}}>
  const held = await ask<Held>('{ webhookSubscriptions(first: 1) { nodes { id } } }')
  const id = held.webhookSubscriptions.nodes[0]?.id
  await ask(`mutation { webhookSubscriptionDelete(id: "${id}") { deletedWebhookSubscriptionId } }`)
  const lacking = await tieout(shop.folder, env, 'webhooks:list')
  expect([lacking.code, lacking.stdout]).toEqual([3, expect.stringContaining('next: tieout webhooks:register')])

  const contract = {first: 'the first sweep looks back 24 hours'}
  const swept = await tieout(shop.folder, env, 'orders:push', '--dry-run')
  expect(swept.stderr).toContain(contract.first)
  const pushed = await tieout(shop.folder, env, 'orders:push', '--json')
  expect(pushed.json).toMatchObject({
    sweep: {because: 'first'},
    subscriptions: {created: ['orders/create'], error: null},
  })
  expect(await tieout(shop.folder, env, 'webhooks:list', '--json')).toMatchObject({code: 0})
}, 60_000)

test('deliveries are listed and replayed from the ledger alone', async () => {
  const shop = await world()

  const listed = await tieout(shop.folder, {SHOPIFY_API_URL: 'http://127.0.0.1:1'}, 'webhooks:list', '--arrivals')
  const nothing = await tieout(shop.folder, {}, 'webhooks:replay', '--json')
  const unknown = await tieout(shop.folder, {}, 'webhooks:replay', '#1', '--json')

  expect(listed).toMatchObject({code: 0, stdout: 'no deliveries\n'})
  expect(nothing).toMatchObject({code: 2, json: {error: {code: 'NOTHING_CHOSEN'}}})
  expect(unknown).toMatchObject({code: 3, json: {orders: 0, unknown: ['#1']}})
}, 60_000)
