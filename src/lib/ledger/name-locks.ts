import {inTransaction} from './connection.ts'
import type {Ledger} from './open.ts'
import {createPlaces, type Places} from './places.ts'
import {storable, type Rows} from './rows.ts'
import type {Db, Tx} from './types.ts'

type Place = Pick<Ledger, 'db' | 'connection' | 'schemas'>
type Named = Readonly<{names: readonly string[]}>

/** Who waits for names keeps a connection of the pool meanwhile. So few of a process do at once, and other work finds one. */
const AT_ONCE = 4
const placesOf = new WeakMap<Db, Places>()

/**
 * Runs `work` in a transaction while nobody else, in this or another process, works on any of these names. The locks end with
 * the transaction, or with the process. All are taken in one order, so that two who share names wait instead of deadlocking.
 * Throws RetryableError DATABASE_LOST.
 */
export async function withNames<T extends Named>(
  ledger: Place,
  kind: string,
  named: readonly T[],
  work: (tx: Tx, named: T[]) => Promise<void>,
): Promise<void> {
  if (named.length === 0) return
  await inPlace(ledger, async (tx) => {
    await tx.raw(
      `select pg_advisory_xact_lock(hashtext(?), key)
       from (select distinct hashtext(name) as key from unnest(?::text[]) as n (name) order by key) as keys`,
      [`${ledger.schemas.own} ${kind}`, named.flatMap(({names}) => names.map(storable))],
    )
    await work(tx, [...named])
  })
}

/** The same for those whose names are all free now, without waiting. Answers the others. Throws RetryableError DATABASE_LOST. */
export async function withFreeNames<T extends Named>(
  ledger: Place,
  kind: string,
  named: readonly T[],
  work: (tx: Tx, free: T[]) => Promise<void>,
): Promise<T[]> {
  if (named.length === 0) return []
  const pairs = named.flatMap(({names}, index) => names.map((name) => ({index, name: storable(name)})))
  const taken = new Set<number>()
  await inPlace(ledger, async (tx) => {
    const {rows} = await tx.raw<Rows<{index: number; free: boolean}>>(
      `select index, bool_and(pg_try_advisory_xact_lock(hashtext(?), hashtext(name))) as free
       from unnest(?::int[], ?::text[]) as n (index, name) group by index`,
      [`${ledger.schemas.own} ${kind}`, pairs.map(({index}) => index), pairs.map(({name}) => name)],
    )
    for (const {index, free} of rows) if (!free) taken.add(index)
    const free = named.filter((_, index) => !taken.has(index))
    if (free.length > 0) await work(tx, free)
  })
  return named.filter((_, index) => taken.has(index))
}

async function inPlace(ledger: Place, work: (tx: Tx) => Promise<void>): Promise<void> {
  const places = placesOf.get(ledger.db) ?? createPlaces(() => AT_ONCE)
  placesOf.set(ledger.db, places)
  await places.enter()
  try {
    await inTransaction(ledger, work)
  } finally {
    places.leave()
  }
}
