import knexModule from 'knex'

import {assert} from '../core/assert.ts'
import {connectionOf, isConnectionFault, unreachable, withDefaults, type LedgerConnection} from './connection.ts'
import {startEmbedded} from './embedded.ts'
import {migrate, type Schemas} from './migrate.ts'
import {MONITOR_SECONDS} from './queue-install.ts'
import {openQueue, type Queue} from './queue.ts'
import type {Db} from './types.ts'

/** The open ledger of a process. */
export type Ledger = Readonly<{
  db: Db
  queue: Queue
  /** For clients outside the pool: locks, permits, backups. May hold a password. */
  connection: LedgerConnection
  schemas: Schemas
  /** Names of the migrations that opening applied. */
  migrated: readonly string[]
  close(): Promise<void>
}>

export type LedgerOptions = Readonly<{
  /** Without it the embedded Postgres of `home` is used, and started where it does not run. */
  databaseUrl?: string | null | undefined
  home: string
  /** The schema of our tables, `tieout` by default; the queue's is named after it. */
  schema?: string | undefined
  /** Bring the schema up to date first; true by default. */
  migrate?: boolean | undefined
  /** How often dead workers are looked for; 10 by default. */
  monitorSeconds?: number | undefined
  /** Told what people may want to know: that Postgres was started, that the schema was changed. */
  note?: ((text: string) => void) | undefined
}>

/** Commands work a few orders side by side; more connections would only wait for the two cores of a small server. */
const POOL_MAX = 8

/**
 * Opens the ledger, ready for use: server started where it is ours, schema up to date, queue open.
 * Throws ConfigError: DATABASE_UNREACHABLE, DATABASE_TOO_OLD, LEDGER_NEWER, POSTGRES_MISSING, POSTGRES_START_FAILED.
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const note = options.note ?? (() => undefined)
  const connection = await connectionFor(options, note)
  const own = options.schema ?? 'tieout'
  assert(/^[a-z_][a-z0-9_]{0,40}$/.test(own), `${own} can be the name of the ledger's schema`)
  const schemas = {own, queue: `${own}_queue`}
  const db = openPool(connection, own, note)
  try {
    const migrated = options.migrate === false ? [] : await migrate(db, connection, schemas)
    if (migrated.length > 0) note(`ledger brought up to date: ${migrated.join(', ')}`)
    const queue = await openQueue({
      db,
      connection,
      schema: schemas.queue,
      monitorSeconds: options.monitorSeconds ?? MONITOR_SECONDS,
      note,
    })
    const close = async () => {
      await queue.close()
      await db.destroy()
    }
    return {db, queue, connection, schemas, migrated, close}
  } catch (error) {
    await db.destroy()
    throw isConnectionFault(error) ? unreachable(connection, error) : error
  }
}

/** A pool of connections whose unqualified names mean the ledger's own schema. */
export function openPool(connection: LedgerConnection, schema: string, note: (text: string) => void): Db {
  // What goes wrong with a connection is thrown as well, and told once by whoever catches it.
  const log = (message: unknown) => {
    if (!/^(acquire )?connection error/i.test(String(message))) note(`knex: ${String(message)}`)
  }
  return knexModule.knex({
    client: 'pg',
    connection: {...connection} as Record<string, unknown>,
    searchPath: [schema],
    pool: {min: 0, max: POOL_MAX},
    acquireConnectionTimeout: 30_000,
    log: {warn: log, error: log, deprecate: log, debug: () => undefined},
  })
}

/** How to reach the ledger's server; the embedded one is started where no DATABASE_URL is set. */
export async function connectionFor(
  options: Pick<LedgerOptions, 'databaseUrl' | 'home'>,
  note: (text: string) => void,
): Promise<LedgerConnection> {
  const url = options.databaseUrl ?? null
  if (url !== null) return connectionOf(url)
  const embedded = await startEmbedded(options.home)
  if (embedded.state === 'started') note(`started the embedded Postgres of ${options.home}`)
  return withDefaults(embedded.connection)
}
