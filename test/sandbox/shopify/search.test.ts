import fc from 'fast-check'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'

import type {SandboxShopify} from '../../../src/sandbox/shopify/server.ts'
import {ask, at, document, start} from './support.ts'

let shop: SandboxShopify
beforeAll(async () => {
  shop = await start()
  for (let i = 1; i <= 9; i += 1) {
    const at = `2026-11-0${i}T12:00:00Z`
    const times = {created_at: at, processed_at: at, updated_at: `2026-11-1${i}T00:00:00Z`}
    const states = {
      financial_status: i % 2 === 0 ? 'paid' : 'pending',
      test: i === 9,
      cancelled_at: i === 8 ? at : null,
      closed_at: i === 7 ? at : null,
      tags: i === 6 ? 'vip, gift' : '',
      email: i === 5 ? 'Ada@Example.com' : null,
    }
    shop.orders.put(document(1000 + i, {...times, ...states}))
  }
})
afterAll(() => shop.stop())

const SEARCH = `query Search($query: String, $first: Int!, $after: String, $sortKey: OrderSortKeys, $reverse: Boolean) {
  orders(first: $first, after: $after, query: $query, sortKey: $sortKey, reverse: $reverse) {
    nodes { name } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  } }`

async function names(query: string | null, change: Record<string, unknown> = {}): Promise<string[]> {
  const {body} = await ask(shop.url, SEARCH, {query, first: 50, sortKey: 'ID', ...change})
  return (at(body, 'data.orders.nodes') as {name: string}[]).map((one) => one.name.replace('#100', ''))
}

describe('searching orders', () => {
  test.each([
    ["updated_at:>='2026-11-18T00:00:00Z'", '89'],
    ["updated_at:>'2026-11-18T00:00:00Z'", '9'],
    ["created_at:<='2026-11-02T12:00:00Z'", '12'],
    ["created_at:<'2026-11-02T12:00:00Z'", '1'],
    ['processed_at:2026-11-03', '3'],
    ["updated_at:>='2026-11-13T00:00:00Z' AND updated_at:<'2026-11-15T00:00:00Z'", '34'],
    ["updated_at:>='2026-11-13T00:00:00+00:00' financial_status:paid", '468'],
    ['name:#1003', '3'],
    ['name:1003', '3'],
    ['name:"#1003" OR name:\'#1005\'', '35'],
    ['name:#100*', '123456789'],
    ['id:1004', '4'],
    ['id:1004 OR id:1002 OR id:1004 OR id:9999', '24'],
    ['id:1004 OR name:1002', '24'],
    ['-id:1004 id:1005', '5'],
    ['NOT (id:1004 OR id:1005) test:false status:open', '1236'],
    ['(id:1004 OR id:1005) financial_status:paid', '4'],
    ['test:true', '9'],
    ['test:false financial_status:pending', '1357'],
    ['status:open', '1234569'],
    ['status:cancelled', '8'],
    ['status:closed', '7'],
    ['-status:cancelled NOT test:true', '1234567'],
    ['tag:vip', '6'],
    ['email:ada@example.com', '5'],
    ['#1002', '2'],
    ['', '123456789'],
  ])('%s', async (query, expected) => {
    expect((await names(query)).join('')).toBe(expected)
  })

  test('an unknown field is ignored with a warning, not refused', async () => {
    const {body} = await ask(shop.url, SEARCH, {query: 'colour:red id:1001', first: 5})
    expect(at(body, 'data.orders.nodes')).toEqual([{name: '#1001'}])
    expect(at(body, 'extensions.search')).toEqual([
      {
        path: ['orders'],
        query: 'colour:red id:1001',
        warnings: [{field: 'colour', message: 'Invalid search field for this query.', code: 'invalid_field'}],
      },
    ])
  })

  test('a timestamp without quotes loses its range, which only a warning tells', async () => {
    const {body} = await ask(shop.url, SEARCH, {query: 'updated_at:>=2026-11-18T00:00:00Z', first: 50})
    expect(at(body, 'data.orders.nodes.length')).toBe(9)
    expect(at(body, 'extensions.search.0.warnings.0.code')).toBe('invalid_field')
  })

  test('orders are counted exactly, or to a limit', async () => {
    const {body} = await ask(
      shop.url,
      '{ all: ordersCount { count precision } some: ordersCount(limit: 4) { count precision } }',
    )
    expect(at(body, 'data')).toEqual({all: {count: 9, precision: 'EXACT'}, some: {count: 4, precision: 'AT_LEAST'}})
  })
})

