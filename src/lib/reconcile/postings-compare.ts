import {RejectedError} from '../core/errors.ts'
import {decimalOf, equals, format, subtract, zero, type Money} from '../core/money.ts'
import type {PostingRow} from '../netsuite/posting-ports.ts'
import type {PostingRecord, PostingType} from '../netsuite/posting-types.ts'
import {isFailedRefund} from '../plan/kinds.ts'
import type {ShopRules} from '../plan/life-types.ts'
import {timeOf} from '../plan/life-state.ts'
import {planLife} from '../plan/life.ts'
import {planOrder} from '../plan/orders.ts'
import {amountOf} from '../plan/postings.ts'
import type {ItemBook} from '../plan/types.ts'
import type {ShopifyOrder} from '../shopify/types.ts'
import {amountIn, currencyOf, type Account, type Variance} from './report.ts'
import type {Days} from './window.ts'

/** A planned record, and its order. */
export type Compared = Readonly<{order: ShopifyOrder; record: PostingRecord}>

type Planning = Readonly<{rules: ShopRules; days: Days; kind: 'payments' | 'refunds'}>

/** The records of an order by its plan; none where it is skipped; null where it cannot be planned, which is noted. */
export function recordsOf(
  account: Account,
  {rules, days, kind}: Planning,
  order: ShopifyOrder,
  items: ItemBook,
  written: ReadonlyMap<string, PostingType>,
): readonly PostingRecord[] | null {
  try {
    const plan = planOrder(order, rules, items)
    if (plan.kind === 'records') return planLife(order, plan.salesOrder, rules, rules.life, written).records
    account.report.skipped += 1
    return []
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error
    if (happenedIn(order, kind, days)) noteUnplannable(account, order, error)
    return null
  }
}

/** True where something of the kind happened to the order within the window. */
function happenedIn(
  {transactions, refunds}: ShopifyOrder,
  kind: 'payments' | 'refunds',
  {since, until}: Days,
): boolean {
  const times = kind === 'refunds' ? refunds.map(({createdAt}) => createdAt) : (transactions ?? []).map(timeOf)
  return times.some((time) => Date.parse(time) >= since.getTime() && Date.parse(time) < until.getTime())
}

function noteUnplannable(account: Account, order: ShopifyOrder, {code, message}: RejectedError): void {
  account.note({
    order: order.name,
    externalId: `SHOPIFY:ORDER:${order.legacyId}`,
    netsuiteId: null,
    reason: 'NOT_PLANNABLE',
    shopify: null,
    netsuite: null,
    currency: order.total.shop.currency,
    detail: `${code}: ${message}`,
  })
}

/** Money that a payment brought or a refund took. Applications and credit memos move it within the books. */
const SUMMED: ReadonlySet<PostingType> = new Set([
  'customerDeposit',
  'customerPayment',
  'cashSale',
  'customerRefund',
  'cashRefund',
])

/** Compares a planned record with what NetSuite holds under its external ID. */
export function compareRecord(
  account: Account,
  rules: ShopRules,
  {order, record}: Compared,
  row: PostingRow | null,
): void {
  const {report} = account
  const amount = amountOf(record)
  const held = row === null ? null : heldAmount(rules, row)
  report.compared += 1
  if (amount !== null) sum(account, record, amount, held)
  const found = differenceOf(rules, record, row, held)
  if (found === null) {
    report.matched += 1
    return
  }
  account.note({
    order: order.name,
    externalId: record.externalId,
    netsuiteId: row?.id ?? null,
    shopify: amount === null ? null : decimalOf(amount),
    netsuite: held === null ? null : decimalOf(held),
    currency: amount?.currency ?? '',
    ...found,
  })
}

function sum(
  account: Account,
  record: Readonly<{type: PostingType; externalId: string}>,
  ours: Money,
  theirs: Money | null,
): void {
  if (!SUMMED.has(record.type)) return
  const signed = (amount: Money) => (isFailedRefund(record) ? {...amount, minor: -amount.minor} : amount)
  account.sum(signed(ours), theirs === null ? zero(ours.currency) : signed(theirs))
}

function differenceOf(
  {life}: ShopRules,
  record: PostingRecord,
  row: PostingRow | null,
  held: Money | null,
): Pick<Variance, 'reason' | 'detail'> | null {
  if (row === null) return {reason: 'MISSING_IN_NETSUITE', detail: `no ${record.type} has this external ID`}
  if (row.type !== record.type) return {reason: 'FIELDS', detail: `is a ${row.type}, planned as ${record.type}`}
  const amount = amountOf(record)
  if (amount !== null && held !== null && !equals(amount, held)) return {reason: 'TOTAL', detail: gapOf(amount, held)}
  // An event of a closed period is dated in the next open one, where the contract says so.
  const isMoved = life.closedPeriod === 'next_open' && row.tranDate > record.tranDate
  if (row.tranDate === record.tranDate || isMoved) return null
  return {reason: 'FIELDS', detail: `tranDate is ${row.tranDate}, planned ${record.tranDate}`}
}

function gapOf(amount: Money, held: Money): string {
  return held.currency === amount.currency ? `differs by ${format(subtract(amount, held))}` : `${format(held)} is held`
}

function heldAmount(rules: ShopRules, {currencyId, total}: PostingRow): Money | null {
  return total === null ? null : amountIn(currencyOf(rules.currencies, currencyId), total)
}

/** A record of our prefix that no plan names: made by hand, or its payment or order is gone from Shopify. */
export function noteExtra(account: Account, rules: ShopRules, row: PostingRow): void {
  const held = heldAmount(rules, row)
  if (held !== null) sum(account, row, zero(held.currency), held)
  account.note({
    order: row.tranId ?? row.externalId,
    externalId: row.externalId,
    netsuiteId: row.id,
    reason: 'MISSING_IN_SHOPIFY',
    shopify: null,
    netsuite: held === null ? null : decimalOf(held),
    currency: held?.currency ?? '',
    detail: `this ${row.type} follows from nothing in Shopify, or its order is older than 60 days`,
  })
}
