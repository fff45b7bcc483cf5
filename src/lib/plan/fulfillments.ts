import {legacyId} from '../core/ids.ts'
import type {ShopifyFulfillment} from '../shopify/types.ts'
import {billShipment} from './bills.ts'
import {lookUp} from './book.ts'
import {baseOf, isShippable, salesOrderRef, type Life, type LifeEvent, type LineProgress} from './life-state.ts'
import {postingId} from './posting-ids.ts'
import {postingLine} from './shares.ts'

/** FulfillmentStatus of the Admin API: these are over, and nothing left the warehouse. */
const OVER: ReadonlySet<string> = new Set(['CANCELLED', 'ERROR', 'FAILURE'])

/** Every fulfilment that succeeded, in its time. One that was cancelled after NetSuite had it needs a person. */
export function fulfillmentEvents(life: Life): LifeEvent[] {
  const {order, faults} = life.planning
  return order.fulfillments.flatMap((fulfillment) => {
    const {id, status} = fulfillment
    if (status === 'SUCCESS') {
      return [{at: fulfillment.createdAt ?? order.processedAt, rank: 1, apply: () => ship(life, fulfillment)}]
    }
    const isHeld = life.written.has(postingId.fulfillment(id)) || life.written.has(postingId.bill(id))
    if (isHeld && OVER.has(status)) faults.push({code: 'FULFILLMENT_CANCELLED', what: postingId.fulfillment(id)})
    if (!OVER.has(status)) life.waiting.push({what: `the fulfilment ${id}`, why: `Shopify says ${status}`})
    return []
  })
}

/** Goods that left become an item fulfillment and a bill; gift cards and what needs no shipping are never shipped. */
function ship(life: Life, fulfillment: ShopifyFulfillment): void {
  const units = new Map<string, number>()
  const goods: LineProgress[] = []
  for (const {lineId, quantity} of fulfillment.lines) {
    const progress = progressOf(life, fulfillment, lineId, quantity)
    if (progress === null) continue
    progress.shipped += quantity
    if (!units.has(progress.key)) goods.push(progress)
    units.set(progress.key, (units.get(progress.key) ?? 0) + quantity)
  }
  if (goods.length === 0) return
  if (life.rules.fulfillments.from === 'shopify') writeFulfillment(life, fulfillment, units)
  billShipment(life, fulfillment, units)
}

/** The line of goods that a fulfilment names, where the sales order still has so many of it. */
function progressOf(
  {lines, planning}: Life,
  fulfillment: ShopifyFulfillment,
  lineId: string,
  quantity: number,
): LineProgress | null {
  const {order, faults, closed} = planning
  const what = `${quantity} of ${lineId} by ${fulfillment.id}`
  if (!Number.isInteger(quantity) || quantity < 1) {
    faults.push({code: 'QUANTITY_INVALID', what})
    return null
  }
  const line = order.lines.find(({id}) => id === lineId)
  if (line !== undefined && !isShippable(line)) return null
  const progress = lines.get(lineId)
  const ordered = closed ? 0 : (progress?.ordered ?? 0)
  if (progress !== undefined && progress.shipped + quantity <= ordered) return progress
  // A tip that Shopify shows among the lines is no line of the plan.
  if (line === undefined && !closed) return null
  const state = closed ? 'the sales order is closed' : `the sales order has ${ordered}`
  faults.push({code: 'FULFILLMENT_NOT_ON_ORDER', what: `${what}, where ${state}`})
  return null
}

function writeFulfillment(life: Life, fulfillment: ShopifyFulfillment, units: ReadonlyMap<string, number>): void {
  const {planning, salesOrder, records} = life
  const location = locationOf(life, fulfillment.locationId ?? null)
  const lines = salesOrder.lines.flatMap((line) => {
    const quantity = units.get(line.key)
    return quantity === undefined ? [] : [{...postingLine(line, quantity, null), location}]
  })
  const openKeys = [...life.lines.values()]
    .filter(({key, line, ordered, shipped}) => isShippable(line) && shipped < ordered && !units.has(key))
    .map(({key}) => key)
  const packages = (fulfillment.tracking ?? [])
    .filter(({number, url}) => number !== null || url !== null)
    .map(({number, company, url}) => ({trackingNumber: number ?? url, description: company}))
  records.push({
    ...baseOf(life, postingId.fulfillment(fulfillment.id), fulfillment.createdAt ?? planning.order.processedAt),
    type: 'itemFulfillment',
    salesOrder: salesOrderRef(life),
    shipMethod: salesOrder.shipMethod,
    lines,
    openKeys,
    packages,
  })
}

/** The contract's location; without any mapping the one of the order. */
function locationOf({rules, salesOrder, planning}: Life, locationId: string | null): Readonly<{id: string}> | null {
  const {locations} = rules.fulfillments
  if (locationId === null || Object.keys(locations).length === 0) return salesOrder.location
  const id = lookUp(locations, locationId) ?? lookUp(locations, legacyId(locationId))
  if (id !== undefined) return {id}
  const what = `${locationId} (fulfillments.locations.${legacyId(locationId)})`
  planning.faults.push({code: 'LOCATION_UNMAPPED', what})
  return null
}
