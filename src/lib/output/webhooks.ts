import type {ListedArrival, WebhookOverview} from '../ops/arrivals.ts'
import type {ReplayReport} from '../ops/replay.ts'
import type {Registration} from '../ops/subscriptions.ts'
import type {SubscriptionState} from '../ops/subscription-states.ts'
import {table} from './table.ts'

const DONE = {create: 'made', correct: 'corrected', move: 'turned', delete: 'deleted'} as const
const MEANT = {
  create: 'would be made',
  correct: 'would be corrected',
  move: 'would be turned',
  delete: 'would be deleted',
} as const

/** What was changed, what Shopify refused, and how many are right now. */
export function registrationText({url, changes, refused, subscriptions}: Registration, isDry: boolean): string {
  const words = isDry ? MEANT : DONE
  const right = subscriptions.filter(({state}) => state === 'right').length
  const wanted = subscriptions.filter(({state}) => state !== 'extra' && state !== 'foreign').length
  const extra = subscriptions.filter(({state}) => state === 'extra').length
  const lines = [`${right} of ${wanted} subscriptions to ${url} are right${isDry ? '; nothing was changed' : ''}`]
  if (changes.length > 0)
    lines.push(
      table(
        ['topic', 'what', 'why'],
        changes.map(({topic, did, why}) => [topic, words[did], why]),
      ),
    )
  if (extra > 0) lines.push(`${extra} not needed: --prune deletes them`)
  for (const {topic, message, hint} of refused) lines.push(`${topic} was refused: ${message}\n  next: ${hint}`)
  return lines.join('\n')
}

const STATES: Readonly<Record<SubscriptionState, string>> = {
  right: 'right',
  wrong: 'wrong',
  elsewhere: 'goes elsewhere',
  missing: 'missing',
  extra: 'not needed',
  foreign: 'not ours',
}

/** A row a subscription; below it deliveries that queued nothing. */
export function overviewText({url, since, subscriptions, arrivals}: WebhookOverview): string {
  const head =
    url === null ? 'TIEOUT_WEBHOOK_URL is not set: any host counts as ours' : `deliveries are to go to ${url}`
  const rows = subscriptions.map(({topic, state, faults, uri, createdAt, arrivals: count, lastArrival}) => [
    topic,
    faults.length === 0 ? STATES[state] : `${STATES[state]}: ${faults.join(', ')}`,
    uri ?? '',
    createdAt === null ? '' : minute(createdAt),
    String(count),
    lastArrival === null ? '' : minute(lastArrival),
  ])
  const lines = [head, table(['topic', 'state', 'address', 'made (UTC)', `since ${day(since)}`, 'last (UTC)'], rows)]
  const idle = arrivals.filter(({outcome}) => outcome !== 'queued')
  for (const {topic, outcome, count} of idle) lines.push(`${count} deliveries of ${topic} were ${outcome}`)
  if (idle.length > 0) lines.push('see them: tieout webhooks:list --arrivals --outcome ignored, or unreadable')
  const isBad = subscriptions.some(({state}) => ['missing', 'wrong', 'elsewhere'].includes(state))
  if (isBad) lines.push('next: tieout webhooks:register')
  return lines.join('\n')
}

/** A row a delivery, newest first. */
export function arrivalsText(arrivals: readonly ListedArrival[], limit: number): string {
  if (arrivals.length === 0) return 'no deliveries'
  const rows = arrivals.map(({receivedAt, topic, outcome, name, subject, deliveryId, why}) => [
    receivedAt.toISOString().slice(0, 19).replace('T', ' '),
    topic,
    why === null ? outcome : `${outcome}: ${why}`,
    name ?? subject,
    deliveryId,
  ])
  const more = arrivals.length < limit ? [] : [`the newest ${limit}; --limit shows more`]
  return [table(['arrived (UTC)', 'topic', 'outcome', 'order', 'delivery'], rows), ...more].join('\n')
}

const SUBJECTS = 50

export function replayText({deliveries, orders, subjects, idle, dryRun}: ReplayReport): string {
  const end = dryRun ? 'would be queued; nothing was' : 'queued; tieout orders:push works them'
  const lines = [`${deliveries} deliveries, ${orders} orders ${end}`]
  if (idle > 0) lines.push(`${idle} of the deliveries are about no order`)
  if (dryRun) lines.push(...subjects.slice(0, SUBJECTS))
  if (dryRun && orders > SUBJECTS) lines.push(`… and ${orders - SUBJECTS} more`)
  return lines.join('\n')
}

function minute(time: Date): string {
  return time.toISOString().slice(0, 16).replace('T', ' ')
}

function day(time: Date): string {
  return time.toISOString().slice(0, 10)
}
