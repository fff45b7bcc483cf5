import {DateTime} from 'luxon'

import type {Clock} from '../core/clock.ts'
import {UsageError} from '../core/errors.ts'
import {
  countArrivals,
  latestArrivals,
  type ArrivalChoice,
  type ArrivalCount,
  type ArrivalOutcome,
  type StoredArrival,
} from '../ledger/arrivals.ts'
import type {Ledger} from '../ledger/open.ts'
import type {Subscriptions} from '../shopify/subscriptions.ts'
import {meaningOf} from '../shopify/webhooks.ts'
import {judge, type JudgedSubscription} from './subscription-states.ts'

type Asked = Readonly<{
  topic?: string | undefined
  since?: string | undefined
  until?: string | undefined
  outcome?: string | undefined
}>

/** What was typed, as a choice of deliveries. Days and times are of UTC. Throws UsageError FLAGS_INVALID that names every fault. */
export function arrivalChoice({topic, since, until, outcome}: Asked): ArrivalChoice {
  const faults: string[] = []
  const time = (flag: string, text: string | undefined, isEnd: boolean): Date | undefined => {
    if (text === undefined) return undefined
    const at = DateTime.fromISO(text, {zone: 'utc'})
    if (!at.isValid) faults.push(`--${flag} ${text} is no day or time such as 2026-11-01 or 2026-11-01T09:00`)
    // As the end of a window a day counts in full.
    return (isEnd && /^\d{4}-\d{2}-\d{2}$/.test(text) ? at.plus({days: 1}) : at).toJSDate()
  }
  const choice = {
    topic: topic?.toLowerCase(),
    since: time('since', since, false),
    until: time('until', until, true),
    outcome: outcome as ArrivalOutcome | undefined,
  }
  if (faults.length === 0 && choice.since && choice.until && choice.since >= choice.until)
    faults.push(`--since ${since} is not before --until ${until}`)
  if (faults.length > 0)
    throw new UsageError('FLAGS_INVALID', faults.join('\n'), {hint: 'see --help for the form of each flag'})
  return choice
}

const USUAL_MS = 7 * 24 * 3_600_000

/** The first moment of arrival that counts: the last 7 days where none was named. */
export function sinceOf({since}: ArrivalChoice, clock: Clock): Date {
  return since ?? new Date(clock.now().getTime() - USUAL_MS)
}

/** A stored delivery for people; `why` says why it queued nothing. */
export type ListedArrival = Readonly<Omit<StoredArrival, 'id' | 'body'> & {why: string | null}>

/** The latest deliveries that fit, newest first. */
export async function listArrivals(
  {db}: Pick<Ledger, 'db'>,
  choice: ArrivalChoice,
  limit: number,
): Promise<ListedArrival[]> {
  const rows = await latestArrivals(db, choice, limit)
  return rows.map(({id: _id, body, ...row}) => ({...row, why: whyIdle(row.topic, row.outcome, body)}))
}

/** By the present program: an older one may have understood less. */
function whyIdle(topic: string, outcome: ArrivalOutcome, body: Buffer | null): string | null {
  if (outcome === 'queued' || body === null) return null
  const meaning = meaningOf(topic, body)
  if (meaning.kind === 'order') return 'understood by now: tieout webhooks:replay queues it'
  return meaning.kind === 'unreadable' ? meaning.why : 'nothing works this topic'
}

export type WebhookOverview = Readonly<{
  /** Where deliveries are to go; null: not set. */
  url: string | null
  /** Arrivals are counted since then. */
  since: Date
  subscriptions: readonly (JudgedSubscription & Readonly<{arrivals: number; lastArrival: Date | null}>)[]
  arrivals: readonly ArrivalCount[]
}>

/** Our subscriptions at Shopify, each with what it brought. */
export async function webhookOverview(
  deps: Readonly<{ledger: Pick<Ledger, 'db'>; subscriptions: Subscriptions; shop: string}>,
  url: string | null,
  since: Date,
): Promise<WebhookOverview> {
  const states = judge(await deps.subscriptions.list(), url)
  const arrivals = await countArrivals(deps.ledger.db, deps.shop, since)
  const subscriptions = states.map((state) => {
    const ofTopic = state.state === 'foreign' ? [] : arrivals.filter(({topic}) => topic === state.topic)
    const lastMs = Math.max(...ofTopic.map(({last}) => last.getTime()))
    return {
      ...state,
      arrivals: ofTopic.reduce((sum, {count}) => sum + count, 0),
      lastArrival: ofTopic.length === 0 ? null : new Date(lastMs),
    }
  })
  return {url, since, subscriptions, arrivals}
}
