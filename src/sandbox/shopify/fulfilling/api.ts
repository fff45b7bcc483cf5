import {company} from '../../company.ts'
import {connection, type PageArguments} from '../connection.ts'
import {legacyId} from '../document.ts'
import type {Json} from '../json.ts'
import {FIRST_LOCATION} from '../map-people.ts'
import {
  fulfillmentCancel,
  fulfillmentCreate,
  fulfillmentTrackingInfoUpdate,
  mustWrite,
  numberOf,
  type Context,
} from './create.ts'
import type {Found} from './fulfilling.ts'
import {mapHold, mapPart} from './map.ts'
import {addHold, separate, statusOf, type Part, type Wanted} from './parts.ts'

type Mapped = Readonly<Record<string, unknown>>
type UserError = Readonly<{field: readonly string[] | null; message: string; code?: string | null}>
type Units = readonly Readonly<{id: string; quantity: number}>[] | null | undefined

/** Most holds on one fulfilment order (Shopify: fulfillmentOrderHold). */
const MOST_HOLDS = 10

function mapped(part: Part, {entry}: Found, {shop}: Context): Mapped {
  return mapPart(part, entry, shop.orders.view(entry))
}

function fulfillmentOrder({id}: Readonly<{id: string}>, context: Context): Mapped | null {
  const found = context.shop.fulfilling.find(numberOf(id))
  return found === null ? null : mapped(found.part, found, context)
}

/** The fulfilment orders of an order, as a page. */
export function fulfillmentOrdersOf(order: Json, given: PageArguments, context: Context): unknown {
  const {orders, fulfilling} = context.shop
  const entry = orders.get(legacyId({id: order.legacyResourceId}) ?? '')
  if (entry === null) return connection(() => [])(given)
  return connection(() => fulfilling.of(entry).map((part) => mapPart(part, entry, orders.view(entry))))(given)
}

type Refusal = Readonly<{userErrors: readonly UserError[]}>

function refused(message: string, code: string | null, ...field: string[]): Refusal {
  return {userErrors: [{field, message, code}]}
}

const NOT_FOUND = () => refused('Fulfillment order could not be found.', 'FULFILLMENT_ORDER_NOT_FOUND', 'id')

/** The units that somebody names, by numeric id; a text says what is wrong with them, null stands for all that is left. */
function namedUnits({part}: Found, units: Units): readonly Wanted[] | string | null {
  if (units === null || units === undefined || units.length === 0) return null
  const wanted = units.map(({id, quantity}) => ({id: numberOf(id), quantity}))
  const isRight = wanted.every(({id, quantity}) => {
    const line = part.lines.find((one) => one.id === id)
    return line !== undefined && quantity > 0 && quantity <= line.remaining
  })
  return isRight ? wanted : 'Invalid fulfillment order line item quantity requested.'
}

/** True where some units of the part are not among the named ones. */
function isPartial({part}: Found, wanted: readonly Wanted[] | null): wanted is readonly Wanted[] {
  if (wanted === null) return false
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)
  return sum(wanted.map((one) => one.quantity)) < sum(part.lines.map((line) => line.remaining))
}

type HoldArguments = Readonly<{
  id: string
  fulfillmentHold: Readonly<{
    reason: string
    reasonNotes?: string | null
    handle?: string | null
    fulfillmentOrderLineItems?: Units
  }>
}>

function fulfillmentOrderHold({id, fulfillmentHold}: HoldArguments, context: Context): Refusal & Mapped {
  mustWrite('fulfillmentOrderHold', context)
  const found = context.shop.fulfilling.find(numberOf(id))
  if (found === null) return NOT_FOUND()
  const {part, plan} = found
  const {reason, reasonNotes = null, handle = null, fulfillmentOrderLineItems} = fulfillmentHold
  if (statusOf(part) === 'CLOSED' || statusOf(part) === 'CANCELLED')
    return refused('The fulfillment order is not in a valid state to be put on hold.', null, 'id')
  if (part.holds.length >= MOST_HOLDS)
    return refused('The maximum number of holds is reached.', 'FULFILLMENT_ORDER_HOLD_LIMIT_REACHED', 'id')
  if (part.holds.some((one) => (one.handle ?? '') === (handle ?? '')))
    return refused('The handle is taken.', 'DUPLICATE_FULFILLMENT_HOLD_HANDLE', 'fulfillmentHold', 'handle')
  const wanted = namedUnits(found, fulfillmentOrderLineItems)
  if (typeof wanted === 'string') return refused(wanted, 'INVALID_LINE_ITEM_QUANTITY', 'fulfillmentHold')
  const at = context.shop.now()
  // The named units stay in the fulfilment order that is held; all others go on in a new one.
  const others = part.lines.map((line) => {
    const held = (wanted ?? []).filter((one) => one.id === line.id).reduce((sum, one) => sum + one.quantity, 0)
    return {id: line.id, quantity: line.remaining - held}
  })
  const rest = isPartial(found, wanted) ? separate(plan, part, others, part.locationId, at) : null
  part.updatedAt = at
  const hold = addHold(plan, part, {reason, reasonNotes, handle})
  return {
    fulfillmentHold: mapHold(hold),
    fulfillmentOrder: mapped(part, found, context),
    remainingFulfillmentOrder: rest === null ? null : mapped(rest, found, context),
    userErrors: [],
  }
}

