import {RejectedError, type SyncError} from '../core/errors.ts'
import {externalId} from '../core/ids.ts'
import {parseMoney} from '../core/money.ts'
import {tracesOf, type Traces} from '../ledger/deletions.ts'
import {findLinks} from '../ledger/links.ts'
import type {Write} from '../ledger/types.ts'
import {errorOfStatus} from '../netsuite/faults.ts'
import type {HeldSalesOrder, SalesOrderChange} from '../netsuite/types.ts'
import {bareWrite, contradiction, legacyIdOf, noteSkipped} from './record.ts'
import {conclude, fail, replyOf, sharedStep, step, type OrderDeps, type Work} from './work.ts'

const HOUR_MS = 3_600_000
/** Without read_all_orders an app sees orders of the last 60 days (shopify.dev, "Access scopes"). A webhook may be a day late. */
const VISIBLE_MS = 59 * 24 * HOUR_MS

/**
 * Ends orders that Shopify does not give any more. Whether one was deleted, or is only too old to be seen, is told by what
 * arrived or by the scopes of the app; what cannot be told is parked. One that NetSuite does not hold ends as skipped. One
 * that it holds is parked, or closed where the contract says so and nothing of it was shipped or billed.
 */
export async function endDeleted(deps: OrderDeps, works: readonly Work[]): Promise<void> {
  const deleted = await provenDeleted(deps, works)
  for (const work of works) if (!deleted.includes(work)) fail(work, parked(work, NOT_VISIBLE))
  if (deleted.length === 0) return
  const held = await heldOf(deps, deleted)
  const closings: Closing[] = []
  for (const [i, work] of deleted.entries()) {
    await step(work, () => {
      const change = judge(deps, work, held[i] ?? null)
      if (change !== null) closings.push({work, change})
    })
  }
  await sharedStep(
    closings.map(({work}) => work),
    () => close(deps, closings),
  )
}

/** A delete webhook proves it. Else an order that is old enough to be readable at once, and that the app would see, is gone. */
async function provenDeleted(deps: OrderDeps, works: readonly Work[]): Promise<Work[]> {
  const traces = await tracesOf(
    deps.ledger.db,
    'orders',
    works.map((work) => work.job.subject),
  )
  const now = deps.clock.now().getTime()
  const ageMs = (time: Date) => now - time.getTime()
  const proven: Work[] = []
  for (const work of works) {
    const trace: Traces | undefined = traces.get(work.job.subject)
    if (trace === undefined) continue
    const isYoung = trace.createdAt !== null && ageMs(trace.createdAt) < VISIBLE_MS
    const isReadable = ageMs(trace.firstAt) > HOUR_MS
    if (trace.deleted || (isReadable && (isYoung || (await seesAll(deps))))) proven.push(work)
  }
  return proven
}

async function seesAll({shopify}: OrderDeps): Promise<boolean> {
  return (await shopify.grantedScopes?.())?.includes('read_all_orders') === true
}

/** By the link, else by external ID: NetSuite itself is asked, because a search lags behind. */
async function heldOf(deps: OrderDeps, works: readonly Work[]): Promise<(HeldSalesOrder | null)[]> {
  const ids = works.map((work) => legacyIdOf(work.job))
  const links = await findLinks(deps.ledger.db, 'salesOrder', deps.shop, ids)
  works.forEach((work, i) => {
    const id = links.get(ids[i] ?? '')?.netsuiteId
    if (id !== undefined) work.netsuiteId = id
  })
  return deps.netsuite.salesOrders.get(
    works.map(({netsuiteId}, i) =>
      netsuiteId === undefined ? {externalId: externalId.order(ids[i] ?? '')} : {id: netsuiteId},
    ),
  )
}

type Closing = Readonly<{work: Work; change: SalesOrderChange}>

/** Statuses of a sales order of which nothing was shipped or billed: pending approval, pending fulfilment. */
const UNTOUCHED: ReadonlySet<string> = new Set(['A', 'B'])
const ENDED: ReadonlySet<string> = new Set(['C', 'H'])

