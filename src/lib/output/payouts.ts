import type {PayoutPreview} from '../sync/payout-preview.ts'
import type {PayoutsReport} from '../sync/payout-report.ts'
import type {ShownPayout} from '../sync/payout-show.ts'
import {table} from './table.ts'

/** Rows of a table; the counts are of all. */
const ROWS = 50

/** One line of counts, and a row for each payout that was written or waits. */
export function payoutsText(
  {counts, listed, ordersQueued, payouts}: PayoutsReport,
  requests: Readonly<{shopify: number; netsuite: number}>,
): string {
  const parts = Object.entries(counts).filter(([outcome, n]) => n > 0 || outcome === 'written')
  const told = parts.map(([outcome, n]) => `${n} ${WORDS[outcome] ?? outcome}`).join(', ')
  const lines = [
    `${listed} listed: ${told} (${requests.netsuite} requests to NetSuite, ${requests.shopify} to Shopify)`,
  ]
  if (ordersQueued > 0)
    lines.push(`${ordersQueued} orders queued whose money is missing: tieout orders:push works them`)
  const rows = payouts.filter(({outcome}) => outcome !== 'unchanged')
  if (rows.length > 0) lines.push(table(['payout', 'issued', 'net', 'outcome', 'records, or why and what next'], rows.slice(0, ROWS).map(rowOf))) // prettier-ignore
  if (rows.length > ROWS) lines.push(`… and ${rows.length - ROWS} more: --json names all`)
  return lines.join('\n')
}

const WORDS: Readonly<Record<string, string>> = {
  open: 'not paid yet',
  waits: 'waiting for payments',
  retry: 'to be tried again',
}

function rowOf({
  payout,
  issuedAt,
  net,
  outcome,
  records,
  code,
  message,
  hint,
}: PayoutsReport['payouts'][number]): string[] {
  const held = records.filter(({netsuiteId}) => netsuiteId !== null)
  const written = held.map(({type, netsuiteId, total}) => `${type} ${netsuiteId ?? ''} ${total}`)
  const why = code === null ? [] : [`${code}: ${message ?? ''}`, `next: ${hint ?? ''}`]
  return [payout, issuedAt?.slice(0, 10) ?? '', net ?? '', outcome, [...written, ...why].join('\n')]
}

export type PayoutPreviews = Record<PayoutPreview['would'], number> & {payouts: PayoutPreview[]}

/**
 * Prints previews as they come and counts them.
 * @param keep the report holds the previews, too: for --json
 */
export async function printPayoutPreviews(
  previews: AsyncIterable<PayoutPreview>,
  print: (text: string) => void,
  keep: boolean,
): Promise<PayoutPreviews> {
  const report: PayoutPreviews = {write: 0, leave: 0, open: 0, wait: 0, park: 0, payouts: []}
  for await (const preview of previews) {
    report[preview.would] += 1
    if (keep) report.payouts.push(preview)
    else print(previewText(preview))
  }
  const {write, leave, open, wait, park} = report
  print(
    `would write ${write}, leave ${leave}, wait with ${wait}, park ${park}; ${open} not paid yet; nothing was written`,
  )
  return report
}

const WOULD = {
  write: 'would be written',
  leave: 'is written',
  open: 'is not paid yet',
  wait: 'would wait',
  park: 'would be parked',
} as const

function previewText({payout, status, issuedAt, net, would, records, waitsFor, reason}: PayoutPreview): string {
  const lines = [`payout ${payout} ${WOULD[would]} (${status}, ${issuedAt.slice(0, 10)}, ${net})`]
  if (reason !== null) lines.push(`  ${reason}`)
  lines.push(...waitsText(waitsFor))
  for (const {type, externalId, tranDate, total, netsuiteId, postings} of records) {
    const held = netsuiteId === null ? '' : `, NetSuite ${netsuiteId}`
    lines.push(`  ${type} ${externalId} of ${total} on ${tranDate}${held}`)
    const rows = postings.map(({account, debit, credit, lines: n}) => [n > 1 ? `${account} (${n} lines)` : account, debit ?? '', credit ?? '']) // prettier-ignore
    lines.push(table(['account', 'debit', 'credit'], rows))
  }
  return lines.join('\n')
}

function waitsText(waitsFor: PayoutPreview['waitsFor']): string[] {
  const told = waitsFor
    .slice(0, ROWS)
    .map(({order, transaction, why}) => `  ${order ?? 'no order'} ${transaction}: ${why}`)
  return waitsFor.length > ROWS ? [...told, `  … and ${waitsFor.length - ROWS} more`] : told
}

const STATES = {
  written: 'NetSuite holds it',
  due: 'it is due: tieout payouts:push writes it',
  open: 'Shopify has not paid it yet',
  waits: 'it waits',
  blocked: 'it is blocked',
  nothing: 'nothing of it belongs into NetSuite',
} as const

/** A payout, its records in NetSuite, and every line with its order and account. */
export function payoutText(shown: ShownPayout): string {
  const {payout, status, transactionType, issuedAt, net, traceId, state, records, lines, waitsFor, reason, parked} =
    shown
  const trace = traceId === null ? '' : `, trace ${traceId}`
  const parts = [`payout ${payout}  ${net}  ${status} ${transactionType}, issued ${issuedAt}${trace}: ${STATES[state]}`]
  if (records.length > 0) {
    const rows = records.map(({type, netsuiteId, tranId, tranDate, total, account, externalId}) => [`${type} ${netsuiteId}`, tranId ?? '', tranDate, total ?? '', account ?? '', externalId]) // prettier-ignore
    parts.push(table(['NetSuite', 'number', 'date', 'total', 'account', 'external ID'], rows))
  }
  const rows = lines.map((line) => [
    line.type,
    line.order ?? '',
    line.amount,
    line.fee,
    line.net,
    line.records.map(({type, netsuiteId}) => `${type} ${netsuiteId}`).join('\n'),
    [line.account, line.feeAccount === null ? null : `fee: ${line.feeAccount}`, line.reason].filter((text) => text !== null).join('\n'), // prettier-ignore
  ])
  if (rows.length > 0) parts.push(table(['type', 'order', 'amount', 'fee', 'net', 'NetSuite', 'goes to'], rows))
  if (reason !== null) parts.push(reason)
  parts.push(...waitsText(waitsFor))
  if (parked !== null) parts.push(`parked since ${parked.since.toISOString()}: ${parked.code}: ${parked.message}\n  next: ${parked.hint}`) // prettier-ignore
  return parts.join('\n')
}
