import {chunked, type Rows} from './rows.ts'
import type {Db, Subject} from './types.ts'

/** What became of a delivery: its order was queued, no flow works its topic, or it made no sense. */
export type ArrivalOutcome = 'queued' | 'ignored' | 'unreadable'

export type ArrivalCount = Readonly<{topic: string; outcome: ArrivalOutcome; count: number; last: Date}>

/** A delivery of a webhook as the ledger holds it. `id` is its place in the order of arrival. */
export type StoredArrival = Readonly<{
  id: string
  deliveryId: string
  topic: string
  outcome: ArrivalOutcome
  subject: Subject
  name: string | null
  receivedAt: Date
  bytes: number
  /** The bytes that came; null where the order was understood. */
  body: Buffer | null
}>

/** `since` counts, `until` does not count any more; both are times of arrival. */
export type ArrivalChoice = Readonly<{
  topic?: string | undefined
  since?: Date | undefined
  until?: Date | undefined
  deliveryIds?: readonly string[] | undefined
  subjects?: readonly Subject[] | undefined
  outcome?: ArrivalOutcome | undefined
}>

const OUTCOME = `case when flow in ('ignored', 'unreadable') then flow else 'queued' end`
const COLUMNS = `id::text as id, delivery_id as "deliveryId", topic, ${OUTCOME} as outcome, subject, name,
  received_at as "receivedAt", length(body) as bytes, case when flow in ('ignored', 'unreadable') then body end as body`

/** Deliveries of a shop since a time, by topic and by what became of them. */
export async function countArrivals(db: Db, shop: string | null, since: Date): Promise<ArrivalCount[]> {
  const {rows} = await db.raw<Rows<ArrivalCount>>(
    `select topic, ${OUTCOME} as outcome, count(*)::int as count, max(received_at) as last
     from events
     where source = 'webhook' and received_at >= :since and (cast(:shop as text) is null or split_part(subject, '/', 1) = :shop)
     group by 1, 2 order by 1, 2`,
    {since, shop},
  )
  return rows
}

/** Deliveries that fit, the newest first, at most `limit`. */
export async function latestArrivals(db: Db, choice: ArrivalChoice, limit: number): Promise<StoredArrival[]> {
  const {where, values} = conditions(choice)
  const text = `select ${COLUMNS} from events where ${where} order by received_at desc, events.id desc limit :limit`
  return (await db.raw<Rows<StoredArrival>>(text, {...values, limit})).rows
}

/** All deliveries that fit, in the order of arrival, so many at a time. */
export async function* arrivalsInOrder(db: Db, choice: ArrivalChoice, size = 500): AsyncGenerator<StoredArrival[]> {
  const {where, values} = conditions(choice)
  const text = `select ${COLUMNS} from events where ${where} and events.id > :after order by events.id limit :size`
  for (let after = '0'; ;) {
    const {rows} = await db.raw<Rows<StoredArrival>>(text, {...values, after, size})
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < size) return
    after = last.id
  }
}

/** Which of these delivery ids of a source are in the ledger. */
export async function knownDeliveries(db: Db, source: string, ids: readonly string[]): Promise<Set<string>> {
  const known = new Set<string>()
  for (const part of chunked(ids)) {
    const {rows} = await db.raw<Rows<{id: string}>>(
      'select delivery_id as id from events where source = ? and delivery_id = any(?::text[])',
      [source, part],
    )
    for (const {id} of rows) known.add(id)
  }
  return known
}

function conditions({topic, since, until, deliveryIds, subjects, outcome}: ArrivalChoice) {
  const terms = ["source = 'webhook'"]
  if (topic !== undefined) terms.push('topic = :topic')
  if (since !== undefined) terms.push('received_at >= :since')
  if (until !== undefined) terms.push('received_at < :until')
  if (outcome !== undefined) terms.push(`${OUTCOME} = :outcome`)
  const named = [
    ...(deliveryIds === undefined ? [] : ['delivery_id = any(cast(:deliveryIds as text[]))']),
    ...(subjects === undefined ? [] : ['subject = any(cast(:subjects as text[]))']),
  ]
  if (named.length > 0) terms.push(`(${named.join(' or ')})`)
  const given = Object.entries({topic, since, until, deliveryIds, subjects, outcome})
  return {where: terms.join(' and '), values: Object.fromEntries(given.filter(([, value]) => value !== undefined))}
}
