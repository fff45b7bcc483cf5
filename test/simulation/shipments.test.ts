import {expect, test} from 'vitest'

import {CredentialError} from '../../src/lib/core/errors.ts'
import {pullFulfillments} from '../../src/lib/sync/fulfillments-pull.ts'
import {previewPull} from '../../src/lib/sync/shipment-preview.ts'
import {letTimePass} from '../support/crash.ts'
import {line, order} from './order.ts'
import {
  ask,
  CANCEL,
  dueNow,
  dyingPull,
  HOLD,
  itemFulfillment,
  MOVE,
  places,
  pull,
  RELEASE,
  setSource,
  ship,
  shipInShopify,
  shippedUnits,
  shippingWorld,
  shown,
  withPull,
} from './shipped.ts'

const noted = (report: unknown) => JSON.stringify(report)

/** Three tees and a cap. */
const two = {
  line_items: [
    line(10_010, {quantity: 3, current_quantity: 3}),
    line(10_011, {sku: 'SIM-CAP', title: 'Simulated cap', quantity: 1, current_quantity: 1, price: '10.00'}),
  ],
  total_line_items_price: '70.00', subtotal_price: '70.00', total_price: '75.00',
  current_subtotal_price: '70.00', current_total_price: '75.00',
} // prettier-ignore

test('what NetSuite shipped is shipped in Shopify once, with carrier and every tracking number', async () => {
  const shop = await shippingWorld('carriers: {"8001": UPS},')
  await shop.postOrders([order(1001)], true)
  await shop.push()
  await ship(shop, 1001, [{key: '10010', quantity: 2}], ['1Z001', '1Z002'])

  const first = await pull(shop)
  const second = await pull(shop)
  const named = await pull(shop, {names: ['#1001']})

  expect(first, noted(first)).toMatchObject({done: {create: 1, name: 1}, counts: {told: 1, parked: 0}})
  expect(second, noted(second)).toMatchObject({done: {create: 0, adopt: 0, name: 0}, counts: {told: 0}})
  expect(named, noted(named)).toMatchObject({queued: 1, counts: {unchanged: 1}})
  const [fulfillment, ...others] = await shown(shop, 1001)
  expect(others).toEqual([])
  expect(fulfillment).toMatchObject({tracking_company: 'UPS', tracking_numbers: ['1Z001', '1Z002']})
  expect(await shippedUnits(shop, 1001)).toEqual({10010: 2})
})

test('a shipment in parts is told in parts, and the rest when it leaves', async () => {
  const shop = await shippingWorld()
  await shop.postOrders([order(1001, two)], true)
  await shop.push()

  await ship(shop, 1001, [{key: '10010', quantity: 1}])
  await pull(shop)
  const partly = await shippedUnits(shop, 1001)
  await ship(shop, 1001, [{key: '10010', quantity: 2}, {key: '10011', quantity: 1}]) // prettier-ignore
  await pull(shop)

  expect(partly).toEqual({10010: 1})
  expect(await shippedUnits(shop, 1001)).toEqual({10010: 3, 10011: 1})
  expect(await shown(shop, 1001)).toHaveLength(2)
})

test('where both sides ship the same goods, what Shopify shows is not shipped again', async () => {
  const shop = await shippingWorld()
  await shop.postOrders([order(1001, two)], true)
  await shop.push()
  await shipInShopify(shop, 1001, {10010: 2})

  await ship(shop, 1001, [{key: '10010', quantity: 3}])
  const report = await pull(shop)
  const again = await pull(shop, {names: ['#1001']})

  expect(report, noted(report)).toMatchObject({done: {create: 1}, counts: {told: 1}})
  expect(again, noted(again)).toMatchObject({counts: {unchanged: 1}})
  expect(await shippedUnits(shop, 1001)).toEqual({10010: 3})
})

