import {rmSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {expect, test} from 'vitest'

import {checkLedger} from './run/check-ledger.ts'
import {checkLife} from './run/check-life.ts'
import {checkRecords, type Held} from './run/check-records.ts'
import {mutated, MUTATIONS} from './run/mutations.ts'
import {readFaults, type Options} from './run/options.ts'
import {storyOf} from './run/orders.ts'
import {scheduleOf} from './run/schedule.ts'
import {decimal, thousandths} from './run/verdict.ts'
import {order} from './order.ts'

const program = fileURLToPath(new URL('../..', import.meta.url))

/** The sales order that NetSuite should hold for order(id). A test states only what it changes. */
function held(id: number, change: Record<string, unknown> = {}): Held {
  const item = [{fields: {quantity: '2', isClosed: false}, customFields: {custcol_tieout_line_key: String(id * 10)}}]
  return {id: `90${id}`, externalId: `SHOPIFY:ORDER:${id}`, total: '45.00', entity: {id: '1'}, lines: {item}, shippingAddress: {addr1: '1 Main Street'}, ...change} // prettier-ignore
}

const customers = [{...held(0), id: '1', externalId: 'SHOPIFY:CUSTOMER:1', email: 'a@example.com'}]
const check = (documents: Record<string, unknown>[], records: Held[], deleted: string[] = []) =>
  checkRecords(documents, new Set(deleted), records, customers)

test('books that agree are not complained about', () => {
  expect(check([order(1), order(2)], [held(1), held(2)])).toEqual({
    lost: [], duplicated: [], differences: [], difference: 0n, broken: [],
  }) // prettier-ignore
})

test.each([
  ['an order that never arrived is lost', [], 'lost', 'holds no sales order'],
  ['a second sales order of one order is a duplicate', [held(1), held(1, {id: '7'})], 'duplicated', '901, 7'],
  [
    'a sales order without external ID belongs to no order',
    [held(1), held(2, {externalId: null})],
    'duplicated',
    'none',
  ],
  ['a sales order of an order that the shop never had is a stray', [held(1), held(3)], 'duplicated', 'ORDER:3'],
  ['a cent too much is a difference', [held(1, {total: '45.01'})], 'differences', '45.00 in Shopify, 45.01'],
  ['units that lack are told', [held(1, {lines: {item: []}})], 'broken', 'has 2 units, in NetSuite 0'],
  ['an old address is told', [held(1, {shippingAddress: {addr1: '9 Elm'}})], 'broken', 'in NetSuite to 9 Elm'],
  ['a sales order without its customer is told', [held(1, {entity: {id: '8'}})], 'broken', 'no customer'],
] as const)('%s', (_, records, list, text) => {
  expect(check([order(1)], [...records])[list].join()).toContain(text)
})

test('a cancelled order has to be closed, a test order absent, a deleted one at most once there', () => {
  expect(check([order(1, {cancelled_at: '2026-11-21T10:00:00Z'})], [held(1)]).broken.join()).toContain('open in NetSuite') // prettier-ignore
  expect(check([order(1, {test: true})], [held(1)]).broken.join()).toContain('is a test order')
  expect(check([], [held(1)], ['1']).duplicated).toEqual([])
  expect(check([], [held(1), held(1, {id: '7'})], ['1']).duplicated).toHaveLength(1)
})

test('two customers of one e-mail address are duplicates', () => {
  const twice = [...customers, {...held(0), id: '2', externalId: null, email: 'A@example.com'}]
  expect(checkRecords([], new Set(), [], twice).duplicated.join()).toContain('a@example.com: 1, 2')
})

test('what was acknowledged has to be recorded, what was forged must not be, and nothing is left over', () => {
  const seen = (isGenuine: boolean, acknowledged: number) => ({topic: 't', shopifyId: '1', isGenuine, acknowledged, refused: 0}) // prettier-ignore
  const tables = {deliveries: ['b', 'c'], unsettled: ['shop/4'], open: ['shop/5 retry'], parked: [{subject: 'shop/6', code: 'SKU_UNMAPPED', message: 'm'}], links: [{external_id: 'SHOPIFY:ORDER:1', netsuite_id: '5'}]} // prettier-ignore

  const broken = checkLedger(tables, new Map([['a', seen(true, 1)], ['b', seen(false, 0)]]), new Set(), [held(1)]) // prettier-ignore

  expect(
    broken.map((text) =>
      text.replace(/^.*?(acknowledged, and|forged, and|never sent|nothing came|still in|parked|linked).*$/, '$1'),
    ),
  ).toEqual(
    // prettier-ignore
    ['acknowledged, and', 'forged, and', 'never sent', 'nothing came', 'still in', 'parked', 'linked'],
  )
})

test('what follows the orders has to agree row by row, stand once, and need no journal entry', () => {
  const row = {row: 'sales', name: 'sales', accounts: ['4000'], currency: 'USD', shopify: '5.00', netsuite: '5.00', difference: '0.00'} as const // prettier-ignore
  const good = {agrees: true, orders: 1, payouts: {paid: 0, booked: 0}, journals: 0, revaluations: 0, duplicates: [], identities: [{...row, differing: []}], trialBalance: [], outOfBalance: '0.00'} // prettier-ignore
  const swapped = [{of: '#1', shopify: '5.00', netsuite: '4.00'}, {of: '#2', shopify: '0.00', netsuite: '1.00'}] // prettier-ignore
  const bad = {...good, journals: 1, duplicates: ['SHOPIFY:REFUND:1'], identities: [{...row, differing: swapped}], outOfBalance: '0.01'} // prettier-ignore

  const nothing = {duplicated: [], differences: [], difference: 0n, broken: []}
  expect(checkLife(null)).toEqual(nothing)
  expect(checkLife(good)).toEqual(nothing)
  expect(checkLife(bad)).toEqual({
    duplicated: ['two records carry SHOPIFY:REFUND:1'],
    differences: [
      'sales: #1: 5.00 USD in Shopify, 4.00 in NetSuite',
      'sales: #2: 0.00 USD in Shopify, 1.00 in NetSuite',
    ],
    difference: 2000n,
    broken: ['1 journal entries were made', 'debits less credits: 0.01'],
  })
})

test('amounts are exact, and what is no amount is refused', () => {
  expect(['12.5', '-0.01', '7', '1.0050'].map(thousandths)).toEqual([12_500n, -10n, 7000n, 1005n])
  expect([12_500n, -10n, 1005n, 0n].map(decimal)).toEqual(['12.50', '-0.01', '1.005', '0.00'])
  expect(() => thousandths('1.00501')).toThrow(TypeError)
})

test('a seed decides orders and faults, and another seed decides otherwise', async () => {
  const options = (seed: number): Options => ({seed, orders: 90, faults: readFaults('all'), processes: 2, limit: 5, program, source: true, keep: false, say: () => undefined}) // prettier-ignore
  const now = new Date('2026-11-24T09:00:00Z')
  const told = async (seed: number) =>
    JSON.stringify([await storyOf(options(seed), now), scheduleOf(options(seed), 'rush')])

  expect(await told(5)).toBe(await told(5))
  expect(await told(5)).not.toBe(await told(6))
  expect(new Set(scheduleOf(options(5), 'rush').map(({name}) => name)).size).toBe(10)
  expect(() => readFaults('kill,fire')).toThrow(/fire is none of/)
})

test.each(MUTATIONS)('the mutation "$name" still fits the program; npm run sim -- --mutations shows that it is caught', (mutation) => {
  rmSync(mutated(program, mutation), {recursive: true})
}) // prettier-ignore
