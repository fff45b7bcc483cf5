import {RejectedError} from '../core/errors.ts'
import {gid, legacyId} from '../core/ids.ts'
import {documents} from './documents.ts'
import {malformed} from './faults.ts'
import type {ChangedFulfillment, FulfillmentOrderLineNode, FulfillmentOrderNode} from './fulfillment-documents.ts'
import {orderGid} from './orders.ts'
import {allNodes} from './paging.ts'
import type {Transport} from './transport-types.ts'

/**
 * The part of an order that ships from one place (FulfillmentOrder of the Admin API). Its id changes when it is moved,
 * split or merged, so it is read anew before each use.
 */
export type ShopifyFulfillmentOrder = Readonly<{
  id: string
  /** OPEN, IN_PROGRESS, SCHEDULED, ON_HOLD, INCOMPLETE, CLOSED, CANCELLED: an open enumeration. */
  status: string
  /** UNSUBMITTED, SUBMITTED, ACCEPTED, REJECTED, …: an open enumeration. */
  requestStatus: string
  /** Global id; null: the location was deleted. */
  locationId: string | null
  /** Shopify would take a fulfilment of it now. */
  canShip: boolean
  /** Why it is on hold: AWAITING_PAYMENT, HIGH_RISK_OF_FRAUD, …; empty: it is not. */
  holds: readonly string[]
  lines: readonly Readonly<{
    /** Id of the line within the fulfilment order, which is not the id of the order's line. */
    id: string
    lineId: string
    total: number
    remaining: number
  }>[]
}>

/** Numbers of one carrier; `urls` in the order of the numbers, or empty where Shopify knows the carrier. */
export type Tracking = Readonly<{company: string | null; numbers: readonly string[]; urls: readonly string[]}>

/** Units of one fulfilment order that leave; the ids are those of its lines. */
type ShippedPart = Readonly<{fulfillmentOrderId: string; lines: readonly Readonly<{id: string; quantity: number}>[]}>

type Shipment = Readonly<{
  /** Of one order and one location: Shopify refuses anything else. */
  parts: readonly ShippedPart[]
  tracking: Tracking | null
  /** Shopify sends its mail to the customer. */
  notify: boolean
}>

/**
 * Fulfilments of a shop. Every method may throw what the transport throws, and RejectedError SHOPIFY_FULFILLMENT_REFUSED
 * with Shopify's reasons.
 */
export type Fulfillments = Readonly<{
  /** The fulfilment orders of an order, complete; null where the order was deleted. */
  orders(orderId: string): Promise<ShopifyFulfillmentOrder[] | null>
  /**
   * Ships lines, and answers with the fulfilment's global id. It is not idempotent: a RetryableError with `outcomeUnknown`
   * means that it may have shipped; read the fulfilment orders before another try.
   */
  create(shipment: Shipment): Promise<string>
  /** States the tracking of a fulfilment anew; may be repeated. */
  updateTracking(fulfillmentId: string, tracking: Tracking, notify: boolean): Promise<void>
  /** Takes a fulfilment back: its units wait for shipping again. */
  cancel(fulfillmentId: string): Promise<void>
}>

/** Fulfilment orders, and lines of each, of a first page; an order has few, and what is cut is read on. */
const ORDERS = 10
const LINES = 50
const FURTHER = 250

