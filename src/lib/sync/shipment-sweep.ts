import {ConfigError, CredentialError} from '../core/errors.ts'
import {knownDeliveries} from '../ledger/arrivals.ts'
import {advanceCursor, getCursor} from '../ledger/cursors.ts'
import {receive} from '../ledger/events.ts'
import {findLinksByExternalId, findLinksByNetSuiteId} from '../ledger/links.ts'
import {subjectsOfShipments} from '../ledger/shipments.ts'
import {shipmentSubject} from '../ledger/subjects.ts'
import type {Hint, Subject} from '../ledger/types.ts'
import type {ChangedShipment} from '../netsuite/shipment-types.ts'
import type {PullDeps} from './shipment-facts.ts'
import type {ShipmentSweep} from './shipment-report.ts'

/** External IDs of the sales orders that came from Shopify. */
export const ORDERS = 'SHOPIFY:ORDER:'

/**
 * NetSuite's times are texts of a zone that it does not state, so that they are kept as if they were UTC and sent back as
 * they came. Two hours back bridge the hour that comes twice in autumn, and the lag of queries.
 */
const OVERLAP_MINUTES = 120
/** Without a cursor and a start in the contract: a day, wherever the account's zone lies. */
const FIRST_MS = 48 * 3_600_000

function cursorOf(shop: string): string {
  return `fulfillments:pull ${shop}`
}

/** Where a sweep begins. `since` as typed wins; then the last sweep, the start of the contract, two days ago. */
export async function beginSweep(deps: PullDeps, since: string | null): Promise<ShipmentSweep> {
  const {ledger, rules, shop, clock} = deps
  const cursor = await getCursor(ledger.db, cursorOf(shop))
  const start = since ?? (cursor === null ? (rules.orders.since ?? null) : null)
  const from =
    start === null
      ? textOf(cursor === null ? clock.now().getTime() - FIRST_MS : cursor.getTime() - OVERLAP_MINUTES * 60_000)
      : textOf(Date.parse(start.length === 10 ? `${start}T00:00:00Z` : `${start}Z`))
  return {from, listed: 0, deleted: 0, known: 0, upTo: null, notes: []}
}

/** Orders with item fulfilments that changed or were deleted since, in pages. */
export async function* changedOrders(
  deps: PullDeps,
  sweep: ShipmentSweep,
): AsyncGenerator<readonly Readonly<{subject: Subject; change: string}>[]> {
  for await (const page of deps.netsuite.shipments.changed(sweep.from, ORDERS)) {
    const ours = await ofThisShop(deps, page)
    sweep.listed += ours.length
    yield ours.map(({id, order, modified}) => ({
      subject: shipmentSubject(deps.shop, order.slice(ORDERS.length)),
      change: `${id}@${modified}`,
    }))
    const newest = page.map(({modified}) => modified).toSorted().at(-1) ?? null // prettier-ignore
    if (newest !== null && newest > (sweep.upTo ?? '')) sweep.upTo = newest
  }
  const gone = await deletedShipments(deps, sweep)
  sweep.deleted = gone.length
  yield gone.map(({subject, id}) => ({subject, change: `${id} deleted`}))
}

/**
 * Queues them: each change twice, by two sweeps. Its time tells seconds only, so that a second change within one cannot be
 * told from the first, and queries show numbers and lines later than the record that they belong to. The cursor moves when all are on disk, because pages do not come in the order
 * of time.
 */
export async function sweepShipments(deps: PullDeps, sweep: ShipmentSweep, isTyped: boolean): Promise<number> {
  let queued = 0
  for await (const page of changedOrders(deps, sweep)) {
    const all = page.map((one) => hintOf(deps, isTyped ? 'hand' : 'sweep', one.subject, one.change))
    const known = await knownDeliveries(
      deps.ledger.db,
      'sweep',
      all.map(({deliveryId}) => deliveryId),
    )
    const hints = all.map((hint) =>
      known.has(hint.deliveryId) ? {...hint, deliveryId: `${hint.deliveryId} again`} : hint,
    )
    const {recorded, seen} = await receive(deps.ledger, hints)
    queued += recorded
    sweep.known += seen
  }
  if (!isTyped) await advanceCursor(deps.ledger.db, cursorOf(deps.shop), new Date(timeOf(sweep.upTo ?? sweep.from)))
  return queued
}

/** A hand's hint is never a second one: whoever asks again wants it done again. */
export function hintOf(deps: PullDeps, source: Hint['source'], subject: Subject, change: string): Hint {
  return {
    source,
    deliveryId: `${source === 'hand' ? deps.runId : 'shipment'}/${subject}/${change}`,
    flow: 'fulfillments',
    subject,
    name: null,
    topic: 'itemFulfillment',
    body: JSON.stringify({change}),
    receivedAt: deps.clock.now(),
  }
}

/** Several shops may share an account: an order that the ledger links to another one is that one's. */
async function ofThisShop({ledger, shop}: PullDeps, page: readonly ChangedShipment[]): Promise<ChangedShipment[]> {
  const ids = page.map(({order}) => order)
  const links = await findLinksByExternalId(ledger.db, 'salesOrder', ids)
  return page.filter(({order}) => (links.get(order)?.shop ?? shop) === shop)
}

/** Item fulfilments that Shopify was told of. A role may be kept from deleted records; then a person must know. */
async function deletedShipments(
  {ledger, netsuite, shop}: PullDeps,
  sweep: ShipmentSweep,
): Promise<Readonly<{subject: Subject; id: string}>[]> {
  let ids: string[] = []
  try {
    ids = await netsuite.shipments.deletedSince(sweep.from)
  } catch (error) {
    const isHidden = error instanceof ConfigError || (error instanceof CredentialError && error.code === 'NETSUITE_PERMISSION_MISSING') // prettier-ignore
    if (!isHidden) throw error
    sweep.notes.push(`deleted item fulfilments are not noticed (${error.code}): add the permission Deleted Records`)
  }
  const links = (await findLinksByNetSuiteId(ledger.db, 'itemFulfillment', ids)).filter((link) => link.shop === shop)
  const found = await Promise.all(
    links.map(async ({externalId, netsuiteId}) => {
      const subjects = await subjectsOfShipments(ledger.db, [externalId])
      // Writes stand under the order.
      const orders = subjects.map((subject) => subject.slice(shop.length + 1))
      return orders.map((order) => ({subject: shipmentSubject(shop, order), id: netsuiteId}))
    }),
  )
  return found.flat()
}

function textOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}

function timeOf(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`)
}
