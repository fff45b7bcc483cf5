import {present} from '../core/assert.ts'
import type {Clock} from '../core/clock.ts'
import {BugError, messageOf, RejectedError, RetryableError, SyncError} from '../core/errors.ts'
import type {Ledger} from '../ledger/open.ts'
import type {Job, Link, Remembered, Settlement, Write} from '../ledger/types.ts'
import type {PostingPort, PostingQueries} from '../netsuite/posting-ports.ts'
import type {PostingRecord} from '../netsuite/posting-types.ts'
import type {CustomerPort, QueryPort, SalesOrder, SalesOrderPort} from '../netsuite/types.ts'
import type {Memory} from '../plan/memory.ts'
import type {LifePlan, ShopRules} from '../plan/life-types.ts'
import type {CustomerPlan, ItemBook} from '../plan/types.ts'
import type {Shopify} from '../shopify/client.ts'
import type {ShopifyOrder} from '../shopify/types.ts'

/** What pushing an order needs of the world. */
export type OrderDeps = Readonly<{
  ledger: Ledger
  /** The scopes tell whether an order that is not given was deleted. */
  shopify: Pick<Shopify, 'getOrders' | 'setNetSuiteIds'> & Partial<Pick<Shopify, 'grantedScopes'>>
  netsuite: Readonly<{
    salesOrders: SalesOrderPort
    customers: CustomerPort
    queries: QueryPort & PostingQueries
    postings: PostingPort
  }>
  /** Resolves SKUs to items of NetSuite; what the cache does not know is asked. */
  items(skus: readonly string[]): Promise<ItemBook>
  rules: ShopRules
  shop: string
  clock: Clock
  runId: string
  /** Which of the records after the sales order this run writes; all of them unless told. */
  only?: ((record: PostingRecord) => boolean) | undefined
}>

/** What was done for an order. `adopted`: NetSuite held it already, and the ledger did not know. */
type Deed = 'written' | 'updated' | 'adopted' | 'unchanged' | 'skipped'
export type Outcome = Deed | 'parked' | 'retry' | 'released'

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
  plannedAt?: Date
  netsuiteId?: string
  /** True where the ledger links the order to `netsuiteId`, and it was not merely found there. */
  isLinked?: boolean
  /** True where the last write that the ledger knows of brought NetSuite to this very plan. */
  isAsLastWritten?: boolean
  /** What was remembered of the sales order before it was read. */
  memory?: Memory
  /** What of the order has not happened yet and needs nobody, where that was planned. */
  waiting?: LifePlan['waiting']
  /** True where records of other kinds than this run writes are due: the order goes back into the queue. */
  isLeftOver?: boolean
  /** What was found in NetSuite, to be remembered when the order is settled. */
  remembered?: Remembered
  did?: Deed
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

/** How the order stands after the batch. One that a limited run took as far as it may counts by what was done for it. */
export function outcomeOf(work: Work): Outcome {
  const {end, did, isLeftOver} = work
  if (end === undefined) return 'released'
  const isThrough = end.as === 'done' || (end.as === 'released' && isLeftOver === true)
  return isThrough ? (did ?? 'unchanged') : end.as
}

/**
 * The order is right: what was done for it stands, and where nothing was, nothing was needed. What is due beyond the kinds
 * of this run stays in the queue, in the same transaction.
 */
export function conclude(work: Work): void {
  work.did ??= 'unchanged'
  work.end = work.isLeftOver === true ? {as: 'released'} : {as: 'done'}
}

/** Longest wait of an order whose fault passes by itself; until then it doubles with each try. */
const LONGEST_WAIT_MS = 10 * 60_000

/** No sooner than the remote side asked, longer with each try, and spread so that orders that failed together do not all return at once. */
function waitMs(attempt: number, askedMs: number): number {
  const grownMs = Math.min(LONGEST_WAIT_MS, askedMs * 2 ** Math.min(attempt - 1, 20))
  return Math.max(askedMs, Math.round(grownMs * (0.75 + Math.random() / 4)))
}

/**
 * Ends the work by the kind of error: data waits for a person, a passing fault for its time.
 * Anything else (credentials, settings, an interruption) concerns every order and is thrown on.
 */
export function fail(work: Work, error: unknown): void {
  if (error instanceof RetryableError) {
    const {code, message, hint} = error
    work.error = {code, message, hint}
    work.end = {as: 'retry', afterMs: waitMs(work.job.attempt, error.retryAfterMs), code, message}
  } else if (error instanceof RejectedError || error instanceof BugError) {
    const {code, message, hint} = error
    work.error = {code, message, hint}
    work.end = {as: 'parked', code, message, hint}
  } else {
    throw error
  }
}

/** What no class of ours describes: a fault of the program, told as one. */
export function unexpected(error: unknown): SyncError {
  if (error instanceof SyncError) return error
  return new BugError('UNEXPECTED', `the program failed on this order: ${messageOf(error)}`, {
    hint: 'report this with the output of tieout orders:trace; the other orders go on',
    cause: error,
  })
}

/** Runs one order's step; its faults end this order only. */
export async function step(work: Work, run: () => Promise<void> | void): Promise<void> {
  try {
    await run()
  } catch (error) {
    fail(work, error)
  }
}

/** Runs a step that many orders share. */
export async function sharedStep(works: readonly Work[], run: () => Promise<void>): Promise<void> {
  if (works.length === 0) return
  try {
    await run()
  } catch (error) {
    failTogether(works, error)
  }
}

/**
 * Ends orders that one message concerned. A fault of data may be the fault of any one of them: alone it is parked, among
 * others it is tried again at once, in a smaller group (groups.ts).
 */
export function failTogether(works: readonly Work[], error: unknown): void {
  const isOfOne = error instanceof RejectedError || error instanceof BugError
  for (const work of open(works)) {
    fail(work, error)
    if (isOfOne && works.length > 1) work.end = {as: 'retry', afterMs: 0, code: error.code, message: error.message}
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
  return {code: error instanceof SyncError ? error.code : null, message: messageOf(error)}
}
