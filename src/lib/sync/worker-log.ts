import type {Clock} from '../core/clock.ts'
import {messageOf, SyncError} from '../core/errors.ts'

/** Takes one event of a worker, for a line of JSON. Nothing of an order but its subject is ever told. */
export type WorkerLog = (event: string, facts: Readonly<Record<string, unknown>>) => void

export type Troubles = Readonly<{
  /** What broke off a look or a batch and concerns more than its orders: told once, and nothing is begun for a while. */
  add(error: unknown): void
  /** Milliseconds until work may begin again; 0: now. */
  waitMs(): number
  /** Something went well. */
  over(): void
}>

const WAIT_MIN_MS = 500
const WAIT_MAX_MS = 30_000
/** Errors of lanes that broke off together are one trouble. */
const TOGETHER_MS = 200

/** What holds up a whole worker (the database, a setting, a bug): one line when it begins, one when it is over, growing waits. */
export function createTroubles(clock: Clock, log: WorkerLog): Troubles {
  let current: Readonly<{code: string; sinceMs: number}> | null = null
  let [times, untilMs, addedMs] = [0, 0, 0]
  const nowMs = () => clock.now().getTime()
  return {
    add(error) {
      const now = nowMs()
      const code = error instanceof SyncError ? error.code : 'UNEXPECTED'
      if (current?.code !== code) log('held', factsOf(error, code))
      else if (now - addedMs < TOGETHER_MS) return
      current = {code, sinceMs: current?.sinceMs ?? now}
      addedMs = now
      untilMs = now + Math.min(WAIT_MAX_MS, WAIT_MIN_MS * 2 ** times) * (0.75 + Math.random() / 4)
      times += 1
    },
    waitMs: () => Math.max(0, untilMs - nowMs()),
    over() {
      if (current === null) return
      log('resumed', {code: current.code, afterMs: nowMs() - current.sinceMs})
      current = null
      times = 0
    },
  }
}

function factsOf(error: unknown, code: string): Readonly<Record<string, unknown>> {
  return {code, message: messageOf(error), hint: error instanceof SyncError ? error.hint : 'report this with the log'}
}
