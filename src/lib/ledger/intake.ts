import pg from 'pg'

import {isConnectionFault, lost, type LedgerConnection} from './connection.ts'
import {RECORD} from './intake-sql.ts'
import type {Schemas} from './migrate.ts'
import {storable} from './rows.ts'
import type {Flow, Subject} from './types.ts'
import {jobsChannel} from './wake.ts'

/**
 * A delivery of a webhook, as it came. `ignored`: no flow of ours works such a topic; `unreadable`: it is authentic, but says
 * nothing that we understand. Both are kept under the shop alone and queue nothing.
 */
export type Arrival = Readonly<{
  deliveryId: string
  flow: Flow | 'ignored' | 'unreadable'
  subject: Subject
  name: string | null
  topic: string
  /** The bytes that were signed. */
  body: Buffer
  receivedAt: Date
}>

/** The way of webhooks into the ledger: the same facts as receive(), in one statement on a connection of its own. */
export type Intake = Readonly<{
  /**
   * Records arrivals and queues their subjects, all of it or none, and returns once they are on disk: for each whether it
   * was `recorded`, or `seen` because its delivery had come before.
   * Throws RetryableError DATABASE_LOST when the server cannot take any; other errors are of a row.
   */
  record(arrivals: readonly Arrival[]): Promise<('recorded' | 'seen')[]>
  /** Whether the database answers. */
  isReady(): Promise<boolean>
  close(): Promise<void>
}>

/** Shopify gives a delivery 5 s in all (shopify.dev, "Verify webhook deliveries"): an answer after that is lost. */
const STATEMENT_TIMEOUT_MS = 4000
const CONNECT_TIMEOUT_MS = 2000
/**
 * record() calls that may run side by side; more wait for a connection. With two, one is on its way to the disk while the
 * other is worked; a third adds nothing (measured on 2 cores with 64 senders).
 */
export const INTAKE_COMMITS = 2
/** One more for waking workers, and for asking whether the server is there. */
const CONNECTIONS = INTAKE_COMMITS + 1

/**
 * How long the plan of the statement is kept. One that was made while the queue was short reads all of it where it should look
 * up each subject (measured: 3,000 µs a row ten seconds later instead of 150); planning at each commit costs a millisecond.
 */
const PLAN_FOR_MS = 1000

/** Opens the intake of a ledger that is up to date. A connection that breaks is replaced at the next commit. */
export function openIntake(ledger: Readonly<{connection: LedgerConnection; schemas: Schemas}>): Intake {
  const {connection, schemas} = ledger
  const pool = openPool(connection)
  const wake = waker(pool, jobsChannel(schemas.queue))
  const commit = committer(pool, RECORD(schemas.own, schemas.queue), wake)

  return {
    async record(arrivals) {
      // In one order everywhere, as in receive(): two transactions with the same deliveries wait instead of deadlocking.
      const sorted = arrivals.toSorted((a, b) => (a.deliveryId < b.deliveryId ? -1 : 1))
      try {
        const recorded = await commit(columnsOf(sorted))
        return arrivals.map(({deliveryId}) => (recorded.delete(deliveryId) ? 'recorded' : 'seen'))
      } catch (error) {
        throw isOfServer(error) ? lost(connection, error) : error
      }
    },
    async isReady() {
      try {
        await pool.query('select 1')
        return true
      } catch (error) {
        if (isOfServer(error)) return false
        throw error
      }
    },
    async close() {
      await wake.told()
      await pool.end()
    },
  }
}

function openPool(connection: LedgerConnection): pg.Pool {
  const pool = new pg.Pool({
    ...connection,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS + 500,
  })
  // A broken connection tells its statement, if it has one, and leaves the pool; as an event it would end the process.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** `told` resolves once everything that was to be told is told. */
type Waker = Readonly<{tell(queues: Iterable<string>): void; told(): Promise<void>}>

/**
 * Tells the workers that jobs were queued. One statement tells all that was queued while the one before it ran. A worker that
 * is not told, because the server went away, looks for itself.
 */
function waker(pool: pg.Pool, channel: string): Waker {
  const waiting = new Set<string>()
  let telling: Promise<void> | null = null
  const tell = async (): Promise<void> => {
    try {
      while (waiting.size > 0) {
        const names = [...waiting]
        waiting.clear()
        await pool.query('select pg_notify($1, name) from unnest($2::text[]) name', [channel, names])
      }
    } catch (error) {
      if (!isOfServer(error)) throw error
    } finally {
      telling = null
    }
  }
  return {
    tell(queues) {
      for (const queue of queues) waiting.add(queue)
      if (waiting.size > 0) telling ??= tell()
    },
    told: async () => void (await telling),
  }
}

type Row = {recorded: string | null; queues: string | null}

/** Runs the statement, wakes the workers, and gives the delivery ids that were new. */
function committer(pool: pg.Pool, text: string, wake: Waker): (values: unknown[]) => Promise<Set<string>> {
  const plannedMs = new WeakMap<pg.PoolClient, number>()
  const planAfresh = async (client: pg.PoolClient): Promise<void> => {
    const atMs = plannedMs.get(client)
    if (atMs !== undefined && performance.now() - atMs < PLAN_FOR_MS) return
    await client.query(atMs === undefined ? 'set plan_cache_mode = force_generic_plan' : 'discard plans')
    plannedMs.set(client, performance.now())
  }
  return async (values) => {
    const client = await pool.connect()
    try {
      await planAfresh(client)
      const {rows} = await client.query<Row>({name: 'intake', text, values})
      client.release()
      wake.tell(linesOf(rows[0]?.queues))
      return new Set(linesOf(rows[0]?.recorded))
    } catch (error) {
      client.release(true) // not to be used again: its statement may still run
      throw error
    }
  }
}

function linesOf(text: string | null | undefined): string[] {
  return text === null || text === undefined ? [] : text.split('\n')
}

/** True for what concerns every row alike: no connection, no resources, shutting down, timed out, a standby. */
function isOfServer(error: unknown): boolean {
  if (isConnectionFault(error)) return true
  return error instanceof pg.DatabaseError && /^(53|57|58|25006)/.test(error.code ?? '')
}

/** The parameters of RECORD. Bodies go as one binary value with their places in it: arrays of bytea would go as text. */
function columnsOf(arrivals: readonly Arrival[]): unknown[] {
  const starts: number[] = []
  let end = 0
  for (const {body} of arrivals) {
    starts.push(end + 1)
    end += body.length
  }
  return [
    Buffer.concat(
      arrivals.map((arrival) => arrival.body),
      end,
    ),
    starts,
    arrivals.map((arrival) => arrival.body.length),
    arrivals.map((arrival) => arrival.deliveryId),
    arrivals.map((arrival) => arrival.flow),
    arrivals.map((arrival) => storable(arrival.subject)),
    arrivals.map((arrival) => storable(arrival.name)),
    arrivals.map((arrival) => storable(arrival.topic)),
    arrivals.map((arrival) => arrival.receivedAt.toISOString()),
  ]
}
