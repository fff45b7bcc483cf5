import type {Rows} from './rows.ts'
import type {Schemas} from './migrate.ts'
import type {Db, Tx} from './types.ts'

/** Orders that wait for one reason. `names`: the longest waiting, at most five. */
export type WaitingGroup = Readonly<{code: string; count: number; oldest: Date; names: readonly string[]}>

const NAMES_MAX = 5
/** Orders whose amounts are added up; the bodies are read for it. */
const WORTH_MAX = 500

/** What is parked, by error code, without what a person set aside: that person knows. */
export async function parkedGroups(db: Db | Tx): Promise<WaitingGroup[]> {
  const {rows} = await db.raw<Rows<WaitingGroup>>(
    `select code, count(*)::int as count, min(since) as oldest,
      (array_agg(coalesce(name, subject) order by since, id))[1:?] as names
    from parked where resolved_at is null and not by_hand group by code order by code`,
    [NAMES_MAX],
  )
  return rows
}

/**
 * What the parked orders of a code are worth, by currency: decimal text as Shopify told it in the last webhook of each, so
 * those that no webhook told are left out, and those after the first 500.
 */
export async function parkedWorth(db: Db | Tx, code: string): Promise<{currency: string; amount: string}[]> {
  // encode() takes any bytes, valid or not. "total_price" and "currency" stand once at the top of an order's webhook
  // (shopify.dev, webhook topic orders/updated) before any other key of that very name.
  const {rows} = await db.raw<Rows<{currency: string; amount: string}>>(
    `select worth.currency, sum(worth.amount::numeric)::text as amount
    from (select flow, subject from parked where code = ? and resolved_at is null and not by_hand order by since limit ?) p
    cross join lateral (
      select encode(e.body, 'escape') as text from events e
      where e.subject = p.subject and e.flow = p.flow and e.source = 'webhook' and e.topic like 'orders/%'
      order by e.received_at desc limit 1
    ) body
    cross join lateral (
      select substring(body.text from '"currency": *"([A-Z]{3})"') as currency,
        substring(body.text from '"total_price": *"([0-9.]{1,16})"') as amount
    ) worth
    where worth.currency is not null and worth.amount ~ '^[0-9]+([.][0-9]+){0,1}$'
    group by worth.currency order by worth.currency`,
    [code, WORTH_MAX],
  )
  return rows
}

/** Conflicts that nobody has acknowledged. */
export type ConflictGroup = Readonly<{
  count: number
  orders: number
  /** Those that no alert has counted yet. */
  fresh: number
  /** Orders, the latest first, at most five. */
  names: readonly string[]
}>

/** Conflicts that are open. The fresh ones count as passed on when the transaction is committed. */
export async function openConflicts(tx: Tx): Promise<ConflictGroup> {
  const fresh = await tx('conflicts')
    .whereIn(
      'id',
      // One that is being acknowledged at this moment waits for the next tick, so that nobody waits for anybody.
      tx('conflicts')
        .select('id')
        .where({state: 'open', alerted_at: null} as object)
        .forUpdate()
        .skipLocked(),
    )
    .update({alerted_at: tx.fn.now()})
  const {rows} = await tx.raw<Rows<{count: number; orders: number; names: string[] | null}>>(
    `select count(*)::int as count, count(distinct subject)::int as orders,
      (select array_agg(coalesce(name, subject) order by latest desc) from (
        select subject, max(name) as name, max(id) as latest from conflicts where state = 'open'
        group by subject order by latest desc limit ?) newest) as names
    from conflicts where state = 'open'`,
    [NAMES_MAX],
  )
  const {count, orders, names} = rows[0] ?? {count: 0, orders: 0, names: null}
  return {count, orders, fresh, names: names ?? []}
}

/** Orders that nobody has begun for so many minutes since they were due; null when there are none. */
export async function untouched(
  db: Db | Tx,
  schemas: Schemas,
  minutes: number,
): Promise<{count: number; minutes: number} | null> {
  const {rows} = await db.raw<Rows<{count: number; minutes: number | null}>>(
    `select count(*)::int as count, floor(extract(epoch from now() - min(since)) / 60)::int as minutes
    from (select greatest(created_on, start_after) as since from ${schemas.queue}.job where state = 'created') waiting
    where since < now()`,
  )
  const {count, minutes: oldest} = rows[0] ?? {count: 0, minutes: null}
  return oldest === null || oldest < minutes ? null : {count, minutes: oldest}
}

/** Orders that have been tried again and again for so many minutes, by what they failed of last. */
export async function retryingGroups(db: Db | Tx, schemas: Schemas, minutes: number): Promise<WaitingGroup[]> {
  const {rows} = await db.raw<Rows<WaitingGroup>>(
    `select last.code, count(*)::int as count, min(j.created_on) as oldest,
      (array_agg(coalesce(j.data->>'name', j.singleton_key) order by j.created_on))[1:?] as names
    from ${schemas.queue}.job j
    cross join lateral (
      select code from postponed p where p.subject = j.singleton_key and p.flow = j.name order by p.id desc limit 1
    ) last
    where j.state = 'retry' and j.created_on < now() - make_interval(mins => ?)
    group by last.code order by last.code`,
    [NAMES_MAX, minutes],
  )
  return rows
}

/** Runs of the last 24 hours that ended by a bug, by command. `bugs`: the error codes that mean one. */
export async function brokenRuns(
  db: Db | Tx,
  bugs: readonly string[],
): Promise<{command: string; count: number; last: Date}[]> {
  // An outcome is "exit <n>", "interrupted", an error code, or the message of an error that nobody foresaw.
  const {rows} = await db.raw<Rows<{command: string; count: number; last: Date}>>(
    `select command, count(*)::int as count, max(ended_at) as last from runs
    where ended_at > now() - interval '24 hours' and outcome <> 'interrupted'
      and (outcome = 'exit 1' or outcome = any(?::text[]) or outcome !~ '^(exit [0-9]+|[A-Z][A-Z0-9_]+)$')
    group by command order by command`,
    [[...bugs]],
  )
  return rows
}
