import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {payoutSelection} from '../../../src/lib/sync/payout-select.ts'
import type {PayoutsReport} from '../../../src/lib/sync/payout-report.ts'
import {pushPayouts} from '../../../src/lib/sync/payouts.ts'
import {line, order} from '../../simulation/order.ts'
import {depsOf, type World} from '../../support/world.ts'

export type Line = Readonly<{
  type: string
  amount: string
  fee?: string
  order?: string
  transaction?: string
  currency?: string
}>
type Payout = Readonly<{id: string; status: string; net: string}>

const bag = (amount: string) => ({
  shop_money: {amount, currency_code: 'USD'},
  presentment_money: {amount, currency_code: 'USD'},
})

/** An order of one article for this price, paid by card through Shopify Payments at once, and perhaps cancelled and refunded. */
export function paid(
  id: number,
  price: string,
  change: Readonly<{isRefunded?: boolean} & Record<string, unknown>> = {},
) {
  const {isRefunded = false, ...rest} = change
  const now = isRefunded ? '0.00' : price
  const sale = {id: id * 10, kind: 'sale', status: 'success', gateway: 'shopify_payments', test: false, parent_id: null, processed_at: '2026-11-20T10:00:00-05:00', created_at: '2026-11-20T10:00:00-05:00', amount: price, currency: 'USD', amount_set: bag(price)} // prettier-ignore
  const at = '2026-11-21T10:00:00-05:00'
  const back = {...sale, id: id * 10 + 1, kind: 'refund', parent_id: sale.id, processed_at: at, created_at: at}
  const refund = {
    id: id * 10 + 2,
    created_at: at,
    refund_line_items: [{id: id * 10 + 3, line_item_id: id * 10, quantity: 1, restock_type: 'cancel', subtotal: price, total_tax: '0.00'}],
    order_adjustments: [],
    transactions: [back],
  } // prettier-ignore
  return order(id, {
    line_items: [line(id * 10, {quantity: 1, current_quantity: isRefunded ? 0 : 1, price})],
    shipping_lines: [], total_line_items_price: price, subtotal_price: price, total_price: price,
    current_subtotal_price: now, current_total_price: now,
    transactions: isRefunded ? [sale, back] : [sale],
    refunds: isRefunded ? [refund] : [],
    ...(isRefunded ? {cancelled_at: at, financial_status: 'refunded', updated_at: at} : {}),
    ...rest,
  }) // prettier-ignore
}

async function call<T>(url: string, method: string, body?: unknown): Promise<T> {
  const answer = await fetch(url, {method, ...(body === undefined ? {} : {body: JSON.stringify(body)})})
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as T
}

/** Shopify pays out these lines, or all that waits. */
export async function payOut(shop: World, lines?: readonly Line[], change: object = {}): Promise<Payout> {
  const body = {issuedAt: '2026-11-24T10:00:00Z', ...(lines === undefined ? {} : {lines}), ...change}
  const {payouts} = await call<{payouts: Payout[]}>(`${shop.shopifyUrl}/_sandbox/payouts`, 'POST', body)
  if (payouts[0] === undefined) throw new Error('no payout was made')
  return payouts[0]
}

/** Every payout that Shopify ever issued. */
export function issued(shop: World): Promise<Payout[]> {
  return call(`${shop.shopifyUrl}/_sandbox/payouts`, 'GET')
}

export function moveTo(shop: World, payout: Payout, status: string): Promise<unknown> {
  return call(`${shop.shopifyUrl}/_sandbox/payouts/${payout.id}`, 'PATCH', {status})
}

/** Balances of NetSuite's general ledger by the number of the account, without those that are zero. */
export async function balances(shop: World): Promise<Record<string, string>> {
  const rows = await call<{account: string; balance: string}[]>(`${shop.netsuiteUrl}/_sandbox/gl`, 'GET')
  return Object.fromEntries(rows.filter(({balance}) => Number(balance) !== 0).map((row) => [row.account, row.balance]))
}

/** What moved on each account between two balances. */
export function moved(before: Record<string, string>, after: Record<string, string>): Record<string, string> {
  const accounts = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted()
  const changes = accounts.map((name) => [name, Number(after[name] ?? 0) - Number(before[name] ?? 0)] as const)
  return Object.fromEntries(changes.filter(([, by]) => Math.abs(by) > 0.001).map(([name, by]) => [name, by.toFixed(2)]))
}

/** External IDs and totals of the bank deposits and checks that NetSuite holds. */
export async function booked(shop: World): Promise<string[]> {
  type Row = Readonly<{externalId: string; total: string | null; userTotal?: string}>
  const [deposits, checks] = await Promise.all(
    ['deposit', 'check'].map((type) => call<Row[]>(`${shop.netsuiteUrl}/_sandbox/records/${type}`, 'GET')),
  )
  const told = (type: string) => (row: Row) =>
    `${type} ${row.externalId} ${Number(row.total ?? row.userTotal).toFixed(2)}`
  return [...(deposits ?? []).map(told('deposit')), ...(checks ?? []).map(told('check'))]
}

/** What payouts:push does, in this process: these payouts, or all that were ever issued. */
export async function push(shop: World, ...ids: string[]): Promise<PayoutsReport> {
  const app = await shop.open()
  try {
    const chosen = payoutSelection(ids.length > 0 ? {ids} : {ids: [], since: '2000-01-01'})
    return await pushPayouts(depsOf(app), chosen, {signal: new AbortController().signal, onProgress: () => undefined})
  } finally {
    await app.close('done')
  }
}

/** Changes the contract of the shop's folder. */
export function rewrite(shop: World, from: string | RegExp, to: string): void {
  const file = join(shop.folder, 'tieout.yaml')
  const text = readFileSync(file, 'utf8')
  if (text.replace(from, to) === text) throw new Error(`the contract has no ${String(from)}`)
  writeFileSync(file, text.replace(from, to))
}
