import {openAlerts, type OpenAlert} from '../ledger/alerts.ts'
import {listCircuits, type Circuit} from '../ledger/circuits.ts'
import type {Ledger} from '../ledger/open.ts'
import {countParkedByCode, listParked} from '../ledger/parked.ts'
import {lastRuns} from '../ledger/runs.ts'
import type {QueueCounts, Run} from '../ledger/types.ts'
import {countOutcomes} from '../ledger/writes.ts'

export type Status = Readonly<{
  queue: QueueCounts
  parked: Readonly<{total: number; byCode: Readonly<Record<string, number>>; oldest: Date | null}>
  /** Systems that refused our credential and are left alone. */
  circuits: readonly Omit<Circuit, 'fingerprint' | 'isDue'>[]
  /** Outcomes of the last 24 hours. */
  writes: Readonly<Record<string, number>>
  runs: readonly Run[]
  /** The most urgent open alerts, as of the last tick of a worker or a push. */
  alerts: readonly OpenAlert[]
}>

export async function statusOf({db, queue}: Ledger): Promise<Status> {
  const byCode = await countParkedByCode(db)
  const [longest] = await listParked(db, {limit: 1})
  return {
    queue: await queue.counts('orders'),
    parked: {
      total: [...byCode.values()].reduce((sum, count) => sum + count, 0),
      byCode: Object.fromEntries(byCode),
      oldest: longest?.since ?? null,
    },
    circuits: (await listCircuits(db)).map(({system, code, message, hint, openedAt, probes, nextProbeAt}) => {
      return {system, code, message, hint, openedAt, probes, nextProbeAt}
    }),
    writes: await countOutcomes(db, 24),
    runs: await lastRuns(db, {limit: 5}),
    alerts: await openAlerts(db, 10),
  }
}
