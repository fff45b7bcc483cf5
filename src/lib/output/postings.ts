import type {Preview} from '../sync/preview.ts'
import type {RecordPreview} from '../sync/preview-life.ts'
import {table} from './table.ts'

const WOULD = {add: 'would be added', leave: '', wait: 'left to orders:push'} as const

/** The records after a sales order with what NetSuite posts of each, then what waits; '' where there is nothing of either. */
export function recordsText({records, waiting}: Pick<Preview, 'records' | 'waiting'>): string {
  const waits = waiting.map(({what, why}) => `waits: ${what}: ${why}`)
  if (records.length === 0) return waits.join('\n')
  const rows = records.map((record) => [
    `${record.type}\n${record.externalId}`,
    record.tranDate,
    record.amount ?? '',
    record.netsuiteId === null ? WOULD[record.would] : `is ${record.netsuiteId}`,
    postingLines(record),
  ])
  return [table(['record', 'day', 'amount', 'NetSuite', 'postings'], rows), ...waits].join('\n')
}

function postingLines({postings}: RecordPreview): string {
  return postings
    .map(({account, debit, credit}) =>
      debit === null ? `credit ${account} ${credit ?? ''}` : `debit ${account} ${debit}`,
    )
    .join('\n')
}
