import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {pullFulfillments} from '../../src/lib/sync/fulfillments-pull.ts'
import type {ShipmentChoice} from '../../src/lib/sync/shipment-choice.ts'
import type {PullDeps} from '../../src/lib/sync/shipment-facts.ts'
import type {PullReport} from '../../src/lib/sync/shipment-report.ts'
import {company} from '../../src/sandbox/company.ts'
import {runOn} from '../support/postgres.ts'
import {depsOf, type Document, world, type World} from '../support/world.ts'

/** A sandbox whose contract says that NetSuite ships, with more lines of the section. */
export async function shippingWorld(more = ''): Promise<World> {
  const shop = await world()
  const file = join(shop.folder, 'tieout.yaml')
  const text = readFileSync(file, 'utf8').replace('fulfillments: {from: off,', `fulfillments: {${more} from: netsuite,`)
  writeFileSync(file, text)
  return shop
}

/** Runs work with what a pull has. */
export async function withPull<T>(shop: World, work: (deps: PullDeps) => Promise<T>): Promise<T> {
  const app = await shop.open()
  try {
    const {netsuite, shopify} = app.remotes()
    return await work({...depsOf(app), netsuite, shopify})
  } finally {
    await app.close('done')
  }
}

const watch = {signal: new AbortController().signal, onSweep: () => undefined}

/** What fulfillments:pull does, in this process. */
export function pull(shop: World, chosen: Partial<ShipmentChoice> = {}): Promise<PullReport> {
  return withPull(shop, (deps) => pullFulfillments(deps, {names: [], since: null, ...chosen}, watch))
}

export type Left = Readonly<{key: string; quantity: number; location?: string}>

/** The warehouse ships units of lines in NetSuite, and gives the id of the item fulfilment. */
export async function ship(shop: World, orderId: number, units: readonly Left[], numbers: readonly string[] = []) {
  const lines = await withPull(shop, async (deps) => {
    const app = deps as unknown as ReturnType<typeof depsOf>
    const [held] = await app.netsuite.salesOrders.get([{externalId: `SHOPIFY:ORDER:${orderId}`}])
    return {id: held?.id, lines: held?.lines ?? []}
  })
  const items = units.map(({key, quantity, location}) => {
    const line = lines.lines.find((one) => one.key === key)
    return {orderLine: line?.line, item: {id: line?.itemId}, quantity, location: {id: location ?? line?.locationId}}
  })
  const parcels = numbers.map((packageTrackingNumber) => ({packageTrackingNumber}))
  const outcome = await shop.edit('POST', 'itemFulfillment', {
    createdFrom: {id: lines.id},
    item: {items},
    ...(parcels.length === 0 ? {} : {package: {items: parcels}}),
  })
  return (outcome as {record?: {id: string}; id?: string}).id ?? ''
}

/** Asks the shop as an app or a person's browser does. */
export async function ask<T>(shop: World, query: string, variables: unknown): Promise<T> {
  const answer = await fetch(`${shop.shopifyUrl}/admin/api/${company.apiVersion}/graphql.json`, {
    method: 'POST',
    headers: {'content-type': 'application/json', 'x-shopify-access-token': company.shopify.accessToken},
    body: JSON.stringify({query, variables}),
  })
  const {data, errors} = (await answer.json()) as {data: T; errors?: unknown}
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  return data
}

type Shown = Readonly<{id: number; status: string; tracking_numbers: string[]; tracking_company: string | null; location_id: number; line_items: readonly Readonly<{id: number; quantity: number}>[]}> // prettier-ignore

/** The fulfilments that Shopify shows of an order. */
export async function shown(shop: World, orderId: number): Promise<Shown[]> {
  const document = (await shop.documents()).find(({id}) => id === orderId) as Document & {fulfillments?: Shown[]}
  return document.fulfillments ?? []
}

/** Units that Shopify shows as shipped, by line. */
export async function shippedUnits(shop: World, orderId: number): Promise<Record<string, number>> {
  const units: Record<string, number> = {}
  for (const {status, line_items: lines} of await shown(shop, orderId)) {
    if (status !== 'success') continue
    for (const {id, quantity} of lines) units[id] = (units[id] ?? 0) + quantity
  }
  return units
}

