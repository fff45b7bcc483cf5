import type {WatchReport} from '../ops/subscription-watch.ts'
import type {PushReport, SweepReport} from '../sync/report.ts'
import type {Preview} from '../sync/preview.ts'
import {changesText} from './changes.ts'
import {recordsText} from './postings.ts'
import {table} from './table.ts'

export type PreviewReport = {add: number; update: number; leave: number; skip: number; park: number; orders: Preview[]}
type Print = (text: string) => void

/** Rows of a table of orders; the counts are of all of them. */
const ROWS = 50
/** A line of progress comes at most this often where there is no terminal to redraw. */
const QUIET_MS = 60_000

/** One line of counts, and a row for each order that waits for a person or for its time. */
export function pushTable(
  report: PushReport & Readonly<{subscriptions: WatchReport | null}>,
  requests: Readonly<{shopify: number; netsuite: number}>,
): string {
  const {counts} = report
  const parts = [
    `${counts.written} written`,
    `${counts.updated} updated`,
    `${counts.unchanged + counts.adopted} unchanged`,
    `${counts.skipped} skipped`,
    `${counts.parked} parked`,
  ]
  if (counts.retry > 0) parts.push(`${counts.retry} to be tried again`)
  if (counts.released > 0) parts.push(`${counts.released} released`)
  const sent = `${requests.netsuite} requests to NetSuite, ${requests.shopify} to Shopify`
  const waiting = report.orders.filter((order) => order.code !== null)
  const swept = report.sweep === null ? [] : [sweepText(report.sweep, false), ...watchLines(report.subscriptions)]
  const lines = [...swept, `${parts.join(', ')} (${sent})`, ...recordLines(report)]
  if (waiting.length > 0) {
    const rows = waiting
      .slice(0, ROWS)
      .map((order) => [
        order.name ?? order.subject,
        order.outcome,
        order.code ?? '',
        `${order.message ?? ''}\nnext: ${order.hint ?? ''}`,
      ])
    lines.push(table(['order', 'outcome', 'code', 'why, and what next'], rows))
    if (waiting.length > ROWS) lines.push(`… and ${waiting.length - ROWS} more: tieout jobs:list`)
  }
  return lines.join('\n')
}

/** What came to NetSuite beside the sales orders, and what a limited run left to another. */
function recordLines({records, left}: PushReport): string[] {
  const parts = Object.entries(records).map(([type, count]) => `${count} ${type}`)
  return [
    ...(parts.length === 0 ? [] : [`after the sales orders: ${parts.join(', ')}`]),
    ...(left === 0
      ? []
      : [`${left} orders have other records due: they wait in the queue for orders:push or a worker`]),
  ]
}

const BECAUSE = {
  cursor: 'where the last sweep ended, and some minutes back',
  contract: 'orders.since of the contract',
  first: 'the first sweep looks back 24 hours; orders.since in the contract names another start',
} as const

/** Where a sweep began and what it found. @param isAhead it is about to begin */
export function sweepText({from, because, listed, queued, known, notes}: SweepReport, isAhead: boolean): string {
  const head = `orders changed since ${from.toISOString().replace('T', ' ').slice(0, 19)} UTC (${BECAUSE[because]})`
  const found = isAhead ? '' : `: ${listed} found, ${queued} queued, ${known} queued before`
  return [`${head}${found}`, ...notes].join('\n')
}

/** Lines for people about what a sweep found of the webhook subscriptions; none where all is right. */
function watchLines(report: WatchReport | null): string[] {
  if (report === null) return []
  const {created, corrected, refused, error} = report
  const lines: string[] = []
  if (created.length > 0) lines.push(`webhook subscriptions were missing and were made: ${created.join(', ')}`)
  if (corrected.length > 0) lines.push(`webhook subscriptions were wrong and were corrected: ${corrected.join(', ')}`)
  for (const {topic, message} of refused) lines.push(`the webhook subscription ${topic} was refused: ${message}`)
  if (error !== null) lines.push(`the webhook subscriptions could not be looked at: ${error.code}: ${error.message}`)
  return lines
}

/**
 * Prints previews as they come and counts them.
 * @param keep the report holds the previews, too: for --json; else a long window would fill the memory
 */
export async function printPreviews(
  pages: AsyncIterable<readonly Preview[]>,
  print: Print,
  keep: boolean,
): Promise<PreviewReport> {
  const report: PreviewReport = {add: 0, update: 0, leave: 0, skip: 0, park: 0, orders: []}
  for await (const page of pages) {
    for (const preview of page) {
      report[preview.would] += 1
      if (keep) report.orders.push(preview)
      else print(previewText(preview))
    }
  }
  print(
    `would add ${report.add}, update ${report.update}, leave ${report.leave}, skip ${report.skip}, park ${report.park}; nothing was written`,
  )
  return report
}

const WORDS = {
  add: 'would be added',
  update: 'would be updated',
  leave: 'is right',
  skip: 'would be skipped',
  park: 'would be parked',
} as const

function previewText(preview: Preview): string {
  const about = [preview.total, preview.netsuiteId === null ? null : `NetSuite ${preview.netsuiteId}`].filter(
    (part) => part !== null,
  )
  const title = `${preview.name} ${WORDS[preview.would]}${about.length > 0 ? ` (${about.join(', ')})` : ''}`
  if (preview.reason !== null) return `${title}: ${preview.reason}`
  return [title, changesText(preview), recordsText(preview)].filter((text) => text !== '').join('\n')
}

/** Says how far a run is; `end` takes the line away again. */
export type Progress = Readonly<{tell: (report: PushReport) => void; end: () => void}>

/**
 * Redraws one line on a terminal; elsewhere says a line a minute.
 * @param live true where a person watches stderr
 */
export function progress(note: Print, live: boolean, now: () => number = Date.now): Progress {
  let said = now()
  const redraw = (text: string) => void process.stderr.write(`\r\u001b[K${text.slice(0, columns() - 1)}`)
  const tell = (report: PushReport) => {
    const done = Object.values(report.counts).reduce((a, b) => a + b, 0)
    const text = `${done} of ${Math.max(done, report.queued)} orders, ${report.counts.parked} parked`
    if (live) redraw(text)
    else if (now() - said >= QUIET_MS) {
      said = now()
      note(text)
    }
  }
  return {tell, end: () => (live ? redraw('') : undefined)}
}

function columns(): number {
  return process.stderr.columns ?? 80
}
