import {chunks} from '../core/concurrent.ts'
import {externalId, gid, legacyId} from '../core/ids.ts'
import {decimalOf, zero} from '../core/money.ts'
import type {HeldSalesOrder, OrderRow, QueryPort, SalesOrderPort} from '../netsuite/types.ts'
import type {Memory} from '../plan/memory.ts'
import {skusOf} from '../plan/orders.ts'
import type {ItemBook, OrderRules} from '../plan/types.ts'
import type {Shopify} from '../shopify/client.ts'
import {compareOrder, noteUnreadable} from './compare.ts'
import {noteDuplicates} from './duplicates.ts'
import {amountIn, currencyOf, openAccount, type Account, type OrdersReport} from './report.ts'
import type {Days} from './window.ts'

export type ReconcileDeps = Readonly<{
  shopify: Pick<Shopify, 'listOrders' | 'getOrders'>
  netsuite: Readonly<{salesOrders: Pick<SalesOrderPort, 'get'>; queries: QueryPort}>
  items(skus: readonly string[]): Promise<ItemBook>
  /** What is remembered of the sales orders under these external IDs, people's decisions about their fields among it. */
  memories(externalIds: readonly string[]): Promise<ReadonlyMap<string, Memory>>
  rules: OrderRules
}>

/** Orders read and compared at a time. */
const BATCH = 50
const PREFIX = externalId.order('')

/**
 * Compares every order of a window with what NetSuite holds, in both directions, by the plan that orders:push writes.
 * An order is in the window by its day in the zone of the contract, which is also the date of its sales order.
 */
export async function reconcileOrders(deps: ReconcileDeps, days: Days): Promise<OrdersReport> {
  const account = openAccount(days)
  const rows = await netsuiteRows(deps.netsuite.queries, days)
  for await (const page of deps.shopify.listOrders({by: 'processed', since: days.since, until: days.until})) {
    for (const part of chunks(page, BATCH)) {
      const gone = await compareBatch(deps, part.map((hint) => legacyId(hint.id)), account) // prettier-ignore
      for (const hint of part) if (!gone.has(legacyId(hint.id))) rows.delete(externalId.order(legacyId(hint.id)))
    }
  }
  // What is left: sales orders of the window whose orders Shopify did not list. They are dated otherwise there, or gone.
  for (const part of chunks([...rows.values()], BATCH)) {
    const ids = part.map((row) => row.externalId.slice(PREFIX.length))
    const gone = await compareBatch(deps, ids, account)
    part.forEach((row, i) => gone.has(ids[i] ?? '') && noteMissing(deps.rules, account, row))
  }
  await noteDuplicates(deps.netsuite.queries, deps.rules, days, account)
  return account.close()
}

/** What NetSuite holds of the window, by external ID. */
async function netsuiteRows(queries: QueryPort, days: Days): Promise<Map<string, OrderRow>> {
  const rows = new Map<string, OrderRow>()
  for await (const page of queries.ordersByDate(days.from, days.to, PREFIX)) {
    for (const row of page) rows.set(row.externalId, row)
  }
  return rows
}

/** Reads orders on both sides and compares them. Gives those that Shopify does not have. */
async function compareBatch(deps: ReconcileDeps, ids: readonly string[], account: Account): Promise<Set<string>> {
  const readings = await deps.shopify.getOrders(ids.map((id) => gid('Order', id)))
  const gone = new Set<string>()
  const orders = readings.flatMap((reading, i) => {
    const id = ids[i] ?? ''
    if (reading instanceof Error) noteUnreadable(account, id, reading)
    else if (reading === null) gone.add(id)
    return reading === null || reading instanceof Error ? [] : [reading]
  })
  const items = await deps.items([...new Set(orders.flatMap(skusOf))])
  const externalIds = orders.map((order) => externalId.order(order.legacyId))
  const [held, memories] = await Promise.all([heldBy(deps, externalIds), deps.memories(externalIds)])
  orders.forEach((order, i) => {
    const about = {held: held[i] ?? null, memory: memories.get(externalIds[i] ?? '')}
    compareOrder(account, deps.rules, items, order, about)
  })
  return gone
}

async function heldBy({netsuite}: ReconcileDeps, externalIds: readonly string[]): Promise<(HeldSalesOrder | null)[]> {
  return externalIds.length === 0 ? [] : netsuite.salesOrders.get(externalIds.map((id) => ({externalId: id})))
}

function noteMissing(rules: OrderRules, account: Account, row: OrderRow): void {
  const currency = currencyOf(rules.currencies, row.currencyId)
  const netsuite = amountIn(currency, row.total)
  account.sum(zero(currency), netsuite)
  account.note({
    order: row.tranId ?? row.externalId,
    externalId: row.externalId,
    netsuiteId: row.id,
    reason: 'MISSING_IN_SHOPIFY',
    shopify: null,
    netsuite: decimalOf(netsuite),
    currency,
    detail: 'Shopify has no such order, or it is older than 60 days',
  })
}
