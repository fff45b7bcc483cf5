import {existsSync} from 'node:fs'

import {describe, expect, test} from 'vitest'

import {retryJobs} from '../../src/lib/ops/jobs.ts'
import {drainOrders, queueOrders} from '../../src/lib/sync/orders.ts'
import {newReport, type PushReport} from '../../src/lib/sync/report.ts'
import {depsOf, world, type World} from '../support/world.ts'
import {line, order} from './order.ts'
import {expectTiedOut, parkedCodes} from './tied-out.ts'

/** Pushes again and again, as cron does, until nothing waits by itself. */
async function pushUntilQuiet(shop: World, most = 12): Promise<PushReport[]> {
  const reports: PushReport[] = []
  do reports.push(await shop.push())
  while ((reports.at(-1)?.counts.retry ?? 0) > 0 && reports.length < most)
  return reports
}

function expectRunbooks(report: PushReport): void {
  for (const row of report.orders.filter(({code}) => code !== null)) {
    const page = `docs/runbooks/${row.code?.toLowerCase().replaceAll('_', '-')}.md`
    expect(existsSync(new URL(`../../${page}`, import.meta.url)), page).toBe(true)
    expect(row.hint).not.toBe('')
  }
}

const ofNetSuite = [
  'lost-reply', 'reset', 'cut', 'html', 'malformed', 'unexpected-error', 'concurrency', 'maintenance', 'locked', 'changed',
  'after-submit-failed',
] // prettier-ignore

describe('an answer of NetSuite that is lost, cut or not its own', () => {
  test.each(ofNetSuite)('%s: orders wait, and arrive exactly once when it is over', async (kind) => {
    const shop = await world({orders: 12, seed: 11})
    await shop.fault('netsuite', {kind, match: {channel: 'soap', operation: 'addList'}, count: 1})
    await shop.fault('netsuite', {kind, match: {channel: 'rest'}, count: 2})
    if (kind === 'html') await shop.fault('netsuite', {kind, match: {channel: 'soap', operation: 'getList'}, count: 1})

    const reports = await pushUntilQuiet(shop)

    expect(reports.at(-1)?.counts).toMatchObject({parked: 0, retry: 0})
    for (const report of reports) expectRunbooks(report)
    await shop.calm()
    await expectTiedOut(shop, kind)
    const before = (await shop.stats('netsuite')).records
    expect((await shop.push()).counts).toMatchObject({written: 0, updated: 0, parked: 0})
    expect((await shop.stats('netsuite')).records).toBe(before)
  })

  test.each(['html', 'reset', 'maintenance'])('%s for a while: the run ends, nothing is lost', async (kind) => {
    const shop = await world({orders: 8, seed: 4})
    for (const operation of ['add', 'addList'])
      await shop.fault('netsuite', {kind, match: {channel: 'soap', operation}})

    const during = await shop.push()
    await shop.calm()
    const after = await pushUntilQuiet(shop)

    expect(during.counts.retry).toBeGreaterThan(0)
    expect(during.counts).toMatchObject({written: 0, parked: 0})
    expectRunbooks(during)
    expect(after.at(-1)?.counts).toMatchObject({parked: 0, retry: 0})
    await expectTiedOut(shop, kind)
  })
})

describe('an answer of Shopify that is lost, cut or not its own', () => {
  test.each(['throttled', 'internal-error', 'http-status', 'html', 'cut', 'reset', 'lost-reply', 'malformed'])(
    '%s: orders wait or are parked, and arrive exactly once when it is over',
    async (kind) => {
      const shop = await world({orders: 8, seed: 12})
      for (const operation of ['OrdersBySearch', 'OrdersById', 'SetNetsuiteIds'])
        await shop.fault('shopify', {kind, match: {operation}, count: 1})

      const reports = await pushUntilQuiet(shop)
      for (const report of reports) expectRunbooks(report)
      await shop.calm()
      await retryAll(shop)

      expect((await pushUntilQuiet(shop)).at(-1)?.counts).toMatchObject({parked: 0, retry: 0})
      await expectTiedOut(shop, kind)
    },
  )
})

async function retryAll(shop: World): Promise<void> {
  const app = await shop.open()
  await retryJobs(app.ledger, {orders: [], all: true, relink: false, who: 'test'})
  await app.close('done')
}

