import {randomUUID} from 'node:crypto'

import type {Severity} from './alerts.ts'
import type {Rows} from './rows.ts'
import {storable} from './rows.ts'
import type {Db, Tx} from './types.ts'

/** An alert that a channel has to tell now. */
export type DueAlert = Readonly<{
  id: string
  severity: Severity
  code: string | null
  title: string
  effect: string
  next: string
  count: number
  news: number
  firstSeen: Date
  endedAt: Date | null
  /** `new`: never told here. `grown`: worse than when it was told. `still`: told long ago. `ended`: over since. */
  why: 'new' | 'grown' | 'still' | 'ended'
  /** The count when it was told last; null: never told here. */
  toldCount: number | null
}>

export type ChannelState = Readonly<{
  name: string
  lastSentAt: Date | null
  /** Failures since the last message that was taken. */
  attempts: number
  nextAt: Date | null
  lastError: string | null
}>

/** Longer than a message can take. When its holder is killed, another process tells the same again after this. */
const LEASE_SECONDS = 60
/** A message is bounded, and so is what it is made of; the rest comes with the next one. */
const DUE_MAX = 200
/** An end that could not be told for so long is no news any more. */
const ENDED_DAYS = 7

/**
 * What a channel has to tell, the most urgent first, ends last. An open alert is told when it is new; again when its count
 * has doubled, when it has become a page, when it was raised as news, or after 4 hours (page) or 24 (warn). Its end is told
 * where it had been told. That a channel fails is told by the others.
 */
export async function dueAlerts(db: Db | Tx, channel: string): Promise<DueAlert[]> {
  const {rows} = await db.raw<Rows<DueAlert>>(
    `select a.id, a.severity, a.code, a.title, a.effect, a.next, a.count, a.news, a.first_seen as "firstSeen",
      a.resolved_at as "endedAt", n.told_count as "toldCount",
      case when a.resolved_at is not null then 'ended' when n.alert_id is null then 'new'
        when s.grown then 'grown' else 'still' end as why
    from alerts a
    left join alert_notices n on n.alert_id = a.id and n.channel = ?
    cross join lateral (
      select (a.count > n.told_count and a.count >= 2 * n.told_count) or a.news > n.told_news
        or (a.severity = 'page' and n.told_severity <> 'page') as grown,
        n.told_at < now() - case a.severity when 'page' then interval '4 hours' when 'warn' then interval '24 hours' end
          as old
    ) s
    where (a.resolved_at is null and a.cleared_at is null and (n.alert_id is null or s.grown or s.old)
        and a.key <> 'channel:' || ?)
      or (a.resolved_at > now() - make_interval(days => ?) and n.alert_id is not null and n.ended_at is null
        and a.severity <> 'info')
    order by a.resolved_at is not null, array_position(array['page', 'warn', 'info'], a.severity), a.first_seen, a.id
    limit ?`,
    [channel, channel, ENDED_DAYS, DUE_MAX],
  )
  return rows
}

/**
 * Makes this process the only one that sends to the channel, for a minute. Gives the claim; null where another has it or
 * the channel waits after a failure.
 */
export async function claimChannel(db: Db, channel: string): Promise<string | null> {
  const claim = randomUUID()
  await db('alert_channels').insert({name: channel}).onConflict('name').ignore()
  const claimed = await db('alert_channels')
    .where({name: channel})
    .whereRaw('coalesce(claimed_until, now()) <= now() and coalesce(next_at, now()) <= now()')
    .update({claim, claimed_until: db.raw('now() + make_interval(secs => ?)', [LEASE_SECONDS])})
  return claimed === 1 ? claim : null
}

/** Gives the channel back: nothing was sent. */
export async function releaseChannel(db: Db | Tx, channel: string, claim: string): Promise<void> {
  await db('alert_channels').where({name: channel, claim}).update({claim: null, claimed_until: null})
}

/** Records what the channel has told, and gives it back. */
export async function markTold(db: Db, channel: string, claim: string, told: readonly DueAlert[]): Promise<void> {
  await db.transaction(async (tx) => {
    // Also where the claim was lost meanwhile: it was told.
    await tx('alert_notices')
      .insert(
        told.map((alert) => ({
          alert_id: alert.id,
          channel,
          told_at: tx.fn.now(),
          told_count: alert.count,
          told_news: alert.news,
          told_severity: alert.severity,
          ended_at: alert.why === 'ended' ? tx.fn.now() : null,
        })),
      )
      .onConflict(['alert_id', 'channel'])
      .merge({
        told_at: tx.raw('excluded.told_at'),
        told_count: tx.raw('excluded.told_count'),
        told_news: tx.raw('excluded.told_news'),
        told_severity: tx.raw('excluded.told_severity'),
        ended_at: tx.raw('excluded.ended_at'),
        times: tx.raw('alert_notices.times + 1'),
      })
    await tx('alert_channels')
      .where({name: channel})
      .update({attempts: 0, next_at: null, last_error: null, last_sent_at: tx.fn.now()})
    await releaseChannel(tx, channel, claim)
  })
}

/** Records that the channel did not take the message, and gives it back. It is tried again after the wait. */
export async function markFailed(
  db: Db,
  channel: string,
  claim: string,
  failure: Readonly<{why: string; waitMs(attempts: number): number}>,
): Promise<void> {
  await db.transaction(async (tx) => {
    const held = await tx<{name: string; claim: string; attempts: number}>('alert_channels')
      .where({name: channel, claim})
      .forUpdate()
      .first()
    if (held === undefined) return // another took it over after the lease, and its outcome counts
    const attempts = held.attempts + 1
    await tx('alert_channels')
      .where({name: channel})
      .update({
        attempts,
        last_error: storable(failure.why),
        next_at: tx.raw('now() + make_interval(secs => ?)', [failure.waitMs(attempts) / 1000]),
        claim: null,
        claimed_until: null,
      })
  })
}

/** Channels that failed so many times in a row and are still tried: what is no longer set waits since long ago. */
export async function brokenChannels(db: Db | Tx, failures: number): Promise<ChannelState[]> {
  return statesWhere(db, failures, "next_at > now() - interval '24 hours'")
}

/** How each channel that was ever used fares. */
export async function channelStates(db: Db | Tx): Promise<ChannelState[]> {
  return statesWhere(db, 0, 'true')
}

async function statesWhere(db: Db | Tx, failures: number, condition: string): Promise<ChannelState[]> {
  const {rows} = await db.raw<Rows<ChannelState>>(
    `select name, last_sent_at as "lastSentAt", attempts, next_at as "nextAt", last_error as "lastError"
    from alert_channels where attempts >= ? and ${condition} order by name`,
    [failures],
  )
  return rows
}
