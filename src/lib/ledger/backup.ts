import {randomUUID} from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import {Readable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {createGzip} from 'node:zlib'

import pg from 'pg'

import {ConfigError, messageOf} from '../core/errors.ts'
import {END, HEADER, type BackupReport, type Header} from './backup-format.ts'
import {isConnectionFault, unreachable} from './connection.ts'
import {ledgerState} from './migrate.ts'
import type {Ledger} from './open.ts'

const BATCH_ROWS = 500
const STATEMENT_MAX_CHARS = 250_000
/** Of the queue only what is ours; the rest is pg-boss's own bookkeeping. In this order, because jobs name their queue. */
const QUEUE_TABLES = ['queue', 'job', 'schedule', 'subscription']

type Counts = Record<string, number>

/**
 * Writes everything the ledger holds, as of one instant, to a gzipped file of SQL: one INSERT a line, to be run by restore(), or
 * by psql on a database that `tieout ledger:migrate` of the same version prepared. No other program is needed; rows are streamed.
 * The file appears whole or not at all. Throws ConfigError BACKUP_FAILED when it cannot be written.
 */
export async function backup(
  ledger: Pick<Ledger, 'db' | 'connection' | 'schemas'>,
  file: string,
): Promise<BackupReport> {
  const target = path.resolve(file)
  const partial = `${target}.${randomUUID()}.part`
  const counts: Counts = {}
  const client = new pg.Client(ledger.connection)
  client.on('error', () => undefined) // the statement that was running rejects with it
  try {
    await client.connect()
    const header = await headerOf(ledger)
    await client.query("set datestyle to iso; set timezone to 'UTC'; set extra_float_digits to 1")
    await client.query('begin isolation level repeatable read read only')
    const handle = await fs.open(partial, 'wx', 0o600)
    await pipeline(Readable.from(dump(client, header, counts)), createGzip(), handle.createWriteStream({flush: true}))
    await fs.rename(partial, target)
    await syncDirectory(path.dirname(target))
  } catch (error) {
    await fs.rm(partial, {force: true})
    throw isConnectionFault(error)
      ? unreachable(ledger.connection, error)
      : new ConfigError('BACKUP_FAILED', `the backup ${target} was not written: ${messageOf(error)}`, {
          hint: 'name a file in a directory that exists, is writable and has room; nothing was left behind',
          cause: error,
        })
  } finally {
    await client.end()
  }
  const rows = Object.values(counts).reduce((sum, n) => sum + n, 0)
  return {file: target, bytes: (await fs.stat(target)).size, rows, tables: counts}
}

/** The name of the file is on disk, too, when this is done. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await fs.open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function headerOf(ledger: Pick<Ledger, 'db' | 'schemas'>): Promise<Header> {
  const {applied, queueVersion} = await ledgerState(ledger.db, ledger.schemas)
  const at = new Date().toISOString()
  return {format: 1, at, schemas: ledger.schemas, migrations: applied, queueVersion: queueVersion ?? 0}
}

async function* dump(client: pg.Client, header: Header, counts: Counts): AsyncGenerator<string> {
  yield `${HEADER}${JSON.stringify(header)}\n`
  yield 'set standard_conforming_strings = on;\n'
  // A migrated database holds the queues that the migration made; those of the backup replace them.
  yield `delete from ${header.schemas.queue}.queue;\n`
  const {rows} = await client.query<{name: string}>(
    `select table_name as name from information_schema.tables
     where table_schema = $1 and table_type = 'BASE TABLE' and table_name not in ('migrations', 'migrations_lock')
     order by table_name`,
    [header.schemas.own],
  )
  const tables = rows.map((row) => `${header.schemas.own}.${row.name}`)
  for (const table of [...tables, ...QUEUE_TABLES.map((name) => `${header.schemas.queue}.${name}`)]) {
    yield* dumpTable(client, table, counts)
  }
  yield `${END}\n`
}

async function* dumpTable(client: pg.Client, table: string, counts: Counts): AsyncGenerator<string> {
  const {rows: columns} = await client.query<{name: string; identity: boolean}>(
    `select attname as name, attidentity <> '' as identity from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [table],
  )
  const names = columns.map((column) => `"${column.name}"`)
  const texts = names.map((name) => `${name}::text`).join(', ')
  const start = `insert into ${table} (${names.join(', ')}) overriding system value values `
  let count = 0
  await client.query(`declare rows no scroll cursor for select ${texts} from ${table}`)
  for (;;) {
    const {rows} = await client.query<(string | null)[]>({text: `fetch ${BATCH_ROWS} from rows`, rowMode: 'array'})
    if (rows.length === 0) break
    count += rows.length
    yield* statements(start, rows)
  }
  await client.query('close rows')
  counts[table] = count
  const id = columns.find((column) => column.identity)?.name
  if (id === undefined || count === 0) return
  yield `select setval(pg_get_serial_sequence('${table}', '${id}'), (select max(${id}) from ${table}));\n`
}

function* statements(start: string, rows: readonly (readonly (string | null)[])[]): Generator<string> {
  let values: string[] = []
  let length = 0
  for (const row of rows) {
    const value = `(${row.map(literal).join(', ')})`
    if (length + value.length > STATEMENT_MAX_CHARS && values.length > 0) {
      yield `${start}${values.join(', ')};\n`
      values = []
      length = 0
    }
    values.push(value)
    length += value.length
  }
  yield `${start}${values.join(', ')};\n`
}

/** A text literal on one line: every line of a backup is a whole statement. */
function literal(value: string | null): string {
  if (value === null) return 'null'
  if (!/[\\\n\r]/.test(value)) return `'${value.replaceAll("'", "''")}'`
  const escaped = value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', '\\n').replaceAll('\r', '\\r')
  return `e'${escaped}'`
}
