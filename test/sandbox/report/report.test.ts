import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {expect, onTestFinished, test} from 'vitest'

import {reportSandbox, sandboxReportText} from '../../../src/sandbox-report.ts'
import {csvOf} from '../../../src/sandbox/report/csv.ts'
import {htmlOf} from '../../../src/sandbox/report/html.ts'
import {compare, reportOf, type SandboxReport} from '../../../src/sandbox/report/report.ts'
import type {Sources} from '../../../src/sandbox/report/sources.ts'
import {world} from '../../support/world.ts'

const money = (amount: string) => ({shop_money: {amount, currency_code: 'USD'}, presentment_money: {amount, currency_code: 'USD'}}) // prettier-ignore

/** One mug of 20.00 and 5.00 of shipping, paid by card and shipped. A test states only what it changes. */
function order(change: Record<string, unknown> = {}) {
  return {
    id: 5001, name: '#1001', test: false, currency: 'USD', presentment_currency: 'USD', fulfillment_status: 'fulfilled',
    line_items: [{id: 11, quantity: 1, current_quantity: 1, price_set: money('20.00')}],
    shipping_lines: [{price_set: money('5.00')}],
    refunds: [],
    transactions: [{id: 71, kind: 'sale', status: 'success', gateway: 'shopify_payments', amount_set: money('25.00')}],
    ...change,
  } // prettier-ignore
}

const posted = (account: string, transaction: string, amount: string) => ({account, transaction, amount, type: '', externalId: null}) // prettier-ignore
const ofOrder = {customFields: {custbody_tieout_order_name: '#1001'}, currency: 'USD'}
const billed = {...ofOrder, id: '3', externalId: 'SHOPIFY:INVOICE:1'}

/** What NetSuite should hold of order(). */
const LINES = [
  posted('1010', '2', '25.00'), posted('2100', '2', '-25.00'),
  posted('1100', '3', '25.00'), posted('4000', '3', '-20.00'), posted('4300', '3', '-5.00'),
  posted('2100', '4', '25.00'), posted('1100', '4', '-25.00'),
] // prettier-ignore

function sources(change: Partial<Sources> = {}, records: Partial<Sources['records']> = {}): Sources {
  const none = {depositApplication: [], customerPayment: [], cashSale: [], creditMemo: [], customerRefund: [], cashRefund: [], deposit: [], check: [], currencyRevaluation: []} // prettier-ignore
  return {
    orders: [order()], payouts: [], balance: [], lines: LINES, trial: [], journals: [],
    ...change,
    records: {
      ...none,
      salesOrder: [{...ofOrder, id: '1', externalId: 'SHOPIFY:ORDER:5001', shippingCost: '5.00', billedShipping: '5', lines: {item: [{fields: {item: {id: '1001'}, amount: '20.00', billedAmount: '20'}}]}}],
      customerDeposit: [{...ofOrder, id: '2', externalId: 'SHOPIFY:TRANSACTION:71', payment: '25.00'}],
      invoice: [billed],
      ...records,
    },
  } // prettier-ignore
}

/** Rows that differ, with whom. */
function differing({identities}: SandboxReport): string[] {
  return identities.flatMap(({row, differing: list}) => list.map((one) => `${row} ${one.of} ${one.shopify} ${one.netsuite}`)) // prettier-ignore
}

test('books that agree have no difference in any row, and say so', () => {
  const report = compare(
    sources({}, {depositApplication: [{id: '4', type: 'depositApplication', deposit: {id: '2'}, currency: 'USD'}]}),
  )

  expect(differing(report)).toEqual([])
  expect(report.agrees).toBe(true)
  expect(report.identities.find(({row}) => row === 'sales')).toMatchObject({shopify: '20.00', netsuite: '20.00'})
  expect(sandboxReportText(report)).toContain('Shopify and NetSuite agree to the cent.')
})

const applied = {depositApplication: [{id: '4', type: 'depositApplication', deposit: {id: '2'}, currency: 'USD'}]}

test.each([
  ['a cent that was billed too little', {lines: [...LINES, posted('4000', '3', '0.01'), posted('1100', '3', '-0.01')]}, {}, ['customers #1001 0.00 0.01', 'sales #1001 20.00 19.99']], // prettier-ignore
  ['an order that never arrived', {lines: []}, {salesOrder: [], customerDeposit: [], invoice: []}, ['undeposited #1001 25.00 0.00', 'payments #1001 25.00 0.00', 'sales #1001 20.00 0.00', 'shipping #1001 5.00 0.00']], // prettier-ignore
  ['what shipped and was not billed', {lines: LINES.slice(0, 2)}, {salesOrder: [{...ofOrder, id: '1', externalId: 'SHOPIFY:ORDER:5001', shippingCost: '5.00', lines: {item: [{fields: {item: {id: '1001'}, amount: '20.00'}}]}}]}, ['unbilled #1001 0.00 25.00']], // prettier-ignore
  ['money on an account that has to be empty', {lines: [...LINES, posted('1390', '3', '1.00'), posted('6030', '3', '-1.00')]}, {}, ['labels #1001 0.00 -1.00', 'suspense #1001 0.00 1.00']], // prettier-ignore
  ['a payout that nobody booked', {payouts: [{id: '13', status: 'PAID', currency: 'USD', net: '24.00', lines: []}]}, {}, ['bank payout 13 24.00 0.00']], // prettier-ignore
  ['a payout that failed and was never booked', {payouts: [{id: '13', status: 'FAILED', currency: 'USD', net: '24.00', lines: []}]}, {}, ['transit payout 13 24.00 0.00']], // prettier-ignore
] as const)('%s is told with its order or payout', (_, change, records, told) => {
  const report = compare(sources(change, {...applied, ...records}))

  expect(differing(report)).toEqual(told)
  expect(report.agrees).toBe(false)
})

