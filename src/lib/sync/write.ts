import {RejectedError, RetryableError, type SyncError} from '../core/errors.ts'
import {findLinks} from '../ledger/links.ts'
import {lastWrites} from '../ledger/writes.ts'
import type {HeldSalesOrder, SalesOrderChange, WriteStatus} from '../netsuite/types.ts'
import {changesTo} from '../plan/compare.ts'
import {planHash} from '../plan/hash.ts'
import {compareTotal, link, note, refused, summary} from './record.ts'
import {fail, open, orderOf, planOf, replyOf, sharedStep, type OrderDeps, type Work} from './work.ts'

/**
 * Brings NetSuite to the plans of a batch. What the ledger remembers as written with the same plan is left alone;
 * what NetSuite holds is compared and updated where it differs; the rest is added under its external ID.
 * After every write the total that NetSuite computed is read back and compared.
 * @param verify read what NetSuite holds even where the ledger says that it is right (an operator named the order)
 */
export async function writeOrders(deps: OrderDeps, works: readonly Work[], verify: boolean): Promise<void> {
  await sharedStep(open(works), async () => {
    await locate(deps, open(works), verify)
  })
  const located = open(works).filter((work) => work.netsuiteId !== undefined && work.outcome === undefined)
  const absent = open(works).filter((work) => work.netsuiteId === undefined)
  await sharedStep(located, () => compareAndUpdate(deps, located))
  await sharedStep(absent, () => addAll(deps, absent))
}

/** Finds the orders that NetSuite may hold already: by link, by the id written back to Shopify's side, by external ID. */
async function locate(deps: OrderDeps, works: readonly Work[], verify: boolean): Promise<void> {
  const links = await findLinks(
    deps.ledger.db,
    'salesOrder',
    deps.shop,
    works.map((work) => orderOf(work).legacyId),
  )
  const before = await lastWrites(
    deps.ledger.db,
    'salesOrder',
    works.map((work) => planOf(work).externalId),
  )
  const unlinked: Work[] = []
  for (const work of works) {
    const link = links.get(orderOf(work).legacyId)
    if (link === undefined) {
      unlinked.push(work)
      continue
    }
    work.netsuiteId = link.netsuiteId
    const last = before.get(planOf(work).externalId)
    if (!verify && last?.planHash === planHash(planOf(work)) && RIGHT.has(last.outcome)) work.outcome = 'unchanged'
  }
  if (unlinked.length === 0) return
  const rows = await deps.netsuite.queries.ordersByExternalId(unlinked.map((work) => planOf(work).externalId))
  const byExternalId = new Map(rows.map((row) => [row.externalId, row]))
  for (const work of unlinked) {
    const row = byExternalId.get(planOf(work).externalId)
    if (row !== undefined) work.netsuiteId = row.id
  }
}

/** Outcomes after which NetSuite held the plan. */
const RIGHT: ReadonlySet<string> = new Set(['written', 'adopted', 'updated', 'unchanged'])

async function addAll(deps: OrderDeps, works: readonly Work[]): Promise<void> {
  if (works.length === 0) return
  const startedAt = deps.clock.now()
  let statuses: WriteStatus[]
  try {
    statuses = await deps.netsuite.salesOrders.add(works.map(planOf))
  } catch (error) {
    if (!(error instanceof RetryableError) || !error.outcomeUnknown) throw error
    for (const work of works)
      note(deps, work, {
        outcome: 'unknown',
        remoteId: null,
        sent: summary(planOf(work)),
        reply: replyOf(error),
        startedAt,
      })
    return adoptArrived(deps, works, error)
  }
  const saved: Work[] = []
  const duplicates: Work[] = []
  const refusals: [Work, SyncError][] = []
  works.forEach((work, i) => {
    const status = statuses[i]
    if (status?.outcome === 'saved') {
      work.netsuiteId = status.id
      link(deps, work, status.id)
      work.outcome = 'written'
      note(deps, work, {
        outcome: 'written',
        remoteId: status.id,
        sent: summary(planOf(work)),
        reply: {warnings: status.warnings, requestId: status.requestId},
        startedAt,
      })
      saved.push(work)
    } else if (status?.outcome === 'duplicate') {
      duplicates.push(work)
    } else {
      refusals.push([work, refused(deps, work, status, summary(planOf(work)), startedAt)])
    }
  })
  await sharedStep(saved, () => readBack(deps, saved))
  await sharedStep(duplicates, () => adopt(deps, duplicates))
  failAll(refusals)
}

/** Ends refused orders after the others of the message are noted, because a refusal that concerns everybody is thrown on. */
function failAll(refusals: readonly (readonly [Work, SyncError])[]): void {
  for (const [work, error] of refusals) fail(work, error)
}

