import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

import {afterAll, beforeAll, expect, test} from 'vitest'

import {readContract, type Contract} from '../src/contract.ts'
import {ConfigError} from '../src/lib/core/errors.ts'

const EXAMPLE = fileURLToPath(new URL('../tieout.yaml.example', import.meta.url))
const SHOP = 'my-shop.myshopify.com'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tieout-contract-'))
})
afterAll(() => rmSync(folder, {recursive: true, force: true}))

/** The least that a contract says. A test states only what it changes. */
const LEAST = `version: 1
netsuite:
  time_zone: America/Los_Angeles
shops:
  ${SHOP}:
    time_zone: America/New_York
    currencies: {USD: "1"}
    items: {}
    tax: {mode: legacy, code: "-8"}
    shipping: {}
`

function read(text: string): Contract {
  const file = join(folder, 'tieout.yaml')
  writeFileSync(file, text)
  return readContract(file)
}

function refusal(text: string): ConfigError {
  try {
    read(text)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('the contract was accepted')
}

/** The faults of a refused contract, a line each, without the headline. */
function faults(text: string): string[] {
  return refusal(text)
    .message.split('\n')
    .slice(1)
    .map((line) => line.trim())
}

test('the example is a valid contract, complete and as its comments say', () => {
  const contract = readContract(EXAMPLE)

  const {shops, netsuite} = contract
  expect(netsuite).toEqual({
    apiVersion: '2025_2',
    channels: {salesOrder: 'soap', customer: 'rest'},
    timeZone: 'America/Los_Angeles',
    reserve: 1,
  })
  const rules = shops.get(SHOP)
  expect(rules?.tax).toEqual({mode: 'legacy', code: '-8'})
  expect(rules?.terms).toEqual({'Net 30': '2'})
  expect(rules?.customers).toEqual({match: ['externalId', 'email'], withoutEmail: 'park', walkIn: '500'})
  expect(rules?.orders).toEqual({
    since: '2026-11-24',
    test: 'skip',
    cancelled: 'close',
    deleted: 'park',
    note: 'memo',
    status: 'pendingFulfillment',
  })
  expect(Object.values(rules?.items ?? {})).not.toContain(null)
  expect(Object.values(rules?.fields ?? {})).not.toContain(null)
})

test('the SuiteTax alternative that the example shows in comments is valid too', () => {
  const text = readFileSync(EXAMPLE, 'utf8')
    .replace(/^ {4}tax: \{mode: legacy.*$/m, '')
    .replace(/^ {4}# (tax:|  mode: suitetax|  taxes:.*|    New York.*|  fallback: \{.*)$/gm, '    $1')

  expect(read(text).shops.get(SHOP)?.tax).toEqual({
    mode: 'suitetax',
    taxes: {'New York State Tax': {taxType: '101', taxCode: '201'}},
    fallback: {taxType: '101', taxCode: '299'},
  })
})

test('what the contract leaves out has the documented default', () => {
  const {shops, netsuite} = read(LEAST)

  expect(netsuite.channels).toEqual({salesOrder: 'soap', customer: 'rest'})
  expect(netsuite.reserve).toBe(1)
  expect(shops.get(SHOP)).toEqual({
    timeZone: 'America/New_York',
    book: 'shop',
    subsidiary: null,
    location: null,
    currencies: {USD: '1'},
    orders: {
      since: null,
      test: 'skip',
      cancelled: 'close',
      deleted: 'park',
      note: 'memo',
      status: 'pendingFulfillment',
    },
    items: {
      discount: null,
      tip: null,
      duty: null,
      fee: null,
      giftCard: null,
      custom: null,
      rounding: null,
      tax: null,
      marketplaceTax: null,
    },
    roundingLimit: '0.02',
    discounts: 'line',
    tax: {mode: 'legacy', code: '-8'},
    shipping: {methods: {}, fallback: null},
    terms: {},
    customers: {match: ['externalId', 'email'], withoutEmail: 'park', walkIn: null},
    fields: {order: null, orderName: null, line: null, customer: null},
    life: {
      gateways: {},
      payments: 'off',
      fulfillments: {from: 'off', locations: {}},
      billing: 'netsuite',
      refunds: {mode: 'off', restock: 'none', adjustmentItem: null},
      undepositedFunds: null,
      closedPeriod: 'park',
      payouts: {banks: {}, transit: null, fees: null, types: {}, fx: null, linesPerDeposit: 2000},
    },
  })
})

test('every fault of a contract is named with its line in one message', () => {
  const text = LEAST.replace('version: 1', 'version: 2')
    .replace('America/Los_Angeles', 'Pacific')
    .replace('{USD: "1"}', '{usd: "1"}')
    .replace('{}', '{tip: Tips}')
    .replace('"-8"', '"nine"')

  const found = faults(text)

  expect(refusal(text).message).toContain('tieout.yaml has 5 faults:')
  expect(found).toEqual([
    expect.stringMatching(/^line 1: version: /),
    'line 3: netsuite.time_zone: is not a time zone such as America/New_York',
    expect.stringMatching(/^line 7: .*currencies\.usd: .*is not a currency code such as USD$|^line 7: /),
    expect.stringMatching(/^line 8: .*items\.tip: /),
    expect.stringMatching(/^line 9: .*tax\.code: is not an internal id/),
  ])
})

test('a key that Tieout does not know is a fault, at every level, and never ignored', () => {
  const text = LEAST.replace('version: 1', 'version: 1\nshop: {}')
    .replace('items: {}', 'items: {discounts: "9001"}')
    .replace('shipping: {}', 'shipping: {method: {}}')

  expect(faults(text)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^line 2: shop: is not a setting that Tieout knows$/),
      expect.stringMatching(/^line 9: .*items\.discounts: is not a setting that Tieout knows$/),
      expect.stringMatching(/^line 11: .*shipping\.method: is not a setting that Tieout knows$/),
    ]),
  )
})

