import {legacyId} from '../core/ids.ts'
import type {HeldShipment} from '../netsuite/shipment-types.ts'
import type {ShopifyFulfillmentOrder, Tracking} from '../shopify/fulfillments.ts'
import type {ShopifyFulfillment, ShopifyOrder} from '../shopify/types.ts'
import type {LifeRules} from './life-types.ts'
import {isShippable} from './life-state.ts'
import {postingId} from './posting-ids.ts'
import {distribute, isSame, unitsOf, type PlaceUnits, type Units} from './shipment-units.ts'

/** What is known of the shipments of one order, in both systems. */
export type ShipmentFacts = Readonly<{
  /** Read with its money, so that fulfilments which were cancelled are among its own. */
  order: ShopifyOrder
  /** Its fulfilment orders. */
  places: readonly ShopifyFulfillmentOrder[]
  /** Every item fulfilment of its sales order, in id order. */
  held: readonly HeldShipment[]
  /** Fulfilment of Shopify (global id) → the item fulfilment that we told it from; those that we cancelled are left out. */
  told: ReadonlyMap<string, string>
  /** Fulfilments of Shopify that we cancelled ourselves. */
  cancelled: ReadonlySet<string>
  /** Item fulfilments that are told, and that NetSuite does not hold any more. */
  deleted: ReadonlySet<string>
}>

/** One thing to do in Shopify, or the name to give in NetSuite, for an item fulfilment. */
export type ShipmentStep =
  | Readonly<{do: 'create'; of: HeldShipment; parts: readonly PlaceUnits[]; tracking: Tracking | null; notify: boolean}>
  /** Shopify shows these very units already: by another hand, or by ours before a reply was lost. */
  | Readonly<{do: 'adopt'; of: HeldShipment; fulfillmentId: string}>
  | Readonly<{do: 'track'; of: HeldShipment; fulfillmentId: string; tracking: Tracking; notify: boolean}>
  | Readonly<{do: 'cancel'; itemFulfillmentId: string; fulfillmentId: string}>
  | Readonly<{do: 'name'; of: HeldShipment; externalId: string}>

export type ShipmentFault = Readonly<{
  code: 'SHIPMENT_NOT_OPEN' | 'SHIPMENT_LINE_UNKNOWN' | 'SHIPMENT_WITHDRAWN' | 'FULFILLMENT_CANCELLED'
  what: string
}>

export type ShipmentPlan = Readonly<{
  steps: readonly ShipmentStep[]
  /** What passes by itself: a hold, a date. */
  waiting: readonly string[]
  faults: readonly ShipmentFault[]
  /** Units come free by the steps: what else there is to do is planned after them, from what Shopify shows then. */
  isFirstPart: boolean
}>

/** An item fulfilment with its units by Shopify's line, what Shopify shows of it, and what is still to be told. */
type Shipment = {
  readonly of: HeldShipment
  readonly units: Units
  /** Those that we told, or that carry its external ID. */
  readonly own: ShopifyFulfillment[]
  left: Map<string, number>
}

type Planning = {steps: ShipmentStep[]; waiting: string[]; faults: ShipmentFault[]}

/**
 * Decides what Shopify should be told of what NetSuite shipped. Units are counted first: whatever Shopify shows as shipped,
 * by whose hand ever, is shipped, and only what NetSuite shipped beyond that is told. So nothing ships twice where both
 * sides ship, or where a reply was lost; an item fulfilment is told whole or not at all.
 */
export function planShipments(facts: ShipmentFacts, rules: LifeRules['fulfillments']): ShipmentPlan {
  const planning: Planning = {steps: [], waiting: [], faults: []}
  const shipments = facts.held.flatMap((held) => shipmentOf(facts, held, planning))
  const claimed = countShipped(facts, shipments, planning)
  if (planWithdrawn(facts, claimed, rules, planning)) return {...planning, isFirstPart: true}
  const places = [...facts.places]
  for (const shipment of shipments) {
    if (shipment.left.size === 0) planTracking(shipment, rules, planning)
    else planCreation(shipment, facts, places, rules, planning)
    planName(shipment, planning)
  }
  return {...planning, isFirstPart: false}
}

