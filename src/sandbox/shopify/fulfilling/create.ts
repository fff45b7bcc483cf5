import {legacyId, list, text, utc} from '../document.ts'
import type {Json} from '../json.ts'
import type {Entry, Orders} from '../orders.ts'
import {accessDenied, isGranted} from '../scopes.ts'
import type {Found, Fulfilling} from './fulfilling.ts'
import {statusOf, type PartLine} from './parts.ts'
import {withShipping} from './units.ts'

/** What fulfilment needs of a request. */
export type Context = Readonly<{
  shop: Readonly<{orders: Orders; fulfilling: Fulfilling; now: () => Date}>
  scopes: ReadonlySet<string>
}>

type Tracking = Readonly<{
  company?: string | null
  number?: string | null
  numbers?: readonly string[] | null
  url?: string | null
  urls?: readonly string[] | null
}>

type Wanted = Readonly<{
  fulfillmentOrderId: string
  fulfillmentOrderLineItems?: readonly Readonly<{id: string; quantity: number}>[] | null
}>

type CreateArguments = Readonly<{
  fulfillment: Readonly<{lineItemsByFulfillmentOrder: readonly Wanted[]; trackingInfo?: Tracking | null}>
}>

type UserError = Readonly<{field: readonly string[] | null; message: string}>
type Payload = Readonly<{fulfillment: unknown; userErrors: readonly UserError[]}>

const WRITES = [
  'write_merchant_managed_fulfillment_orders',
  'write_assigned_fulfillment_orders',
  'write_third_party_fulfillment_orders',
] as const

/** Throws what Shopify answers where no scope for writing fulfilment orders is granted. */
export function mustWrite(field: string, {scopes}: Context): void {
  if (!WRITES.some((scope) => isGranted(scopes, scope))) throw accessDenied(field, ...WRITES)
}

export function numberOf(globalId: string): string {
  return /(\d+)(?:\?.*)?$/.exec(globalId)?.[1] ?? ''
}

function refused(message: string, ...field: string[]): Payload {
  return {fulfillment: null, userErrors: [{field: field.length === 0 ? null : field, message}]}
}

type Shipment = Readonly<{line: PartLine; quantity: number}>

/** Ships units of fulfilment orders of one order and one location (Shopify: fulfillmentCreate). */
export function fulfillmentCreate({fulfillment}: CreateArguments, context: Context): Payload {
  mustWrite('fulfillmentCreate', context)
  const {fulfilling} = context.shop
  const wanted = fulfillment.lineItemsByFulfillmentOrder
  const found = wanted.map(({fulfillmentOrderId}) => fulfilling.find(numberOf(fulfillmentOrderId)))
  const present = found.filter((one) => one !== null)
  const [first] = present
  if (first === undefined || present.length < found.length)
    return refused('Fulfillment order does not exist.', 'fulfillment')
  const fault = faultOf(present)
  if (fault !== null) return refused(fault, 'fulfillment')
  const shipments: Shipment[] = []
  for (const [i, one] of present.entries()) {
    const lines = shipmentsOf(one, wanted[i])
    if (typeof lines === 'string') return refused(lines, 'fulfillment')
    shipments.push(...lines)
  }
  if (shipments.length === 0) return refused('There is nothing to fulfill.', 'fulfillment')
  const at = context.shop.now()
  for (const {line, quantity} of shipments) line.remaining -= quantity
  for (const {part} of present) part.updatedAt = at
  const made = documentOf(first, shipments, fulfillment.trackingInfo ?? {}, at)
  const all = [...list(first.entry.document, 'fulfillments'), made]
  context.shop.orders.put(withShipping(first.entry.document, all, utc(at)))
  return {fulfillment: viewOf(String(made.id), context), userErrors: []}
}

function faultOf(found: readonly Found[]): string | null {
  for (const {part} of found) {
    const status = statusOf(part)
    if (status !== 'OPEN' && status !== 'IN_PROGRESS')
      return `Fulfillment order ${part.id} has an unfulfillable status= ${status.toLowerCase()}.`
  }
  if (new Set(found.map(({entry}) => entry.id)).size > 1) return 'All fulfillment orders must belong to the same order.'
  const isSplit = new Set(found.map(({part}) => part.locationId)).size > 1
  return isSplit ? 'All fulfillment orders must be assigned to the same location.' : null
}

