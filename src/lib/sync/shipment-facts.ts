import type {Clock} from '../core/clock.ts'
import {gid} from '../core/ids.ts'
import type {Ledger} from '../ledger/open.ts'
import {writtenPostings} from '../ledger/postings.ts'
import {shippedOrderOf} from '../ledger/subjects.ts'
import type {Subject, Write} from '../ledger/types.ts'
import type {PostingPort} from '../netsuite/posting-ports.ts'
import type {HeldShipment, ShipmentPort} from '../netsuite/shipment-types.ts'
import type {ShopRules} from '../plan/life-types.ts'
import {planShipments, type ShipmentPlan} from '../plan/shipments.ts'
import type {Shopify} from '../shopify/client.ts'

/** What telling Shopify of NetSuite's shipments needs of the world. */
export type PullDeps = Readonly<{
  ledger: Ledger
  shopify: Shopify
  netsuite: Readonly<{shipments: ShipmentPort; postings: Pick<PostingPort, 'get'>}>
  rules: ShopRules
  shop: string
  clock: Clock
  runId: string
}>

/** The shipments of one order: its plan, and what people see of the order. null: Shopify does not have the order. */
export type PlannedShipments = Readonly<{
  name: string
  plan: ShipmentPlan
  /** Ids of the item fulfilments that are told already, and linked. */
  linked: ReadonlySet<string>
}> | null

/**
 * Reads the order's side in Shopify and plans. The fulfilment orders are read before the order: what someone ships between
 * the two is counted as shipped, and cannot be shipped again.
 * @param writes what this run did for the order and has not settled yet
 */
export async function planOrderShipments(
  deps: PullDeps,
  subject: Subject,
  held: readonly HeldShipment[],
  writes: readonly Write[] = [],
): Promise<PlannedShipments> {
  const legacy = shippedOrderOf(subject)
  const places = await deps.shopify.fulfillments.orders(legacy)
  const [order = null] = await deps.shopify.getOrders([legacy], {money: true})
  if (order instanceof Error) throw order
  if (places === null || order === null) return null
  const known = await knownOf(deps, legacy, writes)
  const facts = {order, places, held, ...known}
  const deleted = await deletedOf(deps, known.told, held)
  const plan = planShipments({...facts, deleted}, deps.rules.life.fulfillments)
  return {name: order.name, plan, linked: new Set(known.told.values())}
}

/** What we told Shopify of, and what we cancelled there: by the ledger, then by what is not settled yet. */
async function knownOf({ledger, shop}: PullDeps, orderId: string, writes: readonly Write[]) {
  const subjects = [`${shop}/${orderId}`]
  const settled = await writtenPostings(ledger.db, 'orders', subjects, ['fulfillment', 'fulfillmentCancel'])
  const own = writes
    .filter(({outcome}) => outcome === 'written' || outcome === 'adopted')
    .map(({recordType, externalId, remoteId}) => ({recordType, externalId, netsuiteId: remoteId ?? ''}))
  const told = new Map<string, string>()
  const cancelled = new Set<string>()
  for (const {recordType, externalId, netsuiteId} of [...settled, ...own]) {
    const id = gid('Fulfillment', externalId.slice('SHOPIFY:FULFILLMENT:'.length))
    told.delete(id)
    if (recordType === 'fulfillment') told.set(id, netsuiteId)
    if (recordType === 'fulfillmentCancel') cancelled.add(id)
  }
  return {told, cancelled}
}

/** What the query does not show may only lag behind: a record is deleted where reading it finds nothing. */
async function deletedOf(
  {netsuite}: PullDeps,
  told: ReadonlyMap<string, string>,
  held: readonly HeldShipment[],
): Promise<Set<string>> {
  const missing = [...new Set(told.values())].filter((id) => !held.some((one) => one.id === id))
  if (missing.length === 0) return new Set()
  const read = await netsuite.postings.get(
    'itemFulfillment',
    missing.map((id) => ({id})),
  )
  return new Set(missing.filter((_, i) => !read[i]))
}
