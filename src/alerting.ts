import type {Settings} from './config.ts'
import {RetryableError} from './lib/core/errors.ts'
import type {Clock} from './lib/core/clock.ts'
import type {Ledger} from './lib/ledger/open.ts'
import {openChannels} from './lib/ops/alerts/channels.ts'
import {tendAlerts} from './lib/ops/alerts/tend.ts'

type Parts = Readonly<{
  alerts: ReturnType<Settings['alerts']>
  ledger: Ledger
  clock: Clock
  /** Takes one line of JSON. */
  log: (line: string) => void
  signal: AbortSignal
}>

/**
 * Tells people what the ledger shows and they have not been told: at the end of a command that changed something, and every
 * minute in one that goes on. Without its database nobody can be told; the command itself says that.
 */
export function alerting({alerts, ledger, clock, log, signal}: Parts): () => Promise<void> {
  const channels = openChannels(alerts)
  const rules = {lagMinutes: alerts.lagMinutes}
  return async () => {
    try {
      await tendAlerts({ledger, channels, rules, clock, log}, signal)
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error
    }
  }
}
