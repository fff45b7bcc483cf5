import type {FulfillmentNode, OrderNode, RefundNode} from './answers.ts'
import {documents} from './documents.ts'
import type {RefundWithMoney} from './money-answers.ts'
import {FURTHER, type NodeOf, pagesOfNode, sameState, type Read} from './order-pages.ts'
import {restockTypeOf, type OrderParts} from './order-shape.ts'
import {allNodes} from './paging.ts'
import type {Document} from './transport-types.ts'
import type {ShopifyFulfillment, ShopifyRefund} from './types.ts'

type MovementsOf = Pick<OrderParts, 'refunds' | 'fulfillments'>

/** Fewest refund and fulfilment lines of a first page; otherwise as many as the order has lines. */
const MOVED = 20

function firstPage(lines: number): number {
  return Math.min(FURTHER, Math.max(MOVED, lines))
}

/** All refunds, and the fulfilments that succeeded. */
export async function readMovements(read: Read, order: OrderNode, lines: number): Promise<MovementsOf> {
  const {data} = await read(documents.orderMovements, {id: order.id, first: firstPage(lines)})
  const {refunds, fulfillments} = sameState(order, data.order)
  const readRefunds: ShopifyRefund[] = []
  for (const refund of refunds) readRefunds.push(await readRefund(read, order, refund))
  const shipped: ShopifyFulfillment[] = []
  for (const fulfillment of fulfillments) {
    if (fulfillment.status === 'SUCCESS') shipped.push(await readFulfillment(read, order, fulfillment))
  }
  return {refunds: readRefunds, fulfillments: shipped}
}

/**
 * All refunds with their money, and the fulfilments that succeeded or did not, with their packages. Fulfilments in the
 * deprecated states OPEN and PENDING are left out, as in the reading without money: they have not shipped.
 */
export async function readLife(read: Read, order: OrderNode, lines: number): Promise<MovementsOf> {
  const {data} = await read(documents.orderLife, {id: order.id, first: firstPage(lines)})
  const {refunds, fulfillments} = sameState(order, data.order)
  const readRefunds: ShopifyRefund[] = []
  for (const refund of refunds) {
    readRefunds.push({...(await readRefund(read, order, refund)), ...(await moneyOf(read, order, refund))})
  }
  const ended: ShopifyFulfillment[] = []
  for (const fulfillment of fulfillments) {
    if (!ENDED.has(fulfillment.status)) continue
    const {createdAt, location, trackingInfo: tracking} = fulfillment
    const packages = {createdAt, locationId: location?.id ?? null, tracking}
    ended.push({...(await readFulfillment(read, order, fulfillment)), ...packages})
  }
  return {refunds: readRefunds, fulfillments: ended}
}

const ENDED: ReadonlySet<string> = new Set(['SUCCESS', 'CANCELLED', 'ERROR', 'FAILURE'])

async function moneyOf(read: Read, order: OrderNode, refund: RefundWithMoney): Promise<Partial<ShopifyRefund>> {
  const {id} = refund
  const nextAdjustments = pagesOfNode(read, order, documents.refundAdjustments, id)
  const adjustments = await allNodes('RefundAdjustments', refund.orderAdjustments, async (after) => {
    return (await nextAdjustments(after)).orderAdjustments
  })
  const nextTransactions = pagesOfNode(read, order, documents.refundTransactions, id)
  const transactions = await allNodes('RefundTransactions', refund.transactions, async (after) => {
    return (await nextTransactions(after)).transactions
  })
  return {
    duties: (refund.duties ?? []).map(({amountSet, originalDuty}) => ({
      dutyId: originalDuty?.id ?? '',
      amount: amountSet,
    })),
    adjustments: adjustments.map(({amountSet, taxAmountSet, reason}) => ({
      amount: amountSet,
      tax: taxAmountSet,
      reason,
    })),
    transactionIds: transactions.map((transaction) => transaction.id),
    returnId: refund.return?.id ?? null,
  }
}

async function readRefund(read: Read, order: OrderNode, refund: RefundNode): Promise<ShopifyRefund> {
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
  {id, status, fulfillmentLineItems}: FulfillmentNode,
): Promise<ShopifyFulfillment> {
  const next = pagesOfNode(read, order, documents.fulfillmentLines, id)
  const lines = await allNodes('FulfillmentLines', fulfillmentLineItems, async (after) => {
    return (await next(after)).fulfillmentLineItems
  })
  return {id, status, lines: lines.map((line) => ({lineId: line.lineItem.id, quantity: line.quantity ?? 0}))}
}
