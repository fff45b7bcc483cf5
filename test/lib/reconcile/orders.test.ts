import {describe, expect, test} from 'vitest'

import {line, order} from '../../simulation/order.ts'
import {world, type World} from '../../support/world.ts'

async function pushed(...orders: Record<string, unknown>[]): Promise<World> {
  const shop = await world()
  await shop.postOrders(orders, true)
  await shop.push()
  return shop
}

async function idOf(shop: World, id: number): Promise<string> {
  const held = (await shop.salesOrders()).find(({externalId}) => externalId === `SHOPIFY:ORDER:${id}`)
  return held?.id ?? ''
}

const DAY = '2026-11-20'

describe('what finance is told about a window of orders', () => {
  test('books that agree: every order compared and matched, both sums, difference zero', async () => {
    const shop = await pushed(order(1001), order(1002), order(1003, {test: true}))

    const report = await shop.reconcile(DAY, DAY)

    expect(report).toMatchObject({compared: 2, matched: 2, skipped: 1, variances: []})
    expect(report.sums).toEqual([{currency: 'USD', shopify: '90.00', netsuite: '90.00', difference: '0.00'}])
  })

  test('an order that NetSuite does not hold', async () => {
    const shop = await pushed(order(1001), order(1002))
    await shop.edit('DELETE', `salesOrder/${await idOf(shop, 1002)}`)

    const report = await shop.reconcile(DAY, DAY)

    expect(report.variances).toMatchObject([
      {order: '#1002', reason: 'MISSING_IN_NETSUITE', shopify: '45.00', netsuite: null},
    ])
    expect(report.sums).toEqual([{currency: 'USD', shopify: '90.00', netsuite: '45.00', difference: '45.00'}])
  })

  test('a sales order whose order Shopify does not have', async () => {
    const shop = await pushed(order(1001), order(1002))
    await fetch(`${shop.shopifyUrl}/_sandbox/orders/1002`, {method: 'DELETE'})

    const report = await shop.reconcile(DAY, DAY)

    expect(report.variances).toMatchObject([
      {externalId: 'SHOPIFY:ORDER:1002', reason: 'MISSING_IN_SHOPIFY', shopify: null, netsuite: '45.00'},
    ])
    expect(report.sums).toMatchObject([{difference: '-45.00'}])
  })

  test('a total that someone changed in NetSuite', async () => {
    const shop = await pushed(order(1001))
    await shop.edit('PATCH', `salesOrder/${await idOf(shop, 1001)}`, {shippingCost: 6})

    const report = await shop.reconcile(DAY, DAY)

    expect(report.variances).toMatchObject([{reason: 'TOTAL', shopify: '45.00', netsuite: '46.00', detail: 'differs by -1.00 USD'}]) // prettier-ignore
    expect(report.sums).toMatchObject([{difference: '-1.00'}])
  })

  test('fields that someone changed without changing the total, by their names', async () => {
    const shop = await pushed(order(1001))
    await shop.edit('PATCH', `salesOrder/${await idOf(shop, 1001)}`, {otherRefNum: 'by hand', memo: 'by hand'})

    const report = await shop.reconcile(DAY, DAY)

    expect(report.variances).toMatchObject([{reason: 'FIELDS', detail: 'otherRefNum, memo'}])
    expect(report.sums).toMatchObject([{difference: '0.00'}])
  })

  test('an order that cannot be planned, with the reason that a push would give', async () => {
    const shop = await pushed(order(1001))
    await shop.postOrders([order(1002, {line_items: [line(1, {sku: 'NO-SUCH-SKU'})]})])

    const report = await shop.reconcile(DAY, DAY)

    expect(report.variances).toMatchObject([{order: '#1002', reason: 'NOT_PLANNABLE', shopify: '45.00'}])
    expect(report.variances[0]?.detail).toMatch(/^SKU_UNMAPPED/)
    expect(report.compared).toBe(1)
  })

  test('an order that Shopify does not give rightly is told, and the others are compared', async () => {
    const shop = await pushed(order(1001), order(1002))
    await shop.fault('shopify', {kind: 'malformed', match: {operation: 'OrdersById', orderId: '1002'}, count: 3})

    const report = await shop.reconcile(DAY, DAY)

    expect(report.variances.map(({reason, externalId}) => [reason, externalId])).toEqual([
      ['NOT_PLANNABLE', 'SHOPIFY:ORDER:1002'],
    ])
    expect(report.matched).toBe(1)
  })

  test('a second sales order that someone copied from ours', async () => {
    const shop = await pushed(order(1001))
    const customer = (await shop.customers()).find(({externalId}) => externalId !== null)
    await shop.edit('POST', 'salesOrder', {
      entity: {id: customer?.id},
      tranDate: DAY,
      custbody_tieout_order_id: '1001',
      item: {items: [{item: {id: '9006'}, quantity: 1, amount: 45, rate: 45, price: {id: '-1'}}]},
    })

    const report = await shop.reconcile(DAY, DAY)

    expect(report.variances).toMatchObject([{reason: 'DUPLICATE', order: '1001', externalId: 'SHOPIFY:ORDER:1001'}])
    expect(report.matched).toBe(1)
    expect(report.sums).toMatchObject([{shopify: '45.00', difference: '-45.00'}])
  })

  test('a sales order in another currency is never taken for equal because its digits are', async () => {
    const shop = await pushed(order(1001))
    await shop.edit('PATCH', `salesOrder/${await idOf(shop, 1001)}`, {currency: {id: '5'}})

    const {variances, sums} = await shop.reconcile(DAY, DAY)

    expect(variances).toMatchObject([{reason: 'TOTAL', shopify: '45.00'}])
    expect(sums.map(({currency}) => currency).toSorted()).toEqual(['JPY', 'USD'])
  })
})

