import {expect, test} from 'vitest'

import {retryJobs} from '../../src/lib/ops/jobs.ts'
import {drainOrders, queueOrders} from '../../src/lib/sync/orders.ts'
import {newReport} from '../../src/lib/sync/report.ts'
import {dying, letTimePass} from '../support/crash.ts'
import {depsOf, world, type World} from '../support/world.ts'
import {address, line, order} from './order.ts'
import {expectTiedOut, parkedCodes} from './tied-out.ts'

type Change = Readonly<Record<string, unknown>>

const second = line(10_011, {sku: 'SIM-CAP', title: 'Simulated cap', quantity: 1, current_quantity: 1, price: '10.00'})
const totals = (goods: string, total: string): Change => ({
  total_line_items_price: goods, subtotal_price: goods, total_price: total, current_subtotal_price: goods, current_total_price: total,
}) // prettier-ignore

const removed = {
  line_items: [line(10_010), {...second, current_quantity: 0}],
  ...totals('50.00', '55.00'),
  current_subtotal_price: '40.00',
  current_total_price: '45.00',
  refunds: [
    {
      id: 77,
      created_at: '2026-11-21T10:00:00-05:00',
      refund_line_items: [{id: 78, line_item_id: 10_011, quantity: 1, restock_type: 'cancel', subtotal: '10.00', total_tax: '0.00'}],
      order_adjustments: [],
      transactions: [],
    },
  ],
} // prettier-ignore

const edits: readonly (readonly [string, Change, Change, Readonly<{fields: string[]; lines: boolean}>])[] = [
  ['a line is added', {}, {line_items: [line(10_010), second], ...totals('50.00', '55.00')}, {fields: [], lines: true}],
  ['a line is removed', {line_items: [line(10_010), second], ...totals('50.00', '55.00')}, removed, {fields: [], lines: true}],
  ['the purchase order number comes later', {}, {po_number: 'PO-77'}, {fields: ['otherRefNum'], lines: false}],
  ['a note is written', {}, {note: 'call first'}, {fields: ['memo'], lines: false}],
  ['the shipping address is corrected', {}, {shipping_address: address({city: 'Boston', address2: 'Unit 2'})}, {fields: ['shippingAddress'], lines: false}],
  ['a part of the address is taken out', {billing_address: address({company: 'Acme', phone: '+1 555 0100'})}, {billing_address: address()}, {fields: ['billingAddress'], lines: false}],
  ['the customer is another one', {}, {customer: {id: 7_999_999, email: 'other@example.com', first_name: 'Bo', last_name: 'Other'}}, {fields: ['billingAddress', 'email', 'entity', 'shipMethod', 'shippingAddress', 'shippingCost', 'shippingTaxCode'], lines: true}],
  ['the e-mail address is corrected', {}, {email: 'right@example.com'}, {fields: ['email'], lines: false}],
  [
    'a discount is given',
    {},
    {
      line_items: [line(10_010, {discount_allocations: [{amount: '4.00', discount_application_index: 0}]})],
      discount_applications: [{type: 'manual', title: 'Sorry', value: '4.0', value_type: 'fixed_amount', allocation_method: 'across', target_selection: 'explicit', target_type: 'line_item'}],
      total_discounts: '4.00',
      ...totals('36.00', '41.00'),
      total_line_items_price: '40.00',
    },
    {fields: [], lines: true},
  ],
] // prettier-ignore

/** What the last update sent for the order: the names of the fields, and whether the lines went with them. */
async function lastUpdate(shop: World): Promise<unknown> {
  const app = await shop.open()
  try {
    const row = await app.ledger.db('writes').where({outcome: 'updated'}).orderBy('id', 'desc').first<{sent: {fields: string[]; lines: number | null}}>() // prettier-ignore
    return {fields: row?.sent.fields.toSorted(), lines: row?.sent.lines !== null}
  } finally {
    await app.close('done')
  }
}

const later = {updated_at: '2026-11-22T10:00:00-05:00'}

test.each(edits)(
  '%s: only what differs is written, and the next push writes nothing',
  async (_, before, after, sent) => {
    const shop = await world()
    await shop.postOrders([order(1001, before), order(1002)], true)
    await shop.push()
    await shop.postOrders([order(1001, {...before, ...after, ...later})], true)

    const edited = await shop.push()
    const again = await shop.push()

    expect(edited.counts, JSON.stringify(edited.orders)).toMatchObject({updated: 1, unchanged: 1})
    expect(await lastUpdate(shop)).toEqual(sent)
    expect(again.counts).toMatchObject({unchanged: 2, written: 0, updated: 0})
    await expectTiedOut(shop)
  },
)

test('a cancelled order stands with every line closed', async () => {
  const shop = await world()
  await shop.postOrders([order(1001)], true)
  await shop.push()
  await shop.postOrders([order(1001, {cancelled_at: '2026-11-21T10:00:00-05:00', cancel_reason: 'customer', ...later})])

  const report = await shop.push()

  expect(report.counts).toMatchObject({updated: 1})
  const app = await shop.open()
  const [held] = await app.remotes().netsuite.salesOrders.get([{externalId: 'SHOPIFY:ORDER:1001'}])
  await app.close('done')
  expect(held?.lines.map(({isClosed}) => isClosed)).toEqual([true])
  expect((await shop.push()).counts).toMatchObject({unchanged: 1, updated: 0})
})

