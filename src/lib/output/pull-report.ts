import type {ShipmentStep} from '../plan/shipments.ts'
import type {PullPreview} from '../sync/shipment-preview.ts'
import type {PullReport, ShipmentSweep} from '../sync/shipment-report.ts'
import {table} from './table.ts'

/** Rows of a table of orders; the counts are of all of them. */
const ROWS = 50

/** One line of what was done, and a row for each order that waits for a person or for its time. */
export function pullTable(
  {done, counts, orders}: PullReport,
  requests: Readonly<{shopify: number; netsuite: number}>,
): string {
  const parts = [
    `${done.create} shipped in Shopify`,
    `${done.adopt} shipped there already`,
    `${done.track} tracked anew`,
    `${done.cancel} cancelled`,
    `${counts.unchanged} orders unchanged`,
    `${counts.parked} parked`,
  ]
  if (counts.skipped > 0) parts.push(`${counts.skipped} not in Shopify`)
  if (counts.retry > 0) parts.push(`${counts.retry} to be tried again`)
  if (counts.released > 0) parts.push(`${counts.released} released`)
  const lines = [`${parts.join(', ')} (${requests.netsuite} requests to NetSuite, ${requests.shopify} to Shopify)`]
  const waiting = orders.filter(({code}) => code !== null)
  if (waiting.length > 0) {
    const rows = waiting.slice(0, ROWS).map(({name, subject, outcome, code, message, hint}) => {
      return [name ?? subject, outcome, code ?? '', `${message ?? ''}\nnext: ${hint ?? ''}`]
    })
    lines.push(table(['order', 'outcome', 'code', 'why, and what next'], rows))
    if (waiting.length > ROWS) lines.push(`… and ${waiting.length - ROWS} more: tieout jobs:list`)
  }
  return lines.join('\n')
}

/** Where a sweep began and what it found. @param isAhead it is about to begin */
export function shipmentSweepText({from, listed, deleted, notes}: ShipmentSweep, isAhead: boolean): string {
  const found = isAhead ? '' : `: ${listed} found, ${deleted} deleted`
  return [`item fulfilments changed since ${from} (NetSuite's time)${found}`, ...notes].join('\n')
}

/** What a dry run would do, counted by order; an order that would be told counts so whatever else waits. */
export type PullPreviewReport = {
  tell: number
  leave: number
  wait: number
  skip: number
  park: number
  orders: PullPreview[]
}

/** Prints each order for which anything would be done or waits, as it comes; gives all of them. */
export async function printPullPreviews(
  pages: AsyncIterable<readonly PullPreview[]>,
  print: (text: string) => void,
): Promise<PullPreviewReport> {
  const report: PullPreviewReport = {tell: 0, leave: 0, wait: 0, skip: 0, park: 0, orders: []}
  for await (const page of pages) {
    for (const one of page) {
      const would = wouldOf(one)
      report[would] += 1
      report.orders.push(one)
      if (would !== 'leave') print([`${one.name ?? one.subject}: ${would}`, ...linesOf(one)].join('\n  '))
    }
  }
  const {tell, leave, wait, skip, park} = report
  print(`${tell} would be told, ${leave} left as they are, ${wait} would wait, ${skip} not in Shopify, ${park} parked`)
  return report
}

function wouldOf({plan, error}: PullPreview): 'tell' | 'leave' | 'wait' | 'skip' | 'park' {
  if (error !== null || (plan !== null && plan.faults.length > 0)) return 'park'
  if (plan === null) return 'skip'
  if (plan.steps.length > 0) return 'tell'
  return plan.waiting.length > 0 ? 'wait' : 'leave'
}

function linesOf({plan, error}: PullPreview): string[] {
  if (error !== null) return [`${error.code}: ${error.message}`, `next: ${error.hint}`]
  if (plan === null) return []
  return [...plan.steps.map(stepText), ...plan.waiting, ...plan.faults.map(({code, what}) => `${code}: ${what}`)]
}

function stepText(step: ShipmentStep): string {
  if (step.do === 'cancel')
    return `cancel ${step.fulfillmentId}: item fulfilment ${step.itemFulfillmentId} was taken back`
  const of = `item fulfilment ${step.of.tranId ?? step.of.id}`
  if (step.do === 'adopt') return `${of} is ${step.fulfillmentId} already`
  if (step.do === 'name') return `${of} gets the external ID ${step.externalId}`
  const numbers = step.tracking?.numbers.join(', ') ?? ''
  const by = [step.tracking?.company ?? '', numbers].filter((text) => text !== '').join(' ')
  const tracked = by === '' ? '' : ` by ${by}`
  if (step.do === 'track') return `${of}${tracked} in ${step.fulfillmentId}`
  const units = step.parts.flatMap(({lines}) => lines).reduce((sum, {quantity}) => sum + quantity, 0)
  return `ship ${units} ${units === 1 ? 'unit' : 'units'} of ${of}${tracked}`
}
