import type {Status} from '../ops/status.ts'
import {table} from './table.ts'

/** An outcome may be the message of an error; the whole of it is in --json. */
const OUTCOME_MAX = 60

/** How things stand, in a screenful. */
export function statusText({queue, parked, circuits, writes, runs, alerts}: Status): string {
  const done = Object.entries(writes).map(([outcome, count]) => `${count} ${outcome}`)
  const lines = [
    `queue: ${queue.waiting} waiting, ${queue.retrying} to be tried again, ${queue.running} running`,
    `last 24 hours: ${done.length === 0 ? 'nothing was written' : done.join(', ')}`,
    parked.oldest === null
      ? 'parked: none'
      : `parked: ${parked.total}, the oldest since ${minute(parked.oldest)} (tieout jobs:list)`,
  ]
  for (const {system, code, openedAt, nextProbeAt} of circuits)
    lines.push(
      `left alone: ${system} since ${minute(openedAt)} (${code}); asked again at ${minute(nextProbeAt)}, or at once by tieout doctor`,
    )
  if (alerts.length > 0)
    lines.push('alerts (tieout alerts:list):', ...alerts.map(({severity, title}) => `  ${severity}: ${title}`))
  if (parked.total > 0)
    lines.push(
      table(
        ['code', 'orders'],
        Object.entries(parked.byCode).map(([code, count]) => [code, String(count)]),
      ),
    )
  if (runs.length > 0) {
    lines.push(
      table(
        ['run', 'command', 'by', 'started (UTC)', 'seconds', 'outcome'],
        runs.map((run) => [
          run.id.slice(0, 8),
          run.command,
          run.who,
          run.startedAt.toISOString().slice(0, 19).replace('T', ' '),
          run.endedAt === null ? '' : ((run.endedAt.getTime() - run.startedAt.getTime()) / 1000).toFixed(1),
          (run.outcome ?? 'running, or killed').slice(0, OUTCOME_MAX),
        ]),
      ),
    )
  }
  return lines.join('\n')
}

function minute(time: Date): string {
  return `${time.toISOString().slice(0, 16)}Z`
}
