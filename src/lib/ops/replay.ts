import type {Clock} from '../core/clock.ts'
import {UsageError} from '../core/errors.ts'
import {arrivalsInOrder, type ArrivalChoice, type StoredArrival} from '../ledger/arrivals.ts'
import {receive} from '../ledger/events.ts'
import {findSubjects} from '../ledger/history.ts'
import type {Ledger} from '../ledger/open.ts'
import type {Hint, Subject} from '../ledger/types.ts'
import {meaningOf} from '../shopify/webhooks.ts'

export type ReplayDeps = Readonly<{ledger: Ledger; clock: Clock; runId: string}>

export type ReplayRequest = Readonly<{
  /** Delivery ids, or orders as people name them. */
  words: readonly string[]
  /** Limits the deliveries; with words, those of the words. */
  choice: ArrivalChoice
  dryRun: boolean
}>

export type ReplayReport = {
  /** Stored deliveries that fit. */
  deliveries: number
  /** Orders that they are about, each once. */
  orders: number
  /** The same by name, at most 1,000. */
  readonly subjects: Subject[]
  /** Deliveries that say nothing that this program understands. */
  idle: number
  /** Words for which no delivery is stored. */
  unknown: string[]
  readonly dryRun: boolean
}

const SUBJECTS_SHOWN = 1000

/**
 * Queues the orders of stored deliveries again, as asked for by hand. Deliveries that were not understood are read again by
 * the present program. The order's present state is read when its turn comes, so an old delivery brings back nothing old; an
 * order that waits already is not queued twice. Throws UsageError NOTHING_CHOSEN.
 */
export async function replayDeliveries(deps: ReplayDeps, request: ReplayRequest): Promise<ReplayReport> {
  const {words, choice, dryRun} = request
  if (words.length === 0 && Object.values(choice).every((value) => value === undefined)) {
    throw new UsageError('NOTHING_CHOSEN', 'no deliveries were named', {
      hint: 'name deliveries or orders, or choose with --topic, --since and --until; tieout webhooks:list --arrivals shows them',
    })
  }
  const named = await namesOf(deps.ledger, words)
  const report: ReplayReport = {deliveries: 0, orders: 0, subjects: [], idle: 0, unknown: [], dryRun}
  const found = new Set<string>()
  const queued = new Set<Subject>()
  const chosen = words.length === 0 ? choice : {...choice, deliveryIds: named.deliveryIds, subjects: named.subjects}
  for await (const arrivals of arrivalsInOrder(deps.ledger.db, chosen)) {
    report.deliveries += arrivals.length
    const hints = new Map<Subject, Hint>()
    for (const arrival of arrivals) {
      found.add(arrival.deliveryId).add(arrival.subject)
      const hint = hintOf(deps, arrival)
      if (hint === null) report.idle += 1
      else if (!queued.has(hint.subject)) hints.set(hint.subject, hint)
    }
    if (!dryRun) await receive(deps.ledger, [...hints.values()])
    for (const subject of hints.keys()) queued.add(subject)
  }
  report.orders = queued.size
  report.subjects.push(...queued.values().take(SUBJECTS_SHOWN))
  report.unknown = words.filter((word) => !(named.byWord.get(word) ?? []).some((name) => found.has(name)))
  return report
}

/** What the words mean: subjects of orders, else ids of deliveries. */
async function namesOf({db}: Ledger, words: readonly string[]) {
  const byWord = new Map<string, readonly string[]>()
  const deliveryIds: string[] = []
  const subjects: Subject[] = []
  for (const word of words) {
    const isOrder = /^#|^\d+$|^gid:|\.myshopify\.com\//.test(word)
    const names = isOrder ? await findSubjects(db, word) : [word]
    ;(isOrder ? subjects : deliveryIds).push(...names)
    byWord.set(word, names)
  }
  return {byWord, deliveryIds, subjects}
}

/** A new event by hand: who asked stands in its run. null: the delivery is about no order. */
function hintOf({clock, runId}: ReplayDeps, arrival: StoredArrival): Hint | null {
  const about = orderOf(arrival)
  if (about === null) return null
  return {
    source: 'hand',
    deliveryId: `${runId}/${about.subject}`,
    flow: 'orders',
    ...about,
    topic: `replay of ${arrival.topic}`,
    body: JSON.stringify({deliveryId: arrival.deliveryId}),
    receivedAt: clock.now(),
  }
}

function orderOf({outcome, subject, name, topic, body}: StoredArrival): Pick<Hint, 'subject' | 'name'> | null {
  if (outcome === 'queued') return {subject, name}
  const meaning = meaningOf(topic, body ?? Buffer.alloc(0))
  // What was not understood stands under its shop alone.
  return meaning.kind === 'order' ? {subject: `${subject}/${meaning.id}`, name: meaning.name} : null
}
