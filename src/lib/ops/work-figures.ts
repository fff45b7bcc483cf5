import type {Clock} from '../core/clock.ts'
import {SyncError} from '../core/errors.ts'
import {listCircuits} from '../ledger/circuits.ts'
import {isConnectionFault} from '../ledger/connection.ts'
import type {Ledger} from '../ledger/open.ts'
import {countParked} from '../ledger/parked.ts'
import type {Figure} from './listener/metrics.ts'

/** What a process that works the queue tells of itself; a process that only receives tells of the ledger alone. */
export type WorkSource = Readonly<{
  /** Orders of this process's batches, by how they ended. */
  outcomes: Readonly<Record<string, number>>
  permits(): Readonly<{slots: number; limit: number; inFlight: number; waiting: number}>
  /** The systems that it uses, "netsuite:<account>" and "shopify:<shop>". */
  systems: readonly string[]
}>

/** Everyone may ask: the database is asked at most once in this time, and not waited for longer. */
const FRESH_MS = 1000
const WAIT_MS = 2000

/**
 * The figures of queue, circuits and permits for Prometheus. While the database is away only what this process knows by itself is
 * given, with tieout_ledger_up 0.
 */
export function workFigures(
  ledger: Pick<Ledger, 'db' | 'queue'>,
  clock: Clock,
  ofProcess: () => WorkSource | null,
): () => Promise<readonly Figure[]> {
  let asked: {atMs: number; answer: Promise<readonly Figure[]>} | null = null
  return async () => {
    const source = ofProcess()
    const nowMs = clock.now().getTime()
    if (asked === null || nowMs - asked.atMs >= FRESH_MS) {
      asked = {atMs: nowMs, answer: ofLedger(ledger, clock, source?.systems ?? [])}
    }
    return [...(await asked.answer), ...(source === null ? [] : own(source))]
  }
}

async function ofLedger(
  ledger: Pick<Ledger, 'db' | 'queue'>,
  clock: Clock,
  systems: readonly string[],
): Promise<readonly Figure[]> {
  const {promise: late, resolve: giveUp} = Promise.withResolvers<null>()
  const timer = setTimeout(() => giveUp(null), WAIT_MS)
  try {
    const figures = await Promise.race([read(ledger, clock, systems), late])
    return [gauge('tieout_ledger_up', 'Whether the database answers.', figures === null ? 0 : 1), ...(figures ?? [])]
  } finally {
    clearTimeout(timer)
  }
}

/** Null while the database is away. */
async function read(
  {db, queue}: Pick<Ledger, 'db' | 'queue'>,
  clock: Clock,
  systems: readonly string[],
): Promise<Figure[] | null> {
  try {
    const [counts, oldest, parked, circuits] = await Promise.all([
      queue.counts('orders'),
      queue.oldestDue('orders'),
      countParked(db),
      listCircuits(db),
    ])
    const open = new Set(circuits.map(({system}) => system))
    const ageS = oldest === null ? 0 : Math.max(0, (clock.now().getTime() - oldest.getTime()) / 1000)
    const jobs = Object.entries({...counts, parked})
    const states = [...new Set([...systems, ...open])]
    return [
      labelled('tieout_jobs', 'Orders in the queue or parked, by state.', 'state', jobs),
      gauge('tieout_oldest_job_age_seconds', 'How long the job that waited longest could have been taken.', ageS),
      labelled('tieout_circuit_open', 'Whether a system refused the credential and is left alone.', 'system', states.map((system) => [system, open.has(system) ? 1 : 0])),
    ] // prettier-ignore
  } catch (error) {
    if (error instanceof SyncError || isConnectionFault(error)) return null
    throw error
  }
}

function own({outcomes, permits}: WorkSource): Figure[] {
  const {slots, limit, inFlight, waiting} = permits()
  return [
    {...labelled('tieout_orders_total', 'Orders of the batches of this process, by outcome.', 'outcome', Object.entries(outcomes)), kind: 'counter'},
    gauge('tieout_permits_in_flight', 'Requests to NetSuite of this process.', inFlight),
    gauge('tieout_permits_waiting', 'Requests of this process that wait for a permit.', waiting),
    gauge('tieout_permits_limit', 'Requests to NetSuite that all processes may have in flight now.', limit),
    gauge('tieout_permits_slots', 'The same without what refusals took for a while.', slots),
  ] // prettier-ignore
}

function gauge(name: string, help: string, value: number): Figure {
  return {name, help, kind: 'gauge', samples: [{value}]}
}

function labelled(name: string, help: string, label: string, values: readonly (readonly [string, number])[]): Figure {
  return {name, help, kind: 'gauge', samples: values.map(([of, value]) => ({label: [label, of], value}))}
}