/**
 * What NetSuite took back after it was told: deleted, or set back to packed. Where the same goods left again under another
 * item fulfilment, Shopify's fulfilment is that one's. True where some are to be cancelled.
 */
function planWithdrawn(
  {order, held, told, deleted}: ShipmentFacts,
  claimed: ReadonlySet<string>,
  rules: LifeRules['fulfillments'],
  planning: Planning,
): boolean {
  const packed = new Set(held.filter(({isShipped}) => !isShipped).map(({id}) => id))
  const withdrawn = order.fulfillments.flatMap(({id, status}) => {
    const from = told.get(id)
    if (from === undefined || status !== 'SUCCESS' || claimed.has(id)) return []
    return deleted.has(from) || packed.has(from) ? [{itemFulfillmentId: from, fulfillmentId: id}] : []
  })
  for (const one of withdrawn) {
    if (rules.withdrawn === 'cancel') planning.steps.push({do: 'cancel', ...one})
    else {
      const what = `${legacyId(one.fulfillmentId)} (item fulfilment ${one.itemFulfillmentId})`
      planning.faults.push({code: 'SHIPMENT_WITHDRAWN', what})
    }
  }
  return rules.withdrawn === 'cancel' && withdrawn.length > 0
}

/** Null for what concerns Shopify in no way: not shipped yet, or nothing of it needs shipping there. */
function shipmentOf({order, told, cancelled}: ShipmentFacts, of: HeldShipment, {faults}: Planning): Shipment[] {
  if (!of.isShipped) return []
  const lines = new Map(order.lines.map((line) => [legacyId(line.id), line]))
  const known = of.lines.filter(({key}) => key !== null && lines.has(key))
  if (known.length === 0 && of.lines.length > 0) {
    faults.push({code: 'SHIPMENT_LINE_UNKNOWN', what: nameOf(of)})
    return []
  }
  const units = new Map<string, number>()
  for (const {key, quantity} of known) {
    const line = lines.get(key ?? '')
    if (line !== undefined && isShippable(line)) units.set(line.id, (units.get(line.id) ?? 0) + quantity)
  }
  if (units.size === 0) return []
  const isOwn = (id: string) => told.get(id) === of.id || of.externalId === postingId.fulfillment(id)
  const own = order.fulfillments.filter(({id}) => !cancelled.has(id) && isOwn(id))
  return [{of, units, own, left: new Map(units)}]
}

/**
 * Takes from each shipment what Shopify shows: its own fulfilments first, then the very same units, then by time. Gives the
 * fulfilments that are some shipment's.
 */
function countShipped(
  {order}: ShipmentFacts,
  shipments: readonly Shipment[],
  {steps, faults}: Planning,
): ReadonlySet<string> {
  const claimed = new Set(shipments.flatMap(({own}) => own.map(({id}) => id)))
  const shown = order.fulfillments.filter(({status}) => status === 'SUCCESS')
  const free = unitsOf(shown.flatMap(({lines}) => lines))
  for (const shipment of shipments.filter(({own}) => own.length > 0)) {
    if (shipment.own.every(({status}) => status !== 'SUCCESS')) {
      faults.push({code: 'FULFILLMENT_CANCELLED', what: `${nameOf(shipment.of)} in Shopify`})
      shipment.left.clear()
    } else {
      if (isReduced(shipment)) faults.push({code: 'SHIPMENT_WITHDRAWN', what: `units of ${nameOf(shipment.of)}`})
      take(shipment, free)
    }
  }
  for (const shipment of shipments.filter(({own}) => own.length === 0)) {
    const same = shown.filter(({id, lines}) => !claimed.has(id) && isSame(shipment.units, lines))
    const [twin] = same.toSorted((a, b) => matching(b, shipment.of) - matching(a, shipment.of))
    if (twin === undefined) continue
    claimed.add(twin.id)
    shipment.own.push(twin)
    steps.push({do: 'adopt', of: shipment.of, fulfillmentId: twin.id})
    take(shipment, free)
  }
  for (const shipment of shipments.filter(({own}) => own.length === 0)) take(shipment, free)
  return claimed
}

