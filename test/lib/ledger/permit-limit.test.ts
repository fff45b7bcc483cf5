import fc from 'fast-check'
import pg from 'pg'
import {expect, onTestFinished, test, vi} from 'vitest'

import {connectionOf} from '../../../src/lib/ledger/connection.ts'
import {openSession} from '../../../src/lib/ledger/permit-session.ts'
import {REGAIN_MS, type Told} from '../../../src/lib/ledger/permit-sql.ts'
import {freshDatabase} from '../../support/fresh-ledger.ts'
import {acquire, pool, waits} from '../../support/permits.ts'

const quiet: Told = {
  inUse: 0, freed: 0, cut: 0, slots: 10,
  reserve: 0, agesMs: [], restMs: 2000, refused: false, learned: null, closing: false,
} // prettier-ignore

/** A look at the tables on one connection, for properties that look often. */
async function looker(url: string): Promise<pg.Client> {
  const client = new pg.Client({connectionString: url})
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

async function sessions(url: string, count: number) {
  return Promise.all(
    Array.from({length: count}, async () => {
      const place = {schema: 'tieout', account: 'TEST', replaces: null}
      const session = await openSession(connectionOf(url), place, {lost: () => undefined, granted: () => undefined})
      onTestFinished(() => session.close())
      return session
    }),
  )
}

/** As if so much time had passed since the refusal. */
async function pass(db: pg.Client, ms: number): Promise<void> {
  await db.query(`update tieout.permit_limits set shrunk_at = shrunk_at - $1 * interval '1 millisecond'`, [ms])
}

test('one process was refused: all use half, those that were refused together count once, and time gives it back', async () => {
  const permits = await pool(8)
  const other = await pool(8, {url: permits.url})
  const db = await looker(permits.url)
  permits.refused()
  permits.refused()
  await vi.waitFor(() => expect(permits.stats().limit).toBe(4))
  const held = await acquire(other, 4)
  expect(other.stats()).toMatchObject({slots: 8, limit: 4})
  const fifth = permits.acquire('orders')
  expect(await waits(fifth, 300)).toBe(true)

  await pass(db, REGAIN_MS)
  await fifth
  expect(permits.stats().limit).toBe(5)
  await pass(db, 3 * REGAIN_MS)
  held.push(...(await acquire(other, 3)))
  expect(other.stats().limit).toBe(8)
})

test('whatever is refused and whenever, what may be used stays from 1 to the limit, halves at most once a second and comes back', async () => {
  const url = await freshDatabase({migrated: true})
  const [session] = await sessions(url, 1)
  const db = await looker(url)
  const step = fc.oneof(fc.constant('refused' as const), fc.integer({min: 0, max: 60_000}))
  await fc.assert(
    fc.asyncProperty(fc.integer({min: 1, max: 50}), fc.array(step, {maxLength: 12}), async (slots, steps) => {
      await db.query('delete from tieout.permit_limits')
      const now = async (refused: boolean) => (await session?.exchange({...quiet, slots, refused}))?.slots ?? 0
      let before = await now(false)
      let sinceMs = Infinity
      for (const one of steps) {
        if (one !== 'refused') await pass(db, one)
        sinceMs += one === 'refused' ? 0 : one
        const after = await now(one === 'refused')
        if (one !== 'refused') expect(after).toBeGreaterThanOrEqual(before)
        else if (sinceMs < 900) expect(after).toBe(before)
        else if (sinceMs > 1100) expect(after).toBe(Math.max(1, Math.floor(before / 2)))
        if (one === 'refused' && sinceMs >= 1000) sinceMs = 0
        expect(after).toBeGreaterThanOrEqual(1)
        expect(after).toBeLessThanOrEqual(slots)
        before = after
      }
      await pass(db, REGAIN_MS * 50)
      expect(await now(false)).toBe(slots)
    }),
    {numRuns: 25},
  )
})

test('whoever asks, gives back or dies: never more than the limit are held, and what is free goes to the earliest turns', async () => {
  const url = await freshDatabase({migrated: true})
  const three = await sessions(url, 3)
  const db = await looker(url)
  const step = fc.record({
    who: fc.nat({max: 2}),
    frees: fc.nat({max: 3}),
    agesMs: fc.array(fc.integer({min: -15_000, max: 60_000}), {maxLength: 4}),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.integer({min: 1, max: 6}),
      fc.array(step, {minLength: 3, maxLength: 15}),
      async (slots, steps) => {
        await db.query('delete from tieout.permit_sessions')
        const inUse = [0, 0, 0]
        for (const {who, frees, agesMs} of steps) {
          const before = await heldAndTurns(db)
          const known = before.get(three[who]?.id ?? 0)?.held ?? 0
          const freed = Math.min(frees, known)
          const sorted = agesMs.toSorted((a, b) => b - a)
          const learnt = await three[who]?.exchange({...quiet, slots, inUse: known - freed, freed, agesMs: sorted})
          inUse[who] = learnt?.held ?? 0
          const after = await heldAndTurns(db)
          const held = [...after.values()].reduce((sum, one) => sum + one.held, 0)
          const left = [...after.values()].reduce((sum, one) => sum + one.turns.length, 0)
          expect(held).toBe(learnt?.busy)
          expect(held).toBeLessThanOrEqual(slots)
          expect(held === slots || left === 0).toBe(true) // nothing is free while someone waits
          expectEarliestFirst(before, after, three[who]?.id ?? 0, sorted)
        }
      },
    ),
    {numRuns: 40},
  )
})

type Line = Map<number, {held: number; turns: number[]}>

async function heldAndTurns(db: pg.Client): Promise<Line> {
  const {rows} = await db.query<{session: number; held: number; turns: Date[]}>(
    'select session, held, turns from tieout.permit_sessions',
  )
  return new Map(rows.map(({session, held, turns}) => [session, {held, turns: turns.map(Number)}]))
}

/** No turn that still waits is earlier than one that was served. */
function expectEarliestFirst(before: Line, after: Line, asking: number, agesMs: readonly number[]): void {
  const now = Date.now()
  const served: number[] = []
  const waiting: number[] = []
  for (const [session, {turns}] of after) {
    const asked = session === asking ? agesMs.map((age) => now - age) : (before.get(session)?.turns ?? [])
    const count = asked.length - turns.length
    served.push(...asked.slice(0, count))
    waiting.push(...asked.slice(count))
  }
  // Half a second for the time that the statements took.
  if (served.length > 0 && waiting.length > 0) expect(Math.max(...served)).toBeLessThan(Math.min(...waiting) + 500)
}
