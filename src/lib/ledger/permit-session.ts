import {randomInt} from 'node:crypto'

import pg from 'pg'

import {present} from '../core/assert.ts'
import type {LedgerConnection} from './connection.ts'
import {channelOf, exchange, LIVES, type Learnt, type SessionKey, type Told} from './permit-sql.ts'

/** The connection by which a process lives for the others: when it ends, however it ends, the process counts as dead. */
export type PermitSession = Readonly<{
  id: number
  exchange(told: Told): Promise<Learnt>
  close(): Promise<void>
}>

/** A statement takes a millisecond; one without an answer for this long means that the line is dead. */
const ANSWER_TIMEOUT_MS = 10_000
/** The server notices within half a minute that a machine is gone (Postgres, "Connection Settings"). No effect on a local socket. */
const KEEPALIVE = 'set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3'

/** Connects. `onLost` is told when the connection breaks, `onGranted` when another process left permits to this one. */
export async function openSession(
  connection: LedgerConnection,
  place: Omit<SessionKey, 'session'>,
  on: Readonly<{lost(session: PermitSession): void; granted(): void}>,
): Promise<PermitSession> {
  const client = new pg.Client({...connection, application_name: 'tieout permits', query_timeout: ANSWER_TIMEOUT_MS})
  client.on('error', () => undefined) // before it is open it is thrown by what waits for the connection
  client.on('notification', on.granted)
  const session = randomInt(1, 2 ** 31)
  try {
    await client.connect()
    await client.query(`${KEEPALIVE}; select pg_advisory_lock(${LIVES}, ${session}); listen ${channelOf(session)}`)
  } catch (error) {
    await client.end()
    throw error
  }
  let {replaces} = place
  const opened: PermitSession = {
    id: session,
    async exchange(told) {
      // Several statements give several results (pg, "Query"); its types know only one.
      const results = (await client.query<Learnt>(exchange({...place, session, replaces}, told))) as unknown
      replaces = null
      return present((results as pg.QueryResult<Learnt>[]).at(-1)?.rows[0], 'what the exchange learnt')
    },
    close: () => client.end(),
  }
  client.on('error', () => on.lost(opened))
  client.on('end', () => on.lost(opened))
  return opened
}
