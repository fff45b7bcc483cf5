import {RejectedError, RetryableError} from '../core/errors.ts'
import {externalId as externalIds, legacyId} from '../core/ids.ts'
import {dropLinks} from '../ledger/links.ts'
import {shippedOrderOf} from '../ledger/subjects.ts'
import type {Write} from '../ledger/types.ts'
import {errorOfStatus} from '../netsuite/faults.ts'
import type {HeldShipment} from '../netsuite/shipment-types.ts'
import {postingId} from '../plan/posting-ids.ts'
import type {ShipmentFault, ShipmentPlan, ShipmentStep} from '../plan/shipments.ts'
import type {PullDeps} from './shipment-facts.ts'
import {replyOf, type Work} from './work.ts'

/** Steps done, by kind. */
export type Deeds = Record<ShipmentStep['do'], number>

/** An order on its way. */
export type Pulling = Readonly<{work: Work; deeds: Deeds; linked: ReadonlySet<string>}>

/** Does what the plan says, one step after the other; what was done is noted in the work, however it ends. */
export async function tellShopify(deps: PullDeps, pulling: Pulling, plan: ShipmentPlan): Promise<void> {
  const named = new Set(plan.steps.flatMap((step) => (step.do === 'name' ? [step.of.id] : [])))
  for (const step of plan.steps) {
    if (step.do === 'create') {
      const id = await create(deps, pulling, step)
      if (step.of.externalId === null && !named.has(step.of.id)) {
        named.add(step.of.id)
        await giveName(deps, pulling, step.of, postingId.fulfillment(id))
      }
    } else await doStep(deps, pulling, step)
    // A name is counted where it is given.
    if (step.do !== 'name') pulling.deeds[step.do] += 1
  }
  const [fault] = plan.faults
  if (fault !== undefined) throw refusal(plan.faults, fault, pulling.work)
  if (plan.waiting.length > 0) throw waits(plan.waiting, pulling.work)
}

type Step<Kind extends ShipmentStep['do']> = Extract<ShipmentStep, {do: Kind}>

async function create(deps: PullDeps, pulling: Pulling, step: Step<'create'>): Promise<string> {
  const {of, parts, tracking, notify} = step
  const sent = {itemFulfillment: of.tranId, parts, tracking, notify}
  const startedAt = deps.clock.now()
  try {
    const id = await deps.shopify.fulfillments.create({parts, tracking, notify})
    keep(deps, pulling, {of, fulfillmentId: id, outcome: 'written', sent, startedAt})
    return id
  } catch (error) {
    const outcome = outcomeOf(error)
    const about = {recordType: 'fulfillment', externalId: `NETSUITE:FULFILLMENT:${of.id}`, remoteId: of.id, sent}
    if (outcome !== null) note(deps, pulling, {...about, outcome, reply: replyOf(error), startedAt})
    throw error
  }
}

/** Whether an attempt that failed reached Shopify; null: it did not. */
function outcomeOf(error: unknown): 'unknown' | 'rejected' | null {
  if (error instanceof RejectedError) return 'rejected'
  return error instanceof RetryableError && error.outcomeUnknown ? 'unknown' : null
}

async function doStep(
  deps: PullDeps,
  pulling: Pulling,
  step: Exclude<ShipmentStep, Readonly<{do: 'create'}>>,
): Promise<void> {
  const {fulfillments} = deps.shopify
  const startedAt = deps.clock.now()
  const noted = {outcome: 'written', reply: null, startedAt} as const
  switch (step.do) {
    case 'adopt':
      // It may have been another's, which NetSuite took back.
      await dropLinks(deps.ledger.db, 'itemFulfillment', [linkOf(deps, step.fulfillmentId)])
      return keep(deps, pulling, {...step, outcome: 'adopted', sent: null, startedAt})
    case 'name':
      return giveName(deps, pulling, step.of, step.externalId)
    case 'track': {
      await fulfillments.updateTracking(step.fulfillmentId, step.tracking, step.notify)
      const externalId = postingId.fulfillment(step.fulfillmentId)
      const about = {recordType: 'fulfillmentTracking', externalId, remoteId: step.of.id, sent: step.tracking}
      return note(deps, pulling, {...noted, ...about, outcome: 'updated'})
    }
    case 'cancel': {
      await fulfillments.cancel(step.fulfillmentId)
      const externalId = postingId.fulfillment(step.fulfillmentId)
      const about = {recordType: 'fulfillmentCancel', externalId, remoteId: step.itemFulfillmentId, sent: null}
      note(deps, pulling, {...noted, ...about})
      await dropLinks(deps.ledger.db, 'itemFulfillment', [linkOf(deps, step.fulfillmentId)])
    }
  }
}

/** The Shopify side of a link, as the ledger drops it. */
function linkOf({shop}: PullDeps, fulfillmentId: string): string {
  return `${shop}/FULFILLMENT:${legacyId(fulfillmentId)}`
}

