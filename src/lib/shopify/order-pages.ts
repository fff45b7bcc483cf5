import {RetryableError} from '../core/errors.ts'
import type {OrderNode} from './answers.ts'
import type {Answer, Document, Variables} from './transport-types.ts'

/** Nodes of a further page: 250 is the most that Shopify gives (shopify.dev, "Shopify API limits"). */
export const FURTHER = 250

/** Sends a document about an order, in both currencies and with its duties. */
export type Read = <T>(document: Document<T>, variables: Variables) => Promise<Answer<T>>

/** The order was deleted between two readings. */
export class OrderGone extends Error {}

/**
 * The later answer, where it is of the same state of the order as its first reading. Throws RetryableError
 * SHOPIFY_ORDER_CHANGING otherwise, OrderGone where there is none.
 */
export function sameState<T extends Readonly<{updatedAt: string}>>(order: OrderNode, later: T | null): T {
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

/** What is read by its own id, with its order. */
export type NodeOf = Readonly<{order: Readonly<{updatedAt: string}>}>

/** Further pages of a refund or fulfilment, checked against the state of its order. */
export function pagesOfNode<T extends NodeOf>(
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
