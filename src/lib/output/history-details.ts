import type {HistoryEntry} from '../ledger/types.ts'

type Detail = Readonly<Record<string, unknown>>

/** Changes of a plan up to which its summary names them all. */
const NAMED_MAX = 8

/** The lines below an entry: what was sent and answered, by which run, what a person wrote. */
export function detailLines(entry: HistoryEntry): string[] {
  const detail = isObject(entry.detail) ? entry.detail : {}
  switch (entry.kind) {
    case 'write':
      return writeLines(detail)
    case 'event':
      return present('delivery', detail.deliveryId)
    case 'job':
      return jobLines(detail)
    case 'plan':
      return changeLines(detail)
    case 'parked':
    case 'conflict':
      return noteLines(detail)
    case 'request':
      return present('id', detail.requestId)
    case 'link':
    case 'unparked':
      return []
  }
}

function jobLines({runId, requestsLeftOut}: Detail): string[] {
  const more = Number(requestsLeftOut ?? 0)
  return [...present('run', runId), ...(more > 0 ? [`${more} further requests are not kept`] : [])]
}

function writeLines({command, who, planHash, sent, reply}: Detail): string[] {
  const about = [text(command), labelled('by', who), labelled('plan', text(planHash).slice(0, 12))]
  return [
    about.filter((part) => part !== '').join(', '),
    ...(sent === null || sent === undefined ? [] : sentLines(sent)),
    ...(reply === null || reply === undefined ? [] : [`reply: ${text(reply)}`]),
  ]
}

/** All changes, where the summary could not name all. */
function changeLines({changes}: Detail): string[] {
  if (!Array.isArray(changes) || changes.length <= NAMED_MAX) return []
  return (changes as {field: string; before: string | null; after: string | null}[]).map(
    ({field, before, after}) => `${field}: ${before ?? 'none'} → ${after ?? 'none'}`,
  )
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
  if (!Array.isArray(lines)) return [`sent: ${pairs(sent)}`]
  return [`sent: ${pairs(head)}`, ...lines.map((line) => `  line ${isObject(line) ? pairs(line) : text(line)}`)]
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

/** The line, where there is something to tell. */
function present(label: string, value: unknown): string[] {
  const line = labelled(label, value)
  return line === '' ? [] : [line]
}

function labelled(label: string, value: unknown): string {
  const shown = text(value)
  return shown === '' ? '' : `${label} ${shown}`
}

function isObject(value: unknown): value is Detail {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
