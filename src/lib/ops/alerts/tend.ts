import {hostname} from 'node:os'

import type {Clock} from '../../core/clock.ts'
import {claimChannel, dueAlerts, markFailed, markTold, releaseChannel} from '../../ledger/alert-channels.ts'
import {orLost} from '../../ledger/connection.ts'
import type {Ledger} from '../../ledger/open.ts'
import type {Channel} from './types.ts'
import {collectAlerts, type AlertRules} from './collect.ts'
import {compose} from './message.ts'

const WAIT_FIRST_MS = 30_000
const WAIT_MAX_MS = 15 * 60_000

type TendDeps = Readonly<{
  ledger: Pick<Ledger, 'db' | 'connection' | 'schemas'>
  channels: readonly Channel[]
  rules: AlertRules
  clock: Clock
  /** Takes one line of JSON. */
  log(line: string): void
}>

/**
 * One tick of the alerts: derives them from the ledger, then tells each channel in one message what it has not been told.
 * A channel that does not take it waits longer from failure to failure, and is no error of the caller. At most 10 s a channel.
 * Throws RetryableError DATABASE_LOST.
 */
export async function tendAlerts(deps: TendDeps, signal: AbortSignal): Promise<void> {
  await collectAlerts(deps.ledger, deps.rules)
  for (const channel of deps.channels) {
    if (!signal.aborted) await orLost(deps.ledger.connection, () => tell(deps, channel))
  }
}

/**
 * Told at least once: the claim keeps other processes away while this one sends; were it killed in between, the claim
 * ends and another tells it, perhaps for the second time, rather than never.
 */
async function tell({ledger: {db}, clock, log}: TendDeps, channel: Channel): Promise<void> {
  if ((await dueAlerts(db, channel.name)).length === 0) return
  const claim = await claimChannel(db, channel.name)
  if (claim === null) return
  const due = await dueAlerts(db, channel.name) // again: another may have told them before the claim
  if (due.length === 0) return releaseChannel(db, channel.name, claim)
  const sent = await channel.send(compose(due, channel.charactersMax, hostname()))
  if (sent.ok) return markTold(db, channel.name, claim, due)
  const waitMs = (attempts: number) =>
    Math.max(sent.retryAfterMs, Math.min(WAIT_MAX_MS, WAIT_FIRST_MS * 2 ** (attempts - 1)))
  await markFailed(db, channel.name, claim, {why: sent.why, waitMs})
  log(JSON.stringify({at: clock.now().toISOString(), event: 'alerts-not-sent', channel: channel.name, why: sent.why}))
}
