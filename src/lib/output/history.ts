import type {HistoryEntry} from '../ledger/types.ts'
import type {Trace} from '../ops/trace.ts'
import {detailLines} from './history-details.ts'
import {sentLines} from './history-records.ts'
import {requestsAsOne} from './history-requests.ts'
import {printable, wrap} from './text.ts'

/** Of one line: the time, what it is about, the words, and lines that belong to it. */
type Shown = Readonly<{entry: HistoryEntry; details: readonly string[]}>

/** From this width on, the words stand beside the time; below it, under it. */
const BESIDE = 76
const MARGIN = 24
const KIND = 8

/**
 * One subject's history, oldest first, in UTC: each day once, then a line for each fact. Requests of one kind that follow
 * one another are one line.
 * @param width columns of the terminal; undefined: not a terminal, nothing is wrapped
 */
export function historyText(
  subject: string,
  entries: readonly HistoryEntry[],
  width: number | undefined = process.stdout.columns,
): string {
  return [
    subject,
    ...timeline(
      requestsAsOne(entries).map((entry) => ({entry, details: []})),
      width,
    ),
  ].join('\n')
}

/** The history with what each write sent and what was answered, who acted and why, and how the order stands now. */
export function traceText(
  {subject, state, dueAt, omitted, entries, records}: Trace,
  width: number | undefined = process.stdout.columns,
): string {
  const shown = requestsAsOne(entries).map((entry) => ({entry, details: detailLines(entry)}))
  const now = {
    queued: `now: waits in the queue${dueAt === null ? '' : `, to be tried at ${dayOf(dueAt)} ${timeOf(dueAt)}`}`,
    parked: 'now: parked, waits for a person; tieout jobs:retry queues it again',
    settled: 'now: settled, nothing waits',
  }[state]
  const cut = omitted === 0 ? [] : [`${omitted} earlier lines are left out; --last shows more`]
  return [
    subject,
    ...cut.flatMap(fitted(width, '')),
    ...timeline(shown, width),
    ...sentLines(records, width).flatMap(fitted(width, '')),
    ...fitted(width, '')(now),
  ].join('\n')
}

function timeline(shown: readonly Shown[], width: number | undefined): string[] {
  let day = ''
  return shown.flatMap(({entry, details}) => {
    const newDay = dayOf(entry.at) !== day
    day = dayOf(entry.at)
    return [...(newDay ? [`${day} (UTC)`] : []), ...entryLines(entry, details, width)]
  })
}

function entryLines(
  {at, kind, summary}: HistoryEntry,
  details: readonly string[],
  width: number | undefined,
): string[] {
  const start = `${timeOf(at)}  ${kind.padEnd(KIND)}  `
  if (width !== undefined && width < BESIDE) {
    return [start.trimEnd(), ...fitted(width, '  ')(summary), ...details.flatMap(fitted(width, '    '))]
  }
  const [first = '', ...more] = fitted(width, ' '.repeat(MARGIN))(summary)
  return [start + first.slice(MARGIN), ...more, ...details.flatMap(fitted(width, ' '.repeat(MARGIN + 2)))]
}

/** A text as lines that fit, each after the indent, which it keeps if it brings its own. */
function fitted(width: number | undefined, indent: string): (text: string) => string[] {
  return (text) => {
    const own = indent + (/^ */.exec(text)?.[0] ?? '')
    const words = printable(text).trimStart()
    const lines = width === undefined ? words : wrap(words, Math.max(1, width - own.length))
    return lines.split('\n').map((line) => own + line)
  }
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10)
}

function timeOf(time: Date): string {
  return time.toISOString().slice(11, 23)
}
