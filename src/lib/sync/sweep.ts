import {knownDeliveries} from '../ledger/arrivals.ts'
import {advanceCursor, getCursor} from '../ledger/cursors.ts'
import {receive} from '../ledger/events.ts'
import type {Hint} from '../ledger/types.ts'
import type {Shopify} from '../shopify/client.ts'
import type {OrderHint} from '../shopify/types.ts'
import {subjectOf} from './orders.ts'
import type {SweepReport} from './report.ts'
import {instantOf} from './select.ts'
import type {OrderDeps} from './work.ts'

export type SweepDeps = Pick<OrderDeps, 'ledger' | 'rules' | 'shop' | 'clock'> &
  Readonly<{shopify: Pick<Shopify, 'listOrders' | 'shopInfo' | 'grantedScopes' | 'connection'>}>

export type SweepBounds = Readonly<{overlapMinutes: number; signal: AbortSignal}>

/** Without a start in the contract the first sweep looks this far back. */
const FIRST_MS = 24 * 3_600_000
/** Orders older than this are absent without read_all_orders: shopify.dev, "Access scopes". */
const VISIBLE_MS = 60 * 24 * 3_600_000

export function cursorOf(shop: string): string {
  return `orders:sweep ${shop}`
}

/**
 * Where the next sweep begins, told before anything is listed. Shopify's clock decides, never ours alone. It looks back behind
 * the cursor because Shopify's search learns of a change seconds after it, but never behind the start in the contract.
 */
async function begin(deps: SweepDeps, overlapMinutes: number): Promise<{report: SweepReport; isAhead: boolean}> {
  const {rules, shopify, shop, ledger} = deps
  const opening = instantOf(rules.orders.since ?? null, rules.timeZone, 'start')
  const cursor = await getCursor(ledger.db, cursorOf(shop))
  const nowMs = await shopTimeMs(deps)
  const start = cursor === null ? nowMs - FIRST_MS : cursor.getTime() - overlapMinutes * 60_000
  const isOpening = opening !== undefined && (cursor === null || opening.getTime() > start)
  const from = isOpening ? opening : new Date(Math.floor(start / 1000) * 1000)
  const isAhead = from.getTime() > nowMs
  const notes: string[] = []
  if (isAhead) notes.push('orders.since of the contract is still to come: until then nothing is swept')
  if (nowMs - from.getTime() > VISIBLE_MS && !(await shopify.grantedScopes()).includes('read_all_orders')) {
    notes.push('the app lacks read_all_orders: Shopify hides orders older than 60 days, also those that changed since')
  }
  const because = isOpening ? 'contract' : cursor === null ? 'first' : 'cursor'
  return {report: {from, because, listed: 0, queued: 0, known: 0, upTo: cursor, notes}, isAhead}
}

/** The time at the shop: the Date header of its answers, exact to a second; our own clock where no answer has one. */
async function shopTimeMs({shopify, clock}: SweepDeps): Promise<number> {
  if (shopify.connection().clockSkewMs === null) await shopify.shopInfo()
  return clock.now().getTime() + (shopify.connection().clockSkewMs ?? 0)
}

/**
 * Queues every order that changed since the last sweep. The cursor follows what is on disk, page by page, and only as far
 * as Shopify's own times of change reach, so that an end at any moment, an outage of any length and a wrong clock lose
 * nothing. A change that an earlier sweep queued is not queued again. Deleted orders stand in no list.
 * @param began told the report before anything is listed; it is filled in as the sweep goes on
 */
export async function sweepOrders(
  deps: SweepDeps,
  {overlapMinutes, signal}: SweepBounds,
  began: (report: SweepReport) => void,
): Promise<void> {
  const {report, isAhead} = await begin(deps, overlapMinutes)
  began(report)
  if (isAhead) return
  const advance = async (to: number) => {
    report.upTo = await advanceCursor(deps.ledger.db, cursorOf(deps.shop), new Date(to))
  }
  // Where nothing is found the next sweep begins here again, however late it comes.
  await advance(report.from.getTime())
  let newest = report.from.getTime()
  for await (const page of deps.shopify.listOrders({by: 'updated', since: report.from})) {
    if (signal.aborted) return
    const {recorded, seen} = await receive(
      deps.ledger,
      page.map((order) => hintOf(deps, order)),
    )
    report.listed += page.length
    report.queued += recorded
    report.known += seen
    const times = page.map(({updatedAt}) => Date.parse(updatedAt))
    newest = Math.max(newest, ...times)
    // Not to the last of the page: an order shows its present time of change, its place in the list may be of an older one.
    await advance(Math.min(...times))
  }
  await advance(newest)
}

/** What a sweep would queue now, in pages. Reads only. */
export async function* changedOrders(
  deps: SweepDeps,
  overlapMinutes: number,
  began: (report: SweepReport) => void,
): AsyncGenerator<readonly OrderHint[]> {
  const {report, isAhead} = await begin(deps, overlapMinutes)
  began(report)
  if (isAhead) return
  for await (const page of deps.shopify.listOrders({by: 'updated', since: report.from})) {
    const ids = page.map((order) => deliveryIdOf(deps, order))
    const known = await knownDeliveries(deps.ledger.db, 'sweep', ids)
    const fresh = page.filter((_, i) => !known.has(ids[i] ?? ''))
    if (fresh.length > 0) yield fresh
  }
}

/** One change of one order: its next change has another time. */
function deliveryIdOf({shop}: SweepDeps, {id, updatedAt}: OrderHint): string {
  return `${subjectOf(shop, id)}@${updatedAt}`
}

function hintOf(deps: SweepDeps, order: OrderHint): Hint {
  return {
    source: 'sweep',
    deliveryId: deliveryIdOf(deps, order),
    flow: 'orders',
    subject: subjectOf(deps.shop, order.id),
    name: order.name,
    topic: 'orders',
    body: JSON.stringify({id: order.id, updatedAt: order.updatedAt}),
    receivedAt: deps.clock.now(),
  }
}
