import {afterEach, beforeEach, expect, test} from 'vitest'

import type {SandboxShopify} from '../../../src/sandbox/shopify/server.ts'
import {receive, subscribe} from './receiver.ts'
import type {Doc} from './sums.ts'
import {ask, at, document, start} from './support.ts'

let shop: SandboxShopify
beforeEach(async () => {
  shop = await start()
  const line = {title: 'Organic Tee', price: '24.00', requires_shipping: true}
  shop.orders.put(
    document(5001, {
      line_items: [
        {...line, id: 50011, sku: 'TEE-BLA-M', quantity: 3, current_quantity: 3},
        {...line, id: 50012, sku: 'CAP-ONE', quantity: 1, current_quantity: 1},
        {...line, id: 50013, sku: 'EBOOK-01', quantity: 1, current_quantity: 1, requires_shipping: false},
      ],
    }),
  )
})
afterEach(() => shop.stop())

const PARTS = `{ order(id: "gid://shopify/Order/5001") { displayFulfillmentStatus fulfillments { name status }
  fulfillmentOrders(first: 10) { nodes { id status requestStatus assignedLocation { name location { id } }
    fulfillmentHolds { id reason } supportedActions { action }
    lineItems(first: 10) { nodes { id totalQuantity remainingQuantity sku lineItem { id } } } } } } }`

async function order(): Promise<unknown> {
  return at((await ask(shop.url, PARTS)).body, 'data.order')
}

/** "TEE-BLA-M 2/3" for two of three units left, by fulfilment order. */
async function left(): Promise<string[]> {
  const nodes = at(await order(), 'fulfillmentOrders.nodes') as Doc[]
  return nodes.map((part) => {
    const lines = at(part, 'lineItems.nodes') as Doc[]
    const units = lines.map((one) => `${String(one.sku)} ${String(one.remainingQuantity)}/${String(one.totalQuantity)}`)
    return `${String(part.status)} ${units.join(' ')}`
  })
}

const USER = 'userErrors { field message }'
const CREATE = `mutation Create($fulfillment: FulfillmentInput!) { fulfillmentCreate(fulfillment: $fulfillment) {
  fulfillment { id name status totalQuantity location { id } trackingInfo { company number url }
    fulfillmentLineItems(first: 5) { nodes { quantity lineItem { sku } } } } ${USER} } }`

async function part(i = 0): Promise<{id: string; lines: {id: string}[]}> {
  const node = at(await order(), `fulfillmentOrders.nodes.${i}`)
  return {id: at(node, 'id') as string, lines: at(node, 'lineItems.nodes') as {id: string}[]}
}

async function ship(id: string, lines?: {id: string | undefined; quantity: number}[], trackingInfo?: unknown) {
  const one = {fulfillmentOrderId: id, ...(lines === undefined ? {} : {fulfillmentOrderLineItems: lines})}
  const fulfillment = {lineItemsByFulfillmentOrder: [one], ...(trackingInfo === undefined ? {} : {trackingInfo})}
  return at((await ask(shop.url, CREATE, {fulfillment})).body, 'data.fulfillmentCreate')
}

test('an order is one fulfilment order of what has to travel', async () => {
  expect(at(await order(), 'fulfillmentOrders.nodes.0')).toMatchObject({
    status: 'OPEN',
    requestStatus: 'UNSUBMITTED',
    assignedLocation: {name: 'Main Warehouse', location: {id: 'gid://shopify/Location/70000000001'}},
  })
  expect(await left()).toEqual(['OPEN TEE-BLA-M 3/3 CAP-ONE 1/1'])
})