/** Says in the contract who ships. */
export function setSource(shop: World, from: 'shopify' | 'netsuite'): void {
  const file = join(shop.folder, 'tieout.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/from: (netsuite|shopify),/, `from: ${from},`))
}

export async function itemFulfillment(shop: World, id: string): Promise<Readonly<{externalId: string | null}>> {
  const answer = await fetch(`${shop.netsuiteUrl}/_sandbox/records/itemFulfillment/${id}`)
  return (await answer.json()) as {externalId: string | null}
}

/** What is to be tried again later is due. */
export async function dueNow(shop: World): Promise<void> {
  await runOn(shop.databaseUrl, 'update tieout_queue.job set start_after = now()')
}

export const HOLD = `mutation($id: ID!) {
  fulfillmentOrderHold(id: $id, fulfillmentHold: {reason: AWAITING_PAYMENT}) { userErrors { message } }
}`
export const RELEASE = 'mutation($id: ID!) { fulfillmentOrderReleaseHold(id: $id) { userErrors { message } } }'
export const CANCEL = 'mutation($id: ID!) { fulfillmentCancel(id: $id) { userErrors { message } } }'
export const MOVE = `mutation($id: ID!, $to: ID!, $lines: [FulfillmentOrderLineItemInput!]) {
  fulfillmentOrderMove(id: $id, newLocationId: $to, fulfillmentOrderLineItems: $lines) { userErrors { message } }
}`

type Place = Readonly<{
  id: string
  lineItems: Readonly<{nodes: readonly Readonly<{id: string; remainingQuantity: number; lineItem: {id: string}}>[]}>
}>

/** The fulfilment orders of an order. */
export async function places(shop: World, orderId: number): Promise<readonly Place[]> {
  const query = `query($id: ID!) { order(id: $id) { fulfillmentOrders(first: 20) {
    nodes { id lineItems(first: 50) { nodes { id remainingQuantity lineItem { id } } } }
  } } }`
  const id = `gid://shopify/Order/${orderId}`
  const {order} = await ask<{order: {fulfillmentOrders: {nodes: Place[]}}}>(shop, query, {id})
  return order.fulfillmentOrders.nodes
}

/** A person ships units of lines in the Shopify admin. */
export async function shipInShopify(shop: World, orderId: number, units: Readonly<Record<number, number>>) {
  const [place] = await places(shop, orderId)
  const lines = (place?.lineItems.nodes ?? []).flatMap(({id, lineItem}) => {
    const quantity = units[Number(lineItem.id.split('/').at(-1))]
    return quantity === undefined ? [] : [{id, quantity}]
  })
  const fulfillment = {lineItemsByFulfillmentOrder: [{fulfillmentOrderId: place?.id, fulfillmentOrderLineItems: lines}]}
  const create = `mutation($fulfillment: FulfillmentInput!) {
    fulfillmentCreate(fulfillment: $fulfillment) { userErrors { message } }
  }`
  await ask(shop, create, {fulfillment})
}

class Crash extends Error {}

/** A pull whose process dies after its nth call of a system was carried out; false: it made no so many calls. */
export async function dyingPull(shop: World, orderId: number, call: number): Promise<boolean> {
  const app = await shop.open()
  let calls = 0
  const mortal = <A extends unknown[], R>(work: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      calls += 1
      if (calls > call) throw new Crash('dead')
      const result = await work(...args)
      if (calls < call) return result
      await app.ledger.close()
      throw new Crash('dead')
    }
  }
  const {netsuite, shopify} = app.remotes()
  const {shipments} = netsuite
  const deps: PullDeps = {
    ...depsOf(app),
    shopify: {
      ...shopify,
      getOrders: mortal(shopify.getOrders),
      fulfillments: {
        ...shopify.fulfillments,
        orders: mortal(shopify.fulfillments.orders),
        create: mortal(shopify.fulfillments.create),
      },
    },
    netsuite: {
      ...netsuite,
      shipments: {...shipments, ofOrders: mortal(shipments.ofOrders), name: mortal(shipments.name)},
    },
  }
  try {
    await pullFulfillments(deps, {names: [String(orderId)], since: null}, watch)
    await app.close('done')
    return false
  } catch {
    return true
  }
}
