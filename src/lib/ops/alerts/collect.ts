import type {Alert} from '../../ledger/alerts.ts'
import {collectLock, replaceDerived} from '../../ledger/alerts.ts'
import {brokenChannels} from '../../ledger/alert-channels.ts'
import {listCircuits} from '../../ledger/circuits.ts'
import {inTransaction} from '../../ledger/connection.ts'
import type {Ledger} from '../../ledger/open.ts'
import * as troubles from '../../ledger/troubles.ts'
import type {Tx} from '../../ledger/types.ts'
import * as alertOf from './conditions.ts'

/** The codes of every BugError; a test holds them against the source. */
export const BUGS = ['ALLOCATION_WEIGHTS', 'CURRENCIES_MIXED', 'INVARIANT_BROKEN', 'STATUS_MISSING', 'UNEXPECTED']

/** A channel is said to be broken from this failure on: one lost message is nothing. */
const BROKEN_FROM = 3

/** What of the queue is late. */
export type AlertRules = Readonly<{lagMinutes: number}>

/**
 * Derives the alerts from what the ledger holds now, and closes those whose reason is gone. Everything is read again each
 * time, so a process that dies here loses nothing. One process does it at a time; another one that comes meanwhile leaves
 * it. Throws RetryableError DATABASE_LOST.
 */
export async function collectAlerts(ledger: Pick<Ledger, 'db' | 'connection' | 'schemas'>, rules: AlertRules) {
  await inTransaction(ledger, async (tx) => {
    if (!(await collectLock(tx))) return
    await replaceDerived(tx, await derived(tx, ledger, rules))
  })
}

async function derived(tx: Tx, {schemas}: Pick<Ledger, 'schemas'>, {lagMinutes}: AlertRules): Promise<Alert[]> {
  const alerts: Alert[] = []
  for (const group of await troubles.parkedGroups(tx)) {
    alerts.push(alertOf.parked(group, await troubles.parkedWorth(tx, group.code)))
  }
  const waiting = await troubles.untouched(tx, schemas, 0)
  const circuits = await listCircuits(tx)
  alerts.push(...circuits.map((circuit) => alertOf.closedSystem(circuit, waiting?.count ?? 0)))
  const conflicts = await troubles.openConflicts(tx)
  if (conflicts.count > 0) alerts.push(alertOf.conflicts(conflicts))
  // While a system refuses us every order waits, and that alert says so.
  if (circuits.length === 0 && waiting !== null && waiting.minutes >= lagMinutes) {
    alerts.push(alertOf.lagging(waiting, lagMinutes))
  }
  const retrying = await troubles.retryingGroups(tx, schemas, Math.max(60, lagMinutes))
  alerts.push(...retrying.map(alertOf.retrying))
  alerts.push(...(await troubles.brokenRuns(tx, BUGS)).map(alertOf.brokenRuns))
  return [...alerts, ...(await brokenChannels(tx, BROKEN_FROM)).map(alertOf.brokenChannel)]
}
