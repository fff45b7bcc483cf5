import type pg from 'pg'

import {ConfigError, RetryableError, SyncError} from '../core/errors.ts'
import type {Db, Tx} from './types.ts'

/** How clients outside the pool (locks, permits, backup) reach the ledger's server. May hold a password: never print it. */
export type LedgerConnection = Readonly<pg.ClientConfig>

const CONNECT_TIMEOUT_MS = 10_000

/** A connection from a URL. Throws ConfigError DATABASE_UNREACHABLE for a text that is none; the text is not repeated. */
export function connectionOf(url: string): LedgerConnection {
  if (!/^(postgres|postgresql):\/\//.test(url) || !URL.canParse(url)) {
    throw new ConfigError(
      'DATABASE_UNREACHABLE',
      'DATABASE_URL is not of the form postgresql://user:password@host/name',
      {
        hint: 'correct DATABASE_URL; percent-encode special characters of the password',
      },
    )
  }
  return withDefaults({connectionString: url})
}

/** What every client of the ledger has: a name in pg_stat_activity, a bound on connecting, probes on an idle line. */
export function withDefaults(config: pg.ClientConfig): LedgerConnection {
  return {application_name: 'tieout', connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true, ...config}
}

/** Where the server is, for people: never the password. */
export function whereIs(connection: LedgerConnection): string {
  if (connection.connectionString === undefined) return `${connection.host ?? 'localhost'}`
  const {hostname, port, pathname, searchParams} = new URL(connection.connectionString)
  const host = searchParams.get('host') ?? (hostname === '' ? 'localhost' : hostname)
  return `${host}${port === '' ? '' : `:${port}`}${pathname}`
}

const HINTS: Readonly<Record<string, string>> = {
  '28P01': 'the server refused the password: correct it in DATABASE_URL',
  '28000': 'the server refused the user: correct DATABASE_URL or pg_hba.conf',
  '3D000': 'the database does not exist: create it, or name another in DATABASE_URL',
  '42501': 'the user may not create schemas there: grant it, or let the owner run tieout ledger:migrate',
  ECONNREFUSED: 'nothing listens there: start the server, or correct DATABASE_URL',
  ENOTFOUND: 'the host name is unknown: correct DATABASE_URL',
}

/** A failure to connect, as an error that names the server and not the password. */
export function unreachable(connection: LedgerConnection, cause: unknown): ConfigError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return new ConfigError(
    'DATABASE_UNREACHABLE',
    `the database at ${whereIs(connection)} cannot be used: ${said(cause)}`,
    {
      hint: HINTS[code] ?? 'see that the server runs and DATABASE_URL is right',
      cause,
    },
  )
}

/** The same in the middle of work: what was in flight is tried again when the database is back, or has room again. */
export function lost(connection: LedgerConnection, cause: unknown): RetryableError {
  if (isExhausted(cause)) {
    return new RetryableError('DATABASE_FULL', `the database at ${whereIs(connection)} has no room: ${said(cause)}`, {
      hint: 'nothing is lost; free space on its disk (or memory, or connections), then run the command again',
      retryAfterMs: 5000,
      cause,
    })
  }
  return new RetryableError('DATABASE_LOST', `the database at ${whereIs(connection)} went away: ${said(cause)}`, {
    hint: 'nothing is lost; see that the server runs, then run the command again',
    retryAfterMs: 5000,
    cause,
  })
}

/** Runs work on the ledger; a connection that breaks meanwhile is told as DATABASE_LOST. */
export async function orLost<T>(connection: LedgerConnection, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isConnectionFault(error) ? lost(connection, error) : error
  }
}

/** One transaction, all of it or nothing. Throws RetryableError DATABASE_LOST when the connection breaks. */
export async function inTransaction<T>(
  ledger: Readonly<{db: Db; connection: LedgerConnection}>,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  return orLost(ledger.connection, () => ledger.db.transaction(work))
}

/** SQLSTATE class 53: the disk is full, no memory, too many connections (PostgreSQL documentation, "Error Codes"). */
function isExhausted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^53/.test(String(error.code))
}

/** True for errors of the server, not of a statement: SQLSTATE classes 08 and 53, 57P0x, or an error of the socket. */
export function isConnectionFault(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof SyncError) return false
  const isOfSocket = 'syscall' in error && ['connect', 'getaddrinfo', 'read', 'write'].includes(String(error.syscall))
  if (isOfSocket && !('path' in error && error.syscall !== 'connect')) return true
  if ('code' in error && typeof error.code === 'string') return /^(08|53|57P0|28|3D)/.test(error.code)
  return /timeout|terminated|not queryable|closed the connection/i.test(error.message)
}

/** What the server said. knex puts the statement before it, which may hold anything and says nothing here. */
function said(cause: unknown): string {
  const whole = cause instanceof Error ? (cause.message === '' ? cause.name : cause.message) : String(cause)
  const text = isExhausted(cause) ? whole.slice(whole.lastIndexOf(' - ') + 1).replace(/^- /, '') : whole
  return cause instanceof AggregateError && cause.errors[0] instanceof Error ? cause.errors[0].message : text
}
