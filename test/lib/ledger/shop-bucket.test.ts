import {setTimeout as sleep} from 'node:timers/promises'

import {expect, inject, onTestFinished, test} from 'vitest'

import {systemClock} from '../../../src/lib/core/clock.ts'
import {openLedger, type Ledger} from '../../../src/lib/ledger/open.ts'
import {openShopBucket, type ShopBucket} from '../../../src/lib/ledger/shop-bucket.ts'
import {freshDatabase, freshLedger} from '../../support/fresh-ledger.ts'
import {waits} from '../../support/permits.ts'
import {runOn} from '../../support/postgres.ts'

const advanced = {maximumAvailable: 4000, currentlyAvailable: 4000, restoreRate: 200}

/** The bucket as another process of the ledger has it. */
function bucketOf(ledger: Pick<Ledger, 'db' | 'connection'>, app = 'tieout'): ShopBucket {
  const bucket = openShopBucket(ledger, {shop: 'tieout-demo.myshopify.com', app, clock: systemClock})
  onTestFinished(() => bucket.close())
  return bucket
}

/** After one request that left so much. */
async function told(bucket: ShopBucket, change: Partial<typeof advanced> = {}): Promise<void> {
  const first = await bucket.reserve(10)
  first.settle(10, {...advanced, ...change})
  await bucket.close()
}

test('what one process takes is not there for another, and a request waits for exactly the points that are missing', async () => {
  const ledger = await freshLedger()
  const [one, other] = [bucketOf(ledger), bucketOf(ledger)]
  await told(one, {currentlyAvailable: 500, restoreRate: 1000})
  await told(other, {currentlyAvailable: 500, restoreRate: 1000})

  await one.reserve(400)
  const {waitedMs} = await other.reserve(500)

  expect(waitedMs).toBeGreaterThan(250)
  expect(waitedMs).toBeLessThan(600)
})

test('before a bucket is known a process sends one request alone, whose answer tells', async () => {
  const bucket = bucketOf(await freshLedger())
  const first = await bucket.reserve(100)
  const second = bucket.reserve(100)
  expect(await waits(second, 100)).toBe(true)

  first.settle(10, advanced)
  await second

  expect(bucket.bucket()).toEqual(advanced)
})

test('each app and each shop has a bucket of its own', async () => {
  const ledger = await freshLedger()
  const [ours, theirs] = [bucketOf(ledger), bucketOf(ledger, 'another app')]
  await told(ours, {currentlyAvailable: 0})
  await told(theirs)

  expect((await theirs.reserve(900)).waitedMs).toBeLessThan(200)
  expect(await waits(ours.reserve(900), 100)).toBe(true)
})

test('what a request did not use is there for the next, and Shopify is believed where it says less', async () => {
  const ledger = await freshLedger()
  const bucket = bucketOf(ledger)
  await told(bucket, {currentlyAvailable: 1000, restoreRate: 50})
  const level = async () => Number((await ledger.db('shop_buckets').first('level'))?.level)

  const reservation = await bucket.reserve(900)
  reservation.settle(100, null)
  await bucket.close()
  expect(await level()).toBeGreaterThanOrEqual(900)
  ;(await bucket.reserve(10)).settle(10, {...advanced, currentlyAvailable: 300, restoreRate: 50})
  await bucket.close()

  expect(await level()).toBe(300)
})

test('a wait that is interrupted gives its points back', async () => {
  const bucket = bucketOf(await freshLedger())
  await told(bucket, {currentlyAvailable: 100, restoreRate: 50})
  const stop = new AbortController()
  const waiting = bucket.reserve(1000, stop.signal)
  await sleep(50)
  stop.abort(new Error('ended'))

  await expect(waiting).rejects.toThrow()
  await bucket.close()
  expect((await bucket.reserve(90)).waitedMs).toBeLessThan(500)
})

test('a backfill leaves half of the bucket to live work', async () => {
  const ledger = await freshLedger()
  const [live, backfill] = [bucketOf(ledger), bucketOf(ledger)]
  await told(live, {currentlyAvailable: 2100})
  await told(backfill, {currentlyAvailable: 2100})

  const spare = backfill.reserve(300, undefined, 'backfill')
  expect(await waits(spare, 200)).toBe(true)
  expect((await live.reserve(1000)).waitedMs).toBeLessThan(200)
  expect(await waits(spare, 1500)).toBe(true)
})

test('many processes at once: Shopify never has to refuse, and all of its points are used', async () => {
  const ledger = await freshLedger()
  const rate = 2000
  const shop = shopifysBucket(rate, 500)
  const processes = Array.from({length: 5}, () => bucketOf(ledger))
  for (const one of processes) await told(one, shop.status())
  const since = performance.now()
  let spent = 0
  let sent = 0
  const work = processes.flatMap((bucket) =>
    Array.from({length: 10}, async (_, i) => {
      const cost = 40 + ((i * 37) % 160)
      const actual = Math.ceil(cost / (1 + (i % 3)))
      const reservation = await bucket.reserve(cost)
      expect(shop.admit(cost)).toBe(true)
      await sleep(10)
      shop.charge(actual - cost)
      spent += actual
      sent++
      reservation.settle(actual, shop.status())
    }),
  )
  await Promise.all(work)

  expect(sent).toBe(50)
  const seconds = (performance.now() - since) / 1000
  expect(spent / seconds).toBeGreaterThan(rate * 0.5)
})

test('a reservation costs less than a millisecond or two', async () => {
  const bucket = bucketOf(await freshLedger())
  await told(bucket)
  const times: number[] = []
  for (let i = 0; i < 200; i++) {
    const since = performance.now()
    const reservation = await bucket.reserve(1)
    times.push(performance.now() - since)
    reservation.settle(1, advanced)
    await bucket.close()
  }

  expect(times.sort((a, b) => a - b)[100]).toBeLessThan(8) // 0.5 ms on a quiet machine
})

test('a database that is gone is told as such: no request goes uncounted', async () => {
  const url = await freshDatabase({migrated: true})
  const ledger = await openLedger({home: '/nonexistent', databaseUrl: url})
  onTestFinished(() => ledger.close())
  const bucket = openShopBucket(ledger, {shop: 'a', app: 'b', clock: systemClock})
  await told(bucket)
  await runOn(inject('databaseUrl'), `drop database ${new URL(url).pathname.slice(1)} with (force)`)

  await expect(bucket.reserve(1)).rejects.toMatchObject({code: 'DATABASE_LOST'})
  await expect(bucket.reserve(1)).rejects.toMatchObject({code: 'DATABASE_LOST'})
})

/** Shopify's side: admits by the requested cost and restores with time. */
function shopifysBucket(restoreRate: number, start: number) {
  const maximumAvailable = restoreRate * 20
  let available = start
  let at = performance.now()
  const restore = () => {
    const now = performance.now()
    available = Math.min(maximumAvailable, available + ((now - at) / 1000) * restoreRate)
    at = now
  }
  return {
    admit(cost: number) {
      restore()
      const isAdmitted = cost <= available
      if (isAdmitted) available -= cost
      return isAdmitted
    },
    charge(points: number) {
      restore()
      available = Math.min(maximumAvailable, available - points)
    },
    status() {
      restore()
      return {maximumAvailable, currentlyAvailable: available, restoreRate}
    },
  }
}
