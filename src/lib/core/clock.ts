import {setTimeout as delay} from 'node:timers/promises'

/** The only source of time and of waiting, so that tests and dry runs can hold it. */
export type Clock = Readonly<{
  now(): Date
  /** Waits; rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}>

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal === undefined ? {} : {signal})
  },
}
