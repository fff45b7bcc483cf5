import {inTransaction} from './connection.ts'
import type {Ledger} from './open.ts'
import {storable} from './rows.ts'
import type {Tx} from './types.ts'

/**
 * Runs `work` in a transaction while nobody else, in this or another process, works on any of these names. The locks end with
 * the transaction, or with the process. All are taken in one order, so that two who share names wait instead of deadlocking.
 * Throws RetryableError DATABASE_LOST.
 */
export async function withNames<T>(
  ledger: Pick<Ledger, 'db' | 'connection' | 'schemas'>,
  kind: string,
  names: readonly string[],
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  return inTransaction(ledger, async (tx) => {
    await tx.raw(
      `select pg_advisory_xact_lock(hashtext(?), key)
       from (select distinct hashtext(name) as key from unnest(?::text[]) as n (name) order by key) as keys`,
      [`${ledger.schemas.own} ${kind}`, names.map(storable)],
    )
    return work(tx)
  })
}