/** The item fulfilment shows what it is in Shopify, so that a ledger that was lost can be made anew. */
async function giveName(deps: PullDeps, pulling: Pulling, of: HeldShipment, externalId: string): Promise<void> {
  const startedAt = deps.clock.now()
  const status = await deps.netsuite.shipments.name(of.id, externalId)
  const outcome = status.outcome === 'saved' ? 'updated' : 'rejected'
  const about = {recordType: 'externalId', externalId, remoteId: of.id, sent: {externalId}}
  note(deps, pulling, {...about, outcome, reply: status, startedAt}, 'netsuite')
  if (status.outcome === 'refused') throw errorOfStatus(status, pulling.work.job.subject)
  pulling.deeds.name += 1
}

type Kept = Readonly<{of: HeldShipment; fulfillmentId: string; outcome: 'written' | 'adopted'; sent: unknown; startedAt: Date}> // prettier-ignore

/** Notes that Shopify shows an item fulfilment, and links the two. Of several in Shopify the first is the link. */
function keep(deps: PullDeps, pulling: Pulling, {of, fulfillmentId, outcome, sent, startedAt}: Kept): void {
  const externalId = postingId.fulfillment(fulfillmentId)
  note(deps, pulling, {recordType: 'fulfillment', externalId, remoteId: of.id, outcome, sent, reply: null, startedAt})
  const {links} = pulling.work
  // What a push made carries its external ID, and is linked by the push.
  const isLinked = pulling.linked.has(of.id) || links.some(({netsuiteId}) => netsuiteId === of.id)
  if (isLinked || of.externalId?.startsWith('SHOPIFY:') === true) return
  const shopifyId = `FULFILLMENT:${legacyId(fulfillmentId)}`
  links.push({recordType: 'itemFulfillment', shop: deps.shop, shopifyId, externalId, netsuiteId: of.id})
}

/** The order is not in Shopify, or not visible to the app: nothing of it can be told. */
export function noteAbsent(deps: PullDeps, pulling: Pulling): void {
  const reply = {reason: 'Shopify does not show the order'}
  const startedAt = deps.clock.now()
  const externalId = salesOrderOf(pulling.work)
  note(deps, pulling, {recordType: 'fulfillment', externalId, remoteId: null, outcome: 'skipped', sent: null, reply, startedAt}) // prettier-ignore
  pulling.work.did = 'skipped'
}

type Noted = Pick<Write, 'recordType' | 'externalId' | 'remoteId' | 'outcome' | 'sent' | 'reply' | 'startedAt'>

/** Written under the order, whose history shows it; the remote record is the item fulfilment. */
function note(
  {runId, clock, shop}: PullDeps,
  {work}: Pulling,
  noted: Noted,
  system: Write['system'] = 'shopify',
): void {
  const durationMs = clock.now().getTime() - noted.startedAt.getTime()
  work.writes.push({
    ...noted,
    flow: 'orders',
    subject: `${shop}/${shippedOrderOf(work.job.subject)}`,
    runId,
    system,
    planHash: '',
    durationMs,
  })
}

function refusal(faults: readonly ShipmentFault[], {code}: ShipmentFault, {job}: Work): RejectedError {
  const what = faults
    .filter((one) => one.code === code)
    .map((one) => one.what)
    .join('; ')
  const subject = job.subject
  switch (code) {
    case 'SHIPMENT_NOT_OPEN':
      return new RejectedError(
        'SHIPMENT_NOT_OPEN',
        `Shopify has nothing left to ship of what NetSuite shipped: ${what}`,
        {
          hint: 'look at the order in Shopify: cancelled, refunded or removed units are not shipped; correct the side that is wrong',
          subject,
        },
      )
    case 'SHIPMENT_LINE_UNKNOWN':
      return new RejectedError('SHIPMENT_LINE_UNKNOWN', `no line of ${what} carries the key of a line of Shopify`, {
        hint: 'look whether the column field of fields.line is filled on the lines of the sales order',
        subject,
      })
    case 'SHIPMENT_WITHDRAWN':
      return new RejectedError('SHIPMENT_WITHDRAWN', `NetSuite took back what Shopify shows as shipped: ${what}`, {
        hint: 'cancel the fulfilment in Shopify if the goods did not leave, or set fulfillments.withdrawn: cancel',
        subject,
      })
    case 'FULFILLMENT_CANCELLED':
      return new RejectedError('FULFILLMENT_CANCELLED', `was cancelled after NetSuite shipped it: ${what}`, {
        hint: 'ask the warehouse whether the goods left; ship it again in Shopify, or delete the item fulfilment in NetSuite',
        subject,
      })
  }
}

function waits(waiting: readonly string[], {job}: Work): RetryableError {
  return new RetryableError('SHIPMENT_WAITS', waiting.join('; '), {
    retryAfterMs: 60_000,
    hint: 'nothing to do: it is told when the fulfilment order is released in Shopify',
    subject: job.subject,
  })
}

/** External ID of the sales order of a job. */
export function salesOrderOf({job}: Work): string {
  return externalIds.order(shippedOrderOf(job.subject))
}
