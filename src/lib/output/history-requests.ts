import type {HistoryEntry} from '../ledger/types.ts'

type Request = Readonly<{
  batch: unknown
  system: string
  channel: string
  operation: string
  records: number | null
  waitedMs: number
  durationMs: number
  outcome: string
}>

/** Joins requests of one kind and one outcome that follow one another: eight customers that were looked up are one line. */
export function requestsAsOne(entries: readonly HistoryEntry[]): HistoryEntry[] {
  const groups: [HistoryEntry, ...HistoryEntry[]][] = []
  for (const entry of entries) {
    const last = groups.at(-1)
    if (last !== undefined && isLike(last[0], entry)) last.push(entry)
    else groups.push([entry])
  }
  return groups.map(joined)
}

function isLike(a: HistoryEntry, b: HistoryEntry): boolean {
  return a.kind === 'request' && b.kind === 'request' && keyOf(requestOf(a)) === keyOf(requestOf(b))
}

function keyOf({batch, system, channel, operation, outcome}: Request): string {
  return JSON.stringify([batch, system, channel, operation, outcome])
}

function joined(group: readonly [HistoryEntry, ...HistoryEntry[]]): HistoryEntry {
  const [first] = group
  if (group.length === 1) return first
  const requests = group.map(requestOf)
  const {system, channel, operation, outcome} = requestOf(first)
  const records = requests.reduce((sum, request) => sum + (request.records ?? 0), 0)
  const waitedMs = Math.max(...requests.map((request) => request.waitedMs))
  const times = requests.map((request) => request.durationMs)
  const carried = records === 0 ? '' : ` of ${records} record${records === 1 ? '' : 's'} in all`
  const waited = waitedMs < 10 ? '' : `, after up to ${waitedMs} ms of waiting`
  const took = `${Math.min(...times)} to ${Math.max(...times)} ms`
  const summary = `${group.length} times ${system} ${channel} ${operation}${carried}: ${outcome} in ${took} each${waited}`
  // The id is of one of them.
  return {...first, summary, detail: {...requestOf(first), requestId: null}}
}

function requestOf(entry: HistoryEntry): Request {
  return entry.detail as Request
}
