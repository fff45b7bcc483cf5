import type {Clock} from './clock.ts'
import {RetryableError} from './errors.ts'

/** Full jitter over an exponentially growing window, never under the wait that the remote side asked for. */
export function backoffMs(attempt: number, floorMs = 0, random: () => number = Math.random): number {
  const windowMs = Math.min(30_000, 250 * 2 ** (attempt - 1))
  return Math.round(Math.max(floorMs, floorMs / 2 + windowMs * random()))
}

/**
 * Tries again after a RetryableError, at most `attempts` times in all, unless the outcome of a write is unknown:
 * then the caller must look first. Every other error passes at once.
 */
export async function retrying<T>(
  clock: Clock,
  attempts: number,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof RetryableError) || error.outcomeUnknown || attempt >= attempts) throw error
      await clock.sleep(backoffMs(attempt, error.retryAfterMs), signal)
    }
  }
}
