import {UsageError} from '../core/errors.ts'
import {gid} from '../core/ids.ts'
import {listConflicts} from '../ledger/conflicts.ts'
import type {Conflict, Db} from '../ledger/types.ts'
import type {HeldSalesOrder, SalesOrderPort} from '../netsuite/types.ts'
import {compareFields} from '../plan/compare.ts'
import {planOrder, skusOf} from '../plan/orders.ts'
import type {ItemBook, OrderRules} from '../plan/types.ts'
import type {ShopifyOrder} from '../shopify/types.ts'
import {checkNumber, rowOf, type ConflictRow} from './conflicts.ts'

type Systems = Readonly<{
  shopify: Readonly<{getOrder(id: string): Promise<ShopifyOrder | null>}>
  netsuite: Readonly<{salesOrders: Pick<SalesOrderPort, 'get'>}>
  items(skus: readonly string[]): Promise<ItemBook>
  rules: OrderRules
}>

/** A conflict beside what both systems have now, with details of the customer: for the person who decides. */
export type ShownConflict = ConflictRow &
  Readonly<{
    /** The value that someone had entered in NetSuite; null where it is no longer kept. */
    entered: string | null
    now: Readonly<{netsuite: string | null; shopify: string | null}>
  }>

/** Reads the order on both sides. Throws UsageError CONFLICT_UNKNOWN. */
export async function showConflict(db: Db, systems: Systems, id: string): Promise<ShownConflict> {
  checkNumber(id)
  const [conflict] = await listConflicts(db, {ids: [id]})
  if (conflict === undefined) {
    throw new UsageError('CONFLICT_UNKNOWN', `the ledger has no conflict ${id}`, {
      hint: 'tieout conflicts:list --all shows the numbers',
    })
  }
  const entered = conflict.held.startsWith('~') ? conflict.kept : conflict.held
  return {...rowOf(conflict), entered, now: await valuesNow(systems, conflict)}
}

async function valuesNow(systems: Systems, conflict: Conflict): Promise<ShownConflict['now']> {
  const {shopify, netsuite, items, rules} = systems
  const [order, [held = null]] = await Promise.all([
    shopify.getOrder(gid('Order', conflict.subject.slice(conflict.subject.indexOf('/') + 1))),
    netsuite.salesOrders.get([{id: conflict.netsuiteId}]),
  ])
  if (order === null || held === null) return {netsuite: null, shopify: null}
  const plan = planOrder(order, rules, await items(skusOf(order)))
  return plan.kind === 'records' ? fieldOf(plan.salesOrder, held, conflict) : {netsuite: null, shopify: null}
}

function fieldOf(plan: Parameters<typeof compareFields>[0], held: HeldSalesOrder, {field}: Conflict) {
  // The customer of the plan is found when the order is pushed; here it is not looked for.
  const fields = compareFields(plan, held)
  const found = fields.find(({name}) => name === field) ?? fields.find(({name}) => name === `${field}.item`)
  return {netsuite: found?.held ?? null, shopify: found?.planned ?? null}
}
