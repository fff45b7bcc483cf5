import type {HistoryEntry} from '../ledger/types.ts'
import {table} from './table.ts'

/** One subject's history, oldest first, in UTC. */
export function historyText(subject: string, entries: readonly HistoryEntry[]): string {
  const rows = entries.map((entry) => [
    entry.at.toISOString().replace('T', ' ').replace('Z', ''),
    entry.kind,
    entry.summary,
  ])
  return `${subject}\n${table(['when (UTC)', 'what', ''], rows)}`
}
