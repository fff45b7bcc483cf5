import fc from 'fast-check'
import {expect, onTestFinished, test} from 'vitest'

import {connectionOf} from '../../../src/lib/ledger/connection.ts'
import {permitLimit, REGAIN_MS} from '../../../src/lib/ledger/permit-limit.ts'
import {openPermits, type PermitLane, type PermitPool} from '../../../src/lib/ledger/permits.ts'
import {child} from '../../support/children.ts'
import {freshDatabase} from '../../support/fresh-ledger.ts'
import {runOn} from '../../support/postgres.ts'

async function pool(
  limit: number,
  change: {reserve?: number; waitersMax?: number} = {},
): Promise<PermitPool & {url: string}> {
  const url = await freshDatabase({migrated: false})
  const permits = openPermits(connectionOf(url), {account: 'TEST', limit, reserve: 0, waitersMax: 100, ...change})
  onTestFinished(() => permits.close())
  return {...permits, url}
}

/** The most that were held at the same time, from all processes, on the clock they share. */
function mostAtOnce(spans: readonly (readonly [bigint, bigint])[]): number {
  const edges = spans.flatMap(([from, to]): [bigint, number][] => [[from, 1], [to, -1]]) // prettier-ignore
  edges.sort(([a, x], [b, y]) => (a === b ? x - y : a < b ? -1 : 1))
  let now = 0
  return edges.reduce((most, [, step]) => Math.max(most, (now += step)), 0)
}

test('three processes with many lanes each never have more requests in flight than the limit, and all get their share', async () => {
  const url = await freshDatabase({migrated: false})

  const ends = await Promise.all(
    [20, 20, 3].map((lanes) => child('lib/ledger/children/permits.ts', url, '5', '2000', String(lanes)).ended),
  )

  expect(ends.map((end) => [end.code, end.stderr])).toEqual([[0, ''], [0, ''], [0, '']]) // prettier-ignore
  const spans = ends.map((end) =>
    (JSON.parse(end.lines.find((line) => line.startsWith('held'))?.slice(5) ?? '[]') as [string, string][]).map(
      ([from, to]) => [BigInt(from), BigInt(to)] as const,
    ),
  )
  expect(mostAtOnce(spans.flat())).toBe(5)
  const total = spans.flat().length
  for (const own of spans) expect(own.length).toBeGreaterThan(total / 20)
})

test('a process that is killed frees its slots at once', async () => {
  const permits = await pool(3)
  const other = child('lib/ledger/children/permits.ts', permits.url, '3', '60000', '30')
  await other.line('holding')
  other.kill()
  await other.ended

  const since = Date.now()
  const held = await Promise.all([1, 2, 3].map(() => permits.acquire('orders')))

  expect(Date.now() - since).toBeLessThan(2000)
  expect(permits.stats()).toEqual({slots: 3, limit: 3, inFlight: 3, waiting: 0})
  await Promise.all(held.map((permit) => permit.release()))
  expect(permits.stats().inFlight).toBe(0)
})

test('urgent lanes go first, and nobody waits for ever', async () => {
  const permits = await pool(1)
  const first = await permits.acquire('orders')
  const served: string[] = []
  const ask = async (lane: PermitLane) => {
    const permit = await permits.acquire(lane)
    served.push(lane)
    await permit.release()
  }
  const asked = [ask('backfill'), ask('inventory'), ask('orders'), ask('payments'), ask('orders')]
  await first.release()
  await Promise.all(asked)

  expect(served).toEqual(['orders', 'orders', 'payments', 'inventory', 'backfill'])
})

test('a reserve stays free, but one request at a time is always allowed', async () => {
  expect((await pool(5, {reserve: 2})).stats().slots).toBe(3)
  const small = await pool(2, {reserve: 5})
  const permit = await small.acquire('orders')
  expect(permit.waitedMs).toBeGreaterThanOrEqual(0)
  await permit.release()
})

test('too many that wait are refused rather than piled up, and one that is interrupted leaves the line', async () => {
  const permits = await pool(1, {waitersMax: 2})
  const held = await permits.acquire('orders')
  const stop = new AbortController()
  const interrupted = permits.acquire('orders', stop.signal)
  const waiting = permits.acquire('orders')

  await expect(permits.acquire('orders')).rejects.toMatchObject({code: 'PERMIT_QUEUE_FULL', retryAfterMs: 1000})
  stop.abort(new Error('interrupted'))
  await expect(interrupted).rejects.toThrow('interrupted')
  await held.release()
  await held.release() // giving back twice gives nothing away
  const next = await waiting
  expect(permits.stats()).toEqual({slots: 1, limit: 1, inFlight: 1, waiting: 0})
  await next.release()
})

test('a lost connection to the database does not lose the pool', async () => {
  const permits = await pool(2)
  const held = await permits.acquire('orders')
  await runOn(
    permits.url,
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tieout permits' and datname = current_database()",
  )
  await held.release()

  const again = await permits.acquire('orders').catch(() => permits.acquire('orders'))

  expect(permits.stats().inFlight).toBe(1)
  await again.release()
})

test('a free permit costs little', async () => {
  const permits = await pool(5)
  const times: number[] = []
  for (let i = 0; i < 200; i++) {
    const since = performance.now()
    await (await permits.acquire('orders')).release()
    times.push(performance.now() - since)
  }

  expect(times.sort((a, b) => a - b)[100]).toBeLessThan(5) // 0.4 ms on a quiet machine: taking and giving back
})

test('the limit that the account allows is learnt later, upwards and downwards', async () => {
  const permits = await pool(1)
  const held = await permits.acquire('orders')
  const waiting = permits.acquire('orders')
  permits.setLimit(2)
  const second = await waiting
  permits.setLimit(1)
  const third = permits.acquire('orders')
  await second.release()
  expect(permits.stats()).toMatchObject({inFlight: 1, waiting: 1})
  await held.release()
  await (await third).release()
})

test('each refusal halves what is used, time gives it back, and it never leaves 1 … the limit', () => {
  const step = fc.oneof(fc.constant('refused' as const), fc.integer({min: 0, max: 60_000}))
  fc.assert(
    fc.property(
      fc.integer({min: 1, max: 50}),
      fc.integer({min: 0, max: 60}),
      fc.array(step),
      (limit, reserve, steps) => {
        let now = 0
        const permits = permitLimit(limit, reserve, () => now)
        for (const one of steps) {
          const before = permits.now()
          if (one === 'refused') {
            permits.refused()
            expect(permits.now()).toBeLessThanOrEqual(before)
          } else {
            now += one
            expect(permits.now()).toBeGreaterThanOrEqual(before)
          }
          expect(permits.now()).toBeGreaterThanOrEqual(1)
          expect(permits.now()).toBeLessThanOrEqual(permits.slots())
        }
        now += REGAIN_MS * 50
        expect(permits.now()).toBe(Math.max(1, limit - reserve))
        expect(permits.regainMs()).toBeNull()
      },
    ),
  )
  let now = 0
  const permits = permitLimit(10, 0, () => now)
  permits.refused()
  permits.refused() // requests in flight are refused together
  expect(permits.now()).toBe(5)
  now = REGAIN_MS
  expect(permits.now()).toBe(6)
})
