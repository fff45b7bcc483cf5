import {RejectedError, RetryableError, type SyncError} from '../core/errors.ts'
import type {WriteStatus} from '../netsuite/types.ts'
import {asPlanned} from './conflicts.ts'
import {customerFault} from './customer-gone.ts'
import {link, note, refused, summary} from './record.ts'
import {compareAndUpdate, readBack} from './update.ts'
import {fail, open, planOf, replyOf, sharedStep, step, type OrderDeps, type Work} from './work.ts'

/** Adds orders under their external IDs. "Already there" means that an earlier try arrived: adopt it. Look where the reply was lost. */
export async function addAll(deps: OrderDeps, works: readonly Work[]): Promise<void> {
  const startedAt = deps.clock.now()
  let statuses: WriteStatus[]
  try {
    statuses = await deps.netsuite.salesOrders.add(works.map(planOf))
  } catch (error) {
    if (!(error instanceof RetryableError) || !error.outcomeUnknown) throw error
    for (const work of works) {
      const sent = summary(planOf(work))
      note(deps, work, {outcome: 'unknown', remoteId: null, sent, reply: replyOf(error), startedAt})
      work.remembered = asPlanned(deps, work)
    }
    return adoptArrived(deps, works, error)
  }
  await takeStatuses(deps, works, statuses, startedAt)
}

async function takeStatuses(
  deps: OrderDeps,
  works: readonly Work[],
  statuses: readonly WriteStatus[],
  startedAt: Date,
): Promise<void> {
  const saved: Work[] = []
  const duplicates: Work[] = []
  const refusals: [Work, SyncError][] = []
  works.forEach((work, i) => {
    const status = statuses[i]
    const sent = summary(planOf(work))
    if (status?.outcome === 'saved') {
      work.netsuiteId = status.id
      work.did = 'written'
      link(deps, work, status.id)
      work.remembered = asPlanned(deps, work)
      const reply = {warnings: status.warnings, requestId: status.requestId}
      note(deps, work, {outcome: 'written', remoteId: status.id, sent, reply, startedAt})
      saved.push(work)
    } else if (status?.outcome === 'duplicate') {
      duplicates.push(work)
    } else {
      refusals.push([work, refused(deps, work, status, sent, startedAt)])
    }
  })
  await sharedStep(saved, () => readBack(deps, saved))
  await sharedStep(duplicates, () => adopt(deps, duplicates))
  // Only now, when the others are noted: a refusal that concerns everybody is thrown on.
  for (const [work, error] of refusals) {
    const isOfReference = error.code === 'NETSUITE_REFERENCE_INVALID'
    await step(work, async () => {
      throw (isOfReference ? await customerFault(deps, work) : null) ?? error
    })
  }
}

/** The reply was lost: what arrived is adopted, what did not is tried again later. */
async function adoptArrived(deps: OrderDeps, works: readonly Work[], error: RetryableError): Promise<void> {
  await adoptHeld(deps, works, () => error)
}

/** A record with our external ID was there before the ledger knew. */
async function adopt(deps: OrderDeps, works: readonly Work[]): Promise<void> {
  await adoptHeld(deps, works, duplicateElsewhere)
}

async function adoptHeld(deps: OrderDeps, works: readonly Work[], otherwise: (work: Work) => SyncError): Promise<void> {
  const held = await deps.netsuite.salesOrders.get(works.map((work) => ({externalId: planOf(work).externalId})))
  works.forEach((work, i) => {
    const record = held[i]
    if (record) work.netsuiteId = record.id
    else fail(work, otherwise(work))
  })
  await compareAndUpdate(
    deps,
    open(works),
    held.filter((record) => record !== null),
  )
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
