/** What a line of the history holds; which members there are depends on `what`. */
type Detail = Readonly<Record<string, unknown>>

/** One line as the database tells it. */
export type Line = Readonly<{at: Date; kind: string; what: string; detail: Detail; total: number}>

/** A line of a history in words, without the names of fields. */
export function wordsOf({what, detail: d}: Line): string {
  const write = WORDS[what] ?? (() => what)
  return write(d)
}

const WORDS: Readonly<Record<string, (detail: Detail) => string>> = {
  arrived: (d) =>
    `arrived by ${text(d.source)}: ${text(d.topic)}${after(' ', d.name)}${isSet(d.command) ? `, ${runOf(d)}` : ''}`,
  taken: (d) => `taken up${again(d)} by ${runOf(d)}${beside(d)}`,
  request: requestWords,
  plan: (d) => `plan ${text(d.number)} of ${text(d.externalId)}`,
  write: writeWords,
  postponed: (d) => `tried again after ${durationText(Number(d.afterMs))}: ${text(d.code)}: ${text(d.message)}`,
  released: () => 'given back to the queue',
  linked: (d) => `linked: ${text(d.recordType)} ${text(d.externalId)} is NetSuite ${text(d.netsuiteId)}`,
  parked: (d) => `parked: ${text(d.code)}: ${text(d.message)}`,
  again: (d) => `parked again: ${text(d.code)}: ${text(d.message)}`,
  unparked: unparkedWords,
  conflict: conflictWords,
  resolved: (d) =>
    `conflict ${text(d.id)} on ${text(d.field)}: ${text(d.by)} kept ${ownerOf(d.state)} value${after(': ', d.note)}`,
  restored: (d) => `conflict ${text(d.id)} on ${text(d.field)}: the value that was kept stands in NetSuite again`,
  done: (d) => `done${isSet(d.arrivedAt) ? `, ${durationText(Number(d.fromArrivalMs))} after it arrived` : ''}`,
  lost: () => 'left to the worker that had taken it over meanwhile',
}

/** "850 ms", "12.4 s", "5 min 3 s", "2 h 10 min", "3 d 4 h". */
function durationText(ms: number): string {
  if (ms < 1000) return `${ms} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`
}

/** An update is kept before it is sent, as one whose outcome is not known; how it ended is the next line, or it never did. */
function writeWords(d: Detail): string {
  const what = `${text(d.recordType)} ${text(d.externalId)}${isSet(d.remoteId) ? ` as ${text(d.system)} ${text(d.remoteId)}` : ''}`
  if (d.outcome === 'unknown' && !isSet(d.reply)) return `about to be updated: ${what}`
  return `${text(d.outcome)}: ${what} in ${text(d.durationMs)} ms`
}

/** A shorter wait is the time that the asking took. */
const TOLD_WAIT_MS = 10

function requestWords(d: Detail): string {
  const records = isSet(d.records) && Number(d.records) > 0 ? ` of ${count(Number(d.records), 'record')}` : ''
  const wait = Number(d.waitedMs)
  const waited = wait >= TOLD_WAIT_MS ? `, after ${durationText(wait)} of waiting for ${waitedFor(text(d.system))}` : ''
  return `${text(d.system)} ${text(d.channel)} ${text(d.operation)}${records}: ${text(d.outcome)} in ${durationText(Number(d.durationMs))}${waited}`
}

/** What a request waits for before it is sent. */
function waitedFor(system: string): string {
  return system === 'netsuite' ? 'a permit' : 'points'
}

/** Someone took it up, or a later try went well. */
function unparkedWords(d: Detail): string {
  const by = text(d.by)
  if (by === 'done' || by.startsWith('run ')) return 'no longer parked: this try went well'
  return `taken up again by ${by}${after(': ', d.note)}`
}

/** What a person entered in NetSuite, where it is no detail of the customer's, and what becomes of it. */
function conflictWords(d: Detail): string {
  const [before, now] = [text(d.base), text(d.held)]
  const values = [before, now].some((value) => value.startsWith('~')) ? '' : ` from ${shown(before)} to ${shown(now)}`
  const becomes = d.isOverwritten === true ? "Shopify's value is written over it" : 'it is left as it is'
  const times = Number(d.times) > 1 ? `, found ${text(d.times)} times` : ''
  return `conflict ${text(d.id)}: a person changed ${text(d.field)} in NetSuite${values}; ${becomes}${times}`
}

function shown(value: string): string {
  return value === '' ? 'nothing' : JSON.stringify(value)
}

function ownerOf(state: unknown): string {
  return state === 'kept_netsuite' ? "NetSuite's" : "Shopify's"
}

/** "jobs:work on vm-1 (ana)"; a run that the ledger does not know by its id. */
function runOf(d: Detail): string {
  if (!isSet(d.command)) return isSet(d.runId) ? `run ${text(d.runId)}` : 'a run'
  return `${text(d.command)}${after(' on ', d.host)} (${text(d.who)})`
}

function again(d: Detail): string {
  return Number(d.attempt) > 1 ? `, try ${text(d.attempt)},` : ''
}

function beside(d: Detail): string {
  const others = Number(d.orders) - 1
  return others > 0 ? `, with ${count(others, 'other order')}` : ''
}

/** "1 record", "50 records". */
function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}

function isSet(value: unknown): boolean {
  return value !== null && value !== undefined && value !== ''
}

function after(prefix: string, value: unknown): string {
  return isSet(value) ? prefix + text(value) : ''
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : isSet(value) ? JSON.stringify(value) : ''
}
