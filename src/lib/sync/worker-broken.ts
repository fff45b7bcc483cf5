import {messageOf, SyncError} from '../core/errors.ts'
import {isConnectionFault} from '../ledger/connection.ts'
import {settle} from '../ledger/settle.ts'
import type {Job} from '../ledger/types.ts'
import type {WorkerLog} from './worker-log.ts'
import {unexpected, type OrderDeps} from './work.ts'

/**
 * A batch whose end the ledger would not take, for a reason that is neither the connection nor of a known kind: each of its
 * orders is parked by itself, so that one of them does not hold up the others for ever. What cannot even be parked is told, and
 * tried again when its heartbeat has passed. What was written to NetSuite is found there by the next try.
 */
export async function endBroken(
  deps: OrderDeps,
  jobs: readonly Job[],
  error: unknown,
  {signal, log}: Readonly<{signal: AbortSignal; log: WorkerLog}>,
): Promise<void> {
  if (jobs.length === 0 || error instanceof SyncError || isConnectionFault(error)) return
  if (signal.aborted && error === signal.reason) return
  const {code, message, hint} = unexpected(error)
  const still = await stillRunning(deps, jobs)
  for (const job of still) {
    try {
      await settle(deps.ledger, [{job, end: {as: 'parked', code, message, hint}, writes: [], links: []}])
      log('parked', {subject: job.subject, code})
    } catch (second) {
      log('unsettled', {subject: job.subject, message: messageOf(second)})
    }
  }
}

async function stillRunning(deps: OrderDeps, jobs: readonly Job[]): Promise<Job[]> {
  const lost = new Set((await deps.ledger.queue.touch(jobs)).map((job) => job.id))
  return jobs.filter((job) => !lost.has(job.id))
}
