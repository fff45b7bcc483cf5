import type {ShopifyFulfillmentOrder} from '../shopify/fulfillments.ts'
import type {ShopifyFulfillment} from '../shopify/types.ts'

/** Units by the global id of Shopify's line. */
export type Units = ReadonlyMap<string, number>

/** Units of one fulfilment order, by the ids of its lines. */
export type PlaceUnits = Readonly<{
  fulfillmentOrderId: string
  locationId: string | null
  lines: readonly Readonly<{id: string; quantity: number}>[]
}>

export type Distribution = Readonly<{
  parts: readonly PlaceUnits[]
  /** Fulfilment orders that hold units which are wanted, and that Shopify does not let ship now. */
  blocked: readonly ShopifyFulfillmentOrder[]
  /** Wanted units that no fulfilment order has open. */
  missing: Units
  /** The fulfilment orders as they are after `parts` have shipped. */
  rest: readonly ShopifyFulfillmentOrder[]
}>

/** Fulfilment orders in these states open by themselves or by a person's hand in Shopify (FulfillmentOrderStatus). */
const LATER: ReadonlySet<string> = new Set(['ON_HOLD', 'SCHEDULED'])

/**
 * Takes units from fulfilment orders: of each line first where it is preferred, then anywhere else that may ship, because
 * the goods have left already. What those lack is taken from the ones that open later, which are named as blocked. Units
 * are never taken beyond what remains: parts + blocked + missing = wanted.
 */
export function distribute(
  wanted: Units,
  places: readonly ShopifyFulfillmentOrder[],
  isPreferred: (place: ShopifyFulfillmentOrder, lineId: string) => boolean,
): Distribution {
  const left = new Map([...wanted].filter(([, units]) => units > 0))
  const taken = new Map<string, number>()
  const takenFrom = new Set<string>()
  const takeAt = (place: ShopifyFulfillmentOrder, lineId: string) => {
    for (const line of place.lines.filter((one) => one.lineId === lineId)) {
      const before = taken.get(line.id) ?? 0
      const units = Math.min(left.get(lineId) ?? 0, line.remaining - before)
      if (units <= 0) continue
      taken.set(line.id, before + units)
      takenFrom.add(place.id)
      if (units === left.get(lineId)) left.delete(lineId)
      else left.set(lineId, (left.get(lineId) ?? 0) - units)
    }
  }
  const open = places.filter(({canShip}) => canShip)
  for (const lineId of wanted.keys()) {
    for (const place of open.filter((one) => isPreferred(one, lineId))) takeAt(place, lineId)
    for (const place of open) takeAt(place, lineId)
    for (const place of places.filter(({canShip, status}) => !canShip && LATER.has(status))) takeAt(place, lineId)
  }
  const parts = open.filter(({id}) => takenFrom.has(id)).map((place) => partOf(place, taken))
  const blocked = places.filter(({id, canShip}) => !canShip && takenFrom.has(id))
  return {parts, blocked, missing: left, rest: places.map((place) => after(place, taken))}
}

/** Units that Shopify shows as shipped, by line. */
export function unitsOf(lines: ShopifyFulfillment['lines']): Map<string, number> {
  const units = new Map<string, number>()
  for (const {lineId, quantity} of lines) units.set(lineId, (units.get(lineId) ?? 0) + quantity)
  return units
}

/** True where Shopify shows exactly these units. */
export function isSame(units: Units, lines: ShopifyFulfillment['lines']): boolean {
  const shown = unitsOf(lines)
  return shown.size === units.size && [...shown].every(([line, quantity]) => units.get(line) === quantity)
}

function partOf({id, locationId, lines}: ShopifyFulfillmentOrder, taken: Units): PlaceUnits {
  const units = lines.flatMap((line) => {
    const quantity = taken.get(line.id) ?? 0
    return quantity === 0 ? [] : [{id: line.id, quantity}]
  })
  return {fulfillmentOrderId: id, locationId, lines: units}
}

function after(place: ShopifyFulfillmentOrder, taken: Units): ShopifyFulfillmentOrder {
  const lines = place.lines.map((line) => ({...line, remaining: line.remaining - (taken.get(line.id) ?? 0)}))
  return {...place, lines}
}
