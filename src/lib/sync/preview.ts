import type {Change} from '../core/diff.ts'
import {messageOf, RejectedError} from '../core/errors.ts'
import {format} from '../core/money.ts'
import {findLinks} from '../ledger/links.ts'
import type {HeldSalesOrder, SalesOrder} from '../netsuite/types.ts'
import {changesTo, describeChanges} from '../plan/compare.ts'
import {planOrder, skusOf} from '../plan/orders.ts'
import type {ShopifyOrder} from '../shopify/types.ts'
import type {OrderDeps} from './work.ts'

/** What a push would do with one order. */
export type Preview = Readonly<{
  name: string
  orderId: string
  would: 'add' | 'update' | 'leave' | 'skip' | 'park'
  total: string | null
  netsuiteId: string | null
  /** Field by field; for an order to add, every field of it. */
  changes: readonly Change[]
  reason: string | null
}>

export type PreviewDeps = Pick<OrderDeps, 'ledger' | 'netsuite' | 'items' | 'rules' | 'shop'>

/** Plans orders and compares the plans with what NetSuite holds. Writes nothing, anywhere. */
export async function previewOrders(deps: PreviewDeps, orders: readonly ShopifyOrder[]): Promise<Preview[]> {
  const items = await deps.items([...new Set(orders.flatMap(skusOf))])
  const planned = orders.map((order) => ({order, ...planOrReason(deps, order, items)}))
  const held = await heldBy(
    deps,
    planned.flatMap(({order, plan}) => (plan === null ? [] : [{order, plan}])),
  )
  return planned.map(({order, plan, would, reason}): Preview => {
    const about = {name: order.name, orderId: order.id}
    if (plan === null) return {...about, would, total: null, netsuiteId: null, changes: [], reason}
    const record = held.get(plan.externalId) ?? null
    const changes = describeChanges(record === null ? plan : {...plan, entity: {id: record.entityId}}, record)
    const leaves = record !== null && changesTo({...plan, entity: {id: record.entityId}}, record) === null
    return {
      ...about,
      would: record === null ? 'add' : leaves ? 'leave' : 'update',
      total: format(plan.total),
      netsuiteId: record?.id ?? null,
      changes,
      reason: null,
    }
  })
}

type Planned = Readonly<{plan: SalesOrder | null; would: 'skip' | 'park' | 'add'; reason: string | null}>

function planOrReason(deps: PreviewDeps, order: ShopifyOrder, items: Awaited<ReturnType<OrderDeps['items']>>): Planned {
  try {
    const plan = planOrder(order, deps.rules, items)
    if (plan.kind === 'skipped') return {plan: null, would: 'skip', reason: plan.reason}
    return {plan: plan.salesOrder, would: 'add', reason: null}
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error
    return {plan: null, would: 'park', reason: `${error.code}: ${messageOf(error)}`}
  }
}

type OrderAndPlan = Readonly<{order: ShopifyOrder; plan: SalesOrder}>

async function heldBy(deps: PreviewDeps, planned: readonly OrderAndPlan[]): Promise<Map<string, HeldSalesOrder>> {
  const links = await findLinks(
    deps.ledger.db,
    'salesOrder',
    deps.shop,
    planned.map(({order}) => order.legacyId),
  )
  const unlinked = planned.filter(({order}) => !links.has(order.legacyId)).map(({plan}) => plan.externalId)
  const rows = unlinked.length === 0 ? [] : await deps.netsuite.queries.ordersByExternalId(unlinked)
  const ids = [...[...links.values()].map((link) => link.netsuiteId), ...rows.map((row) => row.id)]
  const records = ids.length === 0 ? [] : await deps.netsuite.salesOrders.get(ids.map((id) => ({id})))
  return new Map(records.flatMap((record) => (record?.externalId ? [[record.externalId, record] as const] : [])))
}
