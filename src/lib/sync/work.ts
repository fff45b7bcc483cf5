import {present} from '../core/assert.ts'
import type {Clock} from '../core/clock.ts'
import {BugError, messageOf, RejectedError, RetryableError} from '../core/errors.ts'
import type {Ledger} from '../ledger/open.ts'
import type {Job, Link, Settlement, Write} from '../ledger/types.ts'
import type {CustomerPort, QueryPort, SalesOrder, SalesOrderPort} from '../netsuite/types.ts'
import type {CustomerPlan, ItemBook, OrderRules} from '../plan/types.ts'
import type {Shopify} from '../shopify/client.ts'
import type {ShopifyOrder} from '../shopify/types.ts'

/** What pushing an order needs of the world. */
export type OrderDeps = Readonly<{
  ledger: Ledger
  shopify: Pick<Shopify, 'getOrders' | 'setNetSuiteIds'>
  netsuite: Readonly<{salesOrders: SalesOrderPort; customers: CustomerPort; queries: QueryPort}>
  /** Resolves SKUs to items of NetSuite; what the cache does not know is asked. */
  items(skus: readonly string[]): Promise<ItemBook>
  rules: OrderRules
  shop: string
  clock: Clock
  runId: string
}>

export type Outcome = 'written' | 'updated' | 'adopted' | 'unchanged' | 'skipped' | 'parked' | 'retry' | 'released'

/**
 * One order on its way through a batch. The stages fill it in from top to bottom; `end` takes it out of the stages that follow.
 * Whatever was written meanwhile is in `writes` and `links` and is settled with it, however it ends.
 */
export type Work = {
  readonly job: Job
  order?: ShopifyOrder
  customer?: CustomerPlan
  /** The plan, its entity resolved once the customer is known. */
  salesOrder?: SalesOrder
  netsuiteId?: string
  outcome?: Outcome
  end?: Settlement['end']
  error?: Readonly<{code: string; message: string; hint: string}>
  readonly writes: Write[]
  readonly links: Link[]
}

export function workOf(job: Job): Work {
  return {job, writes: [], links: []}
}

export function open(works: readonly Work[]): Work[] {
  return works.filter((work) => work.end === undefined)
}

export function finish(work: Work, outcome: Outcome): void {
  work.outcome = outcome
  work.end = {as: 'done'}
}

/** The order is right as it is: said once, kept if an earlier stage already wrote. */
export function conclude(work: Work): void {
  finish(work, work.outcome ?? 'unchanged')
}

/**
 * Ends the work by the kind of error: data waits for a person, a passing fault for its time.
 * Anything else (credentials, settings) concerns every order and is thrown on.
 */
export function fail(work: Work, error: unknown): void {
  if (error instanceof RetryableError) {
    work.outcome = 'retry'
    work.error = {code: error.code, message: error.message, hint: error.hint}
    work.end = {as: 'retry', afterMs: error.retryAfterMs, code: error.code, message: error.message}
  } else if (error instanceof RejectedError || error instanceof BugError) {
    work.outcome = 'parked'
    work.error = {code: error.code, message: error.message, hint: error.hint}
    work.end = {as: 'parked', ...work.error}
  } else {
    throw error
  }
}

/** Runs one order's step; its faults end this order only. */
export async function step(work: Work, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    fail(work, error)
  }
}

/** Runs a step that many orders share; its faults of data or time end all of them alike. */
export async function sharedStep(works: readonly Work[], run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    for (const work of open(works)) fail(work, error)
  }
}

export function orderOf(work: Work): ShopifyOrder {
  return present(work.order, `the order of ${work.job.subject}`)
}

export function planOf(work: Work): SalesOrder {
  return present(work.salesOrder, `the plan of ${work.job.subject}`)
}

/** The text of an error for the ledger: its code where it has one. */
export function replyOf(error: unknown): Readonly<{code: string | null; message: string}> {
  return {
    code: error instanceof RetryableError || error instanceof RejectedError ? error.code : null,
    message: messageOf(error),
  }
}
