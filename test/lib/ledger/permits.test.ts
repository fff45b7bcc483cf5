import {createServer, type AddressInfo} from 'node:net'

import {expect, onTestFinished, test} from 'vitest'

import type {PermitLane} from '../../../src/lib/ledger/permit-line.ts'
import {runOn} from '../../support/postgres.ts'
import {acquire, pool, waits} from '../../support/permits.ts'

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

test('an urgent request of one process goes before the backfill of another', async () => {
  const backfill = await pool(1)
  const orders = await pool(1, {url: backfill.url})
  const first = await backfill.acquire('backfill')
  const served: string[] = []
  const asked = [
    ...[1, 2, 3].map(() => [backfill, 'backfill'] as const),
    ...[1, 2].map(() => [orders, 'orders'] as const),
  ].map(async ([permits, lane]) => {
    const permit = await permits.acquire(lane)
    served.push(lane)
    await permit.release()
  })
  await new Promise((resolve) => setTimeout(resolve, 250)) // both have looked who waits elsewhere
  await first.release()
  await Promise.all(asked)

  expect(served).toEqual(['orders', 'orders', 'backfill', 'backfill', 'backfill'])
})

test('a reserve stays free over all processes, but one request at a time is always allowed', async () => {
  const one = await pool(5, {reserve: 2})
  const other = await pool(5, {reserve: 2, url: one.url})
  const held = [...(await acquire(one, 2)), ...(await acquire(other, 1))]
  const fourth = other.acquire('orders')
  expect(await waits(fourth, 300)).toBe(true)
  await held[0]?.release()
  await fourth
  expect(one.stats().slots).toBe(3)

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

test('a lost connection to the database does not lose the pool, nor let others use what is in flight', async () => {
  const permits = await pool(2)
  const other = await pool(2, {url: permits.url})
  const [held, more] = await acquire(permits, 2)
  await runOn(
    permits.url,
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tieout permits' and datname = current_database()",
  )
  const elsewhere = other.acquire('orders').catch(() => other.acquire('orders'))
  expect(await waits(elsewhere, 500)).toBe(true)
  await held?.release()
  await elsewhere
  const again = permits.acquire('orders')
  expect(await waits(again, 300)).toBe(true)
  await more?.release()
  await again

  expect(permits.stats().inFlight).toBe(1)
})

test('a server that breaks off while it is being asked is told to those that wait, and the process goes on', async () => {
  const server = createServer((socket) => socket.once('data', () => socket.destroy()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const {port} = server.address() as AddressInfo
  const permits = await pool(2, {url: `postgresql://tieout@127.0.0.1:${port}/tieout`})

  await expect(permits.acquire('orders')).rejects.toMatchObject({code: 'DATABASE_LOST'})
  await expect(permits.acquire('orders')).rejects.toMatchObject({code: 'DATABASE_LOST'})
})

test('the permit of a request that was cut off rests, because the account may still work at it', async () => {
  const permits = await pool(2)
  const [cut, whole] = await acquire(permits, 2)
  const since = performance.now()
  await cut?.release(true)
  await whole?.release()

  await permits.acquire('orders')
  expect(performance.now() - since).toBeLessThan(1000)
  await permits.acquire('orders')
  expect(performance.now() - since).toBeGreaterThan(1900)
})

test('a free permit costs little', async () => {
  const permits = await pool(5)
  const times: number[] = []
  for (let i = 0; i < 200; i++) {
    const since = performance.now()
    await (await permits.acquire('orders')).release()
    times.push(performance.now() - since)
  }

  expect(times.sort((a, b) => a - b)[100]).toBeLessThan(8) // 1 ms on a quiet machine
})

test('while one process works alone, a permit passes from request to request without asking the database', async () => {
  const permits = await pool(2)
  const calls = async () =>
    Number((await runOn<{n: string}>(permits.url, "select coalesce(sum(xact_commit), 0) as n from pg_stat_database where datname = current_database()"))[0]?.n) // prettier-ignore
  const held = await acquire(permits, 2)
  const before = await calls()
  let done = 0
  const asked = Array.from({length: 90}, async () => {
    const permit = await permits.acquire('orders')
    done++
    await permit.release()
  })
  for (const permit of held) await permit.release()
  await Promise.all(asked)
  await new Promise((resolve) => setTimeout(resolve, 1100)) // statistics are reported once a second

  expect(done).toBe(90)
  expect((await calls()) - before).toBeLessThan(30)
})

test('the limit that the account allows is learnt later, upwards and downwards, by all processes', async () => {
  const permits = await pool(1, {isTold: false})
  const other = await pool(1, {isTold: false, url: permits.url})
  const told = await pool(3, {url: permits.url})
  const held = await permits.acquire('orders')
  const waiting = other.acquire('orders')
  permits.setLimit(2)
  const second = await waiting
  expect(other.stats().slots).toBe(2)
  const third = told.acquire('orders')
  expect(await waits(third, 300)).toBe(true)
  expect(told.stats().slots).toBe(2) // what an operator told is lowered by what the account said
  permits.setLimit(9)
  await third
  expect(told.stats().slots).toBe(3) // and never raised
  permits.setLimit(1)
  const fourth = permits.acquire('orders')
  await second.release()
  expect(await waits(fourth, 300)).toBe(true)
  await (await third).release()
  await held.release()
  await (await fourth).release()
})
