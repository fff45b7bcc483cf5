import pg from 'pg'

import {functions} from './functions.ts'
import {createTable, tables} from './tables.ts'

export type Database = Readonly<{
  pool: pg.Pool
  schema: string
  /** Drops the schema and disconnects. */
  close(): Promise<void>
}>

const PREFIX = 'sandbox_ns_'
const CONNECTIONS = 6

/**
 * Opens a schema of its own in the given Postgres. A session lock says that its owner lives; schemas of owners that died are
 * dropped on the way. Rejects with the driver's error when the server cannot be reached.
 */
export async function openDatabase(connectionString: string): Promise<Database> {
  const keeper = new pg.Client({connectionString})
  await keeper.connect()
  // A lost server shows at the next query; without a listener the event would end the process.
  keeper.on('error', () => undefined)
  await dropAbandoned(keeper)
  const schema = PREFIX + Math.random().toString(36).slice(2, 12)
  await keeper.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [schema])
  await keeper.query(`CREATE SCHEMA "${schema}"; SET search_path = "${schema}", pg_catalog;`)
  await keeper.query(`${tables.map(createTable).join('\n')}\n${functions}`)
  const options = `-c search_path=${schema},pg_catalog -c timezone=UTC -c datestyle=ISO,MDY -c jit=off`
  const pool = new pg.Pool({connectionString, max: CONNECTIONS, options})
  pool.on('error', () => undefined)
  return {
    pool,
    schema,
    close: async () => {
      await pool.end()
      await keeper.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)
      await keeper.end()
    },
  }
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
