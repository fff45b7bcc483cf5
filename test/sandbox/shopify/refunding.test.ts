import fc from 'fast-check'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'

import {generateOrders} from '../../../src/sandbox/orders/generate.ts'
import type {SandboxShopify} from '../../../src/sandbox/shopify/server.ts'
import {checkSums, list, type Doc} from './sums.ts'
import {ask, at, start} from './support.ts'

let shop: SandboxShopify
beforeEach(async () => {
  shop = await start()
})
afterEach(() => shop.stop())

const MONEY = '{ presentmentMoney { amount } }'
const REFUND = `mutation Refund($input: RefundInput!, $key: String!) { refundCreate(input: $input) @idempotent(key: $key) {
  refund { id legacyResourceId totalRefundedSet ${MONEY}
    transactions(first: 5) { nodes { kind status gateway amountSet ${MONEY} parentTransaction { id } } }
    orderAdjustments(first: 5) { nodes { reason amountSet ${MONEY} } }
    refundLineItems(first: 20) { nodes { quantity restockType subtotalSet ${MONEY} } } }
  order { displayFinancialStatus totalRefundedSet ${MONEY} } userErrors { field message } } }`

let keys = 0
async function refund(input: Doc, key = `key-${(keys += 1)}`): Promise<unknown> {
  return at((await ask(shop.url, REFUND, {input, key})).body, 'data.refundCreate')
}

/** Orders of a seed that were paid by a card and to which nothing happened yet. */
function untouched(seed: number): Doc[] {
  const [from, to] = [new Date('2026-11-01T05:00:00Z'), new Date('2026-11-20T05:00:00Z')]
  return ([...generateOrders({seed, count: 60, from, to})] as Doc[]).filter(
    (order) =>
      list(order, 'refunds').length === 0 &&
      list(order, 'transactions').some((one) => one.kind === 'sale' && one.status === 'success' && !isManual(one)) &&
      list(order, 'line_items').every((line) => line.current_quantity === line.quantity) &&
      order.source_name === 'web' &&
      order.original_total_duties_set === null,
  )
}

const isManual = (one: Doc) => one.manual_payment_gateway === true

function saleOf(order: Doc): Doc {
  const sales = list(order, 'transactions').filter((one) => one.kind === 'sale' && one.status === 'success')
  return sales.at(-1) as Doc
}

function held(order: Doc): Doc {
  return shop.orders.get(String(order.id))?.document as Doc
}

describe('refundCreate', () => {
  test('units given back one by one sum to their lines to the cent, and the order adds up after each', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({min: 0, max: 10_000}), async (seed) => {
        const [order] = untouched(seed)
        if (order === undefined) return
        shop.orders.put(order)
        for (const line of list(order, 'line_items')) {
          for (let unit = 0; unit < Number(line.quantity); unit += 1) {
            const refundLineItems = [{lineItemId: line.admin_graphql_api_id, quantity: 1, restockType: 'RETURN'}]
            const made = await refund({orderId: order.admin_graphql_api_id, refundLineItems})
            expect(at(made, 'userErrors')).toEqual([])
            checkSums(held(order))
          }
        }
        expect(Number(held(order).current_subtotal_price)).toBe(0)
      }),
      {numRuns: 12},
    )
  })

  test('money goes back to the payment that it came from, and what lines do not explain is an adjustment', async () => {
    const [order] = untouched(3)
    shop.orders.put(order as Doc)
    const sale = saleOf(order as Doc)
    const transactions = [{orderId: order?.admin_graphql_api_id, parentId: sale.admin_graphql_api_id, kind: 'REFUND', gateway: sale.gateway, amount: '2.00'}] // prettier-ignore
    const made = await refund({orderId: order?.admin_graphql_api_id, transactions})
    expect(at(made, 'refund.transactions.nodes.0')).toMatchObject({
      kind: 'REFUND',
      status: 'SUCCESS',
      gateway: sale.gateway,
      parentTransaction: {id: sale.admin_graphql_api_id},
    })
    expect(Number(at(made, 'refund.totalRefundedSet.presentmentMoney.amount'))).toBe(2)
    expect(at(made, 'refund.orderAdjustments.nodes.0.reason')).toBe('REFUND_DISCREPANCY')
    expect(Number(at(made, 'refund.orderAdjustments.nodes.0.amountSet.presentmentMoney.amount'))).toBe(-2)
    expect(at(made, 'order.displayFinancialStatus')).toBe('PARTIALLY_REFUNDED')
    checkSums(held(order as Doc))
  })

  test('the same key gives money back once, whatever is asked with it', async () => {
    const [order] = untouched(5)
    shop.orders.put(order as Doc)
    const line = list(order as Doc, 'line_items')[0]
    const input = {
      orderId: order?.admin_graphql_api_id,
      refundLineItems: [{lineItemId: line?.admin_graphql_api_id, quantity: 1}],
    }
    const first = await refund(input, 'same')
    const again = await refund(input, 'same')
    expect(at(again, 'refund.id')).toBe(at(first, 'refund.id'))
    expect(list(held(order as Doc), 'refunds')).toHaveLength(1)
    const other = await refund({...input, note: 'other'}, 'same')
    expect(at(other, 'userErrors.0.message')).toContain('cannot be used with different operation parameters')
    const bare = `mutation Refund($input: RefundInput!) { refundCreate(input: $input) { userErrors { message } } }`
    const {body} = await ask(shop.url, bare, {input})
    expect(at(body, 'errors.0')).toMatchObject({
      message: 'The @idempotent directive is required for this mutation but was not provided.',
      extensions: {code: 'BAD_REQUEST'},
    })
  })

  test('more than was paid, bought or shipped is refused, and nothing changes', async () => {
    const [order] = untouched(6)
    shop.orders.put(order as Doc)
    const orderId = order?.admin_graphql_api_id
    const line = list(order as Doc, 'line_items')[0]
    const sale = saleOf(order as Doc)
    const back = (change: Doc) => [{orderId, parentId: sale.admin_graphql_api_id, kind: 'REFUND', gateway: 'x', amount: '1.00', ...change}] // prettier-ignore
    const tries: Doc[] = [
      {orderId: 'gid://shopify/Order/1'},
      {orderId},
      {orderId, refundLineItems: [{lineItemId: line?.admin_graphql_api_id, quantity: 99}]},
      {orderId, refundLineItems: [{lineItemId: line?.admin_graphql_api_id, quantity: -1}]},
      {orderId, refundLineItems: [{lineItemId: 'gid://shopify/LineItem/1', quantity: 1}]},
      {orderId, transactions: back({amount: '99999.00'})},
      {orderId, transactions: back({parentId: 'gid://shopify/OrderTransaction/1'})},
      {orderId, transactions: back({kind: 'SALE'})},
      {orderId, shipping: {amount: '99999.00'}},
    ]
    for (const input of tries) expect(at(await refund(input), 'userErrors'), JSON.stringify(input)).toHaveLength(1)
    expect(held(order as Doc)).toEqual(order)
  })
})
