import {setTimeout as delay} from 'node:timers/promises'

import {describe, expect, test} from 'vitest'

import {world, type Ran, type World} from '../support/world.ts'

type Report = Readonly<{counts: Record<string, number>; requests: Readonly<{shopify: number; netsuite: number}>}>

function reportOf(ran: Ran): Report {
  return JSON.parse(ran.stdout) as Report
}

const SINCE = ['orders:push', '--since', '2020-01-01', '--json'] as const

/** One sales order for each order that is not a test, each once, and reconcile finds no difference. */
async function expectTiedOut(shop: World): Promise<void> {
  const orders = (await shop.documents()).filter((order) => !order.test)
  const externalIds = (await shop.salesOrders()).map((order) => order.externalId)
  expect(new Set(externalIds)).toEqual(new Set(orders.map((order) => `SHOPIFY:ORDER:${order.id}`)))
  expect(externalIds).toHaveLength(orders.length)
  const reconciled = await shop.tieout('reconcile', 'orders', '--from', '2020-01-01', '--json')
  expect(JSON.parse(reconciled.stdout)).toMatchObject({variances: []})
  expect(reconciled.code).toBe(0)
}

describe('orders become sales orders, once', () => {
  test(
    'a push writes every order, a second one writes nothing, and both sides tie out',
    {timeout: 60_000},
    async () => {
      const shop = await world({orders: 80, seed: 7})

      const first = await shop.tieout(...SINCE)
      const again = await shop.tieout(...SINCE)

      expect(first.code, first.stderr).toBe(0)
      expect(reportOf(first).counts).toMatchObject({parked: 0, retry: 0})
      expect(reportOf(again).counts).toMatchObject({written: 0, updated: 0, parked: 0})
      await expectTiedOut(shop)
    },
  )

  test('two terminals at once: one works, the other is told so', {timeout: 60_000}, async () => {
    const shop = await world({orders: 60, seed: 3, latencyMs: 20})

    const both = await Promise.all([shop.tieout(...SINCE), shop.tieout(...SINCE)])

    expect(both.map((ran) => ran.code).toSorted()).toEqual([0, 11])
    await expectTiedOut(shop)
  })

  test('killed at any moment and started again, nothing is lost or doubled', {timeout: 120_000}, async () => {
    const shop = await world({orders: 60, seed: 5, latencyMs: 15})
    for (const afterMs of [500, 800, 1100, 1500]) {
      const running = shop.start(SINCE)
      await delay(afterMs)
      running.process.kill('SIGKILL')
      await running.ended
    }

    // Jobs of a killed process are taken over once its heartbeat has stopped for long enough.
    const last = await shop.tieout(...SINCE)

    expect(last.code, last.stderr).toBe(0)
    await expectTiedOut(shop)
  })

  test('Ctrl-C finishes what is in flight, releases the rest and exits 130', {timeout: 60_000}, async () => {
    const shop = await world({orders: 150, seed: 6, latencyMs: 30})
    const running = shop.start(SINCE)
    await delay(1500)
    running.process.kill('SIGINT')
    const interrupted = await running.ended
    expect(interrupted.code, interrupted.stderr).toBe(130)

    const rest = await shop.tieout(...SINCE)

    expect(rest.code, rest.stderr).toBe(0)
    await expectTiedOut(shop)
  })

  test.each(['lost-reply', 'reset', 'cut', 'html', 'unexpected-error', 'concurrency', 'maintenance'])(
    'NetSuite answers now and then with %s: all orders arrive, each once',
    {timeout: 120_000},
    async (kind) => {
      const shop = await world({orders: 40, seed: 11})
      await shop.fault('netsuite', {kind, probability: 0.15})
      for (let run = 0; run < 6; run++) {
        const {code} = await shop.tieout(...SINCE)
        if (code === 0) break
      }
      await shop.calm()
      const last = await shop.tieout(...SINCE)
      expect(last.code, `${last.stdout}\n${last.stderr}`).toBe(0)
      await expectTiedOut(shop)
    },
  )
})

describe('what concerns one order stops that order only', () => {
  test(
    'orders that need a person are parked with a reason, the others go on, and the exit code says so',
    {timeout: 60_000},
    async () => {
      const shop = await world({orders: 40, seed: 9, awkward: true})

      const pushed = await shop.tieout(...SINCE)
      const parked = JSON.parse((await shop.tieout('jobs:list', '--json')).stdout) as {
        parked: {code: string; hint: string}[]
      }

      expect(pushed.code).toBe(3)
      expect(parked.parked.length).toBeGreaterThan(0)
      expect(new Set(parked.parked.map((job) => job.code))).toEqual(new Set(['SKU_UNMAPPED', 'CUSTOMER_WITHOUT_EMAIL']))
      expect(parked.parked.every((job) => job.hint !== '')).toBe(true)
      expect(reportOf(pushed).counts.written).toBe((await shop.salesOrders()).length)
    },
  )
})

describe('a wrong credential', () => {
  test(
    'of NetSuite stops the run at the first refusal with exit 12; later nothing is lost',
    {timeout: 60_000},
    async () => {
      const shop = await world({orders: 20, seed: 2})
      const before = await shop.stats('netsuite')

      const refused = await shop.start(SINCE, {env: {NETSUITE_TOKEN_SECRET: 'wrong', NETSUITE_CLIENT_ID: '', NETSUITE_CERTIFICATE_ID: '', NETSUITE_PRIVATE_KEY_FILE: ''}}).ended // prettier-ignore
      const after = await shop.stats('netsuite')
      const right = await shop.tieout(...SINCE)

      expect(refused.code, refused.stderr).toBe(12)
      expect(Number(after.requests ?? after.total) - Number(before.requests ?? before.total)).toBe(1)
      expect(right.code, right.stderr).toBe(0)
      await expectTiedOut(shop)
    },
  )

  test('of Shopify stops the run with exit 12 before anything reaches NetSuite', async () => {
    const shop = await world({orders: 5, seed: 2})

    const refused = await shop.start(SINCE, {env: {SHOPIFY_ACCESS_TOKEN: 'shpat_wrong'}}).ended

    expect(refused.code, refused.stderr).toBe(12)
    expect(await shop.salesOrders()).toEqual([])
  })
})
