import {RejectedError, RetryableError} from '../core/errors.ts'
import {format} from '../core/money.ts'
import type {Write} from '../ledger/types.ts'
import type {BankDeposit, PostingRecord} from '../netsuite/posting-types.ts'
import {moneyKindOf} from '../plan/payout-lines.ts'
import type {BalanceTransaction} from '../shopify/money-types.ts'
import type {OfWork} from './life-note.ts'
import {laterThanClosed} from './life-period.ts'
import {adoptPostings, takeStatuses, unknownPostings} from './life-record.ts'
import {subjectOf} from './orders.ts'
import type {MoneyRecord} from './payout-currency.ts'
import type {PayoutReading} from './payout-plan.ts'
import type {PushDeps} from './push.ts'
import {fail, type Work} from './work.ts'

/**
 * Writes the records of a payout under their external IDs, one message each: a deposit may hold thousands of lines. The first
 * one that fails ends the payout; what was written before it is kept, and the next try goes on from there.
 */
export async function writePayout(
  deps: PushDeps,
  work: Work,
  reading: PayoutReading,
  records: readonly PostingRecord[],
): Promise<void> {
  for (const record of records) {
    await writeOne(deps, {work, record})
    if (record.type === 'deposit') {
      if (work.error?.code === 'NETSUITE_REFERENCE_INVALID') explain(work, reading, record)
      noteOrders(deps, work, reading, record)
    }
    if (work.end !== undefined) return
    work.did = 'written'
  }
}

/** Once more with another date where its period is closed and the contract says so. */
async function writeOne(deps: PushDeps, first: OfWork, isMoved = false): Promise<void> {
  const startedAt = deps.clock.now()
  try {
    const statuses = await deps.netsuite.postings.add([first.record])
    const [later] = isMoved ? [] : await laterThanClosed(deps, [first], statuses)
    if (later !== undefined) return await writeOne(deps, later, true)
    await takeStatuses(deps, [first], statuses, startedAt)
  } catch (error) {
    if (!(error instanceof RetryableError) || !error.outcomeUnknown) throw error
    unknownPostings(deps, [first], error, startedAt)
    await adoptPostings(deps, [first], () => error)
  }
}

/**
 * NetSuite takes a payment into one bank deposit only, and refuses another by the payment's internal id (NetSuite help
 * section_3941950392). This names the payment, so that a person can open it.
 */
function explain(work: Work, {lines, book}: PayoutReading, record: BankDeposit): void {
  const said = work.error?.message ?? ''
  const taken = new Set(record.payments.flatMap(({ref}) => ('id' in ref ? ref.id : [])))
  const [id] = said.match(/\d+/g)?.filter((number) => taken.has(number)) ?? []
  const found = moneyOf(lines, book).find((one) => one.record.netsuiteId === id)
  if (found === undefined) return
  const {type, netsuiteId, externalId} = found.record
  const what = `${type} ${netsuiteId} (${externalId}, order ${found.line.orderName ?? 'unknown'})`
  fail(
    work,
    new RejectedError('PAYMENT_NOT_UNDEPOSITED', `${what} is not in undeposited funds any more; NetSuite: ${said}`, {
      hint: `open ${type} ${netsuiteId} in NetSuite: take it out of the other deposit that holds it, then tieout jobs:retry`,
      subject: work.job.subject,
    }),
  )
}

/** The charges and refunds of a payout with the records that NetSuite holds of them. */
function moneyOf(
  lines: readonly BalanceTransaction[],
  book: PayoutReading['book'],
): Readonly<{line: BalanceTransaction; record: MoneyRecord}>[] {
  return lines.flatMap((line) => {
    const kind = moneyKindOf(line)
    if (kind === undefined || line.orderTransactionId === null) return []
    return book.money(line.orderTransactionId, kind).map((record) => ({line, record}))
  })
}

/** Each order learns in which bank deposit its money is: a line in its history, kept with the deposit itself. */
function noteOrders(deps: PushDeps, work: Work, {lines, book}: PayoutReading, deposit: BankDeposit): void {
  const link = work.links.find(({externalId}) => externalId === deposit.externalId)
  if (link === undefined) return
  const taken = new Set(deposit.payments.flatMap(({ref}) => ('id' in ref ? ref.id : [])))
  const startedAt = deps.clock.now()
  for (const {line, record} of moneyOf(lines, book)) {
    const subject = record.subject ?? (line.orderId === null ? null : subjectOf(deps.shop, line.orderId))
    if (subject === null || !taken.has(record.netsuiteId)) continue
    const sent = {payment: record.externalId, amount: format(line.amount), fee: format(line.fee)}
    work.writes.push({...orderNote(deps, deposit), subject, remoteId: link.netsuiteId, sent, startedAt})
  }
}

/** Nothing of the order is written by this: so its outcome says, and so nobody takes it for a record of the order. */
function orderNote(
  {runId}: PushDeps,
  {type: recordType, externalId}: BankDeposit,
): Omit<Write, 'subject' | 'remoteId' | 'sent' | 'startedAt'> {
  return {
    flow: 'orders',
    runId,
    system: 'netsuite',
    recordType,
    externalId,
    outcome: 'unchanged',
    planHash: '',
    reply: null,
    durationMs: 0,
  }
}