/** What closes the sales order; null: nothing is to be written. Throws what a person must decide. */
function judge(deps: OrderDeps, work: Work, record: HeldSalesOrder | null): SalesOrderChange | null {
  if (record === null) {
    noteSkipped(deps, work, 'DELETED_ORDER')
    return null
  }
  const expected = externalId.order(legacyIdOf(work.job))
  if (record.externalId !== null && record.externalId !== expected)
    throw contradiction(`the sales order ${record.id} carries the external ID ${record.externalId}`, work)
  work.netsuiteId = record.id
  if (ENDED.has(record.status)) {
    work.did = 'unchanged'
    work.writes.push(writeOf(deps, work, {outcome: 'unchanged', sent: null, reply: {status: record.status}}))
    conclude(work)
    return null
  }
  if (deps.rules.orders.deleted === 'park') throw parked(work, `was deleted in Shopify; NetSuite holds it as the sales order ${record.id}`) // prettier-ignore
  const currency = Object.entries(deps.rules.currencies).find(([, id]) => id === record.currencyId)?.[0]
  if (UNTOUCHED.has(record.status) && currency !== undefined) return closed(record, currency)
  throw parked(work, `was deleted in Shopify; its sales order ${record.id} was shipped or billed in part`)
}

/** The lines as they are, closed. */
function closed(record: HeldSalesOrder, currency: string): SalesOrderChange {
  const refOf = (id: string | null) => (id === null ? null : {id})
  const lines = record.lines.map((line) => ({
    line: line.line,
    planned: {
      key: line.key ?? '',
      item: {id: line.itemId},
      quantity: line.quantity === null ? null : Number(line.quantity),
      amount: parseMoney(line.amount, currency),
      description: line.description,
      location: refOf(line.locationId),
      taxCode: refOf(line.taxCodeId),
      isClosed: true,
    },
  }))
  return {type: 'salesOrder', id: record.id, fields: {}, lines}
}

async function close(deps: OrderDeps, closings: readonly Closing[]): Promise<void> {
  const startedAt = deps.clock.now()
  const refusals: [Work, SyncError][] = []
  const keep = (work: Work, noted: Noted) => work.writes.push(writeOf(deps, work, {...noted, startedAt}))
  const sent = {closed: 'DELETED_ORDER'}
  try {
    const statuses = await deps.netsuite.salesOrders.update(closings.map(({change}) => change))
    closings.forEach(({work}, i) => {
      const status = statuses[i]
      if (status?.outcome === 'saved') {
        keep(work, {outcome: 'updated', sent, reply: {warnings: status.warnings, requestId: status.requestId}})
        work.did = 'updated'
        conclude(work)
      } else {
        keep(work, {outcome: 'rejected', sent, reply: status ?? null})
        const isRefused = status?.outcome === 'refused'
        refusals.push([work, isRefused ? errorOfStatus(status, work.job.subject) : parked(work, NOT_CLOSED)])
      }
    })
  } catch (error) {
    for (const {work} of closings) keep(work, {outcome: 'unknown', sent, reply: replyOf(error)})
    throw error
  }
  for (const [work, error] of refusals) fail(work, error)
}

type Noted = Pick<Write, 'outcome' | 'sent' | 'reply'> & Readonly<{startedAt?: Date}>

function writeOf(deps: OrderDeps, work: Work, noted: Noted): Write {
  return {...bareWrite(deps, work), remoteId: work.netsuiteId ?? null, ...noted}
}

const NOT_VISIBLE = 'is not in Shopify any more, or is older than 60 days'
const NOT_CLOSED = 'was deleted in Shopify, and NetSuite did not say whether its sales order was closed'

function parked({job}: Work, what: string): RejectedError {
  return new RejectedError('ORDER_DELETED', `the order ${job.name ?? job.subject} ${what}`, {
    hint: 'if it was deleted, close its sales order in NetSuite if there is one, then tieout jobs:retry; older orders need the scope read_all_orders',
    subject: job.subject,
  })
}