test('an update whose reply is lost is not forgotten when the order goes back to what it was', async () => {
  const shop = await world()
  await shop.postOrders([order(1001)], true)
  await shop.push()
  await shop.postOrders([order(1001, {po_number: 'PO-1', ...later})])
  await shop.fault('netsuite', {kind: 'lost-reply', match: {channel: 'soap', operation: 'update'}, count: 1})

  const lost = await shop.push()
  await shop.postOrders([order(1001, {...later})])
  const back = await shop.push()

  expect(lost.counts).toMatchObject({retry: 1})
  expect(back.counts).toMatchObject({updated: 1})
  await expectTiedOut(shop)
})

test('a run that dies right after an update does not leave the old plan taken for what NetSuite holds', async () => {
  const shop = await world()
  await shop.postOrders([order(1001)], true)
  await shop.push()
  await shop.postOrders([order(1001, {po_number: 'PO-1', ...later})])
  const app = await shop.open()
  const deps = depsOf(app)
  await queueOrders(deps, 'webhook', [{id: 'gid://shopify/Order/1001', name: '#1001', updatedAt: ''}])
  // Read in Shopify, read in NetSuite, update.
  const mortal = dying(deps, {call: 3, when: 'after'}, () => app.ledger.close())
  const run = drainOrders(mortal, newReport(app.runId), {verify: false, subjects: null, signal: new AbortController().signal, onProgress: () => undefined}) // prettier-ignore
  await expect(run).rejects.toThrow()
  await letTimePass(shop.databaseUrl)
  expect(await shop.salesOrders()).toMatchObject([{otherRefNum: 'PO-1'}])

  await shop.postOrders([order(1001, {...later})])
  const back = await shop.push()

  expect(back.counts).toMatchObject({updated: 1})
  await expectTiedOut(shop)
})

test('a record that a person made under our external ID is adopted and brought to the plan', async () => {
  const shop = await world()
  await shop.postOrders([order(1001)], true)
  await shop.push()
  const app = await shop.open()
  await app.ledger.db('links').delete()
  await app.close('done')
  const [held] = await shop.salesOrders()

  const same = await shop.push()
  const again = await shop.open()
  await again.ledger.db('links').delete()
  await again.close('done')
  await shop.edit('PATCH', `salesOrder/${held?.id}`, {memo: 'by hand'})
  const changed = await shop.push()

  expect(same.counts).toMatchObject({adopted: 1, written: 0})
  expect(changed.counts).toMatchObject({updated: 1, written: 0})
  expect(await shop.salesOrders()).toHaveLength(1)
  await expectTiedOut(shop)
})

test('a deleted sales order is parked, and written anew when a person says so', async () => {
  const shop = await world()
  await shop.postOrders([order(1001), order(1002)], true)
  await shop.push()
  const held = (await shop.salesOrders()).find(({externalId}) => externalId === 'SHOPIFY:ORDER:1001')
  await shop.edit('DELETE', `salesOrder/${held?.id}`)

  const named = await shop.push('#1001', '#1002')
  const codes = await parkedCodes(shop)
  const app = await shop.open()
  await retryJobs(app.ledger, {orders: ['#1001'], all: false, relink: true, who: 'test'})
  await app.close('done')
  const after = await shop.push()

  expect(named.counts).toMatchObject({parked: 1, unchanged: 1})
  expect(codes).toEqual({'#1001': 'SALES_ORDER_DELETED'})
  expect(after.counts).toMatchObject({written: 1, parked: 0})
  expect(await parkedCodes(shop)).toEqual({})
  await expectTiedOut(shop)
})

test('a link into another account never touches the record that has the id there', async () => {
  const shop = await world()
  await shop.postOrders([order(1001), order(1002)], true)
  await shop.push('#1001')
  const [other] = await shop.salesOrders()
  const app = await shop.open()
  await app.ledger.db('links').where({record_type: 'salesOrder'}).delete()
  await app.ledger.db('links').insert({record_type: 'salesOrder', shop: app.remotes().shop, shopify_id: '1002', external_id: 'SHOPIFY:ORDER:1002', netsuite_id: other?.id}) // prettier-ignore
  await app.close('done')

  await shop.push('#1002')

  expect(await parkedCodes(shop)).toEqual({'#1002': 'LINK_CONTRADICTED'})
  expect(await shop.salesOrders()).toEqual([other])
})

test('a total that NetSuite computes otherwise parks the order, and it stays in sight until it is right', async () => {
  const shop = await world()
  await shop.postOrders([order(1001)], true)
  await shop.push()
  const [held] = await shop.salesOrders()
  // A discount on the whole order is nothing that the plan could write.
  await shop.edit('PATCH', `salesOrder/${held?.id}`, {discountItem: {id: '9001'}, discountRate: '-1'})
  await shop.push('#1001')

  expect(await parkedCodes(shop)).toEqual({'#1001': 'TOTAL_DIFFERS'})
  await shop.push()
  expect(await parkedCodes(shop)).toEqual({'#1001': 'TOTAL_DIFFERS'})
  await shop.edit('PATCH', `salesOrder/${held?.id}`, {discountRate: '0'})
  expect((await shop.push()).counts).toMatchObject({parked: 0, unchanged: 1})
  expect(await parkedCodes(shop)).toEqual({})
  await expectTiedOut(shop)
})
