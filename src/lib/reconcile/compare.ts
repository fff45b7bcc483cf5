import {RejectedError, type SyncError} from '../core/errors.ts'
import {externalId} from '../core/ids.ts'
import {decimalOf, equals, format, subtract, zero, type Money} from '../core/money.ts'
import type {HeldSalesOrder, SalesOrder} from '../netsuite/types.ts'
import {changesTo, compareFields, describeChanges} from '../plan/compare.ts'
import type {Memory} from '../plan/memory.ts'
import {planOrder} from '../plan/orders.ts'
import type {ItemBook, OrderRules} from '../plan/types.ts'
import type {ShopifyOrder} from '../shopify/types.ts'
import {amountIn, currencyOf, type Account, type Variance} from './report.ts'

/** What NetSuite holds of an order, and what is remembered of it. */
type Beside = Readonly<{held: HeldSalesOrder | null; memory: Memory | undefined}>

/**
 * Compares one order with what NetSuite holds of it, by the plan that orders:push writes: a value that a person decided to
 * keep in NetSuite is right there, and is counted.
 */
export function compareOrder(
  account: Account,
  rules: OrderRules,
  items: ItemBook,
  order: ShopifyOrder,
  {held, memory}: Beside,
): void {
  const plan = planOf(account, rules, items, order, held)
  if (plan === null) return
  const {report} = account
  report.compared += 1
  const netsuite = held === null ? zero(plan.total.currency) : heldTotal(rules, held)
  account.sum(plan.total, netsuite)
  const found = differenceOf(plan, {held, memory}, equals(netsuite, plan.total))
  if (held !== null && hasKept(plan, held, memory)) report.kept += 1
  if (found === null) {
    report.matched += 1
    return
  }
  const isInOneCurrency = netsuite.currency === plan.total.currency
  const gap = isInOneCurrency ? format(subtract(plan.total, netsuite)) : `${format(netsuite)} is held`
  account.note({
    order: order.name,
    externalId: externalId.order(order.legacyId),
    netsuiteId: held?.id ?? null,
    reason: found.reason,
    shopify: decimalOf(plan.total),
    netsuite: held === null ? null : decimalOf(netsuite),
    currency: plan.total.currency,
    detail: found.reason === 'TOTAL' ? `differs by ${gap}` : found.detail,
  })
}

function heldTotal(rules: OrderRules, held: HeldSalesOrder): Money {
  return amountIn(currencyOf(rules.currencies, held.currencyId), held.total)
}

function differenceOf(
  plan: SalesOrder,
  {held, memory}: Beside,
  isSameTotal: boolean,
): Pick<Variance, 'reason' | 'detail'> | null {
  if (held === null) return {reason: 'MISSING_IN_NETSUITE', detail: 'no sales order has this external ID'}
  if (!isSameTotal) return {reason: 'TOTAL', detail: ''}
  const known = withCustomerOf(plan, held)
  if (changesTo(known, held, memory) === null) return null
  const names = describeChanges(known, held, memory).map((change) => change.field)
  return {reason: 'FIELDS', detail: names.join(', ')}
}

function hasKept(plan: SalesOrder, held: HeldSalesOrder, memory: Memory | undefined): boolean {
  return compareFields(withCustomerOf(plan, held), held, memory).some((field) => field.isPinned)
}

/** Whose order it is was decided when it was written. */
function withCustomerOf(plan: SalesOrder, held: HeldSalesOrder): SalesOrder {
  return {...plan, entity: {id: held.entityId}}
}

function planOf(
  account: Account,
  rules: OrderRules,
  items: ItemBook,
  order: ShopifyOrder,
  held: HeldSalesOrder | null,
): SalesOrder | null {
  try {
    const plan = planOrder(order, rules, items)
    if (plan.kind === 'records') return plan.salesOrder
    account.report.skipped += 1
    return null
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error
    const amount = rules.book === 'shop' ? order.total.shop : order.total.presentment
    account.note({
      order: order.name,
      externalId: externalId.order(order.legacyId),
      netsuiteId: held?.id ?? null,
      reason: 'NOT_PLANNABLE',
      shopify: decimalOf(amount),
      netsuite: held === null ? null : decimalOf(heldTotal(rules, held)),
      currency: amount.currency,
      detail: `${error.code}: ${error.message}`,
    })
    return null
  }
}

/** An order that Shopify did not give rightly: nothing can be said of it. */
export function noteUnreadable(account: Account, legacyId: string, error: SyncError): void {
  account.note({
    order: legacyId,
    externalId: externalId.order(legacyId),
    netsuiteId: null,
    reason: 'NOT_PLANNABLE',
    shopify: null,
    netsuite: null,
    currency: '',
    detail: `${error.code}: ${error.message}`,
  })
}
