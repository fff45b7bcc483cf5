import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

import {afterAll, beforeAll, expect, test} from 'vitest'

import {readContract} from '../src/contract.ts'
import {ConfigError} from '../src/lib/core/errors.ts'
import type {LifeRules} from '../src/lib/plan/life-types.ts'
import {company} from '../src/sandbox/company.ts'
import {writeConfiguration} from '../src/sandbox/configuration.ts'
import {accounts} from '../src/sandbox/netsuite/seed-accounts.ts'

const EXAMPLE = fileURLToPath(new URL('../tieout.yaml.example', import.meta.url))
const SHOP = 'my-shop.myshopify.com'
const FIRST_LINE = 11

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tieout-contract-'))
})
afterAll(() => rmSync(folder, {recursive: true, force: true}))

/** The rules of a shop whose block ends with these lines. */
function life(...sections: string[]): LifeRules {
  const file = join(folder, 'tieout.yaml')
  const text = `version: 1
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
  writeFileSync(file, text + sections.map((section) => `    ${section}\n`).join(''))
  return lifeOf(file, SHOP)
}

function lifeOf(file: string, shop: string): LifeRules {
  const rules = readContract(file).shops.get(shop)
  if (rules === undefined) throw new Error(`${shop} is not in ${file}`)
  return rules.life
}

/** The faults of these sections, without the name of the shop. */
function faults(...sections: string[]): string[] {
  try {
    life(...sections)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const [, ...lines] = error.message.split('\n')
    return lines.map((line) => line.trim().replace(`shops.${SHOP}.`, ''))
  }
  throw new Error('the contract was accepted')
}

test('the example names an account for everything that follows an order', () => {
  const rules = lifeOf(EXAMPLE, SHOP)

  expect(rules).toMatchObject({
    payments: 'deposit',
    billing: 'invoice',
    undepositedFunds: '3',
    closedPeriod: 'park',
    fulfillments: {from: 'shopify', locations: {70000000001: '1'}},
    refunds: {mode: 'push', restock: 'receipt', adjustmentItem: '9010'},
    payouts: {banks: {USD: '1', CAD: '17'}, transit: '2', fees: '31', fx: '39', linesPerDeposit: 2000},
  })
  expect(rules.gateways['shopify_payments']).toEqual({account: {kind: 'undeposited'}, paymentMethod: '1'})
  expect(rules.gateways['paypal']).toEqual({account: {kind: 'account', id: '4'}, paymentMethod: '2'})
  expect(rules.payouts.types['CHARGEBACK_FEE*']).toBe('32')
})

test('a gateway of a payout may be written as one word', () => {
  expect(life('gateways: {shopify_payments: undeposited}').gateways).toEqual({
    shopify_payments: {account: {kind: 'undeposited'}, paymentMethod: null},
  })
})

test('a location of Shopify is named by its number or its global id', () => {
  const locations = {'70000000001': '1', 'gid://shopify/Location/70000000002': '2'}

  expect(life(`fulfillments: {locations: ${JSON.stringify(locations)}}`).fulfillments.locations).toEqual(locations)
})

test('what a section needs of another is told with its line, beside every other fault', () => {
  const found = faults(
    'accounts: {bank: {USD: "1"}}',
    'gateways: {shopify_payments: undeposited}',
    'refunds: {mode: push}',
    'closed_period: never',
  )

  expect(found).toEqual([
    expect.stringMatching(`^line ${FIRST_LINE}: accounts.bank: needs accounts.fees`),
    expect.stringMatching(`^line ${FIRST_LINE}: accounts.bank: needs accounts.payout_transit`),
    expect.stringMatching(`^line ${FIRST_LINE + 2}: refunds.mode: push needs payments: deposit or billing: cash_sale`),
    expect.stringMatching(`^line ${FIRST_LINE + 2}: refunds.mode: push needs accounts.undeposited_funds`),
    expect.stringMatching(`^line ${FIRST_LINE + 3}: closed_period: invalid option`),
  ])
})

test.each([
  ['payments: deposit', 'payments: deposit needs gateways'],
  ['billing: cash_sale', 'billing: cash_sale needs gateways'],
])('%s without a gateway is a fault: no payment would find an account', (section, fault) => {
  expect(faults(section)).toEqual([expect.stringMatching(`^line ${FIRST_LINE}: ${fault}`)])
})

test.each(['payments: deposit', 'billing: cash_sale'])('refunds may be pushed with %s', (section) => {
  const rules = life(section, 'gateways: {paypal: {account: "4"}}', 'refunds: {mode: push}')

  expect(rules.refunds.mode).toBe('push')
})

test('a section of wrong form is told once, and nothing that reads it is judged', () => {
  expect(faults('gateways: [paypal]', 'payments: deposit', 'refunds: push')).toEqual([
    expect.stringMatching(`^line ${FIRST_LINE}: gateways: `),
    expect.stringMatching(`^line ${FIRST_LINE + 2}: refunds: `),
  ])
})

test.each([
  ['accounts: {bank: {usd: "1"}}', 'accounts.bank.usd: is not a currency code such as USD'],
  ['accounts: {suspense: "12"}', 'accounts.suspense: is not a setting that Tieout knows'],
  ['gateways: {paypal: "4"}', 'gateways.paypal: is neither undeposited nor {account: …}'],
  ['gateways: {paypal: {account: bank}}', 'gateways.paypal.account: is neither undeposited nor an internal id'],
  ['gateways: {paypal: {account: "4", fees: "31"}}', 'gateways.paypal.fees: is not a setting that Tieout knows'],
  ['gateways: {paypal: {}}', 'gateways.paypal.account: is neither undeposited nor an internal id'],
  ['fulfillments: {locations: {Main: "1"}}', 'fulfillments.locations.Main: is not the number of a location in Shopify'],
  ['payouts: {types: {fees: "31"}}', 'payouts.types.fees: is not a type of balance transaction'],
  ['payouts: {types: {"*": "31"}}', 'payouts.types.*: is not a type of balance transaction'],
  ['payouts: {lines_per_deposit: 2001}', 'payouts.lines_per_deposit: is more than 2000'],
  ['payouts: {lines_per_deposit: 0}', 'payouts.lines_per_deposit: '],
])('%s is a fault of line and key', (section, fault) => {
  expect(faults(section)).toEqual([expect.stringContaining(`line ${FIRST_LINE}: ${fault}`)])
})

test.each([false, true])('the contract of the sandbox names accounts that exist there (books: %s)', (books) => {
  const addresses = {shopifyUrl: 'http://127.0.0.1:1', netsuiteUrl: 'http://127.0.0.1:2', home: folder}
  const rest = {databaseUrl: null, concurrency: 5, suiteTax: false, privateKey: 'none', books}
  writeConfiguration({folder, ...addresses, ...rest})

  const rules = lifeOf(join(folder, 'tieout.yaml'), company.shop)

  const nameOf = (id: string | null) => accounts[Number(id) - 1]?.name
  expect(nameOf(rules.undepositedFunds)).toBe('Undeposited Funds')
  expect(nameOf(rules.payouts.banks['USD'] ?? null)).toBe('Operating Bank')
  expect(nameOf(rules.payouts.fees)).toBe('Payment Processing Fees')
  expect(Object.values(rules.payouts.types).map(nameOf)).not.toContain(undefined)
  expect(rules.gateways['shopify_payments']?.account).toEqual({kind: 'undeposited'})
  const methods = Object.values(rules.gateways).map(({paymentMethod}) => paymentMethod)
  expect(company.paymentMethods.map(({id}) => id)).toEqual(expect.arrayContaining(methods))
  const on = {payments: 'deposit', billing: 'invoice', refunds: {mode: 'push'}, fulfillments: {from: 'shopify'}}
  const off = {payments: 'off', billing: 'netsuite', refunds: {mode: 'off'}, fulfillments: {from: 'off'}}
  expect(rules).toMatchObject(books ? on : off)
})

test('where NetSuite ships, carriers, mails and what is taken back are said, or left to their defaults', () => {
  const said = life(
    'fulfillments: {from: netsuite, carriers: {"8001": UPS}, notify: true, withdrawn: cancel}',
  ).fulfillments

  expect(said).toEqual({from: 'netsuite', locations: {}, carriers: {8001: 'UPS'}, notify: true, withdrawn: 'cancel'})
  expect(life('fulfillments: {from: netsuite}').fulfillments).toEqual({from: 'netsuite', locations: {}})
  expect(faults('fulfillments: {carriers: {Standard: UPS}, withdrawn: delete}')).toEqual([
    expect.stringContaining('fulfillments.carriers.Standard: is not the internal id of a ship method'),
    expect.stringContaining('fulfillments.withdrawn'),
  ])
})
