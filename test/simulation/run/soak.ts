import type {Options} from './options.ts'
import {simulate} from './simulate.ts'
import {isGood} from './verdict.ts'

/** Runs many seeds, one after another. A seed that fails is told with its evidence, and the others run all the same. */
export async function soak(options: Options, seeds: number, signal: AbortSignal): Promise<boolean> {
  const {seed: first, say} = options
  const failed: number[] = []
  for (let seed = first; seed < first + seeds; seed++) {
    const told: string[] = []
    try {
      const outcome = await simulate({...options, seed, say: (text) => told.push(text)}, signal)
      say(`${outcome.line}  (${outcome.seconds.toFixed(0)} s)`)
      if (isGood(outcome.verdict)) continue
    } catch (error) {
      if (signal.aborted) throw error
      say(`seed ${seed}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    }
    failed.push(seed)
    for (const text of told) say(`  ${text}`)
  }
  say(
    `${seeds} seeds of ${options.orders} orders: ${failed.length === 0 ? 'all passed' : `failed: ${failed.join(', ')}`}`,
  )
  return failed.length === 0
}
