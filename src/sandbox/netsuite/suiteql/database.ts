import pg from 'pg'

import {functions} from './functions.ts'
import {createTable, tables} from './tables.ts'

export type Database = Readonly<{
  pool: pg.Pool
  schema: string
  /** The server went away since; what the schema held may be gone. */
  isLost(): boolean
  /** Drops the schema and disconnects. A server that is away keeps the schema until the next sandbox comes to it. */
  close(): Promise<void>
}>

const PREFIX = 'sandbox_ns_'
const CONNECTIONS = 6

/**
 * Opens a schema of its own in the given Postgres. A session lock says that its owner lives; schemas of owners that died are
 * dropped on the way. Rejects with the driver's error when the server cannot be reached.
 */
export async function openDatabase(connectionString: string): Promise<Database> {
  const keeper = new pg.Client({connectionString, keepAlive: true})
  let isLost = false
  // Without a listener the event would end the process.
  keeper.on('error', () => (isLost = true))
  const schema = PREFIX + Math.random().toString(36).slice(2, 12)
  try {
    await keeper.connect()
    await dropAbandoned(keeper)
    await keeper.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [schema])
    await keeper.query(`CREATE SCHEMA "${schema}"; SET search_path = "${schema}", pg_catalog;`)
    await keeper.query(`${tables.map(createTable).join('\n')}\n${functions}`)
  } catch (error) {
    await keeper.end()
    throw error
  }
  const options = `-c search_path=${schema},pg_catalog -c timezone=UTC -c datestyle=ISO,MDY -c jit=off`
  const pool = new pg.Pool({connectionString, max: CONNECTIONS, options})
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return {
    pool,
    schema,
    isLost: () => isLost,
    close: async () => {
      await pool.end()
      try {
        if (!isLost) await keeper.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)
      } catch (error) {
        if (!isAway(error)) throw error
      } finally {
        await keeper.end()
      }
    },
  }
}

/** Runs work in a transaction of its own. A connection on which anything failed is not used again. */
export async function inTransaction<T>(
  pool: pg.Pool,
  begin: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query(begin)
    const result = await work(client)
    await client.query('COMMIT')
    client.release()
    return result
  } catch (error) {
    client.release(true)
    throw error
  }
}

/** True for what any statement may meet while the server stops or starts: no connection, shutting down, not yet up, no room. */
export function isAway(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(57P|08|53)/.test(error.code ?? '')
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return /^E[A-Z]+$/.test(code) || /connection (terminated|ended)|not queryable|connection error/i.test(error.message)
}

async function dropAbandoned(client: pg.Client): Promise<void> {
  const {rows} = await client.query<{nspname: string}>(
    `SELECT nspname FROM pg_namespace WHERE nspname LIKE '${PREFIX}%'`,
  )
  for (const {nspname} of rows) {
    const lock = await client.query<{free: boolean}>('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS free', [
      nspname,
    ])
    if (lock.rows[0]?.free !== true) continue
    await client.query(`DROP SCHEMA IF EXISTS "${nspname}" CASCADE`)
    await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [nspname])
  }
}
