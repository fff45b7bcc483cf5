import {afterAll, beforeAll, expect, test} from 'vitest'

import type {SandboxShopify} from '../../../src/sandbox/shopify/server.ts'
import {ask, at, document, start} from './support.ts'

let shop: SandboxShopify
beforeAll(async () => {
  shop = await start()
  shop.orders.put(
    document(5001, {
      refunds: [
        {
          id: 81,
          refund_line_items: [1, 2, 3].map((id) => ({id, line_item_id: 50011, quantity: 1, subtotal: 1, total_tax: 0})),
        },
      ],
      fulfillments: [{id: 71, name: '#5001.1', status: 'success', line_items: [{id: 50011, quantity: 1}]}],
    }),
  )
})
afterAll(() => shop.stop())

const REFUND = `query Refund($id: ID!, $after: String) { node(id: $id) { __typename ... on Refund { order { name }
  refundLineItems(first: 2, after: $after) { nodes { quantity } pageInfo { hasNextPage endCursor } } } } }`

test('a refund can be asked for by itself, to read its lines page by page', async () => {
  const page = async (after: unknown) =>
    at((await ask(shop.url, REFUND, {id: 'gid://shopify/Refund/81', after})).body, 'data.node')
  const first = await page(null)
  expect(first).toMatchObject({__typename: 'Refund', order: {name: '#5001'}})
  const second = await page(at(first, 'refundLineItems.pageInfo.endCursor'))
  expect(at(first, 'refundLineItems.nodes')).toHaveLength(2)
  expect(at(second, 'refundLineItems.nodes')).toHaveLength(1)
})

test('a fulfilment can be asked for by itself', async () => {
  const query = `{ node(id: "gid://shopify/Fulfillment/71") { ... on Fulfillment { name status
    fulfillmentLineItems(first: 5) { nodes { quantity lineItem { sku } } } } } }`
  expect(at((await ask(shop.url, query)).body, 'data.node')).toEqual({
    name: '#5001.1',
    status: 'SUCCESS',
    fulfillmentLineItems: {nodes: [{quantity: 1, lineItem: {sku: 'TEE-BLA-M'}}]},
  })
})

test('a part that does not exist, or went with its order, is null', async () => {
  shop.orders.put(document(5002, {refunds: [{id: 82}]}))
  shop.orders.put(document(5002))
  shop.orders.put(document(5003, {fulfillments: [{id: 73}]}))
  shop.orders.remove('5003')
  const ids = ['Refund/82', 'Fulfillment/73', 'Refund/99', 'Refund/71'].map((one) => `"gid://shopify/${one}"`)
  const {body} = await ask(shop.url, `{ nodes(ids: [${ids.join(', ')}]) { id } }`)
  expect(at(body, 'data.nodes')).toEqual([null, null, null, null])
})
