import {parseMoney, equals, format} from '../core/money.ts'
import {BugError, RejectedError, type SyncError} from '../core/errors.ts'
import {externalId} from '../core/ids.ts'
import type {Job, Write} from '../ledger/types.ts'
import {errorOfStatus} from '../netsuite/faults.ts'
import type {HeldSalesOrder, SalesOrder, WriteStatus} from '../netsuite/types.ts'
import {planHash} from '../plan/hash.ts'
import {conclude, orderOf, planOf, type OrderDeps, type Work} from './work.ts'

/** What NetSuite computed is compared with the plan, to the cent. A difference is kept in the ledger and parks the order. */
export function compareTotal(deps: OrderDeps, work: Work, record: HeldSalesOrder): void {
  const planned = planOf(work).total
  const computed = parseMoney(record.total, planned.currency)
  if (equals(planned, computed)) return
  const message = `NetSuite computed ${format(computed)} where the plan says ${format(planned)}`
  note(deps, work, {
    outcome: 'rejected',
    remoteId: record.id,
    sent: null,
    reply: {code: 'TOTAL_DIFFERS', message},
    startedAt: deps.clock.now(),
  })
  throw new RejectedError('TOTAL_DIFFERS', message, {
    hint: `open the sales order ${record.id} in NetSuite: a tax, a price level or a script changed an amount`,
    subject: work.job.subject,
  })
}

/** Notes that NetSuite did not take the record, and gives the error that this means: a person's, a passing one, or everybody's. */
export function refused(
  deps: OrderDeps,
  work: Work,
  status: WriteStatus | undefined,
  sent: unknown,
  startedAt: Date,
): SyncError {
  note(deps, work, {outcome: 'rejected', remoteId: null, sent, reply: status ?? null, startedAt})
  if (status?.outcome === 'refused') return errorOfStatus(status, work.job.subject)
  return new BugError('STATUS_MISSING', 'NetSuite answered without a status for this record', {
    hint: 'report this with the output of orders:trace',
    subject: work.job.subject,
  })
}

/** The ledger and NetSuite tell two stories of one order: which of two records is the duplicate, a person decides. */
export function contradiction(message: string, work: Work): RejectedError {
  return new RejectedError('LINK_CONTRADICTED', message, {
    hint: 'one of two records is a duplicate: compare both, then tieout jobs:retry --relink',
    subject: work.job.subject,
  })
}

/** True where the record carries our external ID, or lost it but still shows the order's number in our own field. */
export function isOf(deps: OrderDeps, work: Work, record: HeldSalesOrder): boolean {
  if (record.externalId !== null) return record.externalId === planOf(work).externalId
  const field = deps.rules.fields.order
  return field !== null && record.customFields[field] === orderOf(work).legacyId
}

/** Left out by a rule of the contract, or because it is gone, and visible in the ledger. */
export function noteSkipped(deps: OrderDeps, work: Work, reason: string): void {
  work.writes.push({...bareWrite(deps, work), outcome: 'skipped', reply: {reason}})
  work.did = 'skipped'
  conclude(work)
}

/** The record of an attempt about an order without a plan. */
export function bareWrite(deps: OrderDeps, work: Work): Write {
  return {
    flow: 'orders',
    subject: work.job.subject,
    runId: deps.runId,
    system: 'netsuite',
    recordType: 'salesOrder',
    externalId: externalId.order(legacyIdOf(work.job)),
    remoteId: null,
    outcome: 'unknown',
    planHash: '',
    sent: null,
    reply: null,
    startedAt: deps.clock.now(),
    durationMs: 0,
  }
}

/** The subject's last part is the number of the order. */
export function legacyIdOf(job: Job): string {
  return job.subject.slice(job.subject.indexOf('/') + 1)
}

export function link(deps: OrderDeps, work: Work, netsuiteId: string): void {
  const {legacyId} = orderOf(work)
  work.links.push({
    recordType: 'salesOrder',
    shop: deps.shop,
    shopifyId: legacyId,
    externalId: planOf(work).externalId,
    netsuiteId,
  })
}

type Noted = Pick<Write, 'outcome' | 'remoteId' | 'sent' | 'reply' | 'startedAt'>

export function note(deps: OrderDeps, work: Work, noted: Noted): void {
  work.writes.push(writeOf(deps, work, noted))
}

export function writeOf(deps: OrderDeps, work: Work, noted: Noted): Write {
  return {
    ...noted,
    flow: 'orders',
    subject: work.job.subject,
    runId: deps.runId,
    system: 'netsuite',
    recordType: 'salesOrder',
    externalId: planOf(work).externalId,
    planHash: planHash(planOf(work)),
    durationMs: deps.clock.now().getTime() - noted.startedAt.getTime(),
  }
}

/** What was sent, without customer details: the ledger keeps amounts and references only. */
export function summary(plan: SalesOrder): unknown {
  return {
    tranDate: plan.tranDate,
    otherRefNum: plan.otherRefNum,
    entity: plan.entity,
    currency: plan.currency,
    shippingCost: plan.shippingCost === null ? null : format(plan.shippingCost),
    total: format(plan.total),
    lines: plan.lines.map((line) => ({
      key: line.key,
      item: line.item.id,
      quantity: line.quantity,
      amount: format(line.amount),
    })),
  }
}
