import {storable} from './rows.ts'
import type {Db, Tx} from './types.ts'

/** `page`: someone gets up now. `warn`: someone looks today. `info`: told once, neither repeated nor ended. */
export type Severity = 'page' | 'warn' | 'info'

/** A trouble as people are told it. Never holds details of a customer; names of orders are fine. */
export type Alert = Readonly<{
  /** What it is about, unique while it is open: "parked:SKU_UNMAPPED". A second raise of it is the same alert. */
  key: string
  severity: Severity
  /** An error code: names the runbook. */
  code?: string | null | undefined
  /** What happened, in one line. */
  title: string
  /** What it does to orders, in one line. */
  effect: string
  /** The command to run next, or what to do. */
  next: string
  /** How many orders, conflicts or runs it is about; 1 by default. Not added up: each raise says how many there are now. */
  count?: number | undefined
  /** Tell it again although it is open and was told. */
  isNews?: boolean | undefined
}>

/** An alert that is not over yet, and which channel told it when. */
export type OpenAlert = Readonly<{
  key: string
  severity: Severity
  code: string | null
  title: string
  effect: string
  next: string
  count: number
  firstSeen: Date
  lastSeen: Date
  told: readonly Readonly<{channel: string; at: Date; count: number; times: number}>[]
}>

/** An end is settled, and told, only after this: what goes on and off is one alert, not one a minute. */
const SETTLE_MINUTES = 5
/** Without a new raise an alert that nobody resolves is closed in silence after this. */
const RAISED_HOURS = 24

type Source = 'derived' | 'raised'
/** Numbers of locks are shared by the database: the first says that it is ours, the second what for. */
const COLLECT_LOCK = "hashtext('tieout alerts'), hashtext(current_schema())"

/**
 * Opens an alert, or brings the open one of its key up to date; safe to repeat. In the transaction of the fact that causes
 * it, it exists exactly when the fact does. It is sent by the next tick of any process.
 */
export async function raiseAlert(db: Db | Tx, alert: Alert): Promise<void> {
  await raiseAll(db, [alert], 'raised')
}

/** Says that the trouble of this key is over. Without an open alert of the key nothing happens. */
export async function resolveAlert(db: Db | Tx, key: string): Promise<void> {
  await db('alerts')
    .where({key, resolved_at: null, cleared_at: null} as object)
    .update({cleared_at: db.fn.now()})
}

/**
 * Makes these the alerts that are derived from the ledger: raises each, and clears those that are no longer true. Cleared
 * ones that stayed so for five minutes are over from then on. In one transaction that holds collectLock.
 */
export async function replaceDerived(tx: Tx, alerts: readonly Alert[]): Promise<void> {
  await raiseAll(tx, alerts, 'derived')
  await tx('alerts')
    .where({source: 'derived', resolved_at: null, cleared_at: null} as object)
    .whereNotIn(
      'key',
      alerts.map((alert) => alert.key),
    )
    .update({cleared_at: tx.fn.now()})
  await closeOldEvents(tx)
  await tx('alerts')
    .where({resolved_at: null} as object)
    .whereRaw('cleared_at < now() - make_interval(mins => ?)', [SETTLE_MINUTES])
    .update({resolved_at: tx.ref('cleared_at')})
}

/** True for the one transaction that may collect alerts now; held to its end. */
export async function collectLock(tx: Tx): Promise<boolean> {
  const {rows} = await tx.raw<{rows: {ok: boolean}[]}>(`select pg_try_advisory_xact_lock(${COLLECT_LOCK}) as ok`)
  return rows[0]?.ok === true
}

/** What is open, the most urgent first. */
export async function openAlerts(db: Db | Tx, limit: number): Promise<OpenAlert[]> {
  const {rows} = await db.raw<{rows: (Omit<OpenAlert, 'told'> & {told: ToldRow[] | null})[]}>(
    `select a.key, a.severity, a.code, a.title, a.effect, a.next, a.count,
      a.first_seen as "firstSeen", a.last_seen as "lastSeen",
      (select json_agg(json_build_object('channel', n.channel, 'at', n.told_at, 'count', n.told_count, 'times', n.times)
        order by n.channel) from alert_notices n where n.alert_id = a.id) as told
    from alerts a where a.resolved_at is null and a.cleared_at is null
    order by array_position(array['page', 'warn', 'info'], a.severity), a.first_seen, a.id limit ?`,
    [limit],
  )
  return rows.map((row) => ({...row, told: (row.told ?? []).map((told) => ({...told, at: new Date(told.at)}))}))
}

type ToldRow = {channel: string; at: string; count: number; times: number}

async function raiseAll(db: Db | Tx, alerts: readonly Alert[], source: Source): Promise<void> {
  if (alerts.length === 0) return
  const rows = alerts
    .map((alert) => ({
      key: storable(alert.key),
      source,
      severity: alert.severity,
      code: alert.code ?? null,
      title: storable(alert.title),
      effect: storable(alert.effect),
      next: storable(alert.next),
      count: alert.count ?? 1,
      news: alert.isNews === true ? 1 : 0,
    }))
    // In one order everywhere: two transactions that raise the same alerts wait for each other instead of deadlocking.
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const taken = ['source', 'severity', 'code', 'title', 'effect', 'next', 'count']
  await db('alerts')
    .insert(rows)
    .onConflict(db.raw('(key) where resolved_at is null') as never)
    .merge({
      ...Object.fromEntries(taken.map((column) => [column, db.raw('excluded.??', [column])])),
      news: db.raw('alerts.news + excluded.news'),
      last_seen: db.fn.now(),
      cleared_at: null,
    })
}

/** What happened once, such as a repair, has no end that someone could tell: it only grows old. */
async function closeOldEvents(tx: Tx): Promise<void> {
  const rows = await tx('alerts')
    .where({source: 'raised', resolved_at: null, cleared_at: null} as object)
    .whereRaw('last_seen < now() - make_interval(hours => ?)', [RAISED_HOURS])
    .update({cleared_at: tx.fn.now(), resolved_at: tx.fn.now()})
    .returning<{id: string}[]>('id')
  await tx('alert_notices')
    .whereIn(
      'alert_id',
      rows.map((row) => row.id),
    )
    .update({ended_at: tx.fn.now()})
}
