import fc from 'fast-check'
import {expect, test} from 'vitest'

import {createThrottle, type Bucket} from '../../../src/lib/shopify/throttle.ts'
import {patientClock} from './scripted-shop.ts'

const advanced: Bucket = {maximumAvailable: 4000, currentlyAvailable: 4000, restoreRate: 200}

test('the first request goes alone and tells the size of the bucket', async () => {
  const throttle = createThrottle(patientClock())
  const first = await throttle.reserve(100)
  let went = false
  const second = throttle.reserve(100).then((reservation) => {
    went = true
    return reservation
  })
  await new Promise((done) => setImmediate(done))
  expect(went).toBe(false)

  first.settle(10, advanced)
  await second
  expect(throttle.bucket()).toMatchObject({maximumAvailable: 4000, restoreRate: 200})
})

test('a request waits for exactly the points that are missing', async () => {
  const clock = patientClock()
  const throttle = createThrottle(clock)
  ;(await throttle.reserve(100)).settle(10, {...advanced, currentlyAvailable: 572})

  const reservation = await throttle.reserve(862)

  expect(clock.slept).toEqual([1450])
  expect(reservation.waitedMs).toBe(1450)
})

test('what a request did not use is given back', async () => {
  const throttle = createThrottle(patientClock())
  ;(await throttle.reserve(10)).settle(10, {...advanced, currentlyAvailable: 1000})
  const one = await throttle.reserve(900)
  expect(throttle.bucket()?.currentlyAvailable).toBe(100)

  one.settle(100, null)

  expect(throttle.bucket()?.currentlyAvailable).toBe(900)
})

test('a wait ends when the run is interrupted', async () => {
  const clock = patientClock()
  const stop = new AbortController()
  const throttle = createThrottle({
    ...clock,
    sleep: (_ms, signal) => new Promise((_, fail) => signal?.addEventListener('abort', () => fail(new Error('slept')))),
  })
  ;(await throttle.reserve(10)).settle(10, {...advanced, currentlyAvailable: 0})
  const waiting = throttle.reserve(900, stop.signal)
  await new Promise((done) => setImmediate(done))

  stop.abort(new Error('ended'))

  await expect(waiting).rejects.toThrow('ended')
  expect((await throttle.reserve(0)).waitedMs).toBe(0)
})

test('whatever is asked at once, Shopify never has to refuse for its rate, and all of it is sent', async () => {
  const costs = fc.array(fc.tuple(fc.integer({min: 1, max: 1000}), fc.integer({min: 0, max: 100})), {maxLength: 40})
  await fc.assert(
    fc.asyncProperty(costs, fc.integer({min: 50, max: 2000}), async (asked, rate) => {
      const clock = patientClock()
      const throttle = createThrottle(clock)
      const shop = bucketOf(clock, rate)
      let sent = 0
      await Promise.all(
        asked.map(async ([cost, share]) => {
          const reservation = await throttle.reserve(cost)
          expect(shop.admit(cost)).toBe(true)
          await new Promise((done) => setImmediate(done))
          const actual = Math.floor((cost * share) / 100)
          shop.charge(actual - cost)
          sent += 1
          reservation.settle(actual, shop.status())
        }),
      )
      expect(sent).toBe(asked.length)
    }),
    {numRuns: 40},
  )
})

/** Shopify's side: admits by the requested cost and restores with time. */
function bucketOf(clock: {now(): Date}, restoreRate: number) {
  const maximumAvailable = restoreRate * 20
  let available = maximumAvailable
  let at = clock.now().getTime()
  const restore = () => {
    const now = clock.now().getTime()
    available = Math.min(maximumAvailable, available + ((now - at) / 1000) * restoreRate)
    at = now
  }
  const charge = (points: number) => {
    restore()
    available = Math.min(maximumAvailable, available - points)
  }
  return {
    charge,
    admit: (cost: number) => {
      restore()
      // Half a point for the rounding of waits to milliseconds.
      const admitted = cost <= available + 0.5
      charge(cost)
      return admitted
    },
    status: (): Bucket => {
      restore()
      return {maximumAvailable, currentlyAvailable: available, restoreRate}
    },
  }
}