test('the very same shipment in both systems is taken as one, and carries its external ID in NetSuite', async () => {
  const shop = await shippingWorld()
  await shop.postOrders([order(1001)], true)
  await shop.push()
  await shipInShopify(shop, 1001, {10010: 2})
  const id = await ship(shop, 1001, [{key: '10010', quantity: 2}])

  const report = await pull(shop)

  const [fulfillment, ...others] = await shown(shop, 1001)
  expect(report, noted(report)).toMatchObject({done: {create: 0, adopt: 1, name: 1}})
  expect(others).toEqual([])
  expect(await itemFulfillment(shop, id)).toMatchObject({externalId: `SHOPIFY:FULFILLMENT:${fulfillment?.id}`})
})

test('a reply that is lost ships nothing twice', async () => {
  const shop = await shippingWorld()
  await shop.postOrders([order(1001)], true)
  await shop.push()
  await ship(shop, 1001, [{key: '10010', quantity: 2}], ['1Z001'])
  await shop.fault('shopify', {kind: 'lost-reply', match: {operation: 'CreateFulfillment'}, count: 1})

  const lost = await pull(shop)
  await dueNow(shop)
  const found = await pull(shop)

  expect(lost, noted(lost)).toMatchObject({counts: {retry: 1}})
  expect(found, noted(found)).toMatchObject({done: {create: 0, adopt: 1, name: 1}, counts: {told: 1}})
  expect(await shown(shop, 1001)).toHaveLength(1)
})

test('a fulfilment order on hold is waited for, and told once it is released', async () => {
  const shop = await shippingWorld()
  await shop.postOrders([order(1001)], true)
  await shop.push()
  const [place] = await places(shop, 1001)
  await ask(shop, HOLD, {id: place?.id})
  await ship(shop, 1001, [{key: '10010', quantity: 2}])

  const held = await pull(shop)
  await ask(shop, RELEASE, {id: place?.id})
  await dueNow(shop)
  const released = await pull(shop)

  expect(held.orders, noted(held)).toMatchObject([{outcome: 'retry', code: 'SHIPMENT_WAITS', name: '#1001'}])
  expect(held.orders[0]?.message).toContain('AWAITING_PAYMENT')
  expect(released, noted(released)).toMatchObject({done: {create: 1}})
  expect(await shippedUnits(shop, 1001)).toEqual({10010: 2})
})

test('units that are assigned to two places become a fulfilment of each', async () => {
  const shop = await shippingWorld()
  await shop.postOrders([order(1001, two)], true)
  await shop.push()
  const [place] = await places(shop, 1001)
  const tees = place?.lineItems.nodes.find(({lineItem}) => lineItem.id.endsWith('/10010'))
  await ask(shop, MOVE, {id: place?.id, to: 'gid://shopify/Location/70000000002', lines: [{id: tees?.id, quantity: 1}]})

  await ship(shop, 1001, [{key: '10010', quantity: 3}, {key: '10011', quantity: 1}]) // prettier-ignore
  const report = await pull(shop)
  const again = await pull(shop, {names: ['#1001']})

  expect(report, noted(report)).toMatchObject({done: {create: 2, name: 1}, counts: {told: 1}})
  expect(again, noted(again)).toMatchObject({counts: {unchanged: 1}})
  const all = await shown(shop, 1001)
  expect(all.map((one) => one.location_id).toSorted()).toEqual([70000000001, 70000000002])
  expect(await shippedUnits(shop, 1001)).toEqual({10010: 3, 10011: 1})
})

test('a tracking number that changes later is changed in Shopify', async () => {
  const shop = await shippingWorld()
  await shop.postOrders([order(1001)], true)
  await shop.push()
  const id = await ship(shop, 1001, [{key: '10010', quantity: 2}], ['1Z001'])
  await pull(shop)

  await shop.edit('PATCH', `itemFulfillment/${id}`, {package: {items: [{packageTrackingNumber: '1Z009'}]}})
  const report = await pull(shop)
  const again = await pull(shop, {names: ['#1001']})

  expect(report, noted(report)).toMatchObject({done: {create: 0, track: 1}})
  expect(again, noted(again)).toMatchObject({counts: {unchanged: 1}})
  expect((await shown(shop, 1001)).map((one) => one.tracking_numbers)).toEqual([expect.arrayContaining(['1Z009'])])
})

