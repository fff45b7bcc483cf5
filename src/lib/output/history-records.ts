import type {Trace} from '../ops/trace.ts'
import {table} from './table.ts'

/**
 * The records after the sales order as a table: what each is, its amount, what it was made from or settles, and the bank deposit
 * that took its money.
 */
export function sentLines(records: Trace['records'], width: number | undefined): string[] {
  if (records.length === 0) return []
  const isBanked = records.some(({bankDeposit}) => bankDeposit !== null)
  const head = ['record', 'external ID', 'day', 'amount', 'from', ...(isBanked ? ['bank deposit'] : [])]
  const idOf = new Map(records.map(({externalId, netsuiteId}) => [externalId, netsuiteId]))
  const rows = records.map(({recordType, externalId, netsuiteId, tranDate, amount, from, bankDeposit}) => [
    `${recordType} ${netsuiteId}`,
    externalId,
    tranDate ?? '',
    amount ?? '',
    from.map((source) => idOf.get(source) ?? source).join('\n'),
    ...(isBanked ? [bankDeposit === null ? '' : `${bankDeposit.netsuiteId}\n${bankDeposit.externalId}`] : []),
  ])
  return table(head, rows, width).split('\n')
}
