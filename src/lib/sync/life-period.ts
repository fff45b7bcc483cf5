import {errorOfStatus} from '../netsuite/faults.ts'
import type {PostingRecord} from '../netsuite/posting-types.ts'
import type {WriteStatus} from '../netsuite/types.ts'
import type {OfWork} from './life-note.ts'
import type {OrderDeps} from './work.ts'

/**
 * The policy of the contract for events of a closed accounting period: the first day of the next open one, which the memo
 * tells, or a person decides. Gives what of a message is to be sent again, later, with another date: of an order whose record
 * was refused for its date, that record and all that were refused with it. Nothing where the policy is to park.
 */
export async function laterThanClosed(
  deps: OrderDeps,
  records: readonly OfWork[],
  statuses: readonly WriteStatus[],
): Promise<OfWork[]> {
  if (deps.rules.life.closedPeriod !== 'next_open') return []
  const isRefused = (i: number) => statuses[i]?.outcome === 'refused'
  const closed = records.filter((_, i) => isClosed(statuses[i]))
  const days = new Map<string, string | null>()
  for (const {record} of closed) {
    const {tranDate} = record
    if (!days.has(tranDate)) days.set(tranDate, await deps.netsuite.queries.firstOpenDay(tranDate))
  }
  // Without an open period after it the refusal stands.
  const moved = closed.filter(({record}) => (days.get(record.tranDate) ?? null) !== null)
  const works = new Set(moved.map(({work}) => work))
  return records
    .filter(({work}, i) => works.has(work) && isRefused(i))
    .map((one) => {
      const day = closed.includes(one) ? (days.get(one.record.tranDate) ?? null) : null
      return day === null ? one : {...one, record: dated(one.record, day)}
    })
}

function isClosed(status: WriteStatus | undefined): boolean {
  return status?.outcome === 'refused' && errorOfStatus(status, '').code === 'NETSUITE_PERIOD_CLOSED'
}

function dated<T extends PostingRecord>(record: T, tranDate: string): T {
  const note = `of ${record.tranDate}, whose period is closed`
  return {...record, tranDate, memo: record.memo === null ? note : `${record.memo}; ${note}`}
}