/** Counts free units as those of a shipment. */
function take({left}: Shipment, free: Map<string, number>): void {
  for (const [line, units] of left) {
    const taken = Math.min(units, free.get(line) ?? 0)
    free.set(line, (free.get(line) ?? 0) - taken)
    if (taken === units) left.delete(line)
    else left.set(line, units - taken)
  }
}

/** True where Shopify shows more units as those of the shipment than it has: NetSuite took some back. */
function isReduced({units, own}: Shipment): boolean {
  const shown = unitsOf(own.filter(({status}) => status === 'SUCCESS').flatMap(({lines}) => lines))
  return [...shown].some(([line, quantity]) => quantity > (units.get(line) ?? 0))
}

/** How many tracking numbers a fulfilment and a shipment share. */
function matching({tracking = []}: ShopifyFulfillment, of: HeldShipment): number {
  return tracking.filter(({number}) => number !== null && of.tracking.includes(number)).length
}

function planCreation(
  {of, left}: Shipment,
  {order}: ShipmentFacts,
  places: ShopifyFulfillmentOrder[],
  rules: LifeRules['fulfillments'],
  {steps, waiting, faults}: Planning,
): void {
  const from = new Map(of.lines.map(({key, locationId}) => [key, locationId]))
  const {parts, blocked, missing, rest} = distribute(left, places, (place, lineId) => {
    return locationIn(rules, place) === (from.get(legacyId(lineId)) ?? null)
  })
  if (missing.size > 0) {
    const units = [...missing].map(([line, n]) => `${n} of ${order.lines.find(({id}) => id === line)?.sku ?? line}`)
    faults.push({code: 'SHIPMENT_NOT_OPEN', what: `${units.join(', ')} by ${nameOf(of)}`})
  } else if (blocked.length > 0) {
    waiting.push(`${nameOf(of)} waits for the fulfilment order ${blocked.map(whyBlocked).join(', ')}`)
  } else {
    places.splice(0, places.length, ...rest)
    const shipped = {of, tracking: trackingOf(of, rules), notify: rules.notify ?? false}
    // One fulfilment a location: Shopify takes no other.
    for (const ofPlace of Map.groupBy(parts, ({locationId}) => locationId).values())
      steps.push({do: 'create', parts: ofPlace, ...shipped})
  }
}

function whyBlocked({id, status, holds}: ShopifyFulfillmentOrder): string {
  return `${legacyId(id)} (${[status, ...holds].join(', ')})`
}

function locationIn({locations}: LifeRules['fulfillments'], {locationId}: ShopifyFulfillmentOrder): string | null {
  if (locationId === null) return null
  return locations[locationId] ?? locations[legacyId(locationId)] ?? null
}

/** Numbers that changed in NetSuite. Numbers that only Shopify has are left alone. */
function planTracking({of, own}: Shipment, rules: LifeRules['fulfillments'], {steps}: Planning): void {
  const tracking = trackingOf(of, rules)
  if (tracking === null) return
  for (const {id, status, tracking: shown = []} of own) {
    const numbers = new Set(shown.map(({number}) => number))
    const isEqual = numbers.size === tracking.numbers.length && tracking.numbers.every((number) => numbers.has(number))
    if (status === 'SUCCESS' && !isEqual)
      steps.push({do: 'track', of, fulfillmentId: id, tracking, notify: rules.notify ?? false})
  }
}

/** The key stands in NetSuite too, unless another system has put its own there. */
function planName({of, own}: Shipment, {steps}: Planning): void {
  const [first] = own
  if (of.externalId === null && first !== undefined)
    steps.push({do: 'name', of, externalId: postingId.fulfillment(first.id)})
}

function trackingOf({tracking, shipMethodId}: HeldShipment, rules: LifeRules['fulfillments']): Tracking | null {
  if (tracking.length === 0) return null
  return {company: rules.carriers?.[shipMethodId ?? ''] ?? null, numbers: tracking, urls: []}
}

function nameOf({id, tranId}: HeldShipment): string {
  return tranId === null ? `item fulfilment ${id}` : `item fulfilment ${tranId} (id ${id})`
}
