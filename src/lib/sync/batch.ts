import {RejectedError} from '../core/errors.ts'
import {settle} from '../ledger/settle.ts'
import type {Job, Settlement} from '../ledger/types.ts'
import {planOrder, skusOf} from '../plan/orders.ts'
import {resolveCustomers} from './customers.ts'
import {conclude, fail, finish, open, orderOf, sharedStep, workOf, type OrderDeps, type Work} from './work.ts'
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
    await read(deps, works)
    if (!options.signal.aborted) await plan(deps, works)
    if (!options.signal.aborted) await resolveCustomers(deps, works)
    if (!options.signal.aborted) await writeOrders(deps, works, options.verify)
    await writeBack(deps, works)
    for (const work of open(works)) if (work.netsuiteId !== undefined) conclude(work)
  } finally {
    await settle(deps.ledger, works.map(settlementOf))
  }
  return works
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
  return `gid://shopify/Order/${job.subject.slice(job.subject.indexOf('/') + 1)}`
}

async function plan(deps: OrderDeps, works: readonly Work[]): Promise<void> {
  await sharedStep(open(works), async () => {
    const items = await deps.items([...new Set(open(works).flatMap((work) => skusOf(orderOf(work))))])
    for (const work of open(works)) {
      try {
        const planned = planOrder(orderOf(work), deps.rules, items)
        if (planned.kind === 'skipped') {
          skip(deps, work, planned.reason)
        } else {
          work.customer = planned.customer
          work.salesOrder = planned.salesOrder
        }
      } catch (error) {
        fail(work, error)
      }
    }
  })
}

/** Left out by a rule of the contract, and visible in the ledger. */
function skip(deps: OrderDeps, work: Work, reason: string): void {
  const externalId = `SHOPIFY:ORDER:${orderOf(work).legacyId}`
  work.writes.push({
    flow: 'orders',
    subject: work.job.subject,
    runId: deps.runId,
    system: 'netsuite',
    recordType: 'salesOrder',
    externalId,
    remoteId: null,
    outcome: 'skipped',
    planHash: '',
    sent: null,
    reply: {reason},
    startedAt: deps.clock.now(),
    durationMs: 0,
  })
  finish(work, 'skipped')
}

function settlementOf(work: Work): Settlement {
  if (work.end === undefined) work.outcome = 'released'
  return {job: work.job, end: work.end ?? {as: 'released'}, writes: work.writes, links: work.links}
}
