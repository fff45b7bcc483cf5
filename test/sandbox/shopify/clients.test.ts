import {createAdminApiClient} from '@shopify/admin-api-client'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'

import {company} from '../../../src/sandbox/company.ts'
import {generateOrders} from '../../../src/sandbox/orders/generate.ts'
import type {SandboxShopify} from '../../../src/sandbox/shopify/server.ts'
import {control, start} from './support.ts'

let shop: SandboxShopify
beforeAll(async () => {
  shop = await start()
  const period = {from: new Date('2026-11-01T05:00:00Z'), to: new Date('2026-11-22T05:00:00Z')}
  for (const order of generateOrders({seed: 1, count: 30, ...period})) shop.orders.put(order)
})
afterAll(() => shop.stop())

/** Shopify's own client. It insists on https and the shop's domain, so only the way there is bent. */
function client(accessToken: string = company.shopify.accessToken, retries = 0) {
  return createAdminApiClient({
    storeDomain: company.shop,
    apiVersion: '2026-10',
    accessToken,
    retries,
    customFetchApi: (url, init) => fetch(url.replace(`https://${company.shop}`, shop.url), init),
  })
}

const PAGE = `query Page($first: Int!, $after: String) {
  orders(first: $first, after: $after, sortKey: CREATED_AT) {
    nodes { id name totalPriceSet { shopMoney { amount currencyCode } } lineItems(first: 10) { nodes { sku quantity } } }
    pageInfo { hasNextPage endCursor }
  } }`

describe('Shopify’s own Admin API client', () => {
  test('pages through all orders', async () => {
    const names: string[] = []
    let after: string | null = null
    for (let page = 0; page < 5; page += 1) {
      const {data, errors, extensions} = await client().request(PAGE, {variables: {first: 12, after}})
      expect(errors).toBeUndefined()
      expect(extensions?.cost).toHaveProperty('throttleStatus')
      names.push(...(data.orders.nodes as {name: string}[]).map((order) => order.name))
      after = data.orders.pageInfo.endCursor as string
      if (data.orders.pageInfo.hasNextPage !== true) break
    }
    expect(names).toEqual(Array.from({length: 30}, (_, i) => `#${1001 + i}`))
  })

  test('sees a throttled answer as a GraphQL error on HTTP 200', async () => {
    await control(shop.url, 'POST', 'faults', {kind: 'throttled', count: 1})
    const {data, errors, extensions} = await client().request(PAGE, {variables: {first: 1}})
    expect(data).toBeUndefined()
    expect(errors?.networkStatusCode).toBe(200)
    expect(errors?.graphQLErrors?.[0]).toMatchObject({message: 'Throttled', extensions: {code: 'THROTTLED'}})
    expect(extensions?.cost).toMatchObject({actualQueryCost: null})
  })

  test('sees a wrong token, an unknown field and an HTML page as what they are', async () => {
    expect((await client('wrong').request(PAGE, {variables: {first: 1}})).errors?.networkStatusCode).toBe(401)
    const unknown = await client().request('{ orders(first: 1) { nodes { price } } }')
    expect(unknown.errors?.graphQLErrors?.[0]).toMatchObject({extensions: {code: 'undefinedField'}})
    await control(shop.url, 'POST', 'faults', {kind: 'html', count: 1})
    expect((await client().request(PAGE, {variables: {first: 1}})).errors?.message).toContain('unexpected Content-Type')
  })

  test('repeats a request that met 503, and succeeds', async () => {
    await control(shop.url, 'POST', 'faults', {kind: 'http-status', status: 503, count: 1})
    const {data, errors} = await client(undefined, 2).request(PAGE, {variables: {first: 1}})
    expect(errors).toBeUndefined()
    expect(data.orders.nodes.length).toBe(1)
  })

  test('writes a metafield', async () => {
    const mutation =
      'mutation Set($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) { metafields { value } userErrors { message } } }'
    const [first] = shop.orders.all()
    const ownerId = `gid://shopify/Order/${first?.id ?? ''}`
    const m = [
      {ownerId, namespace: 'tieout', key: 'netsuite_sales_order_id', type: 'single_line_text_field', value: '42'},
    ]
    const {data} = await client().request(mutation, {variables: {m}})
    expect(data.metafieldsSet).toEqual({metafields: [{value: '42'}], userErrors: []})
    expect(shop.metafields.find(ownerId, 'tieout', 'netsuite_sales_order_id')?.value).toBe('42')
  })
})
