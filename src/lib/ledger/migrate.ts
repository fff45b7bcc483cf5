import type {Knex} from 'knex'
import pg from 'pg'

import {events} from '../../../migrations/0001_events.ts'
import {links} from '../../../migrations/0002_links.ts'
import {writes} from '../../../migrations/0003_writes.ts'
import {parked} from '../../../migrations/0004_parked.ts'
import {cursors} from '../../../migrations/0005_cursors.ts'
import {runs} from '../../../migrations/0006_runs.ts'
import {items} from '../../../migrations/0007_items.ts'
import {postponed} from '../../../migrations/0008_postponed.ts'
import {circuits} from '../../../migrations/0009_circuits.ts'
import {permits} from '../../../migrations/0010_permits.ts'
import {shopBuckets} from '../../../migrations/0011_shop_buckets.ts'
import {conflicts} from '../../../migrations/0012_conflicts.ts'
import {alerts} from '../../../migrations/0013_alerts.ts'
import {requests} from '../../../migrations/0014_requests.ts'
import {plans} from '../../../migrations/0015_plans.ts'
import {arrivals} from '../../../migrations/0016_arrivals.ts'
import {ConfigError} from '../core/errors.ts'
import {unreachable, type LedgerConnection} from './connection.ts'
import {FLOWS, QUEUE_SCHEMA_VERSION, installQueue} from './queue-install.ts'
import type {Rows} from './rows.ts'
import type {Db} from './types.ts'

type Migration = Readonly<{name: string; up(tx: Knex): Promise<unknown> | Knex.Raw}>

/** All migrations, oldest first. Names carry no extension, so sources and the compiled program mean the same. */
const MIGRATIONS: readonly Migration[] = [
  events,
  links,
  writes,
  parked,
  cursors,
  runs,
  items,
  postponed,
  circuits,
  permits,
  shopBuckets,
  conflicts,
  alerts,
  requests,
  plans,
  arrivals,
]

/** pg-boss needs Postgres 13 (its README, "Requirements"). */
const OLDEST_SERVER = 130_000
const TABLE = 'migrations'

/** The schemas of a ledger: its own tables, and those of the queue. */
export type Schemas = Readonly<{own: string; queue: string}>

export type LedgerState = Readonly<{
  serverVersion: number
  applied: readonly string[]
  queueVersion: number | null
  /** The flows that have a queue. */
  queues: readonly string[]
}>

/** Reads which version of what the database holds. Changes nothing. */
export async function ledgerState(db: Db, schemas: Schemas): Promise<LedgerState> {
  const table = `${schemas.own}.${TABLE}`
  const version = `${schemas.queue}.version`
  const {rows} = await db.raw<Rows<{server: number; hasTable: boolean; hasQueue: boolean}>>(
    `select current_setting('server_version_num')::int as server,
      to_regclass(?) is not null as "hasTable", to_regclass(?) is not null as "hasQueue"`,
    [table, version],
  )
  const [found] = rows
  const applied =
    found?.hasTable === true ? await db.raw<Rows<{name: string}>>(`select name from ${table} order by id`) : null
  const queue =
    found?.hasQueue === true ? await db.raw<Rows<{version: number}>>(`select version from ${version}`) : null
  const queues =
    queue === null ? null : await db.raw<Rows<{name: string}>>(`select name from ${schemas.queue}.queue order by name`)
  return {
    serverVersion: found?.server ?? 0,
    applied: applied?.rows.map((row) => row.name) ?? [],
    queueVersion: queue?.rows[0]?.version ?? null,
    queues: queues?.rows.map((row) => row.name) ?? [],
  }
}

/**
 * Brings the database to this program's schema: one process at a time, under an advisory lock that ends with its holder.
 * `until` stops after the migration of that name (for restoring an older backup). Gives the names of what was applied.
 * Throws ConfigError LEDGER_NEWER, DATABASE_TOO_OLD or DATABASE_UNREACHABLE.
 */
export async function migrate(
  db: Db,
  connection: LedgerConnection,
  schemas: Schemas,
  until: string | null = null,
): Promise<string[]> {
  const state = await ledgerState(db, schemas)
  refuse(state)
  if (isCurrent(state)) return []
  const lock = new pg.Client(connection)
  lock.on('error', () => undefined) // the statement that was waiting rejects with it
  try {
    await lock.connect()
    await lock.query("select pg_advisory_lock(hashtext('tieout migrate'), hashtext($1))", [schemas.own])
  } catch (error) {
    await lock.end()
    throw unreachable(connection, error)
  }
  try {
    return await migrateLocked(db, schemas, until)
  } finally {
    await lock.end()
  }
}

async function migrateLocked(db: Db, schemas: Schemas, until: string | null): Promise<string[]> {
  const state = await ledgerState(db, schemas)
  refuse(state)
  if (isCurrent(state)) return []
  await db.raw('create schema if not exists ??', [schemas.own])
  const config = {migrationSource: sourceUntil(until), schemaName: schemas.own, tableName: TABLE}
  // knex's own lock is a row that a killed process leaves behind. The advisory lock is ours, so that row means nothing.
  if (state.applied.length > 0) await db.migrate.forceFreeMigrationsLock(config)
  const [, names] = (await db.migrate.latest(config)) as [number, string[]]
  if (isQueueCurrent(state)) return names
  await installQueue(db, schemas.queue)
  return [...names, `queue ${QUEUE_SCHEMA_VERSION}`]
}

function sourceUntil(until: string | null): Knex.MigrationSource<Migration> {
  const last = until === null ? MIGRATIONS.length : MIGRATIONS.findIndex((migration) => migration.name === until) + 1
  return {
    getMigrations: () => Promise.resolve(MIGRATIONS.slice(0, last)),
    getMigrationName: (migration) => migration.name,
    getMigration: (migration) =>
      Promise.resolve({
        up: async (tx) => void (await migration.up(tx)),
        // knex asks for a way back; there is none, because going back would drop what was recorded since.
        down: () => Promise.reject(new Error('migrations only go forward: restore a backup instead')),
      }),
  }
}

function isCurrent(state: LedgerState): boolean {
  return isQueueCurrent(state) && MIGRATIONS.every(({name}) => state.applied.includes(name))
}

/** A program that brings a new flow finds the queue of its version without that flow. */
function isQueueCurrent({queueVersion, queues}: LedgerState): boolean {
  return queueVersion === QUEUE_SCHEMA_VERSION && FLOWS.every((flow) => queues.includes(flow))
}

function refuse(state: LedgerState): void {
  if (state.serverVersion < OLDEST_SERVER) {
    const version = Math.floor(state.serverVersion / 10_000)
    throw new ConfigError(
      'DATABASE_TOO_OLD',
      `the database server is Postgres ${version}; the ledger needs 13 or newer`,
      {
        hint: 'upgrade the server, or name another with DATABASE_URL',
      },
    )
  }
  const unknown = state.applied.filter((name) => !isKnownMigration(name))
  if (unknown.length > 0 || (state.queueVersion ?? 0) > QUEUE_SCHEMA_VERSION) {
    const what = unknown.length > 0 ? unknown.join(', ') : `queue ${state.queueVersion}`
    throw new ConfigError('LEDGER_NEWER', `the ledger was written by a newer version of tieout (${what})`, {
      hint: 'install that version here too; an older one must not write to this ledger',
    })
  }
}

/** True for a migration that this program has. */
export function isKnownMigration(name: string): boolean {
  return MIGRATIONS.some((migration) => migration.name === name)
}
