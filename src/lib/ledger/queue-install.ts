import {setTimeout as delay} from 'node:timers/promises'

import {fromKnex, PgBoss, type Clock} from 'pg-boss'

import {assert} from '../core/assert.ts'
import type {Db, Flow} from './types.ts'

/** The version of pg-boss's tables that the installed pg-boss works with (`pgboss.schema` in its package.json). */
export const QUEUE_SCHEMA_VERSION = 46

/** Every flow has a queue of its own. */
export const FLOWS: readonly Flow[] = ['orders', 'payouts', 'fulfillments']

/** A job whose worker has not been heard of for this long is taken over; the least that pg-boss allows. */
export const HEARTBEAT_SECONDS = 10
/** How often, over all processes, dead workers are looked for: with the above and a poll, within 30 s. */
export const MONITOR_SECONDS = 10

/** Fifty years: nothing that waits is ever dropped by age. */
const RETENTION_SECONDS = 50 * 365 * 24 * 3600
/** The most that pg-boss allows. With heartbeats a job is not ended by its age; a day is only the last resort. */
const EXPIRE_SECONDS = 24 * 3600
/** Finished jobs are kept for a week, for people; events, writes and parked subjects are the record. */
const DELETE_AFTER_SECONDS = 7 * 24 * 3600
/** The largest integer of the column: nothing is given up by count. */
const RETRY_LIMIT = 2_147_483_647

const INDEX_WAIT_MS = 30 * 60_000
const INDEX_POLL_MS = 200

/** Timers that never hold the process. */
const quietClock: Clock = {
  now: () => Date.now(),
  setTimeout: (work, ms) => setTimeout(work, ms).unref(),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
  setInterval: (work, ms) => setInterval(work, ms).unref(),
  clearInterval: (handle) => clearInterval(handle as NodeJS.Timeout),
}

/** pg-boss over the ledger's own pool, with nothing running in the background. */
export function createBoss(db: Db, schema: string, monitorSeconds: number, migrate: boolean): PgBoss {
  return new PgBoss({
    db: fromKnex(db),
    schema,
    migrate,
    supervise: false,
    schedule: false,
    registerInstance: false,
    reindex: false,
    monitorVacuum: false,
    openTelemetry: {enabled: false},
    monitorIntervalSeconds: monitorSeconds,
    clock: quietClock,
  })
}

/** Creates or upgrades pg-boss's tables and our queues. The caller holds the migration lock. */
export async function installQueue(db: Db, schema: string): Promise<void> {
  const boss = createBoss(db, schema, MONITOR_SECONDS, true)
  const faults: Error[] = []
  boss.on('error', (error) => faults.push(error))
  await boss.start()
  try {
    for (const flow of FLOWS) {
      const options = {
        retryLimit: RETRY_LIMIT,
        retryDelay: 0,
        retentionSeconds: RETENTION_SECONDS,
        expireInSeconds: EXPIRE_SECONDS,
        deleteAfterSeconds: DELETE_AFTER_SECONDS,
        heartbeatSeconds: HEARTBEAT_SECONDS,
        notify: true,
      }
      await boss.createQueue(flow, {...options, policy: 'stately'})
      await boss.updateQueue(flow, options)
    }
    await indexesBuilt(boss)
  } finally {
    await boss.stop({graceful: false})
  }
  if (faults[0] !== undefined) throw faults[0]
}

/** An upgrade of pg-boss builds indexes in its background; a command is too short-lived for that, so wait for them. */
async function indexesBuilt(boss: PgBoss): Promise<void> {
  for (let i = 0; i < INDEX_WAIT_MS / INDEX_POLL_MS; i++) {
    const open = (await boss.getBamStatus()).some(({status}) => status === 'pending' || status === 'in_progress')
    if (!open) return
    await delay(INDEX_POLL_MS)
  }
  assert(false, `the indexes of the queue were not built in ${INDEX_WAIT_MS / 60_000} minutes`)
}
