import {RetryableError} from '../core/errors.ts'

/** Kinds of work, most urgent first. */
const LANES = ['orders', 'payments', 'fulfillments', 'inventory', 'customers', 'backfill'] as const
export type PermitLane = (typeof LANES)[number]

/** A lane behind another is served as if its requests had come this much later: urgent first, and nobody starves. */
const LANE_MS = 3000

/** A request that waits for its permit. `turnAt` is on this process's clock. */
export type Waiter = Readonly<{turnAt: number; grant(): void; refuse(error: unknown): void}>

/** Those that wait in this process, by their turn. */
export type Line = Readonly<{
  /** The turn of a request of this lane that comes now. */
  turnOf(lane: PermitLane, nowMs: number): number
  /** Throws RetryableError PERMIT_QUEUE_FULL. */
  add(waiter: Waiter): void
  drop(waiter: Waiter): void
  first(): Waiter | undefined
  /** Takes the first out of the line. */
  next(): Waiter | undefined
  /** The first `count` turns. */
  turns(count: number): number[]
  length(): number
  /** Takes all out of the line. */
  empty(): Waiter[]
}>

/** `most`: more than so many are refused, rather than piled up. */
export function createLine(most: number): Line {
  const waiters: Waiter[] = []
  return {
    turnOf: (lane, nowMs) => nowMs + LANES.indexOf(lane) * LANE_MS,
    add(waiter) {
      if (waiters.length >= most) {
        throw new RetryableError('PERMIT_QUEUE_FULL', `${most} requests wait for NetSuite already`, {
          hint: 'nothing to do; fewer workers at once would wait less',
          retryAfterMs: 1000,
        })
      }
      const after = waiters.findIndex((other) => other.turnAt > waiter.turnAt)
      waiters.splice(after < 0 ? waiters.length : after, 0, waiter)
    },
    drop(waiter) {
      const index = waiters.indexOf(waiter)
      if (index >= 0) waiters.splice(index, 1)
    },
    first: () => waiters[0],
    next: () => waiters.shift(),
    turns: (count) => waiters.slice(0, count).map((waiter) => waiter.turnAt),
    length: () => waiters.length,
    empty: () => waiters.splice(0),
  }
}
