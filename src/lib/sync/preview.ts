import type {Change} from '../core/diff.ts'
import {messageOf, RejectedError} from '../core/errors.ts'
import {format} from '../core/money.ts'
import {findLinks} from '../ledger/links.ts'
import type {HeldSalesOrder, SalesOrder} from '../netsuite/types.ts'
import {changesTo, compareFields, describeChanges} from '../plan/compare.ts'
import {conflictsOf} from '../plan/conflicts.ts'
import type {LifePlan} from '../plan/life-types.ts'
import type {Memory} from '../plan/memory.ts'
import {planOrder, skusOf} from '../plan/orders.ts'
import type {OrderReading} from '../shopify/orders.ts'
import type {OrderHint, ShopifyOrder} from '../shopify/types.ts'
import {memoriesOf} from './conflicts.ts'
import {NO_LIFE, previewLives, type LifePreview, type RecordPreview} from './preview-life.ts'
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
  /** Fields, or whole lines, in which a person changed NetSuite: an update records them, and overwrites what it can. */
  conflicts: readonly string[]
  /** Fields in which a person decided to keep NetSuite's value. */
  pinned: readonly string[]
  reason: string | null
  /** The records after the sales order, in the order in which they can be written. */
  records: readonly RecordPreview[]
  /** What has not happened yet and needs nobody. */
  waiting: LifePlan['waiting']
}>

export type PreviewDeps = Pick<OrderDeps, 'ledger' | 'netsuite' | 'items' | 'rules' | 'shop' | 'only'>

/** Plans orders and compares the plans with what NetSuite holds. Writes nothing, anywhere. */
export async function previewOrders(deps: PreviewDeps, orders: readonly ShopifyOrder[]): Promise<Preview[]> {
  const items = await deps.items([...new Set(orders.flatMap(skusOf))])
  const planned = orders.map((order) => ({order, ...planOrReason(deps, order, items)}))
  const plans = planned.flatMap(({order, plan}) => (plan === null ? [] : [{order, plan}]))
  const held = await heldBy(deps, plans)
  const memories = await memoriesOf(deps.ledger.db, [...held.records.keys()])
  const lives = await previewLives(deps, plans)
  return planned.map(({order, plan, would, reason}): Preview => {
    const about = {...nothing, name: order.name, orderId: order.id}
    if (plan === null) return {...about, would, reason}
    const total = format(plan.total)
    const life = lives.get(order.id) ?? NO_LIFE
    const record = held.records.get(plan.externalId) ?? null
    if (record !== null)
      return withLife({...about, total, ...heldPreview(plan, record, memories.get(plan.externalId))}, life)
    if (!held.linked.has(order.legacyId))
      return withLife({...about, would: 'add', total, changes: describeChanges(plan, null)}, life)
    return {...about, would: 'park', total, reason: 'SALES_ORDER_DELETED: the linked sales order is not in NetSuite any more'} // prettier-ignore
  })
}

const nothing = {
  total: null, netsuiteId: null, changes: [], conflicts: [], pinned: [], reason: null, records: [], waiting: [],
} // prettier-ignore

/** A sales order that is right, but lacks a record, is an update; one whose life cannot be planned is written, and then parked. */
function withLife(preview: Preview, {records, waiting, fault}: LifePreview): Preview {
  if (fault !== null) return {...preview, would: 'park', reason: fault}
  const isShort = preview.would === 'leave' && records.some(({would}) => would === 'add')
  return {...preview, would: isShort ? 'update' : preview.would, records, waiting}
}

/** An order that NetSuite holds. Its customer is left out: finding another would take requests, and perhaps add one. */
function heldPreview(planned: SalesOrder, record: HeldSalesOrder, memory: Memory | undefined) {
  const plan = {...planned, entity: {id: record.entityId}}
  const pinned = compareFields(plan, record, memory).filter((field) => field.isPinned)
  return {
    would: changesTo(plan, record, memory) === null ? ('leave' as const) : ('update' as const),
    netsuiteId: record.id,
    changes: describeChanges(plan, record, memory),
    conflicts: memory === undefined ? [] : conflictsOf(plan, record, memory).map(({field}) => field),
    pinned: pinned.map(({name}) => name),
  }
}

/** The preview of an order that a push would park before it could plan it: gone, or not readable. null: it can be read. */
export function unreadable(hint: OrderHint | undefined, reading: OrderReading): Preview | null {
  if (reading !== null && !(reading instanceof Error)) return null
  const reason =
    reading === null ? 'ORDER_DELETED: Shopify does not have it any more' : `${reading.code}: ${reading.message}`
  return {...nothing, name: hint?.name ?? '', orderId: hint?.id ?? '', would: 'park', reason}
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
