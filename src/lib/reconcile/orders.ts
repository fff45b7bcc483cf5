import {RejectedError} from '../core/errors.ts'
import {add, decimalOf, equals, format, money, parseMoney, subtract, zero, type Money} from '../core/money.ts'
import {externalId} from '../core/ids.ts'
import type {OrderRow, QueryPort, SalesOrder, SalesOrderPort} from '../netsuite/types.ts'
import {changesTo, describeChanges} from '../plan/compare.ts'
import {planOrder, skusOf} from '../plan/orders.ts'
import type {ItemBook, OrderRules} from '../plan/types.ts'
import type {Shopify} from '../shopify/client.ts'
import type {OrderReading} from '../shopify/orders.ts'
import type {ShopifyOrder} from '../shopify/types.ts'
import type {Days} from './window.ts'

export type ReconcileDeps = Readonly<{
  shopify: Pick<Shopify, 'listOrders' | 'getOrders'>
  netsuite: Readonly<{salesOrders: Pick<SalesOrderPort, 'get'>; queries: QueryPort}>
  items(skus: readonly string[]): Promise<ItemBook>
  rules: OrderRules
}>

/** One difference between the systems. Amounts are decimal texts of `currency`. */
export type Variance = Readonly<{
  order: string
  externalId: string
  netsuiteId: string | null
  reason: 'MISSING_IN_NETSUITE' | 'MISSING_IN_SHOPIFY' | 'TOTAL' | 'FIELDS' | 'NOT_PLANNABLE'
  shopify: string | null
  netsuite: string | null
  currency: string
  detail: string
}>

/** Sums by currency, over the orders that were compared; `difference` is Shopify's sum less NetSuite's. */
export type CurrencySums = Readonly<{currency: string; shopify: string; netsuite: string; difference: string}>
export type OrdersReport = {
  from: string
  to: string
  compared: number
  matched: number
  skipped: number
  sums: CurrencySums[]
  variances: Variance[]
}

/** Orders read and compared at a time. */
const BATCH = 50
/** A report names at most this many variances; all are counted in the sums. */
const ROWS = 10_000

type Sums = Map<string, {shopify: Money; netsuite: Money}>

/**
 * Compares every order of a window with what NetSuite holds, in both directions, by the plan that orders:push writes.
 * An order is in the window by its day in the zone of the contract, which is also the date of its sales order.
 */
export async function reconcileOrders(deps: ReconcileDeps, days: Days): Promise<OrdersReport> {
  const report: OrdersReport = {
    from: days.from,
    to: days.to,
    compared: 0,
    matched: 0,
    skipped: 0,
    sums: [],
    variances: [],
  }
  const sums: Sums = new Map()
  const rows = await netsuiteRows(deps.netsuite.queries, days)
  for await (const page of deps.shopify.listOrders({by: 'processed', since: days.since, until: days.until})) {
    for (let i = 0; i < page.length; i += BATCH) {
      const orders = await deps.shopify.getOrders(page.slice(i, i + BATCH).map((hint) => hint.id))
      await compareBatch(deps, ordersOf(orders), rows, sums, report)
    }
  }
  await leftOver(deps, [...rows.values()], sums, report)
  report.sums = [...sums].map(([currency, {shopify, netsuite}]) => ({
    currency,
    shopify: decimalOf(shopify),
    netsuite: decimalOf(netsuite),
    difference: decimalOf(subtract(shopify, netsuite)),
  }))
  return report
}

/** What NetSuite holds of the window, by external ID. */
async function netsuiteRows(queries: QueryPort, days: Days): Promise<Map<string, OrderRow>> {
  const rows = new Map<string, OrderRow>()
  for await (const page of queries.ordersByDate(days.from, days.to, 'SHOPIFY:ORDER:')) {
    for (const row of page) rows.set(row.externalId, row)
  }
  return rows
}