describe('one order that is at fault', () => {
  const good = [1001, 1002, 1003, 1004, 1005]

  test.each([
    ['an unknown SKU', 'SKU_UNMAPPED', {line_items: [line(20_000, {sku: 'NO-SUCH-SKU'})]}],
    ['a SKU with NUL in it', 'SKU_UNMAPPED', {line_items: [line(20_000, {sku: 'SIM\u0000TEE'})]}],
    ['a customer without e-mail', 'CUSTOMER_WITHOUT_EMAIL', {email: null, customer: {id: 5, first_name: 'A', last_name: 'B'}}],
    ['a currency without a mapping', 'CURRENCY_UNMAPPED', {currency: 'SEK', presentment_currency: 'SEK'}],
    ['charges that do not sum to its total', 'ORDER_TOTAL_MISMATCH', {total_price: '99.00', current_total_price: '99.00'}],
    ['half a surrogate pair in the address', 'TEXT_NOT_SENDABLE', {shipping_address: {address1: 'half \ud83d', country_code: 'US', last_name: 'B'}}],
  ])('%s is parked under its code, and the others arrive', async (_, code, change) => {
    const shop = await world()
    await shop.postOrders(good.map((id) => order(id)), true) // prettier-ignore
    await shop.postOrders([order(2000, change)])

    const reports = await pushUntilQuiet(shop)

    expect(await parkedCodes(shop)).toEqual({'#2000': code})
    expectRunbooks(reports[0] as PushReport)
    expect(await shop.salesOrders()).toHaveLength(good.length)
  }) // prettier-ignore

  test('an item that became inactive parks its order; active again it arrives', async () => {
    const shop = await world()
    await shop.postOrders([order(1001)], true)
    await shop.postOrders([order(2000, {line_items: [line(20_000, {sku: 'SIM-CAP'})]})], true)
    const app = await shop.open()
    const [cap] = await app.remotes().netsuite.queries.itemsBySku(['SIM-CAP'])
    await app.close('done')
    await shop.edit('PATCH', `inventoryItem/${cap?.id}`, {isInactive: true})

    await pushUntilQuiet(shop)
    const codes = await parkedCodes(shop)
    await shop.edit('PATCH', `inventoryItem/${cap?.id}`, {isInactive: false})
    const asked = await shop.open()
    await asked.ledger.db('items').delete()
    await asked.close('done')
    const after = await shop.push('#2000')

    expect(codes).toEqual({'#2000': 'ITEM_INACTIVE'})
    expect(after.counts).toMatchObject({written: 1, parked: 0})
    await expectTiedOut(shop)
  })

  test('an order that was deleted meanwhile is parked, and the others arrive', async () => {
    const shop = await world()
    await shop.postOrders(good.map((id) => order(id)), true) // prettier-ignore
    const app = await shop.open()
    const deps = depsOf(app)
    await queueOrders(deps, 'webhook', good.map((id) => ({id: `gid://shopify/Order/${id}`, name: `#${id}`, updatedAt: ''}))) // prettier-ignore
    await fetch(`${shop.shopifyUrl}/_sandbox/orders/1003`, {method: 'DELETE'})

    const report = await drainOrders(deps, newReport(app.runId), {
      verify: false, subjects: null, signal: new AbortController().signal, onProgress: () => undefined, patienceMs: 0,
    }) // prettier-ignore
    await app.close('done')

    expect(report.counts).toMatchObject({written: 4, parked: 1})
    expect(await parkedCodes(shop)).toEqual({'#1003': 'ORDER_DELETED'})
  })

  test('one order at which Shopify fails for ever does not hold up the others', async () => {
    const shop = await world()
    await shop.postOrders(good.map((id) => order(id)), true) // prettier-ignore
    // A wait that the client does not sit through.
    await shop.fault('shopify', {kind: 'http-status', status: 429, retryAfter: '60', match: {orderId: '1003'}})

    const reports = await pushUntilQuiet(shop, 5)

    expect(reports.at(-1)?.counts).toMatchObject({retry: 1, parked: 0})
    expect(await shop.salesOrders()).toHaveLength(4)
  })

  test('one order at which NetSuite fails for ever does not hold up the others', async () => {
    const shop = await world()
    await shop.postOrders(good.map((id) => order(id)), true) // prettier-ignore
    const match = {channel: 'soap', externalId: 'SHOPIFY:ORDER:1003'}
    for (const operation of ['add', 'addList'])
      await shop.fault('netsuite', {kind: 'html', match: {...match, operation}})

    await pushUntilQuiet(shop, 5)

    expect((await shop.salesOrders()).map(({externalId}) => externalId)).not.toContain('SHOPIFY:ORDER:1003')
    expect(await shop.salesOrders()).toHaveLength(4)
  })
})

describe('a credential that is refused', () => {
  test.each(['login', 'permission'])('NetSuite refuses by %s: the run stops, and every order waits as before', async (kind) => {
    const shop = await world({orders: 30, seed: 2})
    await shop.fault('netsuite', {kind, match: {channel: 'soap'}})

    await expect(shop.push()).rejects.toMatchObject({exitCode: 12})

    const app = await shop.open()
    const counts = await app.ledger.queue.counts('orders')
    await app.close('done')
    expect(counts.running).toBe(0)
    expect(counts.waiting + counts.retrying).toBe((await shop.documents()).length)
    await shop.calm()
    await pushUntilQuiet(shop)
    await expectTiedOut(shop, kind)
  }) // prettier-ignore
})
