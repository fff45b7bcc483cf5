import {connection} from '../connection.ts'
import {legacyId, list, text, utc} from '../document.ts'
import type {Json} from '../json.ts'
import {mapLocation} from '../map-people.ts'
import type {MappedOrder} from '../map-order.ts'
import {variantOf} from '../products.ts'
import {statusOf, type Hold, type Part, type PartLine} from './parts.ts'
import type {Entry} from '../orders.ts'

type Mapped = Readonly<Record<string, unknown>>

const FULFILLMENT_ORDER = 'gid://shopify/FulfillmentOrder/'
const FULFILLMENT_ORDER_LINE = 'gid://shopify/FulfillmentOrderLineItem/'
const FULFILLMENT_HOLD = 'gid://shopify/FulfillmentHold/'

const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  OPEN: ['CREATE_FULFILLMENT', 'MOVE', 'HOLD', 'SPLIT'],
  IN_PROGRESS: ['CREATE_FULFILLMENT', 'MOVE', 'HOLD', 'SPLIT'],
  ON_HOLD: ['RELEASE_HOLD', 'HOLD', 'MOVE'],
}

/** A fulfilment order as the type FulfillmentOrder. */
export function mapPart(part: Part, entry: Entry, order: MappedOrder): Mapped {
  const status = statusOf(part)
  const location = mapLocation(part.locationId)
  const ships = new Set(part.lines.map((line) => line.lineId))
  return {
    __typename: 'FulfillmentOrder',
    id: FULFILLMENT_ORDER + part.id,
    status,
    requestStatus: status === 'CLOSED' ? 'CLOSED' : 'UNSUBMITTED',
    createdAt: utc(part.createdAt),
    updatedAt: utc(part.updatedAt),
    fulfillAt: utc(part.createdAt),
    order,
    orderId: order.id,
    orderName: entry.name,
    orderProcessedAt: order.processedAt,
    assignedLocation: {
      name: location?.name ?? '',
      location,
      address1: '1 Sandbox Street',
      address2: null,
      city: 'New York',
      province: 'New York',
      zip: '10013',
      countryCode: 'US',
      phone: null,
    },
    fulfillmentHolds: part.holds.map(mapHold),
    supportedActions: (ACTIONS[status] ?? []).map((action) => ({action, externalUrl: null})),
    lineItems: connection(() => part.lines.flatMap((line) => mapPartLine(line, entry, order))),
    fulfillments: connection(() => {
      const all = order.fulfillments as (given: Json) => readonly Json[]
      const held = list(entry.document, 'fulfillments')
      return all({}).filter((_, i) => list(held[i] ?? {}, 'line_items').some((line) => ships.has(legacyId(line) ?? '')))
    }),
  }
}

export function mapHold({id, reason, reasonNotes, handle}: Hold): Mapped {
  return {
    __typename: 'FulfillmentHold',
    id: FULFILLMENT_HOLD + id,
    displayReason: reason.toLowerCase().replaceAll('_', ' '),
    handle,
    heldByRequestingApp: true,
    reason,
    reasonNotes,
  }
}

function mapPartLine({id, lineId, total, remaining}: PartLine, {document}: Entry, order: MappedOrder): Mapped[] {
  const i = list(document, 'line_items').findIndex((line) => legacyId(line) === lineId)
  const doc = list(document, 'line_items')[i]
  if (doc === undefined) return []
  const lines = order.lineItems as (given: Json) => Readonly<{nodes: readonly Mapped[]}>
  return [
    {
      __typename: 'FulfillmentOrderLineItem',
      id: FULFILLMENT_ORDER_LINE + id,
      lineItem: () => lines({first: 250}).nodes[i] ?? null,
      productTitle: text(doc, 'title') ?? '',
      remainingQuantity: remaining,
      totalQuantity: total,
      requiresShipping: true,
      sku: text(doc, 'sku'),
      variant: () => variantOf(doc),
      variantTitle: text(doc, 'variant_title'),
      vendor: text(doc, 'vendor'),
    },
  ]
}
