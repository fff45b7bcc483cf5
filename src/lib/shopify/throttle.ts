import type {Clock} from '../core/clock.ts'

/** Shopify's leaky bucket as an answer reports it, in cost points and points a second (`extensions.cost.throttleStatus`). */
export type Bucket = Readonly<{maximumAvailable: number; currentlyAvailable: number; restoreRate: number}>

/** Points taken for one request. `settle` gives back what the request did not use; call it once, whatever happened. */
type Reservation = Readonly<{waitedMs: number; settle(actual: number | null, bucket: Bucket | null): void}>

/** 'backfill' leaves a part of the bucket to live work, where the throttle knows of any. */
export type ThrottleLane = 'live' | 'backfill'

/**
 * Keeps the requests of one app on one shop within Shopify's bucket. Only this interface is known to the transport,
 * so that a throttle shared by several processes can stand in its place.
 */
export type Throttle = Readonly<{
  /** Waits, first come first served, until `cost` points and a place are free. Rejects when the signal is aborted. */
  reserve(cost: number, signal?: AbortSignal, lane?: ThrottleLane): Promise<Reservation>
  /** The bucket as known now; null before the first answer. */
  bucket(): Bucket | null
}>

/**
 * A throttle for this process alone, for commands that have no ledger. Shopify admits a request by its requested cost and charges the actual one
 * (shopify.dev, "Shopify API limits"), so the requested cost is reserved and the difference is given back.
 * Nothing is assumed about the plan: the first request goes alone, and its answer tells the size of the bucket.
 */
export function createThrottle(clock: Clock, maxInFlight = 8): Throttle {
  const level = createLevel(clock)
  const waiters = new Set<() => void>()
  let inFlight = 0
  let lastTurn = Promise.resolve()

  /** 0: it may be sent. Infinity: not before a request under way has settled, which its time-out bounds. */
  function waitMs(cost: number): number {
    return inFlight >= (level.bucket() === null ? 1 : maxInFlight) ? Infinity : level.waitMs(cost)
  }

  function settle(cost: number, actual: number | null, bucket: Bucket | null): void {
    inFlight -= 1
    if (actual !== null) level.charge(actual - cost)
    if (bucket !== null) level.learn(bucket, inFlight === 0)
    for (const wake of waiters) wake()
  }

  async function reserve(cost: number, signal?: AbortSignal): Promise<Reservation> {
    const askedAt = clock.now().getTime()
    const before = lastTurn
    const turn = Promise.withResolvers<void>()
    lastTurn = turn.promise
    await before
    try {
      for (let ms = waitMs(cost); ms > 0; ms = waitMs(cost)) await pause(clock, waiters, ms, signal)
      signal?.throwIfAborted()
      inFlight += 1
      level.charge(cost)
    } finally {
      turn.resolve()
    }
    const waitedMs = clock.now().getTime() - askedAt
    return {waitedMs, settle: (actual, bucket) => settle(cost, actual, bucket)}
  }

  return {reserve, bucket: level.bucket}
}

/** The bucket as it stands between two answers: what we sent is taken off, what time restores is added. */
function createLevel(clock: Clock) {
  let known: Readonly<{bucket: Bucket; at: number}> | null = null

  function bucket(): Bucket | null {
    if (known === null) return null
    const {maximumAvailable, currentlyAvailable, restoreRate} = known.bucket
    const restored = ((clock.now().getTime() - known.at) / 1000) * restoreRate
    return {
      maximumAvailable,
      restoreRate,
      currentlyAvailable: Math.min(maximumAvailable, currentlyAvailable + restored),
    }
  }

  function charge(points: number): void {
    const now = bucket()
    if (now === null) return
    known = {bucket: {...now, currentlyAvailable: now.currentlyAvailable - points}, at: clock.now().getTime()}
  }

  /** With requests still under way (`alone` false) the lower of both views holds: Shopify may not have counted them yet. */
  function learn(reported: Bucket, alone: boolean): void {
    const ours = bucket()?.currentlyAvailable
    const theirs = reported.currentlyAvailable
    const currentlyAvailable = alone || ours === undefined ? theirs : Math.min(ours, theirs)
    known = {bucket: {...reported, currentlyAvailable}, at: clock.now().getTime()}
  }

  /** How long until `cost` points are there; a cost above the whole bucket waits until it is full. */
  function waitMs(cost: number): number {
    const now = bucket()
    if (now === null) return 0
    const missing = Math.min(cost, now.maximumAvailable) - now.currentlyAvailable
    return missing <= 0 ? 0 : Math.ceil((missing / now.restoreRate) * 1000)
  }

  return {bucket, charge, learn, waitMs}
}

/** Waits for the time, for a settled request or for the signal, whichever comes first. */
async function pause(clock: Clock, waiters: Set<() => void>, ms: number, signal?: AbortSignal): Promise<void> {
  const woken = Promise.withResolvers<void>()
  const done = new AbortController()
  const stop = signal === undefined ? done.signal : AbortSignal.any([signal, done.signal])
  waiters.add(woken.resolve)
  stop.addEventListener('abort', () => woken.resolve(), {once: true})
  try {
    await (ms === Infinity ? woken.promise : Promise.race([woken.promise, clock.sleep(ms, stop)]))
    signal?.throwIfAborted()
  } finally {
    waiters.delete(woken.resolve)
    done.abort()
  }
}