export function createFulfillments(transport: Transport, signal?: AbortSignal): Fulfillments {
  return {
    orders: (orderId) => readFulfillmentOrders(transport, orderGid(orderId), signal),
    create: async ({parts, tracking, notify}) => {
      const fulfillment = {
        lineItemsByFulfillmentOrder: parts.map(({fulfillmentOrderId, lines}) => {
          return {fulfillmentOrderId, fulfillmentOrderLineItems: lines}
        }),
        notifyCustomer: notify,
        ...(tracking === null ? {} : {trackingInfo: trackingInput(tracking)}),
      }
      const {data} = await transport.send(documents.createFulfillment, {fulfillment}, signal)
      return changed('CreateFulfillment', parts[0]?.fulfillmentOrderId ?? '', data.fulfillmentCreate)
    },
    updateTracking: async (fulfillmentId, tracking, notify) => {
      const id = fulfillmentGid(fulfillmentId)
      const variables = {id, tracking: trackingInput(tracking), notify}
      const {data} = await transport.send(documents.updateTracking, variables, signal)
      changed('UpdateTracking', id, data.fulfillmentTrackingInfoUpdate)
    },
    cancel: async (fulfillmentId) => {
      const id = fulfillmentGid(fulfillmentId)
      const {data} = await transport.send(documents.cancelFulfillment, {id}, signal)
      changed('CancelFulfillment', id, data.fulfillmentCancel)
    },
  }
}

async function readFulfillmentOrders(
  transport: Transport,
  id: string,
  signal?: AbortSignal,
): Promise<ShopifyFulfillmentOrder[] | null> {
  const read = async (after: string | null) => {
    const {data} = await transport.send(documents.fulfillmentOrders, {id, first: ORDERS, after, lines: LINES}, signal)
    return data.order?.fulfillmentOrders ?? null
  }
  const first = await read(null)
  if (first === null) return null
  const nodes = await allNodes('FulfillmentOrders', first, async (after) => {
    const page = await read(after)
    if (page === null) throw malformed('FulfillmentOrders', 'order', 'it vanished between two pages', id)
    return page
  })
  const found: ShopifyFulfillmentOrder[] = []
  for (const node of nodes) found.push(toFulfillmentOrder(node, await readLines(transport, node, signal)))
  return found
}

function readLines(
  transport: Transport,
  {id, lineItems}: FulfillmentOrderNode,
  signal?: AbortSignal,
): Promise<FulfillmentOrderLineNode[]> {
  return allNodes('FulfillmentOrderLines', lineItems, async (after) => {
    const {data} = await transport.send(documents.fulfillmentOrderLines, {id, first: FURTHER, after}, signal)
    if (data.node === null) throw malformed('FulfillmentOrderLines', 'node', 'it vanished between two pages', id)
    return data.node.lineItems
  })
}

function toFulfillmentOrder(
  {assignedLocation, supportedActions, fulfillmentHolds, id, status, requestStatus}: FulfillmentOrderNode,
  lines: readonly FulfillmentOrderLineNode[],
): ShopifyFulfillmentOrder {
  return {
    id,
    status,
    requestStatus,
    locationId: assignedLocation.location?.id ?? null,
    canShip: supportedActions.some(({action}) => action === 'CREATE_FULFILLMENT'),
    holds: fulfillmentHolds.map(({reason}) => reason),
    lines: lines.map((line) => ({
      id: line.id,
      lineId: line.lineItem.id,
      total: line.totalQuantity,
      remaining: line.remainingQuantity,
    })),
  }
}

/** What there is none of is left out. */
function trackingInput({company, numbers, urls}: Tracking) {
  return {
    ...(company === null ? {} : {company}),
    ...(numbers.length === 0 ? {} : {numbers}),
    ...(urls.length === 0 ? {} : {urls}),
  }
}

/** The id of the fulfilment that a mutation made or changed. */
function changed(operation: string, subject: string, answer: ChangedFulfillment): string {
  if (answer !== null && answer.userErrors.length > 0) {
    const reasons = answer.userErrors.map(({message}) => message).join('; ')
    throw new RejectedError('SHOPIFY_FULFILLMENT_REFUSED', `${operation}: Shopify refused ${subject}: ${reasons}`, {
      subject,
      hint: 'look at the fulfilments of the order in Shopify: it may be shipped, on hold, moved or cancelled already',
    })
  }
  if (!answer?.fulfillment) throw malformed(operation, 'fulfillment', 'it is null', subject)
  return answer.fulfillment.id
}

function fulfillmentGid(id: string): string {
  return gid('Fulfillment', /^\d+$/.test(id) ? id : legacyId(id))
}
