import {createHmac} from 'node:crypto'
import {chmod, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {expect, onTestFinished, test} from 'vitest'

import {startEmbedded, stopEmbedded} from '../../src/lib/ledger/embedded.ts'
import {startSandbox} from '../../src/sandbox/start.ts'
import {order} from '../simulation/order.ts'
import {expectTiedOut} from '../simulation/tied-out.ts'
import {start} from '../support/command.ts'
import {runOn} from '../support/postgres.ts'
import {world, type World} from '../support/world.ts'

const settings = {shop: 'tieout-demo.myshopify.com', secret: 'sandbox-webhook-secret'}
const env = {SHOPIFY_WEBHOOK_SECRET: settings.secret}

/** Delivers an order as Shopify does. Gives the status of the answer, 0 where there was none. */
async function deliver(url: string, id: number, delivery = 'first'): Promise<number> {
  const body = JSON.stringify(order(id))
  const headers = {
    'content-type': 'application/json',
    'x-shopify-topic': 'orders/create',
    'x-shopify-hmac-sha256': createHmac('sha256', settings.secret).update(body).digest('base64'),
    'x-shopify-shop-domain': settings.shop,
    'x-shopify-api-version': '2026-10',
    'x-shopify-webhook-id': `${delivery}-${id}`,
    'x-shopify-triggered-at': new Date().toISOString(),
  }
  try {
    return (await fetch(`${url}/webhooks/shopify`, {method: 'POST', headers, body})).status
  } catch {
    return 0
  }
}

async function until(what: string, isTrue: () => Promise<boolean>, withinMs: number): Promise<void> {
  const endMs = performance.now() + withinMs
  while (!(await isTrue())) {
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function open(databaseUrl: string): Promise<number> {
  const [row] = await runOn<{n: number}>(databaseUrl, "select count(*)::int as n from tieout_queue.job where state <= 'active'") // prettier-ignore
  return row?.n ?? 0
}

test('the orders of a worker that is killed are taken over within 30 s, and no two workers ever have one order at once', async () => {
  const shop = await world({latencyMs: 150})
  const ids = Array.from({length: 60}, (_, i) => i + 1)
  await shop.postOrders(ids.map((id) => order(id)), true) // prettier-ignore
  const [first, second] = [start(shop.folder, ['jobs:work', '--lanes', '2'], env), start(shop.folder, ['jobs:work', '--lanes', '2', '--json'], env)] // prettier-ignore
  const listener = start(shop.folder, ['webhooks:listen', '--port', '0', '--no-work'], env)
  const {url = ''} = await listener.said('listening')
  await Promise.all([first.said('working'), second.said('working')])

  for (const id of ids) await deliver(url, id)
  await until('both have orders', async () => (await running(shop)) > 20, 10_000)
  // Each arrives again while it runs.
  for (const id of ids) await deliver(url, id, 'again')
  first.process.kill('SIGKILL')
  const killedMs = performance.now()
  await until('every order is done', async () => (await open(shop.databaseUrl)) === 0, 40_000)

  expect(performance.now() - killedMs).toBeLessThan(30_000)
  expect(await overlaps(shop)).toEqual([])
  const takenOver = await runOn(shop.databaseUrl, 'select 1 from tieout.tries where attempt > 1')
  expect(takenOver.length).toBeGreaterThan(0)
  await expectTiedOut(shop)
  second.process.kill('SIGTERM')
  const ended = await second.ended
  expect(ended.code).toBe(0)
  expect(JSON.parse(ended.stdout)).toMatchObject({counts: {parked: 0}})
}, 90_000)

test('who names an order beside a worker that waits has it compared here and now, and is told how it ended', async () => {
  const shop = await world()
  await shop.postOrders([order(1001)], true)
  await shop.push()
  const [held] = await shop.salesOrders()
  await shop.edit('PATCH', `salesOrder/${held?.id}`, {memo: 'call Ada first'})
  const worker = start(shop.folder, ['jobs:work'], env)
  await worker.said('working')

  const ran = await shop.tieout('orders:push', '#1001', '--json')
  worker.process.kill('SIGTERM')
  await worker.ended

  expect(JSON.parse(ran.stdout)).toMatchObject({counts: {updated: 1}})
  expect(await shop.salesOrders()).toMatchObject([{memo: expect.not.stringContaining('Ada')}])
}, 60_000)

async function running(shop: World): Promise<number> {
  const [row] = await runOn<{n: number}>(shop.databaseUrl, "select count(*)::int as n from tieout_queue.job where state = 'active'") // prettier-ignore
  return row?.n ?? 0
}

/** Orders that two batches had in hand at the same moment. */
function overlaps(shop: World) {
  return runOn(
    shop.databaseUrl,
    `select t.subject from tieout.tries t join tieout.batches b on b.id = t.batch
     join tieout.tries o on o.subject = t.subject and o.batch > t.batch join tieout.batches c on c.id = o.batch
     where c.started_at < b.ended_at and c.ended_at > b.started_at and t.ended <> 'lost' and o.ended <> 'lost'`,
  )
}

test('webhooks are taken and worked while Postgres is restarted under the listener; it says so once', async () => {
  const home = await mkdtemp(join(tmpdir(), 'tieout-restart-'))
  await chmod(home, 0o711) // as root the server runs under another account, which must pass
  onTestFinished(() => rm(home, {recursive: true, force: true}))
  const {url: databaseUrl} = await startEmbedded(home)
  onTestFinished(() => stopEmbedded(home).then(() => undefined))
  const sandbox = await startSandbox({
    seed: 1, orders: 0, days: 5, awkward: false, latencyMs: 0, concurrency: 5, suiteTax: false, shopifyPort: 0, netsuitePort: 0,
    databaseUrl, writeConfig: {folder: home, home, databaseUrl},
  }) // prettier-ignore
  onTestFinished(() => sandbox.stop())
  const listener = start(home, ['webhooks:listen', '--port', '0', '--json'], env)
  const {url = ''} = await listener.said('listening')
  await listener.said('working')
  const post = (id: number) =>
    fetch(`${sandbox.shopifyUrl}/_sandbox/orders?known=1`, {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(order(id))}) // prettier-ignore
  await post(1)
  expect(await deliver(url, 1)).toBe(200)
  await until('the first order is done', async () => (await open(databaseUrl)) === 0, 10_000)

  await stopEmbedded(home)
  const whileAway = await deliver(url, 2)
  await listener.said('held')
  await startEmbedded(home)
  await post(2)
  await until('it is taken', async () => (await deliver(url, 2)) === 200, 10_000)
  await until('the second order is done', async () => (await open(databaseUrl)) === 0, 20_000)
  listener.process.kill('SIGTERM')
  const {code, stdout} = await listener.ended

  expect(whileAway).toBe(503)
  expect(listener.lines.filter(({event}) => event === 'held')).toHaveLength(1)
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({recorded: 2, worked: {written: 2, parked: 0}})
}, 60_000)

test('the listener starts and receives although both systems are away, and its figures say how things stand', async () => {
  const shop = await world()
  const away = {...env, SHOPIFY_API_URL: 'http://127.0.0.1:9', NETSUITE_API_URL: 'http://127.0.0.1:9'}
  const listener = start(shop.folder, ['webhooks:listen', '--port', '0'], away)
  const {url = ''} = await listener.said('listening')

  expect(await deliver(url, 1)).toBe(200)
  await until('it was tried', async () => /tieout_jobs\{state="retrying"\} 1/.test(await figures(url)), 20_000)

  const text = await figures(url)
  expect(text).toMatch(/^tieout_ledger_up 1$/m)
  expect(text).toMatch(/^tieout_orders_total\{outcome="retry"\} [1-9]/m)
  expect(text).toMatch(/^tieout_permits_slots \d+$/m)
  expect(text).toMatch(/^tieout_circuit_open\{system="netsuite:[^"]+"\} 0$/m)
}, 40_000)

test('wrong settings of the worker are told at the start with exit code 10, and nothing is received', async () => {
  const shop = await world()

  const [listener, worker] = await Promise.all([
    start(shop.folder, ['webhooks:listen', '--port', '0'], {...env, NETSUITE_ACCOUNT: 'not an account'}).ended,
    start(shop.folder, ['jobs:work'], {...env, SHOPIFY_SHOP: 'nowhere'}).ended,
  ])

  expect([listener.code, worker.code]).toEqual([10, 10])
  expect(listener.stderr).toContain('NETSUITE_ACCOUNT')
  expect(worker.stderr).toContain('SHOPIFY_SHOP')
}, 40_000)

async function figures(url: string): Promise<string> {
  return (await fetch(`${url}/metrics`)).text()
}
