import {isDeepStrictEqual} from 'node:util'

import {SyncError} from '../core/errors.ts'
import {gid} from '../core/ids.ts'
import {isConnectionFault, lost} from '../ledger/connection.ts'
import {contradictionOf} from '../ledger/links.ts'
import {settle} from '../ledger/settle.ts'
import type {Job, Settlement} from '../ledger/types.ts'
import {isLifeOn} from '../plan/life-on.ts'
import {planOrder, skusOf} from '../plan/orders.ts'
import {resolveCustomers} from './customers.ts'
import {endDeleted} from './deleted.ts'
import {writeLife} from './life.ts'
import {contradiction, legacyIdOf, noteSkipped} from './record.ts'
import {trailOf, withTrail} from './trail.ts'
import {keptPlan} from './trail-plan.ts'
import {
  conclude,
  fail,
  failTogether,
  open,
  orderOf,
  sharedStep,
  unexpected,
  workOf,
  type OrderDeps,
  type Work,
} from './work.ts'
import {writeBack} from './write-back.ts'
import {writeOrders} from './write.ts'

export type BatchOptions = Readonly<{verify: boolean; signal: AbortSignal}>

/**
 * Takes the jobs of a batch all the way: read → plan → write → settle, each order on its own.
 * Whatever happens, every job is settled with what was written for it. A fault that concerns all orders
 * (a credential, a setting) is thrown on after that; an interruption releases what has not been written yet.
 */
export function pushBatch(deps: OrderDeps, jobs: readonly Job[], options: BatchOptions): Promise<Work[]> {
  return withTrail(deps.clock, () => push(deps, jobs.map(workOf), options))
}

async function push(deps: OrderDeps, works: Work[], options: BatchOptions): Promise<Work[]> {
  try {
    await stages(deps, works, options)
  } catch (error) {
    if (error instanceof SyncError) throw error
    // The ledger went away under the orders: that is no fault of theirs.
    if (isConnectionFault(error)) throw lost(deps.ledger.connection, error)
    // An interruption comes out of the clients as the signal's reason: what is not ended is released.
    if (!options.signal.aborted) failTogether(works, unexpected(error))
  } finally {
    await settleAll(deps, works)
  }
  return works
}

async function stages(deps: OrderDeps, works: readonly Work[], {verify, signal}: BatchOptions): Promise<void> {
  if (!signal.aborted) await read(deps, works)
  if (!signal.aborted) await plan(deps, works)
  if (!signal.aborted) await sharedStep(open(works), () => resolveCustomers(deps, open(works)))
  if (!signal.aborted) await stillOurs(deps, works)
  if (!signal.aborted) await writeOrders(deps, works, verify)
  // An interruption between the two leaves orders that are not whole: they go back into the queue.
  const isWhole = !signal.aborted || !isLifeOn(deps.rules.life)
  if (isWhole) await writeLife(deps, works, verify)
  await writeBack(deps, works)
  if (isWhole) for (const work of open(works)) if (work.did !== undefined) conclude(work)
}

/** Reads the orders as they are now: what hinted at them does not matter. */
async function read(deps: OrderDeps, works: readonly Work[]): Promise<void> {
  const gone: Work[] = []
  await sharedStep(works, async () => {
    const ids = works.map((work) => gid('Order', legacyIdOf(work.job)))
    const orders = await deps.shopify.getOrders(ids, {money: isLifeOn(deps.rules.life)})
    works.forEach((work, i) => {
      const order = orders[i] ?? null
      if (order instanceof Error) fail(work, order)
      else if (order === null) gone.push(work)
      else work.order = order
    })
  })
  if (gone.length === 0) return
  await stillOurs(deps, gone)
  await sharedStep(open(gone), () => endDeleted(deps, open(gone)))
}

async function plan(deps: OrderDeps, works: readonly Work[]): Promise<void> {
  await sharedStep(open(works), async () => {
    const items = await deps.items([...new Set(open(works).flatMap((work) => skusOf(orderOf(work))))])
    for (const work of open(works)) {
      try {
        const planned = planOrder(orderOf(work), deps.rules, items)
        if (planned.kind === 'skipped') {
          noteSkipped(deps, work, planned.reason)
        } else {
          work.customer = planned.customer
          work.salesOrder = planned.salesOrder
          work.plannedAt = deps.clock.now()
        }
      } catch (error) {
        fail(work, unexpected(error))
      }
    }
  })
}

/** A process that was frozen for longer than its heartbeat may hold jobs that another has taken over: those are left to the other. */
async function stillOurs(deps: OrderDeps, works: readonly Work[]): Promise<void> {
  const lost = new Set((await deps.ledger.queue.touch(open(works).map((work) => work.job))).map((job) => job.id))
  for (const work of works) if (lost.has(work.job.id)) work.end = {as: 'released'}
}

/** Settles every job. What the ledger decides otherwise is told by the work: a link that contradicts it, a job that another worker has. */
async function settleAll(deps: OrderDeps, works: readonly Work[]): Promise<void> {
  const settlements = works.map((work) => settlementOf(deps, work))
  const {lost, contradicted} = await settle(deps.ledger, settlements, trailOf(deps.runId))
  for (const work of works) {
    const link = contradicted.find((one) => work.links.some((own) => isDeepStrictEqual(own, one)))
    if (link !== undefined) fail(work, contradiction(contradictionOf(link), work))
    if (lost.some((job) => job.id === work.job.id)) work.end = {as: 'released'}
  }
}

function settlementOf(deps: OrderDeps, work: Work): Settlement {
  const {job, end = {as: 'released'}, writes, links, remembered} = work
  return {job, end, writes, links, remembered: remembered === undefined ? [] : [remembered], plan: keptPlan(deps, work)}
}
