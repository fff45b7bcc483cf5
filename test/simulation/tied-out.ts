import {expect} from 'vitest'

import type {World} from '../support/world.ts'

/** One sales order for each order that is not a test, each once, and reconcile finds no difference. */
export async function expectTiedOut(shop: World, why = ''): Promise<void> {
  const orders = (await shop.documents()).filter((order) => !order.test)
  const externalIds = (await shop.salesOrders()).map((order) => order.externalId)
  expect(new Set(externalIds), why).toEqual(new Set(orders.map((order) => `SHOPIFY:ORDER:${order.id}`)))
  expect(externalIds, why).toHaveLength(orders.length)
  expect((await shop.reconcile()).variances, why).toEqual([])
}

/** The codes under which orders are parked, by the order's name. */
export async function parkedCodes(shop: World): Promise<Record<string, string>> {
  const app = await shop.open()
  try {
    const rows = await app.ledger.db('parked').select('name', 'code').where({resolved_at: null})
    return Object.fromEntries(rows.map((row: {name: string; code: string}) => [row.name, row.code]))
  } finally {
    await app.close('done')
  }
}