test('a key written twice is a fault: the second must not silently win', () => {
  const text = LEAST.replace('    items: {}', '    items: {}\n    items: {tip: "9002"}')

  expect(faults(text)).toEqual([expect.stringMatching(/^line 9: /)])
})

test('text that is not YAML is named with its line', () => {
  expect(faults(`${LEAST}  : : [`).length).toBeGreaterThan(0)
  expect(faults(`${LEAST}  : : [`)[0]).toMatch(/^line 1\d: /)
})

test.each([
  ['an empty file', ''],
  ['a list', '- 1'],
  ['only a version', 'version: 1'],
])('%s is refused as a contract with exit code 10', (_, text) => {
  const error = refusal(text)

  expect(error).toMatchObject({code: 'CONTRACT_INVALID', exitCode: 10})
  expect(error.hint).toContain('docs/settings.md')
})

test('a contract that is not there is refused with exit code 10, by name', () => {
  expect(() => readContract(join(folder, 'nowhere.yaml'))).toThrow(
    expect.objectContaining({code: 'CONTRACT_MISSING', exitCode: 10, message: expect.stringContaining('nowhere.yaml')}),
  )
})

test('an id is a number in quotes or without, negative ones of NetSuite included, and text everywhere after', () => {
  const contract = read(LEAST.replace('items: {}', 'items: {tip: 9002, duty: "-3"}'))

  expect(contract.shops.get(SHOP)?.items).toMatchObject({tip: '9002', duty: '-3'})
})

test('several shops stand in one contract, each with its own rules', () => {
  const second = LEAST.slice(LEAST.indexOf(`  ${SHOP}`))
    .replace(SHOP, 'eu-shop.myshopify.com')
    .replace('America/New_York', 'Europe/Berlin')

  const {shops} = read(LEAST + second)

  expect([...shops].map(([name, rules]) => [name, rules.timeZone])).toEqual([
    [SHOP, 'America/New_York'],
    ['eu-shop.myshopify.com', 'Europe/Berlin'],
  ])
})

test.each(['Asia/Kolkata', 'Europe/Kyiv', 'America/Argentina/Buenos_Aires', 'US/Pacific', 'UTC'])(
  'a shop in the zone %s can be configured: every name of the zone database is one',
  (zone) => {
    const contract = read(LEAST.replace('time_zone: America/New_York', `time_zone: ${zone}`))
    expect(contract.shops.get(SHOP)?.timeZone).toBe(zone)
  },
)

test.each(['Mars/Olympus', '+01:00', ''])('%j is no zone: an offset knows no daylight saving', (zone) => {
  expect(refusal(LEAST.replace('America/New_York', JSON.stringify(zone))).message).toMatch(/line 6: .*time_zone/)
})

test.each(['2026-13-01', 'tomorrow', '2026'])('%j is no day on which sweeps begin', (since) => {
  const text = LEAST.replace('currencies:', `orders: {since: "${since}"}\n    currencies:`)
  expect(refusal(text).message).toMatch(/orders.since: is not a day/)
})

test('a key of the wrong form is told with its real reason, a missing one as missing, and faults come by line', () => {
  const {message} = refusal(LEAST.replace('{USD: "1"}', '{usd: "1"}').replace('    shipping: {}\n', ''))
  expect(message.split('\n').slice(1)).toEqual([
    expect.stringMatching(/^ {2}line 6: .*shipping: is missing$/),
    expect.stringMatching(/^ {2}line 7: .*currencies.usd: is not a currency code such as USD$/),
  ])
})