test('units ship in parts, with several parcels, until nothing is left, and the webhooks tell', async () => {
  const receiver = await receive()
  for (const topic of ['FULFILLMENTS_CREATE', 'ORDERS_FULFILLED', 'ORDERS_PARTIALLY_FULFILLED'])
    await subscribe(shop.url, topic, receiver.url)
  const {id, lines} = await part()
  const first = await ship(id, [{id: lines[0]?.id, quantity: 2}], {company: 'UPS', numbers: ['1Z1', '1Z2'], urls: []})
  expect(at(first, 'userErrors')).toEqual([])
  expect(at(first, 'fulfillment')).toMatchObject({
    name: '#5001.1',
    status: 'SUCCESS',
    totalQuantity: 2,
    location: {id: 'gid://shopify/Location/70000000001'},
    trackingInfo: [
      {company: 'UPS', number: '1Z1', url: null},
      {company: 'UPS', number: '1Z2', url: null},
    ],
    fulfillmentLineItems: {nodes: [{quantity: 2, lineItem: {sku: 'TEE-BLA-M'}}]},
  })
  expect(await left()).toEqual(['IN_PROGRESS TEE-BLA-M 1/3 CAP-ONE 1/1'])
  expect(at(await order(), 'displayFulfillmentStatus')).toBe('PARTIALLY_FULFILLED')

  const rest = await ship(id)
  expect(at(rest, 'fulfillment.totalQuantity')).toBe(2)
  expect(await left()).toEqual(['CLOSED TEE-BLA-M 0/3 CAP-ONE 0/1'])
  expect(at(await order(), 'displayFulfillmentStatus')).toBe('FULFILLED')
  await receiver.count(4)
  expect(receiver.received.map(({topic}) => topic).toSorted()).toEqual([
    'fulfillments/create',
    'fulfillments/create',
    'orders/fulfilled',
    'orders/partially_fulfilled',
  ])
  await receiver.stop()
})

test('more than is left, what is closed, on hold or unknown is refused, and nothing ships', async () => {
  const {id, lines} = await part()
  const message = async (answer: unknown) => at(await answer, 'userErrors.0.message')
  expect(await message(ship(id, [{id: lines[0]?.id, quantity: 4}]))).toBe('Invalid fulfillment order line item quantity requested.') // prettier-ignore
  expect(await message(ship(id, [{id: lines[0]?.id, quantity: 0}]))).toBe('Invalid fulfillment order line item quantity requested.') // prettier-ignore
  expect(await message(ship(id, [{id: 'gid://shopify/FulfillmentOrderLineItem/1', quantity: 1}]))).toBe('Fulfillment order line item does not exist.') // prettier-ignore
  expect(await message(ship('gid://shopify/FulfillmentOrder/1'))).toBe('Fulfillment order does not exist.')
  await hold(id)
  expect(await message(ship(id))).toMatch(/has an unfulfillable status= on_hold\.$/)
  await release(id)
  await ship(id)
  expect(await message(ship(id))).toMatch(/has an unfulfillable status= closed\.$/)
  expect(at(await order(), 'fulfillments')).toHaveLength(1)
})

const HOLD = `mutation Hold($id: ID!, $hold: FulfillmentOrderHoldInput!) { fulfillmentOrderHold(id: $id, fulfillmentHold: $hold) {
  fulfillmentOrder { id status } remainingFulfillmentOrder { id status } fulfillmentHold { id } userErrors { code message } } }`
const RELEASE = `mutation Release($id: ID!) { fulfillmentOrderReleaseHold(id: $id) { fulfillmentOrder { status } userErrors { code } } }`
const MOVE = `mutation Move($id: ID!, $to: ID!, $lines: [FulfillmentOrderLineItemInput!]) { fulfillmentOrderMove(id: $id,
  newLocationId: $to, fulfillmentOrderLineItems: $lines) { movedFulfillmentOrder { id assignedLocation { name } }
  originalFulfillmentOrder { status } ${USER} } }`
const SPLIT = `mutation Split($splits: [FulfillmentOrderSplitInput!]!) { fulfillmentOrderSplit(fulfillmentOrderSplits: $splits) {
  fulfillmentOrderSplits { fulfillmentOrder { id } remainingFulfillmentOrder { id } } userErrors { code } } }`

async function hold(id: string, more: Doc = {}) {
  const {body} = await ask(shop.url, HOLD, {id, hold: {reason: 'AWAITING_PAYMENT', ...more}})
  return at(body, 'data.fulfillmentOrderHold')
}

async function release(id: string) {
  return at((await ask(shop.url, RELEASE, {id})).body, 'data.fulfillmentOrderReleaseHold')
}

test('some units are held while the others go on', async () => {
  const {id, lines} = await part()
  const held = await hold(id, {fulfillmentOrderLineItems: [{id: lines[1]?.id, quantity: 1}]})
  expect(at(held, 'userErrors')).toEqual([])
  expect(await left()).toEqual(['ON_HOLD TEE-BLA-M 0/0 CAP-ONE 1/1', 'OPEN TEE-BLA-M 3/3'])
  expect(at(await hold(id), 'userErrors.0.code')).toBe('DUPLICATE_FULFILLMENT_HOLD_HANDLE')
  expect(at(await release(id), 'fulfillmentOrder.status')).toBe('OPEN')
})

