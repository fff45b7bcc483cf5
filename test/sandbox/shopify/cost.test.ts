import fc from 'fast-check'
import {Kind, parse, type FragmentDefinitionNode, type OperationDefinitionNode} from 'graphql'
import {describe, expect, test} from 'vitest'

import {createBucket} from '../../../src/sandbox/shopify/bucket.ts'
import {actualCost, connectionCost, requestedCost, type Priced} from '../../../src/sandbox/shopify/cost.ts'
import {executableSchema} from '../../../src/sandbox/shopify/schema.ts'

const schema = executableSchema()

function priced(query: string, variables: Record<string, unknown> = {}): Priced {
  const {definitions} = parse(query)
  const operation = definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION) as OperationDefinitionNode
  const fragments = definitions.filter((one): one is FragmentDefinitionNode => one.kind === Kind.FRAGMENT_DEFINITION)
  return {schema, operation, fragments: new Map(fragments.map((one) => [one.name.value, one])), variables}
}
const cost = (query: string, variables?: Record<string, unknown>) => requestedCost(priced(query, variables))
const filled = (n: number, node: unknown) => ({nodes: Array.from({length: n}, () => node)})

describe('the cost of a query', () => {
  const lines = 'lineItems(first: 250) { nodes { id } }'
  const full = 'lineItems(first: 250) { nodes { id sku originalUnitPriceSet { shopMoney { amount } } } }'
  const money = 'totalPriceSet { shopMoney { amount } } customer { id }'

  // The selections stand for those that were measured on a live store; where the report did not list the fields they are
  // the smallest that explain the figure.
  test('every requested cost measured on a live store comes out exactly', () => {
    expect(cost('{ shop { name plan { publicDisplayName } } }')).toBe(2)
    expect(cost('{ orders(first: 250) { nodes { id name } } }')).toBe(13)
    expect(cost(`{ orders(first: 250) { nodes { id ${lines} } } }`)).toBe(156)
    expect(cost(`{ orders(first: 250) { nodes { id ${money} ${full} } } }`)).toBe(431)
    expect(
      cost(
        `{ a: orders(first: 250) { nodes { ${money} ${full} } } b: orders(first: 250) { nodes { ${money} ${full} } } }`,
      ),
    ).toBe(862)
    const extra = 'metafield(namespace: "custom", key: "note") { value }'
    const variants = 'variants(first: 250) { nodes { id } }'
    expect(cost(`{ products(first: 250) { nodes { id ${extra} ${variants} } } }`)).toBe(167)
    expect(cost(`{ productVariants(first: 3) { nodes { sku ${extra} inventoryItem { id } product { id } } } }`)).toBe(
      10,
    )
  })

  test('actual costs follow what the answer holds, within a tenth of those measured', () => {
    const query = priced(`{ orders(first: 250) { nodes { id ${lines} } } }`)
    const data = {orders: filled(250, {id: '1', lineItems: filled(1, {id: '2'})})}
    expect(actualCost(query, data)).toBe(35)
    const rich = priced(`{ orders(first: 250) { nodes { id ${money} ${full} } } }`)
    const bag = {shopMoney: {amount: '1.0'}}
    const order = {
      totalPriceSet: bag,
      customer: null,
      lineItems: filled(1, {id: '2', sku: 'A', originalUnitPriceSet: bag}),
    }
    expect(Math.abs(actualCost(rich, {orders: filled(250, order)}) - 79)).toBeLessThan(7.9)
  })

  test('a mutation costs 10, whatever it selects', () => {
    expect(
      cost(
        'mutation { metafieldsSet(metafields: []) { metafields { id owner { __typename } } userErrors { message } } }',
      ),
    ).toBe(10)
  })

  test('scalars, edges and pageInfo are free; edges and nodes cost alike', () => {
    const withEdges = '{ orders(first: 50) { edges { cursor node { id } } pageInfo { hasNextPage } } }'
    expect(cost(withEdges)).toBe(cost('{ orders(first: 50) { nodes { id name test } } }'))
  })

  test('sizes come from variables and their defaults, and what is skipped is free', () => {
    const query =
      'query Q($n: Int = 10, $with: Boolean!) { orders(first: $n) { nodes { id } } shop @include(if: $with) { id } }'
    expect(cost(query, {with: false})).toBe(connectionCost(10, 1))
    expect(cost(query, {n: 250, with: true})).toBe(14)
  })

  test('of a union the dearest type counts, and fragments cost what they spread', () => {
    const query = `{ node(id: "gid://shopify/Order/1") { ...on Order { ...O } ...on Product { title } } }
      fragment O on Order { totalPriceSet { shopMoney { amount } presentmentMoney { amount } } }`
    expect(cost(query)).toBe(4)
  })

  test('larger pages never cost less, and cost less than in proportion', () => {
    fc.assert(
      fc.property(fc.integer({min: 1, max: 249}), fc.integer({min: 1, max: 40}), (n, each) => {
        expect(connectionCost(n + 1, each)).toBeGreaterThanOrEqual(connectionCost(n, each))
        if (n >= 4) expect(connectionCost(n, each)).toBeLessThanOrEqual(2 + n * each)
      }),
    )
  })

  test('the actual cost never exceeds the requested one', () => {
    fc.assert(
      fc.property(fc.integer({min: 0, max: 50}), fc.integer({min: 0, max: 20}), (orders, each) => {
        const query = priced(
          '{ orders(first: 50) { nodes { id lineItems(first: 20) { nodes { id variant { id } } } } } }',
        )
        const data = {orders: filled(orders, {id: '1', lineItems: filled(each, {id: '2', variant: null})})}
        expect(actualCost(query, data)).toBeLessThanOrEqual(requestedCost(query))
      }),
    )
  })
})

describe('the bucket', () => {
  test('restores at its rate and never above its size', () => {
    let clock = 0
    const bucket = createBucket({maximumAvailable: 1000, restoreRate: 50}, () => clock)
    expect(bucket.take(900)).toBe(true)
    expect(bucket.take(200)).toBe(false)
    clock = 2000
    expect(bucket.status().currentlyAvailable).toBe(200)
    expect(bucket.take(200)).toBe(true)
    clock = 1_000_000
    expect(bucket.status().currentlyAvailable).toBe(1000)
  })

  test('what a query did not use comes back', () => {
    const bucket = createBucket({maximumAvailable: 1000, restoreRate: 50}, () => 0)
    bucket.take(862)
    bucket.giveBack(862 - 158)
    expect(bucket.status().currentlyAvailable).toBe(842)
  })
})
