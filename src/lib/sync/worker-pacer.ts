import type {Clock} from '../core/clock.ts'

/** The waits of a worker: all end with its signal. */
export type Pacer = Readonly<{
  /** Waits so long, or until a nudge, or until the end. */
  pause(ms: number): Promise<void>
  nudge(): void
  /** Does this now, and again so long after each time, until the end or until it `isDone`. */
  every(ms: number, work: () => Promise<void>, isDone?: () => boolean): Promise<void>
}>

export function createPacer(clock: Clock, signal: AbortSignal): Pacer {
  let nudged = new AbortController()
  signal.addEventListener('abort', () => nudged.abort(), {once: true})

  async function sleep(ms: number, until: AbortSignal): Promise<void> {
    try {
      await clock.sleep(ms, until)
    } catch (error) {
      if (!until.aborted) throw error
    }
  }

  return {
    nudge: () => nudged.abort(),
    async pause(ms) {
      await sleep(ms, nudged.signal)
      if (!signal.aborted) nudged = new AbortController()
    },
    async every(ms, work, isDone = () => false) {
      while (!signal.aborted && !isDone()) {
        await work()
        if (!isDone()) await sleep(ms, signal)
      }
    },
  }
}