test('units that move to another location or are split off get new ids, and ship from there', async () => {
  const {id, lines} = await part()
  const to = 'gid://shopify/Location/70000000002'
  const units = [{id: lines[0]?.id, quantity: 1}]
  const moved = at((await ask(shop.url, MOVE, {id, to, lines: units})).body, 'data.fulfillmentOrderMove')
  const other = at(moved, 'movedFulfillmentOrder.id') as string
  expect(at(moved, 'movedFulfillmentOrder.assignedLocation.name')).toBe('Retail Store')
  expect(other).not.toBe(id)
  expect(at(await ship(other), 'fulfillment.location.id')).toBe(to)
  const splits = [{fulfillmentOrderId: id, fulfillmentOrderLineItems: [{id: lines[0]?.id, quantity: 1}]}]
  const split = await ask(shop.url, SPLIT, {splits})
  expect(at(split.body, 'data.fulfillmentOrderSplit.userErrors')).toEqual([])
  expect(await left()).toEqual(['OPEN TEE-BLA-M 1/1 CAP-ONE 1/1', 'CLOSED TEE-BLA-M 0/1', 'OPEN TEE-BLA-M 1/1'])
  const nowhere = await ask(shop.url, MOVE, {id, to: 'gid://shopify/Location/1'})
  expect(at(nowhere.body, 'data.fulfillmentOrderMove.userErrors.0.message')).toBe('Location not found.')
})

test('tracking changes later, and a cancelled fulfilment gives its units back', async () => {
  const {id} = await part()
  const shipped = at(await ship(id, undefined, {company: 'UPS', number: '1Z1'}), 'fulfillment.id')
  const TRACK = `mutation Track($id: ID!, $info: FulfillmentTrackingInput!) { fulfillmentTrackingInfoUpdate(fulfillmentId: $id,
    trackingInfoInput: $info) { fulfillment { trackingInfo { company number } } ${USER} } }`
  const CANCEL = `mutation Cancel($id: ID!) { fulfillmentCancel(id: $id) { fulfillment { status } ${USER} } }`
  const info = {company: 'DHL', numbers: ['A', 'B']}
  const tracked = at((await ask(shop.url, TRACK, {id: shipped, info})).body, 'data.fulfillmentTrackingInfoUpdate')
  expect(at(tracked, 'fulfillment.trackingInfo')).toEqual([
    {company: 'DHL', number: 'A'},
    {company: 'DHL', number: 'B'},
  ])
  const cancel = async () => at((await ask(shop.url, CANCEL, {id: shipped})).body, 'data.fulfillmentCancel')
  expect(at(await cancel(), 'fulfillment.status')).toBe('CANCELLED')
  expect(await left()).toEqual(['OPEN TEE-BLA-M 3/3 CAP-ONE 1/1'])
  expect(at(await order(), 'displayFulfillmentStatus')).toBe('UNFULFILLED')
  expect(at(await cancel(), 'userErrors.0.message')).toBe('Fulfillment has already been cancelled.')
})

test('units that were refunded, or shipped by others, are no longer to ship', async () => {
  await part()
  const entry = shop.orders.get('5001')
  const lines = entry?.document.line_items as Doc[]
  const changed = lines.map((line) => (line.id === 50011 ? {...line, current_quantity: 2} : line))
  const fulfillments = [{id: 71, status: 'success', line_items: [{id: 50011, quantity: 1}]}]
  shop.orders.put({...entry?.document, line_items: changed, fulfillments})
  expect(await left()).toEqual(['IN_PROGRESS TEE-BLA-M 1/2 CAP-ONE 1/1'])
})

test('without its scope nothing ships', async () => {
  const reader = await start({scopes: ['read_orders', 'read_merchant_managed_fulfillment_orders']})
  const fulfillment = {lineItemsByFulfillmentOrder: [{fulfillmentOrderId: 'gid://shopify/FulfillmentOrder/1'}]}
  const {body} = await ask(reader.url, CREATE, {fulfillment})
  expect(at(body, 'errors.0.extensions.code')).toBe('ACCESS_DENIED')
  await reader.stop()
})
