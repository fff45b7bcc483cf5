import type {Change} from '../core/diff.ts'
import {messageOf, RejectedError} from '../core/errors.ts'
import {format} from '../core/money.ts'
import {findLinks} from '../ledger/links.ts'
import type {HeldSalesOrder, SalesOrder} from '../netsuite/types.ts'
import {changesTo, describeChanges} from '../plan/compare.ts'
import {planOrder, skusOf} from '../plan/orders.ts'
import type {OrderReading} from '../shopify/orders.ts'
import type {OrderHint, ShopifyOrder} from '../shopify/types.ts'
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
    const record = held.records.get(plan.externalId) ?? null
    if (record === null && held.linked.has(order.legacyId)) {
      const lost = 'SALES_ORDER_DELETED: the linked sales order is not in NetSuite any more'
      return {...about, would: 'park', total: format(plan.total), netsuiteId: null, changes: [], reason: lost}
    }
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

/** The preview of an order that a push would park before it could plan it: gone, or not readable. null: it can be read. */
export function unreadable(hint: OrderHint | undefined, reading: OrderReading): Preview | null {
  if (reading !== null && !(reading instanceof Error)) return null
  const reason =
    reading === null ? 'ORDER_DELETED: Shopify does not have it any more' : `${reading.code}: ${reading.message}`
  const about = {name: hint?.name ?? '', orderId: hint?.id ?? ''}
  return {...about, would: 'park', total: null, netsuiteId: null, changes: [], reason}
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

type Held = Readonly<{records: ReadonlyMap<string, HeldSalesOrder>; linked: ReadonlySet<string>}>

async function heldBy(deps: PreviewDeps, planned: readonly OrderAndPlan[]): Promise<Held> {
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
  const found = records.flatMap((record) => (record?.externalId ? [[record.externalId, record] as const] : []))
  return {records: new Map(found), linked: new Set(links.keys())}
}