test('orders that differ are told, also where their sums agree', () => {
  const swapped = {lines: [...LINES, posted('4300', '3', '1.00'), posted('4300', '9', '-1.00')]}
  const report = compare(sources(swapped, {...applied, creditMemo: [{...billed, id: '9', externalId: 'X', customFields: {custbody_tieout_order_name: '#1002'}}]})) // prettier-ignore

  expect(report.identities.find(({row}) => row === 'shipping')?.difference).toBe('0.00')
  expect(differing(report)).toEqual(['shipping #1001 5.00 4.00', 'shipping #1002 0.00 1.00'])
  expect(report.agrees).toBe(false)
})

test('a journal entry, an external ID that stands twice and a ledger out of balance are no agreement', () => {
  expect(compare(sources({journals: [{id: '8'}]}, applied))).toMatchObject({journals: 1, agrees: false})
  expect(compare(sources({}, {...applied, creditMemo: [billed]}))).toMatchObject({duplicates: ['SHOPIFY:INVOICE:1'], agrees: false}) // prettier-ignore
  const trial = [{account: '1000', name: 'Bank', debit: '1.00', credit: '0.00', balance: '1.00'}]
  expect(compare(sources({trial}, applied))).toMatchObject({outOfBalance: '1.00', agrees: false})
})

test('the page needs nothing from elsewhere, and shows no text as markup; the table is CSV without formulas', () => {
  const report = compare(sources({orders: [order({name: '<b>=1+1'})]}, applied))
  const page = htmlOf(report, new Date('2026-11-24T10:00:00Z'))

  expect(page).not.toMatch(/<script|<link|src=|url\(|https?:/)
  expect(page).not.toContain('<b>')
  expect(page).toContain('&#60;b&#62;=1+1: 20.00 / 0.00')
  const csv = csvOf(compare(sources({orders: [order({name: '=1+1'})]}, applied))).split('\r\n')
  expect(csv[0]).toBe('row,name,accounts,currency,shopify,netsuite,difference,differing')
  expect(csv.find((line) => line.startsWith('sales,'))).toBe(
    'sales,"product sales before discounts, less returns",4000,USD,20.00,20.00,0.00,\'=1+1 #1001',
  )
})

test('a shop whose orders were pushed agrees with its books, but for payouts; what a person books by hand is found', async () => {
  const shop = await world({orders: 40, days: 8, books: true})
  const {orders: pushed} = await shop.push()
  expect(pushed.filter(({outcome}) => outcome === 'parked')).toEqual([])

  const report = await reportOf(shop.shopifyUrl, shop.netsuiteUrl)
  const open = report.identities.filter(({differing: list}) => list.length > 0).map(({row}) => row)
  expect(open).toEqual(['bank'])
  expect(Number(report.identities.find(({row}) => row === 'payments')?.shopify)).toBeGreaterThan(1000)

  const deposits = (await (await fetch(`${shop.netsuiteUrl}/_sandbox/records/customerDeposit`)).json()) as Record<string, string>[] // prettier-ignore
  const [unused] = deposits.filter(({status}) => status === 'A')
  await shop.edit('PATCH', `customerDeposit/${unused?.['id'] ?? ''}`, {payment: 1})
  const after = await reportOf(shop.shopifyUrl, shop.netsuiteUrl)
  const name = unused?.['memo']?.replace('Shopify ', '') ?? ''
  expect(differing(after).filter((text) => text.startsWith('payments'))).toEqual([`payments ${name} ${unused?.['payment'] ?? ''} 1.00`]) // prettier-ignore

  const folder = mkdtempSync(join(tmpdir(), 'tieout-report-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  const [csv, html] = [join(folder, 'report.csv'), join(folder, 'report.html')]
  const urls = {'shopify-url': new URL(shop.shopifyUrl), 'netsuite-url': new URL(shop.netsuiteUrl)}
  const written = await reportSandbox({...urls, csv, html}, new Date())
  expect(readFileSync(csv, 'utf8')).toBe(csvOf(written))
  expect(readFileSync(html, 'utf8')).toContain('rows differ')
  await expect(reportSandbox({...urls, csv: join(folder, 'no', 'file')}, new Date())).rejects.toThrow('--csv')
})

test('an address where no sandbox answers is named', async () => {
  const nobody = new URL('http://127.0.0.1:9/')

  await expect(reportSandbox({'shopify-url': nobody, 'netsuite-url': nobody}, new Date())).rejects.toMatchObject({
    code: 'SANDBOX_NOT_FOUND',
    message: expect.stringContaining('127.0.0.1:9') as string,
  })
})