test.each([
  ['parks, for a person to decide', '', 'success', {parked: 1}, ['SHIPMENT_WITHDRAWN']],
  ['is cancelled in Shopify where the contract says so', 'withdrawn: cancel,', 'cancelled', {told: 1}, [null]],
] as const)('an item fulfilment that is deleted in NetSuite %s', async (_, rule, status, counts, codes) => {
  const shop = await shippingWorld(rule)
  await shop.postOrders([order(1001)], true)
  await shop.push()
  const id = await ship(shop, 1001, [{key: '10010', quantity: 2}])
  await pull(shop)

  await shop.edit('DELETE', `itemFulfillment/${id}`)
  const report = await pull(shop)
  const again = await pull(shop)

  expect(report, noted(report)).toMatchObject({counts, sweep: {deleted: 1}})
  expect(report.orders.map(({code}) => code)).toEqual(codes)
  expect(again.counts, noted(again)).toMatchObject({told: 0})
  expect((await shown(shop, 1001)).map((one) => one.status)).toEqual([status])
})

test('goods that were shipped again after their item fulfilment was taken back are told again', async () => {
  const shop = await shippingWorld('withdrawn: cancel,')
  await shop.postOrders([order(1001)], true)
  await shop.push()
  const id = await ship(shop, 1001, [{key: '10010', quantity: 2}])
  await pull(shop)
  await shop.edit('DELETE', `itemFulfillment/${id}`)
  await pull(shop)

  await ship(shop, 1001, [{key: '10010', quantity: 2}])
  const report = await pull(shop)

  expect(report, noted(report)).toMatchObject({done: {create: 1}, counts: {parked: 0}})
  expect((await shown(shop, 1001)).map((one) => one.status)).toEqual(['cancelled', 'success'])
})

test('a fulfilment that a person cancelled in Shopify is not shipped again by itself', async () => {
  const shop = await shippingWorld()
  await shop.postOrders([order(1001)], true)
  await shop.push()
  await ship(shop, 1001, [{key: '10010', quantity: 2}])
  await pull(shop)
  const [fulfillment] = await shown(shop, 1001)
  await ask(shop, CANCEL, {id: `gid://shopify/Fulfillment/${fulfillment?.id}`})

  const report = await pull(shop, {names: ['#1001']})

  expect(report.orders, noted(report)).toMatchObject([{outcome: 'parked', code: 'FULFILLMENT_CANCELLED'}])
  expect(await shown(shop, 1001)).toHaveLength(1)
})

test('goods that Shopify no longer has to ship are parked with their SKU; the other orders go on', async () => {
  const shop = await shippingWorld()
  await shop.postOrders([order(1001), order(1002)], true)
  await shop.push()
  await ship(shop, 1001, [{key: '10010', quantity: 2}])
  await ship(shop, 1002, [{key: '10020', quantity: 2}])
  await shop.postOrders([order(1001, {cancelled_at: '2026-11-22T10:00:00-05:00'})])

  const report = await pull(shop)

  expect(report.counts, noted(report)).toMatchObject({told: 1, parked: 1})
  const parked = report.orders.find(({code}) => code !== null)
  expect(parked).toMatchObject({name: '#1001', code: 'SHIPMENT_NOT_OPEN', message: expect.stringContaining('2 of SIM-TEE')}) // prettier-ignore
  expect(await shippedUnits(shop, 1002)).toEqual({10020: 2})
})

test('what the push brought from Shopify is never pulled', async () => {
  const shop = await shippingWorld()
  setSource(shop, 'shopify')
  const fulfillments = [{id: 88, status: 'success', created_at: '2026-11-21T10:00:00-05:00', location_id: 70000000001, line_items: [line(10_010, {quantity: 1})]}] // prettier-ignore
  await shop.postOrders([order(1001, {fulfillments, fulfillment_status: 'partial'})], true)
  await shop.push()
  setSource(shop, 'netsuite')

  const report = await pull(shop)

  expect(report, noted(report)).toMatchObject({queued: 1, counts: {unchanged: 1, told: 0}})
  expect(await shown(shop, 1001)).toHaveLength(1)
})

