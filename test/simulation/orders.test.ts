import {setTimeout as delay} from 'node:timers/promises'

import {describe, expect, test} from 'vitest'

import {letTimePass} from '../support/crash.ts'
import {world, type Ran, type World} from '../support/world.ts'
import {order} from './order.ts'
import {expectTiedOut} from './tied-out.ts'

type Report = Readonly<{counts: Record<string, number>; requests: Readonly<{shopify: number; netsuite: number}>}>

function reportOf(ran: Ran): Report {
  return JSON.parse(ran.stdout) as Report
}

const SINCE = ['orders:push', '--since', '2020-01-01', '--json'] as const

describe('orders become sales orders, once', () => {
  test('a push writes every order, a second one writes nothing, and both sides tie out', async () => {
    const shop = await world({orders: 40, seed: 7})

    const first = await shop.tieout(...SINCE)
    const again = await shop.tieout(...SINCE)
    const reconciled = await shop.tieout('reconcile', 'orders', '--from', '2020-01-01', '--json')

    expect(first.code, first.stderr).toBe(0)
    expect(reportOf(first).counts).toMatchObject({parked: 0, retry: 0})
    expect(reportOf(again).counts).toMatchObject({written: 0, updated: 0, parked: 0})
    expect(reportOf(again).requests.netsuite).toBeLessThanOrEqual(1)
    expect(reconciled.code, reconciled.stderr).toBe(0)
    await expectTiedOut(shop)
  })

  test('two terminals at once: one works, the other is told so', async () => {
    const shop = await world({orders: 40, seed: 3, latencyMs: 20})

    const both = await Promise.all([shop.tieout(...SINCE), shop.tieout(...SINCE)])

    expect(both.map((ran) => ran.code).toSorted()).toEqual([0, 11])
    await expectTiedOut(shop)
  })

  test('two people name overlapping orders: each is written once, and both are told that it is done', async () => {
    const shop = await world({latencyMs: 20})
    const ids = Array.from({length: 30}, (_, i) => 1000 + i)
    await shop.postOrders(ids.map((id) => order(id)), true) // prettier-ignore
    const named = (part: number[]) => shop.tieout('orders:push', ...part.map((id) => `#${id}`), '--json')

    const both = await Promise.all([named(ids.slice(0, 20)), named(ids.slice(10))])

    expect(both.map((ran) => ran.code)).toEqual([0, 0])
    await expectTiedOut(shop)
  })
})

/** Runs until the process waits in a request of this kind, and kills it there. */
async function killIn(shop: World, system: 'shopify' | 'netsuite', operation: string, match: object): Promise<void> {
  await shop.calm()
  await shop.fault(system, {kind: 'delay', ms: 5000, delayMs: 5000, match, count: 1})
  const running = shop.start(SINCE)
  const struck = async () => {
    const answer = await fetch(`${system === 'shopify' ? shop.shopifyUrl : shop.netsuiteUrl}/_sandbox/${system === 'shopify' ? 'stats' : 'faults'}`) // prettier-ignore
    const body = (await answer.json()) as {faults?: number} | {struck: number}[]
    return Array.isArray(body) ? body.some((rule) => rule.struck > 0) : (body.faults ?? 0) > 0
  }
  for (let i = 0; i < 200 && !(await struck()); i++) await delay(25)
  expect(await struck(), operation).toBe(true)
  running.process.kill('SIGKILL')
  await running.ended
  await letTimePass(shop.databaseUrl)
}

test('killed in every stage and started again, nothing is lost or doubled', {timeout: 60_000}, async () => {
  const shop = await world({orders: 20, seed: 5})

  await killIn(shop, 'shopify', 'reading', {operation: 'OrdersBySearch'})
  await killIn(shop, 'netsuite', 'creating customers', {channel: 'rest', operation: 'POST customer'})
  await killIn(shop, 'netsuite', 'adding orders', {channel: 'soap', operation: 'addList'})
  await shop.postOrders([order(1001), order(1002)], true)
  await killIn(shop, 'netsuite', 'reading back', {channel: 'soap', operation: 'getList'})
  await shop.postOrders([order(1003), order(1004)], true)
  await killIn(shop, 'shopify', 'writing the id back', {operation: 'SetNetsuiteIds'})
  await shop.calm()
  const last = await shop.tieout(...SINCE)
  const again = await shop.tieout(...SINCE)

  expect(last.code, last.stderr).toBe(0)
  expect(reportOf(again).counts).toMatchObject({written: 0, updated: 0, adopted: 0, parked: 0})
  await expectTiedOut(shop)
})

test('Ctrl-C finishes what is in flight, releases the rest and exits 130', {timeout: 60_000}, async () => {
  const shop = await world({orders: 70, seed: 6, latencyMs: 30})
  const running = shop.start(SINCE)
  for (let i = 0; i < 400 && (await shop.stats('netsuite')).requests < 8; i++) await delay(10)
  running.process.kill('SIGINT')
  const interrupted = await running.ended
  const app = await shop.open()
  const counts = await app.ledger.queue.counts('orders')
  await app.close('done')

  expect(interrupted.code, interrupted.stderr).toBe(130)
  expect(counts.running).toBe(0)
  expect(counts.waiting + counts.retrying).toBeGreaterThan(0)
  const rest = await shop.tieout(...SINCE)
  expect(rest.code, rest.stderr).toBe(0)
  await expectTiedOut(shop)
})

test('orders that need a person are parked with a reason, the others go on, and the exit code says so', async () => {
  const shop = await world({orders: 40, seed: 9, awkward: true})

  const pushed = await shop.tieout(...SINCE)
  const listed = await shop.tieout('jobs:list', '--json')
  const {parked} = JSON.parse(listed.stdout) as {parked: {code: string; hint: string}[]}

  expect(pushed.code).toBe(3)
  expect(parked.length).toBeGreaterThan(0)
  expect(new Set(parked.map((job) => job.code))).toEqual(new Set(['SKU_UNMAPPED', 'CUSTOMER_WITHOUT_EMAIL']))
  expect(parked.every((job) => job.hint !== '')).toBe(true)
  expect(reportOf(pushed).counts['written']).toBe((await shop.salesOrders()).length)
})

describe('a wrong credential', () => {
  const withoutOAuth = {NETSUITE_CLIENT_ID: '', NETSUITE_CERTIFICATE_ID: '', NETSUITE_PRIVATE_KEY_FILE: ''}

  test('of NetSuite stops the run at the first refusal with exit 12; later nothing is lost', async () => {
    const shop = await world({orders: 20, seed: 2})
    const before = await shop.stats('netsuite')

    const refused = await shop.start(SINCE, {env: {NETSUITE_TOKEN_SECRET: 'wrong', ...withoutOAuth}}).ended
    const after = await shop.stats('netsuite')
    const right = await shop.tieout(...SINCE)

    expect(refused.code, refused.stderr).toBe(12)
    expect(after.requests - before.requests).toBe(1)
    expect(right.code, right.stderr).toBe(0)
    await expectTiedOut(shop)
  })

  test('of Shopify stops the run with exit 12 before anything reaches NetSuite', async () => {
    const shop = await world({orders: 5, seed: 2})

    const refused = await shop.start(SINCE, {env: {SHOPIFY_ACCESS_TOKEN: 'shpat_wrong'}}).ended

    expect(refused.code, refused.stderr).toBe(12)
    expect(await shop.salesOrders()).toEqual([])
  })
})
