import type {Job} from '../ledger/types.ts'
import type {Work} from './work.ts'

/** How many jobs go through the stages together. */
export type Groups = Readonly<{
  /** Orders jobs: those tried for the first time before the others. */
  sorted(jobs: readonly Job[]): Job[]
  /** How many of the sorted jobs make up the next group. */
  next(jobs: readonly Job[]): number
  learn(works: readonly Work[]): void
}>

/** A second try is mostly due to an interruption, not to a fault. */
const SECOND_TRIES = 8

/**
 * Fresh jobs go together. A fault of a whole message makes all its orders be tried again, though perhaps one of them is
 * the cause: so those come back in small groups, in the end one at a time, and each group that goes well lets the next be
 * twice as large. One poisoned order thus holds up few others for long, and after an outage the backlog soon flows in
 * full batches again.
 */
export function createGroups(): Groups {
  let size = 1
  return {
    sorted: (jobs) => jobs.toSorted((a, b) => a.attempt - b.attempt),
    next: (jobs) => {
      const count = (attempt: number) => jobs.filter((job) => job.attempt === attempt).length
      if (count(1) > 0) return count(1)
      return count(2) > 0 ? Math.min(count(2), Math.max(SECOND_TRIES, size)) : size
    },
    learn: (works) => {
      if (works.every((work) => work.job.attempt === 1)) return
      size = works.some((work) => work.end?.as === 'retry') ? 1 : size * 2
    },
  }
}
