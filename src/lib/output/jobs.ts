import type {HistoryEntry, Job, Parked, QueueCounts} from '../ledger/types.ts'
import {runbookOf} from './error.ts'
import {historyText} from './history.ts'
import {table} from './table.ts'

type Jobs = Readonly<{
  /** The queue of orders, and what is parked of every flow. */
  counts: QueueCounts & Readonly<{parked: number}>
  payouts: QueueCounts
  fulfillments: QueueCounts
  parked: readonly Parked[]
  waiting: readonly WaitingJob[]
}>
/** A job in the queue; `dueAt` is when it may start. */
type WaitingJob = Job & Readonly<{state: string; dueAt: Date}>

export function jobsText({counts, parked, waiting, ...flows}: Jobs): string {
  const lines = [
    `${counts.parked} parked, ${counts.waiting} waiting, ${counts.retrying} to be tried again, ${counts.running} running`,
  ]
  for (const flow of ['payouts', 'fulfillments'] as const) {
    const {waiting: left, retrying, running} = flows[flow]
    if (left + retrying + running > 0)
      lines.push(`${flow}: ${left} waiting, ${retrying} to be tried again, ${running} running`)
  }
  if (parked.length > 0) {
    lines.push(
      table(
        ['order or payout', 'code', 'since (UTC)', 'owner', 'why, and what next'],
        parked.map((job) => [
          job.name ?? job.subject,
          job.code,
          minute(job.since),
          job.owner ?? '',
          `${job.message}\nnext: ${job.hint}`,
        ]),
      ),
    )
  }
  if (waiting.length > 0) {
    lines.push(
      table(
        ['order or payout', 'state', 'due (UTC)', 'attempt'],
        waiting.map((job) => [job.name ?? job.subject, job.state, minute(job.dueAt), String(job.attempt)]),
      ),
    )
  }
  return lines.join('\n')
}

export function parkedText(job: Parked & Readonly<{history: readonly HistoryEntry[]}>): string {
  const about = [
    `${job.name ?? job.subject} is parked since ${minute(job.since)} UTC, seen ${job.attempts} times, last ${minute(job.lastSeen)}`,
    `  ${job.code}: ${job.message}`,
    `  next: ${job.hint}`,
    `  more: ${runbookOf(job.code)}`,
  ]
  if (job.owner !== null) about.push(`  owner: ${job.owner}`)
  if (job.note !== null) about.push(`  note: ${job.note}`)
  return [...about, historyText(job.subject, job.history)].join('\n')
}

function minute(time: Date): string {
  return time.toISOString().slice(0, 16).replace('T', ' ')
}
