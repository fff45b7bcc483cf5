import type {LineNode, OrderNode, ShippingNode} from './answers.ts'
import {documents} from './documents.ts'
import {readLife, readMovements} from './order-movements.ts'
import {FURTHER, OrderGone, sameState, type Read} from './order-pages.ts'
import type {OrderParts} from './order-shape.ts'
import {allNodes} from './paging.ts'
import type {Transport} from './transport-types.ts'

/**
 * Reads what is cut in the first reading of an order: further lines and, where anything was returned, removed or refunded
 * (in a reading with money: or shipped), all refunds and fulfilments. Every further answer must be of the same state of the
 * order as the first; otherwise RetryableError SHOPIFY_ORDER_CHANGING. Further pages come in both currencies and with
 * their duties.
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
    const readMoved = order.transactions === undefined ? readMovements : readLife
    return {lines, shippingLines, ...(await readMoved(read, order, lines.length))}
  } catch (error) {
    if (error instanceof OrderGone) return null
    throw error
  }
}

/** Nothing left the order: every unit is current, no shipping was removed, nothing refunded; with money, nothing shipped either. */
function isWhole(order: OrderNode, lines: readonly LineNode[], shippingLines: readonly ShippingNode[]): boolean {
  return (
    order.refunds.length === 0 &&
    (order.fulfillments ?? []).length === 0 &&
    lines.every((line) => line.currentQuantity >= line.quantity) &&
    shippingLines.every((line) => !line.isRemoved)
  )
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
