import fs from 'node:fs/promises'
import path from 'node:path'
import {createGunzip} from 'node:zlib'

import pg from 'pg'

import {ConfigError, messageOf, SyncError} from '../core/errors.ts'
import {END, HEADER, type BackupReport, type Header} from './backup-format.ts'
import {isConnectionFault, unreachable, whereIs, type LedgerConnection} from './connection.ts'
import {isKnownMigration, ledgerState, migrate, type Schemas} from './migrate.ts'
import {openPool} from './open.ts'
import {QUEUE_SCHEMA_VERSION} from './queue-install.ts'
import type {Rows} from './rows.ts'
import type {Db} from './types.ts'

type Counts = Record<string, number>

/**
 * Fills an empty database from a backup: brings the schema to the backup's state, loads the rows, all in one transaction, then
 * applies newer migrations. Throws ConfigError BACKUP_UNREADABLE, LEDGER_NEWER, or RESTORE_TARGET_NOT_EMPTY.
 */
export async function restore(file: string, connection: LedgerConnection, own = 'tieout'): Promise<BackupReport> {
  const schemas = {own, queue: `${own}_queue`}
  const source = path.resolve(file)
  const header = await readHeader(source)
  const db = openPool(connection, own, () => undefined)
  const counts: Counts = {}
  try {
    await clear(db, schemas, connection)
    await migrate(db, connection, schemas, header.migrations.at(-1))
    await load(connection, source, header, schemas, counts)
    await migrate(db, connection, schemas)
  } catch (error) {
    if (isConnectionFault(error)) throw unreachable(connection, error)
    throw error
  } finally {
    await db.destroy()
  }
  const rows = Object.values(counts).reduce((sum, n) => sum + n, 0)
  return {file: source, bytes: (await fs.stat(source)).size, rows, tables: counts}
}

/** Removes a ledger without rows, as a first command makes it. Throws ConfigError where there are rows. */
async function clear(db: Db, schemas: Schemas, connection: LedgerConnection): Promise<void> {
  const {applied} = await ledgerState(db, schemas)
  if (applied.length === 0) return
  const {rows: tables} = await db.raw<Rows<{name: string}>>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_schema = ? and table_type = 'BASE TABLE' and table_name not in ('migrations', 'migrations_lock')`,
    [schemas.own],
  )
  for (const {name} of [...tables, {name: `${schemas.queue}.job`}]) {
    const {rows} = await db.raw<Rows<unknown>>(`select 1 from ${name} limit 1`)
    if (rows.length > 0) throw notEmpty(connection)
  }
  await db.raw('drop schema if exists ?? cascade', [schemas.queue])
  await db.raw('drop schema ?? cascade', [schemas.own])
}

async function load(
  connection: LedgerConnection,
  source: string,
  header: Header,
  schemas: Schemas,
  counts: Counts,
): Promise<void> {
  const client = new pg.Client(connection)
  client.on('error', () => undefined) // the statement that was running rejects with it
  let isWhole = false
  try {
    await client.connect()
    await client.query('begin')
    for await (const line of linesOf(source)) {
      if (line === END) isWhole = true
      if (line.startsWith('--')) continue
      const statement = renamed(line, header.schemas, schemas)
      const {rowCount, command} = await client.query(statement)
      const table = /^insert into (\S+)/.exec(statement)?.[1]
      if (command === 'INSERT' && table !== undefined) counts[table] = (counts[table] ?? 0) + (rowCount ?? 0)
    }
    if (!isWhole) throw unreadable(source, 'it ends too early')
    await client.query('commit')
  } catch (error) {
    const isOfFile = error instanceof pg.DatabaseError || isZlibFault(error)
    throw isOfFile && !isConnectionFault(error) ? unreadable(source, messageOf(error), error) : error
  } finally {
    await client.end()
  }
}

/** The same statement for other schemas; only its head names tables, so data is never touched. */
function renamed(line: string, from: Schemas, to: Schemas): string {
  if (from.own === to.own) return line
  const head = /^(insert into |delete from |select setval\(pg_get_serial_sequence\(')(\w+)\./.exec(line)
  if (head?.[1] === undefined || head[2] === undefined) return line
  const schema = head[2] === from.queue ? to.queue : to.own
  const rest = line.slice(head[0].length)
  return head[1] + schema + '.' + (head[1].startsWith('select') ? rest.replaceAll(` ${head[2]}.`, ` ${schema}.`) : rest)
}

/** Lines of the unpacked file; a file that was cut off or damaged makes this throw. */
async function* linesOf(source: string): AsyncGenerator<string> {
  const handle = await fs.open(source, 'r')
  const input = handle.createReadStream()
  const text = createGunzip()
  input.on('error', (error) => text.destroy(error))
  input.pipe(text).setEncoding('utf8')
  let rest = ''
  try {
    for await (const chunk of text as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } finally {
    input.destroy()
  }
  if (rest !== '') yield rest
}

async function readHeader(source: string): Promise<Header> {
  try {
    for await (const line of linesOf(source)) {
      if (!line.startsWith(HEADER)) throw unreadable(source, 'it does not begin like one')
      const header = JSON.parse(line.slice(HEADER.length)) as Header
      const unknown = header.migrations.filter((name) => !isKnownMigration(name))
      if (unknown.length === 0 && header.queueVersion <= QUEUE_SCHEMA_VERSION) return header
      throw new ConfigError('LEDGER_NEWER', `${source} was written by a newer version of tieout`, {
        hint: 'install that version, then restore with it',
      })
    }
  } catch (error) {
    throw error instanceof SyncError ? error : unreadable(source, messageOf(error), error)
  }
  throw unreadable(source, 'it is empty')
}

function isZlibFault(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
}

function unreadable(source: string, why: string, cause?: unknown): ConfigError {
  return new ConfigError('BACKUP_UNREADABLE', `${source} is no whole backup: ${why}`, {
    hint: 'name a file that tieout ledger:backup wrote',
    cause,
  })
}

function notEmpty(connection: LedgerConnection): ConfigError {
  return new ConfigError('RESTORE_TARGET_NOT_EMPTY', `the database at ${whereIs(connection)} holds a ledger already`, {
    hint: 'create an empty database, name it with DATABASE_URL, and restore into that',
  })
}
