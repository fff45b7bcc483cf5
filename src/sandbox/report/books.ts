import {company} from '../company.ts'
import {flag, list, object, text} from '../shopify/document.ts'
import type {Json} from '../shopify/json.ts'
import {amountIn} from './money.ts'
import {ofDebit, rowOf, rowOfItem, type Item, type RowKey} from './rows.ts'
import type {RecordType, Sources} from './sources.ts'

/** The currency in which the ledger is kept. */
export const BASE = company.currencies[0].symbol

const PAYOUT = /^SHOPIFY:PAYOUT:(\d+)/

/** Ids of the payouts of which NetSuite holds the bank deposit. */
export function postedPayouts({records}: Sources): ReadonlySet<string> {
  return new Set(records.deposit.flatMap((one) => /^SHOPIFY:PAYOUT:(\d+)$/.exec(text(one, 'externalId') ?? '')?.[1] ?? []))
} // prettier-ignore

/** Currency of each sales order by external ID. */
export function currenciesOf({records}: Sources): ReadonlyMap<string, string> {
  return new Map(records.salesOrder.map((one) => [text(one, 'externalId') ?? '', text(one, 'currency') ?? '']))
}

/**
 * The rows of NetSuite: every line of the general ledger, what its orders will still post, and its records of money.
 * @param shipped names of the orders that Shopify says have shipped whole
 */
export function bookItems(sources: Sources, shipped: ReadonlySet<string>): Item[] {
  const names = namesOf(sources)
  const unbilled = sources.records.salesOrder.flatMap((order) => unbilledItems(order, shipped))
  return [...ledgerItems(sources, names), ...unbilled, ...moneyItems(sources, names)]
}

type Names = ReadonlyMap<string, Readonly<{of: string; currency: string | null}>>

/** What each transaction belongs to: an order, a payout, or neither. */
function namesOf({records}: Sources): Names {
  const names = new Map<string, {of: string; currency: string | null}>()
  for (const one of Object.values(records).flat()) {
    const order = text(object(one, 'customFields') ?? {}, 'custbody_tieout_order_name')
    const [, payout] = PAYOUT.exec(text(one, 'externalId') ?? '') ?? []
    const deposit = names.get(text(object(one, 'deposit') ?? {}, 'id') ?? '')?.of
    const of = order ?? (payout === undefined ? (deposit ?? `${text(one, 'type')} ${text(one, 'id')}`) : `payout ${payout}`) // prettier-ignore
    names.set(text(one, 'id') ?? '', {of, currency: text(one, 'currency')})
  }
  return names
}

function ledgerItems(sources: Sources, names: Names): Item[] {
  const items = sources.lines.flatMap((line): Item[] => {
    const row = rowOf(text(line, 'account') ?? '')
    const {of, currency} = names.get(text(line, 'transaction') ?? '') ?? {of: 'no record', currency: null}
    // Other money reaches the bank too: settlements of other providers, what a till brings.
    const isStrange = row === 'bank' && !PAYOUT.test(text(line, 'externalId') ?? '')
    if (row === undefined || isStrange) return []
    return [{row, currency: currency ?? BASE, amount: ofDebit(row, amountIn(line, 'amount')), of}]
  })
  return [...items, ...sources.records.deposit.flatMap((deposit) => namedPayments(deposit, names))]
}

/** Says of which orders the payments are that a bank deposit took out of undeposited funds; the sum stays as it was posted. */
function namedPayments(deposit: Json, names: Names): Item[] {
  const {of, currency} = names.get(text(deposit, 'id') ?? '') ?? {of: '', currency: null}
  const item = (amount: bigint, whose: string): Item => ({row: 'undeposited', currency: currency ?? BASE, amount, of: whose}) // prettier-ignore
  return list(object(deposit, 'lines') ?? {}, 'payment').flatMap((payment) => {
    const amount = amountIn(fieldsOf(payment), 'paymentAmount')
    return [item(-amount, names.get(text(payment, 'key') ?? '')?.of ?? of), item(amount, of)]
  })
}

function fieldsOf(line: Json): Json {
  return object(line, 'fields') ?? {}
}

/**
 * What a sales order will post once the rest of it is billed. Shopify counts a sale when it is ordered, NetSuite when it is
 * billed; lines that were closed are not billed any more. Nothing may be left of an order that shipped whole.
 */
function unbilledItems(order: Json, shipped: ReadonlySet<string>): Item[] {
  const of = text(object(order, 'customFields') ?? {}, 'custbody_tieout_order_name') ?? ''
  const currency = text(order, 'currency') ?? ''
  const lines = list(object(order, 'lines') ?? {}, 'item').map(fieldsOf)
  const open = lines.filter((line) => !flag(line, 'isClosed'))
  if (open.length === 0) return []
  const parts: (readonly [RowKey, bigint])[] = open.map((line) => [
    rowOfItem(text(object(line, 'item') ?? {}, 'id') ?? ''),
    amountIn(line, 'amount') - amountIn(line, 'billedAmount'),
  ])
  const shipping = amountIn(order, 'shippingCost') - amountIn(order, 'billedShipping')
  const rest = [...parts, ['shipping', shipping] as const].filter(([, amount]) => amount !== 0n)
  return rest.flatMap(([row, amount]) => [
    {row, currency, amount: ofDebit(row, -amount), of},
    {row: 'customers' as const, currency, amount: -amount, of},
    ...(shipped.has(of) ? [{row: 'unbilled' as const, currency, amount, of}] : []),
  ])
}

/** Types of records that bring money or give it back, and the field of their amount. */
const MONEY: readonly (readonly [row: RowKey, type: RecordType, field: string])[] = [
  ['payments', 'customerDeposit', 'payment'],
  ['payments', 'customerPayment', 'payment'],
  ['payments', 'cashSale', 'total'],
  ['refunds', 'customerRefund', 'total'],
  ['refunds', 'cashRefund', 'total'],
]

/** Payments and refunds by record. A deposit of money that a failed refund brought back takes that refund back. */
function moneyItems({records}: Sources, names: Names): Item[] {
  return MONEY.flatMap(([row, type, field]) =>
    records[type].map((one): Item => {
      const isReturned = /:FAILED$/.test(text(one, 'externalId') ?? '')
      const amount = amountIn(one, field)
      const {of, currency} = names.get(text(one, 'id') ?? '') ?? {of: '', currency: null}
      return {row: isReturned ? 'refunds' : row, currency: currency ?? '', amount: isReturned ? -amount : amount, of}
    }),
  )
}