describe('paging through orders', () => {
  test('pages of any size in any order give every order once', async () => {
    const sortKeys = [
      'ID',
      'UPDATED_AT',
      'CREATED_AT',
      'PROCESSED_AT',
      'ORDER_NUMBER',
      'FINANCIAL_STATUS',
      'TOTAL_PRICE',
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.integer({min: 1, max: 10}),
        fc.constantFrom(...sortKeys),
        fc.boolean(),
        async (first, sortKey, reverse) => {
          const seen: string[] = []
          let after: string | null = null
          for (let page = 0; page < 20; page += 1) {
            const {body} = await ask(shop.url, SEARCH, {first, sortKey, reverse, after})
            seen.push(...(at(body, 'data.orders.nodes') as {name: string}[]).map((one) => one.name))
            after = at(body, 'data.orders.pageInfo.endCursor') as string
            if (at(body, 'data.orders.pageInfo.hasNextPage') !== true) break
          }
          const whole = (await names(null, {sortKey, reverse})).map((name) => `#100${name}`)
          expect(seen).toEqual(whole)
        },
      ),
      {numRuns: 40},
    )
  })

  test('an order that is inserted meanwhile neither repeats nor hides another', async () => {
    const page = async (after: string | null) =>
      at((await ask(shop.url, SEARCH, {first: 4, sortKey: 'CREATED_AT', after})).body, 'data.orders')
    const first = await page(null)
    shop.orders.put(document(1000, {created_at: '2026-11-02T18:00:00Z'}))
    const second = await page(at(first, 'pageInfo.endCursor') as string)
    const named = (from: number) => [0, 1, 2, 3].map((i) => ({name: `#${from + i}`}))
    expect(at(first, 'nodes')).toEqual(named(1001))
    expect(at(second, 'nodes')).toEqual(named(1005))
    shop.orders.remove('1000')
  })

  test('the last page can be asked for backwards', async () => {
    const {body} = await ask(
      shop.url,
      '{ orders(last: 2, sortKey: ID) { nodes { name } pageInfo { hasNextPage hasPreviousPage } } }',
    )
    expect(at(body, 'data.orders')).toEqual({
      nodes: [{name: '#1008'}, {name: '#1009'}],
      pageInfo: {hasNextPage: false, hasPreviousPage: true},
    })
  })

  test('a page over 250, no page at all and a foreign cursor are refused', async () => {
    for (const page of ['first: 251', 'sortKey: ID', 'first: 1, after: "bm9uc2Vuc2U="']) {
      const {body} = await ask(shop.url, `{ orders(${page}) { nodes { id } } }`)
      expect(at(body, 'errors.0.extensions.code'), page).toBe('BAD_REQUEST')
    }
  })

  test('no search text, however odd, breaks the server', async () => {
    const words = fc.constantFrom(
      'constructor:1',
      'toString:',
      'status:constructor',
      'id:',
      '(',
      ')',
      'NOT',
      '-',
      "'",
      'AND',
      'OR',
      'name:"',
    )
    const odd = fc.oneof(
      fc.string({unit: 'grapheme', maxLength: 40}),
      fc.array(words).map((some) => some.join(' ')),
    )
    await fc.assert(
      fc.asyncProperty(odd, async (query) => {
        const {status, body} = await ask(shop.url, SEARCH, {query, first: 3})
        expect([status, at(body, 'errors')]).toEqual([200, undefined])
      }),
      {numRuns: 150},
    )
  })
})
