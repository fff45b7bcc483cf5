import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {describe, expect, test} from 'vitest'

import {world, type World} from '../support/world.ts'
import {documents} from './documents.ts'
import {line, order} from './order.ts'
import {expectTiedOut} from './tied-out.ts'

/** Edits the contract that the sandbox wrote. */
function contract(shop: World, from: string | RegExp, to: string): void {
  const file = join(shop.folder, 'tieout.yaml')
  const text = readFileSync(file, 'utf8')
  expect(text).toMatch(from)
  writeFileSync(file, text.replace(from, to))
}

test('whatever a shop sent, in whichever version: the sales order has its total, in its currency', async () => {
  const shop = await world()
  const sent = documents()
  await shop.postOrders(
    sent.map(({document}) => document),
    true,
  )

  const report = await shop.push()

  const held = new Map((await shop.salesOrders()).map((record) => [record.externalId, record]))
  for (const {what, document, total, currency} of sent) {
    const record = held.get(`SHOPIFY:ORDER:${String(document['id'])}`)
    const row = report.orders.find(({subject}) => subject.endsWith(`/${String(document['id'])}`))
    expect({what, total: Number(record?.total), currency: record?.currency}, `${row?.code}: ${row?.message}`).toEqual({what, total: Number(total), currency}) // prettier-ignore
  }
  expect(report.counts).toMatchObject({written: sent.length, parked: 0})
  expect((await shop.reconcile()).variances).toEqual([])
  expect((await shop.push()).counts).toMatchObject({unchanged: sent.length, written: 0, updated: 0})
})

test('an order in another currency than the shop is booked in the buyer’s where the contract says so', async () => {
  const shop = await world()
  const [pounds] = documents().filter(({what}) => what.startsWith('paid in pounds'))
  contract(shop, 'book: shop', 'book: presentment')
  await shop.postOrders([pounds?.document], true)

  await shop.push()

  expect(await shop.salesOrders()).toMatchObject([{total: '36.00', currency: 'GBP'}])
  expect((await shop.reconcile()).variances).toEqual([])
})

test('orders of 600 lines and of 250 articles without SKU arrive whole', async () => {
  const shop = await world()
  const many = (id: number, count: number, change: Record<string, unknown>) =>
    order(id, {
      line_items: Array.from({length: count}, (_, i) => line(id * 1000 + i, {quantity: 1, current_quantity: 1, price: '1.01', ...change})),
      shipping_lines: [], subtotal_price: (count * 1.01).toFixed(2), total_line_items_price: (count * 1.01).toFixed(2),
      total_price: (count * 1.01).toFixed(2), current_total_price: (count * 1.01).toFixed(2), current_subtotal_price: (count * 1.01).toFixed(2),
    }) // prettier-ignore
  await shop.postOrders([many(600, 600, {}), many(250, 250, {sku: null, product_id: null, variant_id: null})], true)

  const report = await shop.push()

  expect(report.counts, JSON.stringify(report.orders)).toMatchObject({written: 2, parked: 0})
  const totals = Object.fromEntries((await shop.salesOrders()).map(({externalId, total}) => [externalId, total]))
  expect(totals).toEqual({'SHOPIFY:ORDER:600': '606.00', 'SHOPIFY:ORDER:250': '252.50'})
  expect((await shop.push('#600', '#250')).counts).toMatchObject({unchanged: 2, updated: 0})
})

describe('every way of writing leaves books that tie out', () => {
  test.each([
    ['legacy tax over SOAP', false, 'soap'],
    ['legacy tax over REST', false, 'rest'],
    ['SuiteTax over REST', true, 'rest'],
  ])('%s', async (_, suiteTax, channel) => {
    const shop = await world({orders: 30, seed: 21, suiteTax})
    if (!suiteTax && channel === 'rest') contract(shop, 'sales_order: soap', 'sales_order: rest')
    await shop.postOrders([order(1001), order(1002)], true)

    const first = await shop.push()
    await shop.postOrders([order(1001, {po_number: 'PO-1', line_items: [line(10_010, {quantity: 1, current_quantity: 1, price: '40.00'})]})]) // prettier-ignore
    const edited = await shop.push()

    expect(first.counts, JSON.stringify(first.orders.filter(({code}) => code !== null))).toMatchObject({parked: 0, retry: 0}) // prettier-ignore
    expect(edited.counts, JSON.stringify(edited.orders)).toMatchObject({updated: 1, written: 0, parked: 0})
    await expectTiedOut(shop)
    expect((await shop.push()).counts).toMatchObject({written: 0, updated: 0})
  })
})

test('200 orders of new buyers take at most 2.5 requests to NetSuite each, and a second push writes nothing', async () => {
  const shop = await world()
  const ids = Array.from({length: 200}, (_, i) => 6000 + i)
  await shop.postOrders(ids.map((id) => order(id)), true) // prettier-ignore

  const first = await shop.push()
  const used = await shop.stats('netsuite')
  const again = await shop.push()
  const later = await shop.stats('netsuite')

  expect(first.counts).toMatchObject({written: 200})
  expect(used.requests / 200).toBeLessThanOrEqual(2.5)
  expect(used.refusals).toBe(0)
  expect(again.counts).toMatchObject({unchanged: 200})
  expect(later.requests - used.requests).toBe(0)
})
