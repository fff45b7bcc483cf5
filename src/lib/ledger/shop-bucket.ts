import type {Clock} from '../core/clock.ts'
import {RetryableError} from '../core/errors.ts'
import type {Ledger} from './open.ts'
import {bucketRow, type Bucket, type BucketRow} from './shop-bucket-row.ts'
import {createPlaces} from './places.ts'

type Lane = 'live' | 'backfill'
type Reservation = Readonly<{waitedMs: number; settle(actual: number | null, bucket: Bucket | null): void}>

/** The points of one app on one shop, shared by all processes that use this ledger. */
export type ShopBucket = Readonly<{
  /**
   * Takes `cost` points and waits until they are there, first come first served over all processes. 'backfill' leaves a part
   * of the bucket to live work. Throws RetryableError DATABASE_LOST, or the signal's reason.
   */
  reserve(cost: number, signal?: AbortSignal, lane?: Lane): Promise<Reservation>
  /** As the last answer to this process told; null before. */
  bucket(): Bucket | null
  /** Waits until the ledger knows of every settled request. */
  close(): Promise<void>
}>

/** `app` tells apart the apps of a shop, each of which has a bucket of its own. */
export type ShopBucketOptions = Readonly<{shop: string; app: string; clock: Clock}>

/** Requests of this process under way; more would only wait at Shopify's side. */
const IN_FLIGHT_MAX = 8
/** The part of the bucket that a backfill leaves to live work. It shrinks while it waits, to nothing after PATIENCE_MS. */
const LIVE_SHARE = 0.5
const PATIENCE_MS = 30_000
/** A backfill looks again after at most this long: the bucket may have become fuller than expected. */
const LOOK_MS = 1000

/**
 * Opens the shared bucket. A reservation is one statement: it takes the points even where they are not there yet, and the level
 * below zero says how long to wait. So nobody asks twice, and who asked first is served first, in whatever process.
 * Shopify admits by the requested cost and charges the actual one, so the difference is given back. What a killed process had
 * reserved comes back with time. Nothing is assumed about the plan: while the row is missing a process sends one request alone.
 */
export function openShopBucket(
  ledger: Pick<Ledger, 'db' | 'connection'>,
  {shop, app, clock}: ShopBucketOptions,
): ShopBucket {
  const row = bucketRow(ledger, shop, app)
  const debts = createSettling(row)
  const places = createPlaces(() => (debts.last() === null ? 1 : IN_FLIGHT_MAX))
  const settle = (points: number, told: Bucket | null) => debts.settle(points, told, () => places.leave())

  async function reserve(cost: number, signal?: AbortSignal, lane: Lane = 'live'): Promise<Reservation> {
    const askedAt = clock.now().getTime()
    await places.enter(signal)
    let taken = 0
    try {
      debts.check()
      if (lane === 'backfill') await waitForSpare(row, clock, cost, signal)
      const waitMs = await missingMs(row, cost)
      taken = cost
      if (waitMs > 0) await clock.sleep(waitMs, signal)
      signal?.throwIfAborted()
    } catch (error) {
      settle(taken, null)
      throw error
    }
    const waitedMs = clock.now().getTime() - askedAt
    return {waitedMs, settle: (actual, bucket) => settle(actual === null ? 0 : cost - actual, bucket)}
  }

  return {reserve, bucket: debts.last, close: () => debts.close()}
}

/** Takes the points and tells for how long they are still missing. */
async function missingMs(row: BucketRow, cost: number): Promise<number> {
  const taken = await row.take(cost)
  return taken === null ? 0 : Math.max(0, Math.ceil((-taken.level / taken.restoreRate) * 1000))
}

/** Waits until the points are there beside those that are left to live work, or patience is over. */
async function waitForSpare(row: BucketRow, clock: Clock, cost: number, signal?: AbortSignal): Promise<void> {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS;) {
    const now = await row.look()
    if (now === null) return
    const left = LIVE_SHARE * (1 - waitedMs / PATIENCE_MS) * now.maximum
    const missing = Math.min(cost, now.maximum) + left - now.level
    if (missing <= 0) return
    const ms = Math.min(LOOK_MS, Math.ceil((missing / now.restoreRate) * 1000))
    await clock.sleep(ms, signal)
    waitedMs += ms
  }
}

/** Tells the ledger what requests did not use and what their answers said, while the work goes on. */
function createSettling(row: BucketRow) {
  const running = new Set<Promise<void>>()
  let last: Bucket | null = null
  let fault: Error | null = null
  const check = () => {
    if (fault !== null) throw fault
  }
  return {
    last: () => last,
    /** Throws what went wrong before. */
    check,
    settle(points: number, told: Bucket | null, done: () => void): void {
      const work = row
        .giveBack(points, told)
        .catch((error: unknown) => {
          // A database that is away tells the next reservation itself; these points come back with time.
          if (!(error instanceof RetryableError)) fault = error as Error
        })
        .finally(() => {
          last = told ?? last
          running.delete(work)
          done()
        })
      running.add(work)
    },
    async close(): Promise<void> {
      await Promise.all(running)
      check()
    },
  }
}