/** What is asked of one fulfilment order; a text says what is wrong with it. Without lines: everything that is left. */
function shipmentsOf({part}: Found, wanted: Wanted | undefined): Shipment[] | string {
  const asked = wanted?.fulfillmentOrderLineItems ?? []
  if (asked.length === 0)
    return part.lines.filter((line) => line.remaining > 0).map((line) => ({line, quantity: line.remaining}))
  const made: Shipment[] = []
  for (const {id, quantity} of asked) {
    const line = part.lines.find((one) => one.id === numberOf(id))
    if (line === undefined) return 'Fulfillment order line item does not exist.'
    const before = made.filter((one) => one.line === line).reduce((sum, one) => sum + one.quantity, 0)
    if (quantity <= 0 || before + quantity > line.remaining)
      return 'Invalid fulfillment order line item quantity requested.'
    made.push({line, quantity})
  }
  return made
}

function documentOf({entry, part}: Found, shipments: readonly Shipment[], tracking: Tracking, at: Date): Json {
  const {document} = entry
  const held = list(document, 'fulfillments')
  const id = 5_300_000_000_000 + (Number(entry.id) % 1_000_000_000) * 100 + held.length + 1
  const line_items = shipments.flatMap(({line, quantity}) => {
    const doc = list(document, 'line_items').find((one) => legacyId(one) === line.lineId)
    return doc === undefined ? [] : [{...doc, quantity}]
  })
  return {
    id,
    admin_graphql_api_id: `gid://shopify/Fulfillment/${id}`,
    order_id: document.id,
    name: `${entry.name}.${held.length + 1}`,
    status: 'success',
    service: 'manual',
    created_at: utc(at),
    updated_at: utc(at),
    location_id: Number(part.locationId),
    ...tracked(tracking),
    line_items,
  }
}

/** One number or many; the singular members repeat the first. */
function tracked({company, number, numbers, url, urls}: Tracking): Json {
  const all = numbers ?? (number === null || number === undefined ? [] : [number])
  const links = urls ?? (url === null || url === undefined ? [] : [url])
  return {
    tracking_company: company ?? null,
    tracking_number: all[0] ?? null,
    tracking_numbers: all,
    tracking_url: links[0] ?? null,
    tracking_urls: links,
  }
}

type Held = Readonly<{entry: Entry; doc: Json}>

function heldFulfillment(id: string, {shop}: Context): Held | null {
  const entry = shop.orders.holding('fulfillments', numberOf(id))
  const doc = list(entry?.document ?? {}, 'fulfillments').find((one) => legacyId(one) === numberOf(id))
  return entry === null || doc === undefined ? null : {entry, doc}
}

function change({entry, doc}: Held, changed: Json, {shop}: Context): void {
  const at = utc(shop.now())
  const all = list(entry.document, 'fulfillments').map((one) =>
    one === doc ? {...doc, ...changed, updated_at: at} : one,
  )
  shop.orders.put(withShipping(entry.document, all, at))
}

/** The fulfilment of a numeric id as the type Fulfillment. */
function viewOf(id: string, {shop}: Context): unknown {
  const entry = shop.orders.holding('fulfillments', id)
  if (entry === null) return null
  const all = shop.orders.view(entry).fulfillments as (given: Json) => readonly Json[]
  return all({}).find((one) => one.legacyResourceId === id) ?? null
}

type TrackingArguments = Readonly<{fulfillmentId: string; trackingInfoInput: Tracking}>

export function fulfillmentTrackingInfoUpdate(given: TrackingArguments, context: Context): Payload {
  mustWrite('fulfillmentTrackingInfoUpdate', context)
  const held = heldFulfillment(given.fulfillmentId, context)
  if (held === null) return refused('Fulfillment does not exist.', 'fulfillmentId')
  if (text(held.doc, 'status') === 'cancelled') return refused('Fulfillment is cancelled.', 'fulfillmentId')
  change(held, tracked(given.trackingInfoInput), context)
  return {fulfillment: viewOf(numberOf(given.fulfillmentId), context), userErrors: []}
}

/** Reverses a fulfilment: its units are to be shipped again (Shopify: fulfillmentCancel). */
export function fulfillmentCancel({id}: Readonly<{id: string}>, context: Context): Payload {
  mustWrite('fulfillmentCancel', context)
  const held = heldFulfillment(id, context)
  if (held === null) return refused('Fulfillment not found.', 'id')
  if (text(held.doc, 'status') === 'cancelled') return refused('Fulfillment has already been cancelled.', 'id')
  change(held, {status: 'cancelled'}, context)
  return {fulfillment: viewOf(numberOf(id), context), userErrors: []}
}