/** The reply was lost: what arrived is adopted, what did not is tried again later. Look, then write. */
async function adoptArrived(deps: OrderDeps, works: readonly Work[], error: RetryableError): Promise<void> {
  const held = await deps.netsuite.salesOrders.get(works.map((work) => ({externalId: planOf(work).externalId})))
  const arrived = works.filter((work, i) => {
    const record = held[i]
    if (record === null || record === undefined) {
      fail(work, error)
      return false
    }
    work.netsuiteId = record.id
    return true
  })
  await compareAndUpdate(deps, arrived)
}

/** A record with our external ID was there before the ledger knew: take its id and compare. */
async function adopt(deps: OrderDeps, works: readonly Work[]): Promise<void> {
  const held = await deps.netsuite.salesOrders.get(works.map((work) => ({externalId: planOf(work).externalId})))
  works.forEach((work, i) => {
    const record = held[i]
    if (record) work.netsuiteId = record.id
    else fail(work, duplicateElsewhere(work))
  })
  await compareAndUpdate(deps, open(works))
}

function duplicateElsewhere(work: Work): RejectedError {
  return new RejectedError(
    'EXTERNAL_ID_TAKEN',
    `NetSuite says ${planOf(work).externalId} exists, but holds no sales order under it`,
    {
      hint: 'another kind of transaction carries this external ID; clear it there, then tieout jobs:retry',
      subject: work.job.subject,
    },
  )
}

async function compareAndUpdate(deps: OrderDeps, works: readonly Work[]): Promise<void> {
  if (works.length === 0) return
  const held = await deps.netsuite.salesOrders.get(works.map((work) => ({id: work.netsuiteId ?? ''})))
  const changes: Readonly<{work: Work; change: SalesOrderChange}>[] = []
  works.forEach((work, i) => {
    const record = held[i]
    if (record === null || record === undefined) return fail(work, vanished(work))
    link(deps, work, record.id)
    const change = changesTo(planOf(work), record)
    if (change !== null) changes.push({work, change})
    else settleHeld(deps, work, record)
  })
  await update(deps, changes)
}

function vanished(work: Work): RejectedError {
  return new RejectedError('SALES_ORDER_DELETED', `the sales order ${work.netsuiteId} was deleted in NetSuite`, {
    hint: 'restore it, or remove the link with tieout jobs:retry --relink, which lets it be written anew',
    subject: work.job.subject,
  })
}

/** NetSuite holds the plan already: adopted when the ledger did not know of it. */
function settleHeld(deps: OrderDeps, work: Work, record: HeldSalesOrder): void {
  try {
    compareTotal(deps, work, record)
  } catch (error) {
    return fail(work, error)
  }
  const known = work.writes.some((write) => write.outcome === 'unknown')
  work.outcome = known ? 'written' : 'unchanged'
  note(deps, work, {
    outcome: known ? 'adopted' : 'unchanged',
    remoteId: record.id,
    sent: null,
    reply: {total: record.total},
    startedAt: deps.clock.now(),
  })
}

async function update(
  deps: OrderDeps,
  changes: readonly Readonly<{work: Work; change: SalesOrderChange}>[],
): Promise<void> {
  if (changes.length === 0) return
  const startedAt = deps.clock.now()
  const statuses = await deps.netsuite.salesOrders.update(changes.map(({change}) => change))
  const saved: Work[] = []
  const refusals: [Work, SyncError][] = []
  changes.forEach(({work, change}, i) => {
    const status = statuses[i]
    const sent = {fields: Object.keys(change.fields), lines: change.lines?.length ?? null}
    if (status?.outcome !== 'saved') return refusals.push([work, refused(deps, work, status, sent, startedAt)])
    work.outcome = 'updated'
    note(deps, work, {
      outcome: 'updated',
      remoteId: change.id,
      sent,
      reply: {warnings: status.warnings, requestId: status.requestId},
      startedAt,
    })
    return saved.push(work)
  })
  await sharedStep(saved, () => readBack(deps, saved))
  failAll(refusals)
}

/** What NetSuite computed is compared with the plan, to the cent. */
async function readBack(deps: OrderDeps, works: readonly Work[]): Promise<void> {
  if (works.length === 0) return
  const held = await heldOf(deps, works)
  works.forEach((work, i) => {
    const record = held[i]
    try {
      if (record === null || record === undefined) throw vanished(work)
      compareTotal(deps, work, record)
    } catch (error) {
      fail(work, error)
    }
  })
}

/** Reads what was just written. Where that fails the ledger must not take the write for right: it is looked at next time. */
async function heldOf(deps: OrderDeps, works: readonly Work[]): Promise<(HeldSalesOrder | null)[]> {
  const startedAt = deps.clock.now()
  try {
    return await deps.netsuite.salesOrders.get(works.map((work) => ({id: work.netsuiteId ?? ''})))
  } catch (error) {
    for (const work of works) {
      note(deps, work, {
        outcome: 'unknown',
        remoteId: work.netsuiteId ?? null,
        sent: null,
        reply: replyOf(error),
        startedAt,
      })
    }
    throw error
  }
}
