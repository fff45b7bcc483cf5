import {RetryableError} from '../core/errors.ts'
import type {LineNode, OrderNode, ShippingNode} from './answers.ts'
import {documents, type Movements} from './documents.ts'
import {restockTypeOf, type OrderParts} from './order-shape.ts'
import {allNodes} from './paging.ts'
import type {Answer, Document, Transport, Variables} from './transport-types.ts'
import type {ShopifyFulfillment, ShopifyRefund} from './types.ts'

/** Nodes of a further page: 250 is the most that Shopify gives (shopify.dev, "Shopify API limits"). */
const FURTHER = 250
/** Fewest refund and fulfilment lines of a first page; otherwise as many as the order has lines. */
const MOVED = 20

type Read = <T>(document: Document<T>, variables: Variables) => Promise<Answer<T>>

/**
 * Reads what is cut in the first reading of an order: further lines and, where anything was returned, removed or refunded,
 * all refunds and fulfilments. Every further answer must be of the same state of the order as the first;
 * otherwise RetryableError SHOPIFY_ORDER_CHANGING. Further pages come in both currencies and with their duties.
 */
export async function readOrderParts(
  transport: Transport,
  order: OrderNode,
  signal?: AbortSignal,
): Promise<OrderParts | null> {
  const read: Read = (document, variables) => transport.send(document, {...variables, detail: true}, signal)
  try {
    const lines = await readLines(read, order)
    const shippingLines = await readShippingLines(read, order)
    if (isWhole(order, lines, shippingLines)) return {lines, shippingLines, refunds: [], fulfillments: []}
    return {lines, shippingLines, ...(await readMovements(read, order, lines.length))}
  } catch (error) {
    if (error instanceof OrderGone) return null
    throw error
  }
}

/** Nothing left the order: every unit is current, no shipping was removed, nothing was refunded. */
function isWhole(order: OrderNode, lines: readonly LineNode[], shippingLines: readonly ShippingNode[]): boolean {
  return (
    order.refunds.length === 0 &&
    lines.every((line) => line.currentQuantity >= line.quantity) &&
    shippingLines.every((line) => !line.isRemoved)
  )
}

class OrderGone extends Error {}

function sameState<T extends Readonly<{updatedAt: string}>>(order: OrderNode, later: T | null): T {
  if (later === null) throw new OrderGone(order.id)
  if (Date.parse(later.updatedAt) === Date.parse(order.updatedAt)) return later
  throw changing(order)
}

function changing(order: OrderNode): RetryableError {
  return new RetryableError('SHOPIFY_ORDER_CHANGING', `${order.name} changed while its pages were read`, {
    subject: order.id,
    hint: 'nothing to do: the order is read again',
    retryAfterMs: 500,
  })
}

function readLines(read: Read, order: OrderNode): Promise<LineNode[]> {
  const document = documents.orderLines
  return allNodes(document.operation, order.lineItems, async (after) => {
    const {data} = await read(document, {id: order.id, first: FURTHER, after})
    return sameState(order, data.order).lineItems
  })
}

function readShippingLines(read: Read, order: OrderNode): Promise<ShippingNode[]> {
  const document = documents.orderShippingLines
  return allNodes(document.operation, order.shippingLines, async (after) => {
    const {data} = await read(document, {id: order.id, first: FURTHER, after})
    return sameState(order, data.order).shippingLines
  })
}

async function readMovements(
  read: Read,
  order: OrderNode,
  lines: number,
): Promise<Pick<OrderParts, 'refunds' | 'fulfillments'>> {
  const first = Math.min(FURTHER, Math.max(MOVED, lines))
  const {data} = await read(documents.orderMovements, {id: order.id, first})
  const {refunds, fulfillments} = sameState(order, data.order)
  const readRefunds: ShopifyRefund[] = []
  for (const refund of refunds) readRefunds.push(await readRefund(read, order, refund))
  const shipped: ShopifyFulfillment[] = []
  for (const fulfillment of fulfillments) {
    if (fulfillment.status === 'SUCCESS') shipped.push(await readFulfillment(read, order, fulfillment))
  }
  return {refunds: readRefunds, fulfillments: shipped}
}

async function readRefund(read: Read, order: OrderNode, refund: Movements['refunds'][number]): Promise<ShopifyRefund> {
  const {id} = refund
  const more = <T>(document: Document<{node: (T & NodeOf) | null}>) => pagesOfNode(read, order, document, id)
  const nextLines = more(documents.refundLines)
  const lines = await allNodes('RefundLines', refund.refundLineItems, async (after) => {
    return (await nextLines(after)).refundLineItems
  })
  const nextShipping = more(documents.refundShippingLines)
  const shipping = await allNodes('RefundShippingLines', refund.refundShippingLines, async (after) => {
    return (await nextShipping(after)).refundShippingLines
  })
  return {
    id,
    createdAt: refund.createdAt ?? order.updatedAt,
    lines: lines.map((line) => ({
      lineId: line.lineItem.id,
      quantity: line.quantity,
      restockType: restockTypeOf(line.restockType, order.id),
      subtotal: line.subtotalSet,
      tax: line.totalTaxSet,
    })),
    shipping: shipping.map((line) => ({amount: line.subtotalAmountSet, tax: line.taxAmountSet})),
  }
}

async function readFulfillment(
  read: Read,
  order: OrderNode,
  {id, status, fulfillmentLineItems}: Movements['fulfillments'][number],
): Promise<ShopifyFulfillment> {
  const next = pagesOfNode(read, order, documents.fulfillmentLines, id)
  const lines = await allNodes('FulfillmentLines', fulfillmentLineItems, async (after) => {
    return (await next(after)).fulfillmentLineItems
  })
  return {id, status, lines: lines.map((line) => ({lineId: line.lineItem.id, quantity: line.quantity ?? 0}))}
}

type NodeOf = Readonly<{order: Readonly<{updatedAt: string}>}>

/** Further pages of a refund or fulfilment, checked against the state of its order. */
function pagesOfNode<T extends NodeOf>(
  read: Read,
  order: OrderNode,
  document: Document<{node: T | null}>,
  id: string,
): (after: string) => Promise<T> {
  return async (after) => {
    const {data} = await read(document, {id, first: FURTHER, after})
    // Its order may be gone, or only the refund: reading the order anew tells.
    if (data.node === null) throw changing(order)
    sameState(order, data.node.order)
    return data.node
  }
}
