import {createHash} from 'node:crypto'

import {RejectedError, RetryableError} from '../core/errors.ts'
import type {Write} from '../ledger/types.ts'
import {errorOfStatus} from '../netsuite/faults.ts'
import type {Customer} from '../netsuite/types.ts'
import {inactive} from './customer-match.ts'
import {replyOf, type OrderDeps, type Work} from './work.ts'

/**
 * Adds a customer under our external ID and gives its internal id; "already there" means that an earlier try arrived.
 * `work` is the order in whose history it stands.
 */
export async function addCustomer(deps: OrderDeps, record: Customer, work: Work): Promise<string> {
  const startedAt = deps.clock.now()
  const note = (outcome: Write['outcome'], remoteId: string | null, reply: unknown) =>
    work.writes.push(writeOf(deps, work, record, {outcome, remoteId, reply, startedAt}))
  let isLost = false
  try {
    const status = await deps.netsuite.customers.add(record)
    if (status.outcome === 'saved') {
      note('written', status.id, {warnings: status.warnings, requestId: status.requestId})
      return status.id
    }
    if (status.outcome === 'refused') {
      note('rejected', null, status)
      throw errorOfStatus(status, work.job.subject)
    }
  } catch (error) {
    if (!(error instanceof RetryableError) || !error.outcomeUnknown) throw error
    note('unknown', null, replyOf(error))
    isLost = true
  }
  const held = await deps.netsuite.customers.get({externalId: record.externalId})
  if (held === null) throw isLost ? notThereYet(record) : takenElsewhere(record, work)
  note('adopted', held.id, null)
  if (held.isInactive) throw inactive(held)
  return held.id
}

function notThereYet(record: Customer): RetryableError {
  return new RetryableError('WRITE_UNKNOWN', `NetSuite did not answer, and does not hold ${record.externalId} yet`, {
    hint: 'nothing to do: the order is tried again',
    retryAfterMs: 5_000,
  })
}

function takenElsewhere(record: Customer, work: Work): RejectedError {
  return new RejectedError('EXTERNAL_ID_TAKEN', `NetSuite says ${record.externalId} exists, but holds no customer`, {
    hint: 'another kind of entity carries this external ID; clear it there, then tieout jobs:retry',
    subject: work.job.subject,
  })
}

type Noted = Pick<Write, 'outcome' | 'remoteId' | 'reply' | 'startedAt'>

/** Customer details stay out of the ledger: the names of the fields, and a hash that tells whether two plans are alike. */
function writeOf(deps: OrderDeps, work: Work, record: Customer, noted: Noted): Write {
  return {
    ...noted,
    flow: 'orders',
    subject: work.job.subject,
    runId: deps.runId,
    system: 'netsuite',
    recordType: 'customer',
    externalId: record.externalId,
    planHash: createHash('sha256').update(JSON.stringify(record)).digest('hex'),
    sent: {fields: Object.keys(record)},
    durationMs: deps.clock.now().getTime() - noted.startedAt.getTime(),
  }
}
