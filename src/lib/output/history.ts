import type {HistoryEntry} from '../ledger/types.ts'
import type {Trace} from '../ops/trace.ts'
import {table} from './table.ts'

/** One subject's history, oldest first, in UTC. */
export function historyText(subject: string, entries: readonly HistoryEntry[]): string {
  const rows = entries.map((entry) => [when(entry.at), entry.kind, entry.summary])
  return `${subject}\n${table(['when (UTC)', 'what', 'summary'], rows)}`
}

/** The history, below it what each write sent and what was answered, and how the order stands now. */
export function traceText({subject, state, dueAt, entries}: Trace): string {
  const details = entries.flatMap(detailLines)
  const now = {
    queued: `now: waits in the queue${dueAt === null ? '' : `, to be tried at ${when(dueAt)}`}`,
    parked: 'now: parked, waits for a person; tieout jobs:retry queues it again',
    settled: 'now: settled, nothing waits',
  }[state]
  return [historyText(subject, entries), ...(details.length === 0 ? [] : ['details', ...details]), now].join('\n')
}

type Detail = Readonly<Record<string, unknown>>

function detailLines(entry: HistoryEntry): string[] {
  const detail = isObject(entry.detail) ? entry.detail : {}
  const lines = entry.kind === 'write' ? writeLines(detail) : noteLines(detail)
  return lines.length === 0 ? [] : [`  ${when(entry.at)}  ${entry.summary}`, ...lines.map((line) => `    ${line}`)]
}

function writeLines({runId, command, who, planHash, sent, reply}: Detail): string[] {
  const about = [
    text(command),
    labelled('by', who),
    labelled('run', runId),
    labelled('plan', text(planHash).slice(0, 12)),
  ]
  return [
    about.filter((part) => part !== '').join(', '),
    ...(sent === null || sent === undefined ? [] : sentLines(sent)),
    ...(reply === null || reply === undefined ? [] : [`reply: ${text(reply)}`]),
  ]
}

/** Owner, note and hint of what is or was parked; the rest stands in the summary. */
function noteLines(detail: Detail): string[] {
  return ['hint', 'owner', 'note'].flatMap((key) => {
    const value = detail[key]
    return value === null || value === undefined || value === '' ? [] : [`${key}: ${text(value)}`]
  })
}

function sentLines(sent: unknown): string[] {
  if (!isObject(sent)) return [`sent: ${text(sent)}`]
  const {lines, ...head} = sent
  const rows = Array.isArray(lines) ? lines.map((line) => `  line ${isObject(line) ? pairs(line) : text(line)}`) : []
  return [`sent: ${pairs(head)}`, ...rows]
}

function pairs(object: Detail): string {
  return Object.entries(object)
    .filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) => `${key} ${text(value)}`)
    .join(', ')
}

/** A value as people read it: texts as they are, lists and objects as short JSON. */
function text(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (isObject(value)) return `{${pairs(value)}}`
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function labelled(label: string, value: unknown): string {
  const shown = text(value)
  return shown === '' ? '' : `${label} ${shown}`
}

function isObject(value: unknown): value is Detail {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function when(time: Date): string {
  return time.toISOString().replace('T', ' ').replace('Z', '')
}