test('the edges of a day are those of the shop: midnight, and the hour that comes twice', async () => {
  const at = (processed: string) => ({created_at: processed, processed_at: processed, updated_at: processed})
  const shop = await pushed(
    order(1, at('2026-10-31T23:59:59-04:00')),
    order(2, at('2026-11-01T00:00:00-04:00')),
    // The night when summer time ends in New York: half past one comes twice, and the day has 25 hours.
    order(3, at('2026-11-01T01:30:00-04:00')),
    order(4, at('2026-11-01T01:30:00-05:00')),
    order(5, at('2026-11-01T23:59:59-05:00')),
    order(6, at('2026-11-02T00:00:00-05:00')),
    // The same moment as the last, written in another zone.
    order(7, at('2026-11-02T05:00:00Z')),
  )

  const first = await shop.reconcile('2026-11-01', '2026-11-01')
  const day = (await shop.salesOrders()).filter((held) => held['tranDate'] === '2026-11-01')

  expect(first).toMatchObject({compared: 4, matched: 4, variances: []})
  expect(day.map(({externalId}) => externalId).toSorted()).toEqual([2, 3, 4, 5].map((id) => `SHOPIFY:ORDER:${id}`))
  expect(await shop.reconcile('2026-10-31', '2026-10-31')).toMatchObject({compared: 1, variances: []})
  expect(await shop.reconcile('2026-11-02', '2026-11-02')).toMatchObject({compared: 2, variances: []})
})

test('a sales order dated out of its window is found in either direction', async () => {
  const shop = await pushed(order(1001))
  await shop.edit('PATCH', `salesOrder/${await idOf(shop, 1001)}`, {tranDate: '2026-11-10'})

  expect((await shop.reconcile(DAY, DAY)).variances).toMatchObject([{reason: 'FIELDS', detail: 'tranDate'}])
  expect((await shop.reconcile('2026-11-10', '2026-11-10')).variances).toMatchObject([{reason: 'FIELDS', detail: 'tranDate'}]) // prettier-ignore
})
