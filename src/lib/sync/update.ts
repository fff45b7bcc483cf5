import {RejectedError, type SyncError} from '../core/errors.ts'
import {remember} from '../ledger/conflicts.ts'
import {inTransaction} from '../ledger/connection.ts'
import type {Remembered} from '../ledger/types.ts'
import {addWrites} from '../ledger/writes.ts'
import type {HeldSalesOrder, SalesOrderChange, WriteStatus} from '../netsuite/types.ts'
import {changesTo} from '../plan/compare.ts'
import {asRead, asWritten, beforeUpdate, memoriesOf, memoryOf} from './conflicts.ts'
import {compareTotal, contradiction, isOf, link, note, refused, writeOf} from './record.ts'
import {fail, planOf, replyOf, sharedStep, step, type OrderDeps, type Work} from './work.ts'

type Update = Readonly<{work: Work; change: SalesOrderChange; before: Remembered}>

/**
 * Compares orders with what NetSuite holds under `netsuiteId` and updates those that differ.
 * Values of people that differ from both the plan and what Tieout left there are recorded before they are overwritten.
 * A record that was only found, not linked, and turns out to be gone or another order's, is not ours: `netsuiteId` is taken back.
 * @param known the records where they have been read just now
 */
export async function compareAndUpdate(
  deps: OrderDeps,
  works: readonly Work[],
  known: readonly HeldSalesOrder[] | null = null,
): Promise<void> {
  if (works.length === 0) return
  const held = known ?? (await deps.netsuite.salesOrders.get(works.map((work) => ({id: work.netsuiteId ?? ''}))))
  const memories = await memoriesOf(
    deps.ledger.db,
    works.map((work) => planOf(work).externalId),
  )
  const updates: Update[] = []
  for (const [i, work] of works.entries()) {
    await step(work, () => {
      const record = ourRecord(deps, work, held[i] ?? null)
      if (record === null) return
      link(deps, work, record.id)
      work.memory = memoryOf(memories, work)
      const change = changesTo(planOf(work), record, work.memory)
      if (change === null) settleHeld(deps, work, record)
      else updates.push({work, change, before: beforeUpdate(deps, work, record)})
    })
  }
  await sharedStep(
    updates.map(({work}) => work),
    () => update(deps, updates),
  )
}

function ourRecord(deps: OrderDeps, work: Work, record: HeldSalesOrder | null): HeldSalesOrder | null {
  if (record !== null && isOf(deps, work, record)) return record
  const id = work.netsuiteId
  if (work.isLinked !== true) {
    delete work.netsuiteId
    return null
  }
  if (record === null) throw vanished(work)
  const other = `the sales order ${id} carries the external ID ${record.externalId ?? 'of nobody'}`
  throw contradiction(`${other}, and the ledger links it to ${planOf(work).externalId}`, work)
}

function vanished(work: Work): RejectedError {
  return new RejectedError('SALES_ORDER_DELETED', `the sales order ${work.netsuiteId} was deleted in NetSuite`, {
    hint: 'restore it, or remove the link with tieout jobs:retry --relink, which lets it be written anew',
    subject: work.job.subject,
  })
}

/** NetSuite holds the plan already: by our own write whose reply was lost, or adopted when the ledger did not know of it. */
function settleHeld(deps: OrderDeps, work: Work, record: HeldSalesOrder): void {
  work.remembered = asRead(deps, work, record)
  compareTotal(deps, work, record)
  const outcome = work.isLinked === true ? 'unchanged' : 'adopted'
  work.did = work.writes.some((write) => write.outcome === 'unknown') ? 'written' : outcome
  const reply = {total: record.total}
  note(deps, work, {outcome, remoteId: record.id, sent: null, reply, startedAt: deps.clock.now()})
}

/**
 * Writes what differs. That it is about to be written is kept first, with the values of people that it overwrites: who dies
 * after the request, or loses its reply, must not later take the plan before it for what NetSuite holds.
 */
async function update(deps: OrderDeps, updates: readonly Update[]): Promise<void> {
  const startedAt = deps.clock.now()
  const intents = updates.map(({work, change}) =>
    writeOf(deps, work, {outcome: 'unknown', remoteId: change.id, sent: sentOf(change), reply: null, startedAt}),
  )
  await inTransaction(deps.ledger, async (tx) => {
    await addWrites(tx, intents)
    await remember(
      tx,
      updates.map(({before}) => before),
    )
  })
  for (const {work} of updates) delete work.remembered
  let statuses: WriteStatus[]
  try {
    statuses = await deps.netsuite.salesOrders.update(updates.map(({change}) => change))
  } catch (error) {
    const reply = replyOf(error)
    for (const {work, change} of updates)
      note(deps, work, {outcome: 'unknown', remoteId: change.id, sent: sentOf(change), reply, startedAt})
    throw error
  }
  await takeStatuses(deps, updates, statuses, startedAt)
}

async function takeStatuses(
  deps: OrderDeps,
  updates: readonly Update[],
  statuses: readonly WriteStatus[],
  startedAt: Date,
): Promise<void> {
  const saved: Work[] = []
  const refusals: [Work, SyncError][] = []
  updates.forEach(({work, change}, i) => {
    const status = statuses[i]
    const sent = sentOf(change)
    if (status?.outcome !== 'saved') {
      refusals.push([work, explained(work, change, refused(deps, work, status, sent, startedAt))])
      return
    }
    work.did = 'updated'
    const reply = {warnings: status.warnings, requestId: status.requestId}
    note(deps, work, {outcome: 'updated', remoteId: change.id, sent, reply, startedAt})
    saved.push(work)
  })
  await sharedStep(saved, () => readBack(deps, saved))
  for (const [work, error] of refusals) fail(work, error)
}

/** NetSuite lets another customer onto an order only while nothing was made from it. */
function explained(work: Work, change: SalesOrderChange, error: SyncError): SyncError {
  if (!(error instanceof RejectedError) || change.fields.entity === undefined) return error
  return new RejectedError('CUSTOMER_CHANGE_REFUSED', `the order has another customer in Shopify: ${error.message}`, {
    hint: 'where it was shipped or billed, correct the customer with finance and tieout jobs:park it with a note',
    subject: work.job.subject,
    cause: error,
  })
}

function sentOf(change: SalesOrderChange): unknown {
  return {fields: Object.keys(change.fields), lines: change.lines?.length ?? null}
}

/** What NetSuite computed is compared with the plan, to the cent. */
export async function readBack(deps: OrderDeps, works: readonly Work[]): Promise<void> {
  const held = await heldOf(deps, works)
  for (const [i, work] of works.entries()) {
    await step(work, () => {
      const record = held[i] ?? null
      if (record === null) throw vanished(work)
      work.remembered = asWritten(deps, work, record)
      compareTotal(deps, work, record)
    })
  }
}

/** Reads what was just written. Where that fails the ledger must not take the write for right: it is looked at next time. */
async function heldOf(deps: OrderDeps, works: readonly Work[]): Promise<(HeldSalesOrder | null)[]> {
  const startedAt = deps.clock.now()
  try {
    return await deps.netsuite.salesOrders.get(works.map((work) => ({id: work.netsuiteId ?? ''})))
  } catch (error) {
    const reply = replyOf(error)
    for (const work of works)
      note(deps, work, {outcome: 'unknown', remoteId: work.netsuiteId ?? null, sent: null, reply, startedAt})
    throw error
  }
}