test('a dry run tells what would be shipped, and ships nothing', async () => {
  const shop = await shippingWorld()
  await shop.postOrders([order(1001)], true)
  await shop.push()
  await ship(shop, 1001, [{key: '10010', quantity: 2}])

  const previews = await withPull(shop, async (deps) => {
    const all = []
    for await (const page of previewPull(deps, {names: [], since: null}, new AbortController().signal, () => undefined))
      all.push(...page)
    return all
  })

  expect(previews).toMatchObject([{name: '#1001', plan: {steps: [{do: 'create'}], waiting: [], faults: []}}])
  expect(await shown(shop, 1001)).toEqual([])
  expect(await pull(shop)).toMatchObject({done: {create: 1}})
})

test('a process that dies at any moment of a pull ships nothing twice, and the next one ends what it began', async () => {
  const shop = await shippingWorld()
  for (let call = 1; ; call++) {
    const id = 2000 + call
    await shop.postOrders([order(id)], true)
    await shop.push(String(id))
    await ship(shop, id, [{key: String(id * 10), quantity: 2}], [`1Z${call}`])

    const died = await dyingPull(shop, id, call)
    await letTimePass(shop.databaseUrl)
    await dueNow(shop)
    const next = await pull(shop, {names: [String(id)]})

    expect(next.counts, `${call}: ${noted(next)}`).toMatchObject({parked: 0, retry: 0, released: 0})
    expect(await shippedUnits(shop, id), `died at call ${call}`).toEqual({[id * 10]: 2})
    expect(await shown(shop, id), `died at call ${call}`).toHaveLength(1)
    if (!died) break
  }
})

test('an item fulfilment that is deleted and entered anew stays the fulfilment that Shopify shows', async () => {
  const shop = await shippingWorld('withdrawn: cancel,')
  await shop.postOrders([order(1001), order(1002)], true)
  await shop.push()
  const [same, less] = [
    await ship(shop, 1001, [{key: '10010', quantity: 2}]),
    await ship(shop, 1002, [{key: '10020', quantity: 2}]),
  ]
  await pull(shop)

  await shop.edit('DELETE', `itemFulfillment/${same}`)
  await shop.edit('DELETE', `itemFulfillment/${less}`)
  await ship(shop, 1001, [{key: '10010', quantity: 2}])
  await ship(shop, 1002, [{key: '10020', quantity: 1}])
  const report = await pull(shop)
  const again = await pull(shop, {names: ['#1001', '#1002']})

  expect(report, noted(report)).toMatchObject({done: {adopt: 1, cancel: 1, create: 1}, counts: {parked: 0, retry: 0}})
  expect(again, noted(again)).toMatchObject({counts: {told: 0, parked: 0}})
  expect((await shown(shop, 1001)).map(({status}) => status)).toEqual(['success'])
  expect(await shippedUnits(shop, 1002)).toEqual({10020: 1})
})

test('a role that does not see deleted records still pulls, and the run says what it does not notice', async () => {
  const shop = await shippingWorld()
  await shop.postOrders([order(1001)], true)
  await shop.push()
  await ship(shop, 1001, [{key: '10010', quantity: 2}])
  const hidden = new CredentialError('NETSUITE_PERMISSION_MISSING', 'the role does not see deletedrecord', {hint: ''})

  const report = await withPull(shop, (deps) => {
    const shipments = {...deps.netsuite.shipments, deletedSince: () => Promise.reject(hidden)}
    const watch = {signal: new AbortController().signal, onSweep: () => undefined}
    return pullFulfillments({...deps, netsuite: {...deps.netsuite, shipments}}, {names: [], since: null}, watch)
  })

  expect(report.done.create).toBe(1)
  expect(report.sweep?.notes).toEqual([expect.stringContaining('Deleted Records')])
})
