import {settle} from '../ledger/settle.ts'
import type {Job} from '../ledger/types.ts'
import {pushBatch} from './batch.ts'
import type {Groups} from './groups.ts'
import type {OrderDeps, Work} from './work.ts'

/** Orders a batch: a list operation of NetSuite saves requests, a lost reply concerns no more than these. */
export const BATCH = 50

/** What a look into the queue gave: as many jobs as were asked for, fewer, or none. */
export type Taken = 'full' | 'some' | 'none'

export type Lanes = Readonly<{
  /** Something may be due: one more lane looks, where there is room for it. */
  ring(): void
  busy(): number
  /** Resolves when no lane runs; rejects with the first error of a lane. */
  ended(): Promise<void>
}>

/**
 * Takes work side by side, in at most `width()` lanes. A lane runs while it finds something, and calls another where it found
 * as much as it asked for: at once where `take` rings, else when it is done. Without work there is none. So a lone order is
 * taken at once, and a backlog fills every lane.
 */
export function createLanes(width: () => number, take: (ring: () => void) => Promise<Taken>): Lanes {
  let fault: Readonly<{error: unknown}> | null = null
  let [busy, rings] = [0, 0]
  let idle = Promise.withResolvers<void>()

  async function lane(): Promise<void> {
    try {
      for (;;) {
        const heard = rings
        const taken = await take(ring)
        if (taken === 'full') ring()
        // Who rang while the look was under way may have meant what it could not see yet.
        if (taken === 'none' && heard === rings) return
      }
    } catch (error) {
      fault ??= {error}
    } finally {
      busy -= 1
      if (busy === 0) idle.resolve()
    }
  }

  function ring(): void {
    rings += 1
    if (busy >= width()) return
    if (busy === 0) idle = Promise.withResolvers<void>()
    busy += 1
    void lane()
  }

  return {
    ring,
    busy: () => busy,
    async ended() {
      if (busy > 0) await idle.promise
      if (fault !== null) throw fault.error
    },
  }
}

export type BatchRun = Readonly<{
  deps: OrderDeps
  groups: Groups
  verify: boolean
  signal: AbortSignal
  onWorks: (works: readonly Work[]) => void
}>

/**
 * Takes jobs through the stages, group by group. What an error or an interruption leaves untouched is given back; what cannot be
 * settled, because the database is away, is let go of, and is taken over and looked up before it is written again.
 */
export async function pushJobs(run: BatchRun, jobs: readonly Job[]): Promise<void> {
  const {deps, groups, signal} = run
  const left = groups.sorted(jobs)
  try {
    while (left.length > 0 && !signal.aborted) {
      const works = await pushBatch(deps, left.splice(0, groups.next(left)), run)
      groups.learn(works)
      run.onWorks(works)
    }
  } finally {
    try {
      await settle(
        deps.ledger,
        left.map((job) => ({job, end: {as: 'released'}, writes: [], links: []})),
      )
    } finally {
      deps.ledger.queue.forget(jobs)
    }
  }
}

/** How much a look gave, of as many jobs as a batch holds. */
export function takenOf(jobs: readonly Job[]): Taken {
  if (jobs.length === 0) return 'none'
  return jobs.length < BATCH ? 'some' : 'full'
}