type ReleaseArguments = Readonly<{id: string; holdIds?: readonly string[] | null}>

function fulfillmentOrderReleaseHold({id, holdIds}: ReleaseArguments, context: Context): Refusal & Mapped {
  mustWrite('fulfillmentOrderReleaseHold', context)
  const found = context.shop.fulfilling.find(numberOf(id))
  if (found === null) return NOT_FOUND()
  const named = holdIds?.map(numberOf)
  found.part.holds = named === undefined ? [] : found.part.holds.filter((one) => !named.includes(one.id))
  found.part.updatedAt = context.shop.now()
  return {fulfillmentOrder: mapped(found.part, found, context), userErrors: []}
}

type MoveArguments = Readonly<{id: string; newLocationId: string; fulfillmentOrderLineItems?: Units}>

/** Moves units to another location, under a new id. */
function fulfillmentOrderMove(given: MoveArguments, context: Context): Refusal & Mapped {
  mustWrite('fulfillmentOrderMove', context)
  const found = context.shop.fulfilling.find(numberOf(given.id))
  if (found === null) return refused('Fulfillment order not found.', null, 'id')
  const {part, plan} = found
  const locationId = numberOf(given.newLocationId)
  if (company.locations[Number(locationId) - FIRST_LOCATION] === undefined)
    return refused('Location not found.', null, 'newLocationId')
  if (statusOf(part) === 'CLOSED' || statusOf(part) === 'CANCELLED' || part.locationId === locationId)
    return refused('Cannot change location of the fulfillment order.', null, 'id')
  const wanted = namedUnits(found, given.fulfillmentOrderLineItems)
  if (typeof wanted === 'string') return refused(wanted, null, 'fulfillmentOrderLineItems')
  const isPart = isPartial(found, wanted)
  const moved = separate(plan, part, wanted, locationId, context.shop.now())
  moved.holds = part.holds
  return {
    movedFulfillmentOrder: mapped(moved, found, context),
    originalFulfillmentOrder: mapped(part, found, context),
    remainingFulfillmentOrder: isPart ? mapped(part, found, context) : null,
    userErrors: [],
  }
}

type SplitArguments = Readonly<{
  fulfillmentOrderSplits: readonly Readonly<{
    fulfillmentOrderId: string
    fulfillmentOrderLineItems: NonNullable<Units>
  }>[]
}>

/** Splits the named units off, under a new id. */
function fulfillmentOrderSplit({fulfillmentOrderSplits}: SplitArguments, context: Context): Refusal & Mapped {
  mustWrite('fulfillmentOrderSplit', context)
  const results: Mapped[] = []
  for (const {fulfillmentOrderId, fulfillmentOrderLineItems} of fulfillmentOrderSplits) {
    const found = context.shop.fulfilling.find(numberOf(fulfillmentOrderId))
    if (found === null) return NOT_FOUND()
    const wanted = namedUnits(found, fulfillmentOrderLineItems)
    if (wanted === null)
      return refused('No line items were provided.', 'NO_LINE_ITEMS_PROVIDED_TO_SPLIT', 'fulfillmentOrderSplits')
    if (typeof wanted === 'string' || !isPartial(found, wanted))
      return refused('Invalid line item quantity.', 'INVALID_LINE_ITEM_QUANTITY', 'fulfillmentOrderSplits')
    const made = separate(found.plan, found.part, wanted, found.part.locationId, context.shop.now())
    const [original, rest] = [mapped(found.part, found, context), mapped(made, found, context)]
    results.push({fulfillmentOrder: original, remainingFulfillmentOrder: rest, replacementFulfillmentOrder: null})
  }
  return {fulfillmentOrderSplits: results, userErrors: []}
}

/** The fields of QueryRoot and Mutation that concern fulfilment. */
export const fulfillmentFields = {
  fulfillmentOrder,
  fulfillmentCreate,
  fulfillmentTrackingInfoUpdate,
  fulfillmentCancel,
  fulfillmentOrderHold,
  fulfillmentOrderReleaseHold,
  fulfillmentOrderMove,
  fulfillmentOrderSplit,
}
