import pg from 'pg'

import type {LedgerConnection} from './connection.ts'

/** Number of the lock that says "someone waits for a slot of this account"; slots count from 0. */
const WAITING = -1

/**
 * The slots of one account as advisory locks of one session: when the process dies, however it dies, the server ends the
 * session and frees them. One session holds any number of slots, so a process needs one connection.
 */
export type SlotSession = Readonly<{
  /** Takes up to `want` of these slots that no session holds. Never ask for one that is held here: a session's lock nests. */
  take(slots: readonly number[], want: number): Promise<number[]>
  free(slot: number): Promise<void>
  /** Shows other processes that this one waits, or no longer does. */
  showWaiting(isWaiting: boolean): Promise<void>
  /** True when another process waits. */
  othersWait(): Promise<boolean>
  close(): Promise<void>
}>

/** Connects. `onLost` is told when the connection breaks: the slots are then free for others. */
export async function openSlots(
  connection: LedgerConnection,
  account: string,
  onLost: (error: Error) => void,
): Promise<SlotSession> {
  const client = new pg.Client({...connection, application_name: 'tieout permits'})
  client.on('error', onLost)
  await client.connect()
  const key = `tieout permit ${account}`
  let last: Promise<unknown> = Promise.resolve()
  // One statement after the other, as the client wants it; how the one before ended is its caller's matter.
  const ask = (name: string, text: string, values: unknown[]) => {
    const query = () => client.query<{slot: number; ok: boolean}>({name, text, values: [key, ...values]})
    const rows = last.then(query, query).then((result) => result.rows)
    last = rows
    return rows
  }
  return {
    async take(slots, want) {
      const rows = await ask(
        'take',
        'select slot from unnest($2::int[]) as s (slot) where pg_try_advisory_lock(hashtext($1), slot) limit $3',
        [slots, want],
      )
      return rows.map((row) => row.slot)
    },
    free: async (slot) => void (await ask('free', 'select pg_advisory_unlock(hashtext($1), $2)', [slot])),
    async showWaiting(isWaiting) {
      if (isWaiting) await ask('wait', 'select pg_advisory_lock_shared(hashtext($1), $2)', [WAITING])
      else await ask('waited', 'select pg_advisory_unlock_shared(hashtext($1), $2)', [WAITING])
    },
    async othersWait() {
      // Locks of one session do not exclude each other, so only another session's mark can refuse this.
      const [row] = await ask('others', 'select pg_try_advisory_lock(hashtext($1), $2) as ok', [WAITING])
      if (row?.ok !== true) return true
      await ask('others-end', 'select pg_advisory_unlock(hashtext($1), $2)', [WAITING])
      return false
    },
    close: () => client.end(),
  }
}
