import {RejectedError, SyncError} from '../core/errors.ts'
import {gid} from '../core/ids.ts'
import {contradictionOf} from '../ledger/links.ts'
import {settle} from '../ledger/settle.ts'
import type {Job, Settlement} from '../ledger/types.ts'
import {planOrder, skusOf} from '../plan/orders.ts'
import {resolveCustomers} from './customers.ts'
import {contradiction, noteSkipped} from './record.ts'
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
export async function pushBatch(deps: OrderDeps, jobs: readonly Job[], options: BatchOptions): Promise<Work[]> {
  const works = jobs.map(workOf)
  try {
    await stages(deps, works, options)
  } catch (error) {
    if (error instanceof SyncError) throw error
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
  await writeBack(deps, works)
  for (const work of open(works)) if (work.did !== undefined) conclude(work)
}

/** Reads the orders as they are now: what hinted at them does not matter. */
async function read(deps: OrderDeps, works: readonly Work[]): Promise<void> {
  await sharedStep(works, async () => {
    const orders = await deps.shopify.getOrders(works.map((work) => shopifyIdOf(work.job)))
    works.forEach((work, i) => {
      const order = orders[i] ?? null
      if (order instanceof Error) fail(work, order)
      else if (order === null) fail(work, deleted(work.job))
      else work.order = order
    })
  })
}

function deleted(job: Job): RejectedError {
  return new RejectedError(
    'ORDER_DELETED',
    `the order ${job.name ?? job.subject} is not in Shopify any more, or is older than 60 days`,
    {
      hint: 'if it was deleted, close its sales order in NetSuite if there is one, then tieout jobs:park it with a note; older orders need the scope read_all_orders',
      subject: job.subject,
    },
  )
}

/** The subject's last part is the number of the order. */
function shopifyIdOf(job: Job): string {
  return gid('Order', job.subject.slice(job.subject.indexOf('/') + 1))
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
  const {lost, contradicted} = await settle(deps.ledger, works.map(settlementOf))
  for (const work of works) {
    const link = contradicted.find((one) => `${one.shop}/${one.shopifyId}` === work.job.subject)
    if (link !== undefined) fail(work, contradiction(contradictionOf(link), work))
    if (lost.some((job) => job.id === work.job.id)) work.end = {as: 'released'}
  }
}

function settlementOf(work: Work): Settlement {
  return {job: work.job, end: work.end ?? {as: 'released'}, writes: work.writes, links: work.links}
}