async function compareBatch(
  deps: ReconcileDeps,
  orders: readonly ShopifyOrder[],
  rows: Map<string, OrderRow>,
  sums: Sums,
  report: OrdersReport,
): Promise<void> {
  const items = await deps.items([...new Set(orders.flatMap(skusOf))])
  const held = await heldBy(deps, orders)
  orders.forEach((order, i) => {
    const key = externalId.order(order.legacyId)
    rows.delete(key)
    const plan = planOf(deps, order, items, report)
    const record = held[i] ?? null
    if (plan === null) return
    report.compared += 1
    const before = report.variances.length
    const netsuite = record === null ? zero(plan.total.currency) : parseMoney(record.total, plan.total.currency)
    sumUp(sums, plan.total, netsuite)
    const variance = {
      order: order.name,
      externalId: key,
      netsuiteId: record?.id ?? null,
      shopify: decimalOf(plan.total),
      netsuite: record === null ? null : decimalOf(netsuite),
      currency: plan.total.currency,
    }
    if (record === null)
      note(report, {...variance, reason: 'MISSING_IN_NETSUITE', detail: 'no sales order has this external ID'})
    else if (!equals(netsuite, plan.total))
      note(report, {...variance, reason: 'TOTAL', detail: `differs by ${format(subtract(plan.total, netsuite))}`})
    else {
      const known = {...plan, entity: {id: record.entityId}}
      if (changesTo(known, record) !== null)
        note(report, {
          ...variance,
          reason: 'FIELDS',
          detail: describeChanges(known, record)
            .map((change) => change.field)
            .join(', '),
        })
    }
    if (report.variances.length === before) report.matched += 1
  })
}

async function heldBy(deps: ReconcileDeps, orders: readonly ShopifyOrder[]) {
  if (orders.length === 0) return []
  return deps.netsuite.salesOrders.get(orders.map((order) => ({externalId: externalId.order(order.legacyId)})))
}

function planOf(deps: ReconcileDeps, order: ShopifyOrder, items: ItemBook, report: OrdersReport): SalesOrder | null {
  try {
    const plan = planOrder(order, deps.rules, items)
    if (plan.kind === 'records') return plan.salesOrder
    report.skipped += 1
    return null
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error
    const amount = deps.rules.book === 'shop' ? order.total.shop : order.total.presentment
    note(report, {
      order: order.name,
      externalId: externalId.order(order.legacyId),
      netsuiteId: null,
      reason: 'NOT_PLANNABLE',
      shopify: decimalOf(amount),
      netsuite: null,
      currency: amount.currency,
      detail: `${error.code}: ${error.message}`,
    })
    return null
  }
}

/** Sales orders of the window whose orders Shopify did not list: dated otherwise there, or gone. */
async function leftOver(
  deps: ReconcileDeps,
  rows: readonly OrderRow[],
  sums: Sums,
  report: OrdersReport,
): Promise<void> {
  for (let i = 0; i < rows.length; i += BATCH) {
    const part = rows.slice(i, i + BATCH)
    const orders = await deps.shopify.getOrders(
      part.map((row) => `gid://shopify/Order/${row.externalId.slice('SHOPIFY:ORDER:'.length)}`),
    )
    const there = ordersOf(orders)
    await compareBatch(deps, there, new Map(), sums, report)
    part.forEach((row, j) => {
      if (orders[j] !== null) return
      const currency = Object.entries(deps.rules.currencies).find(([, id]) => id === row.currencyId)?.[0] ?? ''
      sumUp(sums, zero(currency), amountOf(row.total, currency))
      note(report, {
        order: row.tranId ?? row.externalId,
        externalId: row.externalId,
        netsuiteId: row.id,
        reason: 'MISSING_IN_SHOPIFY',
        shopify: null,
        netsuite: row.total,
        currency,
        detail: 'Shopify has no such order, or it is older than 60 days',
      })
    })
  }
}

function amountOf(total: string, currency: string): Money {
  return currency === '' ? money(BigInt(total.replace('.', '')), '') : parseMoney(total, currency)
}

function sumUp(sums: Sums, shopify: Money, netsuite: Money): void {
  const sum = sums.get(shopify.currency) ?? {shopify: zero(shopify.currency), netsuite: zero(shopify.currency)}
  sums.set(shopify.currency, {shopify: add(sum.shopify, shopify), netsuite: add(sum.netsuite, netsuite)})
}

function note(report: OrdersReport, variance: Variance): void {
  if (report.variances.length < ROWS) report.variances.push(variance)
}

function ordersOf(readings: readonly OrderReading[]): ShopifyOrder[] {
  return readings.flatMap((reading) => {
    if (reading instanceof Error) throw reading
    return reading === null ? [] : [reading]
  })
}
