import pg from 'pg'

import {AlreadyRunningError} from '../core/errors.ts'
import {lost, orLost, unreachable} from './connection.ts'
import type {Ledger} from './open.ts'

/**
 * Runs `work` while no other process runs one under the same name on this ledger. The lock is a session's: it ends with the
 * process, however that ends. `work` gets a signal that is aborted should the connection that holds the lock break.
 * Throws AlreadyRunningError ALREADY_RUNNING that says since when the other runs.
 */
export async function withFlowLock<T>(
  ledger: Pick<Ledger, 'connection' | 'schemas'>,
  name: string,
  work: (lockLost: AbortSignal) => Promise<T>,
): Promise<T> {
  const broken = new AbortController()
  const client = new pg.Client({...ledger.connection, application_name: `tieout ${name}`.slice(0, 63)})
  client.on('error', (error) => broken.abort(lost(ledger.connection, error)))
  try {
    await client.connect()
  } catch (error) {
    throw unreachable(ledger.connection, error)
  }
  try {
    await orLost(ledger.connection, () => take(client, `${ledger.schemas.own} ${name}`, name))
    return await work(broken.signal)
  } finally {
    await client.end()
  }
}

async function take(client: pg.Client, key: string, name: string): Promise<void> {
  const taken = await client.query<{ok: boolean}>(
    "select pg_try_advisory_lock(hashtext('tieout flow'), hashtext($1)) as ok",
    [key],
  )
  if (taken.rows[0]?.ok === true) return
  const {rows} = await client.query<{pid: number; since: Date; host: string | null}>(
    `select a.pid, a.backend_start as since, a.client_addr::text as host
     from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.objsubid = 2
       and l.classid::bigint = hashtext('tieout flow')::bigint & 4294967295
       and l.objid::bigint = hashtext($1)::bigint & 4294967295
       and l.database = (select oid from pg_database where datname = current_database())`,
    [key],
  )
  const [holder] = rows
  const since = holder === undefined ? '' : ` since ${holder.since.toISOString().slice(0, 19)}Z`
  const where = holder?.host === null || holder === undefined ? '' : ` on ${holder.host}`
  throw new AlreadyRunningError('ALREADY_RUNNING', `${name} already runs${since}${where}`, {
    hint: 'let it finish; tieout status shows what it does',
  })
}
