import type {HeldPermit, PermitOptions} from './permit-types.ts'

/** What a process has not told the others yet: permits given back and requests cut off, a refusal, what the account allows. */
export type Untold = {freed: number; cut: number; refused: boolean; learned: number | null}

/** A permit that is given back once, however often it is released. @param since when it was asked for, by performance.now() */
export function heldPermit(since: number, release: (durationMs: number, cut: boolean) => void): HeldPermit {
  const grantedAt = performance.now()
  let isReleased = false
  return {
    waitedMs: Math.round(grantedAt - since),
    release: (cut = false) => {
      if (!isReleased) release(performance.now() - grantedAt, cut)
      isReleased = true
      return Promise.resolve()
    },
  }
}

/** What a process may use of the account's limit, without what refusals took. `learned`: what the account said, if it did. */
export function slotsOf({limit, isTold, reserve}: PermitOptions, learned: number | null): number {
  const allowed = isTold ? Math.min(limit, learned ?? limit) : (learned ?? limit)
  return Math.max(1, allowed - reserve)
}
