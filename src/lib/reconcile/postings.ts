import {chunks} from '../core/concurrent.ts'
import {gid, legacyId} from '../core/ids.ts'
import type {PostingQueries, PostingRow} from '../netsuite/posting-ports.ts'
import type {PostingType} from '../netsuite/posting-types.ts'
import {checkKind, isOfKind} from '../plan/kinds.ts'
import type {ShopRules} from '../plan/life-types.ts'
import {skusOf} from '../plan/orders.ts'
import type {ItemBook} from '../plan/types.ts'
import type {Shopify} from '../shopify/client.ts'
import type {ShopifyOrder} from '../shopify/types.ts'
import {noteUnreadable} from './compare.ts'
import {compareRecord, noteExtra, recordsOf, type Compared} from './postings-compare.ts'
import {openAccount, type Account, type OrdersReport} from './report.ts'
import type {Days} from './window.ts'

/** What of the records after the sales orders is compared. */
export type ReconciledKind = 'payments' | 'refunds'

/** A record that the ledger knows NetSuite to hold. */
export type KnownRecord = Readonly<{externalId: string; type: PostingType}>

type PostingDeps = Readonly<{
  shopify: Pick<Shopify, 'listOrders' | 'getOrders'>
  queries: Pick<PostingQueries, 'postingsByExternalId' | 'postingsByDate'>
  items(skus: readonly string[]): Promise<ItemBook>
  /** What the ledger knows of the records of these orders (numbers of Shopify). */
  known(orderIds: readonly string[]): Promise<readonly KnownRecord[]>
  /** The number of the order that the ledger wrote a record for, by the external ID of the record. */
  ordersOf(externalIds: readonly string[]): Promise<ReadonlyMap<string, string>>
  rules: ShopRules
}>

/** Orders read and compared at a time. */
const BATCH = 50

/** A comparison under way. `rows`: what NetSuite holds of the window and no plan has named yet. */
type Comparison = PostingDeps &
  Readonly<{
    kind: ReconciledKind
    days: Days
    account: Account
    rows: Map<string, PostingRow>
    named: Set<string>
    /** Orders that were read, and those of which nothing can be said. */
    seen: Set<string>
    faulty: Set<string>
  }>

/**
 * Compares the records of one kind that are dated in a window with what NetSuite holds, in both directions, by the plan that
 * orders:push writes. The date is that of the payment or refund, so the order may be older: every order that changed since
 * the window began is read. Throws ConfigError KIND_OFF where the contract keeps no such records.
 */
export async function reconcilePostings(deps: PostingDeps, kind: ReconciledKind, days: Days): Promise<OrdersReport> {
  const isCashSale = kind === 'payments' && deps.rules.life.billing === 'cashSale'
  if (!isCashSale) checkKind(kind, deps.rules.life)
  const account = openAccount(days)
  const rows = await rowsOf(deps, kind, days)
  const all: Comparison = {...deps, kind, days, account, rows, named: new Set(), seen: new Set(), faulty: new Set()}
  for await (const page of deps.shopify.listOrders({by: 'updated', since: days.since})) {
    for (const part of chunks(page, BATCH)) await compareBatch(all, part.map((hint) => legacyId(hint.id))) // prettier-ignore
  }
  await noteLeft(all)
  return account.close()
}

/** Under the policy of cash sales the payments stand in them. */
function isCompared(
  kind: ReconciledKind,
  {life}: ShopRules,
  record: Readonly<{type: PostingType; externalId: string}>,
): boolean {
  if (kind === 'payments' && life.billing === 'cashSale') return record.type === 'cashSale'
  return isOfKind(kind, record)
}

const PREFIXES: Readonly<Record<ReconciledKind, readonly string[]>> = {
  payments: ['SHOPIFY:TRANSACTION:', 'SHOPIFY:INVOICE:'],
  refunds: ['SHOPIFY:REFUND:', 'SHOPIFY:TRANSACTION:'],
}

async function rowsOf({queries, rules}: PostingDeps, kind: ReconciledKind, {from, to}: Days) {
  const rows = new Map<string, PostingRow>()
  for (const prefix of PREFIXES[kind]) {
    if (prefix === 'SHOPIFY:INVOICE:' && rules.life.billing !== 'cashSale') continue
    for await (const page of queries.postingsByDate(from, to, prefix)) {
      for (const row of page) if (isCompared(kind, rules, row)) rows.set(row.externalId, row)
    }
  }
  return rows
}

/** Reads orders, plans them, and compares those of their records that are dated in the window. */
async function compareBatch(all: Comparison, ids: readonly string[]): Promise<void> {
  const fresh = ids.filter((id) => !all.seen.has(id))
  for (const id of fresh) all.seen.add(id)
  const readings = await all.shopify.getOrders(
    fresh.map((id) => gid('Order', id)),
    {money: true},
  )
  const orders = readings.flatMap((reading, i): ShopifyOrder[] => {
    const id = fresh[i] ?? ''
    if (!(reading instanceof Error)) return reading === null ? [] : [reading]
    all.faulty.add(id)
    noteUnreadable(all.account, id, reading)
    return []
  })
  const [items, known] = await Promise.all([all.items([...new Set(orders.flatMap(skusOf))]), all.known(fresh)])
  const written = new Map([...known, ...all.rows.values()].map(({externalId, type}) => [externalId, type]))
  const compared = orders.flatMap((order) => planned(all, order, items, written))
  const there = await heldOf(all, compared)
  for (const one of compared) compareRecord(all.account, all.rules, one, there.get(one.record.externalId) ?? null)
}

function planned(
  all: Comparison,
  order: ShopifyOrder,
  items: ItemBook,
  written: ReadonlyMap<string, PostingType>,
): Compared[] {
  const records = recordsOf(all.account, all, order, items, written)
  if (records === null) {
    all.faulty.add(order.legacyId)
    return []
  }
  const ofKind = records.filter((record) => isCompared(all.kind, all.rules, record))
  for (const {externalId} of ofKind) all.named.add(externalId)
  const {from, to} = all.days
  return ofKind.filter(({tranDate}) => tranDate >= from && tranDate <= to).map((record) => ({order, record}))
}

async function heldOf({queries, rows}: Comparison, compared: readonly Compared[]): Promise<Map<string, PostingRow>> {
  const ids = compared.map(({record}) => record.externalId)
  const elsewhere = ids.filter((id) => !rows.has(id))
  const found = elsewhere.length === 0 ? [] : await queries.postingsByExternalId(elsewhere)
  return new Map([...rows, ...found.map((row) => [row.externalId, row] as const)])
}

/** Records of the window that no plan named: their orders are read if the ledger knows them, then what is left is extra. */
async function noteLeft(all: Comparison): Promise<void> {
  const left = () => [...all.rows.values()].filter(({externalId}) => !all.named.has(externalId))
  const orders = await all.ordersOf(left().map(({externalId}) => externalId))
  for (const part of chunks([...new Set(orders.values())], BATCH)) await compareBatch(all, part)
  for (const row of left()) {
    const isToldAbove = all.faulty.has(orders.get(row.externalId) ?? '')
    if (!isToldAbove) noteExtra(all.account, all.rules, row)
  }
}
