import {BugError, RejectedError, type RetryableError, type SyncError} from '../core/errors.ts'
import {errorOfStatus} from '../netsuite/faults.ts'
import type {HeldPosting} from '../netsuite/posting-types.ts'
import type {WriteStatus} from '../netsuite/types.ts'
import {amountOf} from '../plan/postings.ts'
import {compareHeld} from './life-check.ts'
import {keep, note, type OfWork} from './life-note.ts'
import {fail, replyOf, type OrderDeps} from './work.ts'

/** Notes what became of each record of a message; what was saved is read back, what was there already is adopted. */
export async function takeStatuses(
  deps: OrderDeps,
  records: readonly OfWork[],
  statuses: readonly (WriteStatus | undefined)[],
  startedAt: Date,
): Promise<void> {
  const saved: OfWork[] = []
  const duplicates: OfWork[] = []
  const refusals: [OfWork, SyncError][] = []
  records.forEach((one, i) => {
    const status = statuses[i]
    if (status?.outcome === 'saved') {
      const reply = {warnings: status.warnings, requestId: status.requestId}
      keep(deps, one, {outcome: 'written', remoteId: status.id, reply, startedAt})
      saved.push(one)
    } else if (status?.outcome === 'duplicate') {
      duplicates.push(one)
    } else {
      note(deps, one, {outcome: 'rejected', remoteId: null, reply: status ?? null, startedAt})
      refusals.push([one, refusalOf(one, status)])
    }
  })
  await readBack(deps, saved)
  await adoptPostings(deps, duplicates, duplicateElsewhere)
  // Only now, when the others are noted. The first one that was refused explains the rest of its order.
  for (const [{work}, error] of refusals) if (work.end === undefined) fail(work, error)
}

/** No reply came: whether these were written is looked up. */
export function unknownPostings(
  deps: OrderDeps,
  records: readonly OfWork[],
  error: RetryableError,
  startedAt: Date,
): void {
  for (const one of records) note(deps, one, {outcome: 'unknown', remoteId: null, reply: replyOf(error), startedAt})
}

/** Takes over what NetSuite holds under our external IDs. What it does not hold ends its order with the error given. */
export async function adoptPostings(
  deps: OrderDeps,
  records: readonly OfWork[],
  otherwise: (one: OfWork) => SyncError,
): Promise<void> {
  const held = await heldOf(deps, records)
  const startedAt = deps.clock.now()
  for (const one of records) {
    const record = held.get(one.record.externalId)
    if (record === undefined) {
      if (one.work.end === undefined) fail(one.work, otherwise(one))
      continue
    }
    keep(deps, one, {outcome: 'adopted', remoteId: record.id, reply: null, startedAt})
    compareHeld(deps, one, record)
  }
}

/** After every write the total and the account are read that NetSuite made of it: a payment method may override an account. */
async function readBack(deps: OrderDeps, records: readonly OfWork[]): Promise<void> {
  const withMoney = records.filter(({record}) => amountOf(record) !== null)
  const held = await heldOf(deps, withMoney)
  for (const one of withMoney) compareHeld(deps, one, held.get(one.record.externalId))
}

async function heldOf(deps: OrderDeps, records: readonly OfWork[]): Promise<Map<string, HeldPosting>> {
  const found = new Map<string, HeldPosting>()
  for (const [type, ofType] of Map.groupBy(records, ({record}) => record.type)) {
    const refs = ofType.map(({record}) => ({externalId: record.externalId}))
    const held = await deps.netsuite.postings.get(type, refs)
    ofType.forEach(({record}, i) => {
      const one = held[i]
      if (one) found.set(record.externalId, one)
    })
  }
  return found
}

function refusalOf({work, record}: OfWork, status: WriteStatus | undefined): SyncError {
  if (status?.outcome === 'refused') return errorOfStatus(status, work.job.subject)
  return new BugError('STATUS_MISSING', `NetSuite answered without a status for ${record.externalId}`, {
    hint: 'report this with the output of orders:trace',
    subject: work.job.subject,
  })
}

function duplicateElsewhere({work, record}: OfWork): RejectedError {
  return new RejectedError(
    'EXTERNAL_ID_TAKEN',
    `NetSuite says ${record.externalId} exists, but holds no ${record.type} under it`,
    {
      hint: 'another kind of transaction carries this external ID; clear it there, then tieout jobs:retry',
      subject: work.job.subject,
    },
  )
}
