import {legacyId} from '../core/ids.ts'
import {inTransaction} from '../ledger/connection.ts'
import {advanceCursor, getCursor} from '../ledger/cursors.ts'
import {receive} from '../ledger/events.ts'
import {listParked} from '../ledger/parked.ts'
import {payoutOf} from '../ledger/subjects.ts'
import type {Hint, Parked, Subject} from '../ledger/types.ts'
import type {ShopifyPayout} from '../shopify/money-types.ts'
import {isDone, isOpen, subjectOfPayout, writtenFor} from './payout-plan.ts'
import {countListed, type PayoutsReport} from './payout-report.ts'
import {isWindow, namedPayouts, payoutsBetween, type PayoutSelection} from './payout-select.ts'
import type {PushDeps} from './push.ts'
import {instantOf} from './select.ts'

const DAY_MS = 24 * 3_600_000
/** A bank may report a failure days after Shopify said PAID (help.shopify.com, Shopify Payments FAQ). */
const FAILURES_MS = 30 * DAY_MS
/** Jobs of one run. */
const JOBS_MAX = 10_000

/**
 * Queues what is chosen, durably, and gives the subjects that the run is to work, the oldest first: those that were named, or
 * all that wait. What waits for its time need not: a run is the next try.
 */
export async function queuePayouts(
  deps: PushDeps,
  chosen: PayoutSelection,
  report: PayoutsReport,
  signal: AbortSignal,
): Promise<Subject[]> {
  if (chosen.ids.length > 0) {
    const named = await namedPayouts(deps.shopify, chosen.ids)
    report.listed = named.length
    await queue(deps, 'hand', named, report)
    return sorted(named.map((payout) => subjectOfPayout(deps.shop, payout)))
  }
  const done: Subject[] = []
  for await (const page of duePayouts(deps, chosen, report)) {
    if (signal.aborted) break
    await queue(deps, isWindow(chosen) ? 'hand' : 'sweep', page.due, report)
    await page.queued()
    done.push(...page.done)
  }
  const jobs = await deps.ledger.queue.list('payouts', {limit: JOBS_MAX})
  const waiting = jobs.filter(({subject}) => subject.startsWith(`${deps.shop}/`))
  const isWaiting = new Set(waiting.map(({subject}) => subject))
  // One that is done and still waits is counted when it was worked.
  report.counts.unchanged += done.filter((subject) => !isWaiting.has(subject)).length
  const entries = waiting
    .filter(({state}) => state !== 'active')
    .map(({subject, name}) => ({subject, name, urgent: true}))
  await inTransaction(deps.ledger, (tx) => deps.ledger.queue.add(tx, 'payouts', entries))
  // Those that are active may be of a dead process: the queue gives them back once its heartbeat is missing.
  return sorted([...isWaiting])
}

/** By number, which Shopify gives in the order of time. */
function sorted(subjects: readonly Subject[]): Subject[] {
  return [...new Set(subjects)].toSorted((a, b) => Number(payoutOf(a)) - Number(payoutOf(b)))
}

type DuePage = Readonly<{due: readonly ShopifyPayout[]; done: readonly Subject[]; queued: () => Promise<void>}>

/**
 * The payouts of the window, or those that may have become due since the last run, without those that are written, or wait for
 * a person. The cursor stands at the oldest payout that was still open, whose state changes in place; it moves once what was
 * found is queued.
 */
async function* duePayouts(deps: PushDeps, chosen: PayoutSelection, report: PayoutsReport): AsyncGenerator<DuePage> {
  if (isWindow(chosen)) {
    for await (const page of payoutsBetween(deps.shopify, chosen, deps.rules.timeZone)) {
      const sorted = await sort(deps, page)
      countListed(report, page.length, sorted)
      yield {...sorted, queued: nothing}
    }
    return
  }
  const from = await startOf(deps)
  const cursor = {oldestOpen: null as number | null, newest: from.getTime()}
  for await (const page of deps.shopify.payouts.list({since: new Date(from.getTime() - FAILURES_MS)})) {
    const isNew = ({issuedAt}: ShopifyPayout) => Date.parse(issuedAt) >= from.getTime()
    const sorted = await sort(deps, page.filter(isNew))
    countListed(report, page.filter(isNew).length, sorted)
    // What is older was seen when it was issued, and matters only where it has failed since.
    const older = page.filter((payout) => !isNew(payout) && payout.status === 'FAILED')
    const failed = older.length === 0 ? [] : (await sort(deps, older)).due
    yield {due: [...failed, ...sorted.due], done: sorted.done, queued: nothing}
    for (const payout of page.filter(isNew)) {
      const at = Date.parse(payout.issuedAt)
      if (isOpen(payout)) cursor.oldestOpen ??= at
      cursor.newest = Math.max(cursor.newest, at)
    }
  }
  const to = new Date(cursor.oldestOpen ?? cursor.newest)
  yield {due: [], done: [], queued: async () => void (await advanceCursor(deps.ledger.db, cursorOf(deps.shop), to))}
}

const nothing = () => Promise.resolve()

function cursorOf(shop: string): string {
  return `payouts:push ${shop}`
}

/** Without a start in the contract the first run looks back a day, as the first sweep of orders does. */
async function startOf({ledger, rules, shop, clock}: PushDeps): Promise<Date> {
  const cursor = await getCursor(ledger.db, cursorOf(shop))
  return (
    cursor ?? instantOf(rules.orders.since ?? null, rules.timeZone, 'start') ?? new Date(clock.now().getTime() - DAY_MS)
  )
}

/** What a push would look at now: the named payouts, those of the window, or those that are due or still open. Reads only. */
export async function* chosenPayouts(
  deps: PushDeps,
  chosen: PayoutSelection,
): AsyncGenerator<readonly ShopifyPayout[]> {
  if (chosen.ids.length > 0) yield await namedPayouts(deps.shopify, chosen.ids)
  else if (isWindow(chosen)) yield* payoutsBetween(deps.shopify, chosen, deps.rules.timeZone)
  else {
    const from = await startOf(deps)
    for await (const page of deps.shopify.payouts.list({since: new Date(from.getTime() - FAILURES_MS)})) {
      const due = new Set((await sort(deps, page)).due)
      const isNew = ({issuedAt}: ShopifyPayout) => Date.parse(issuedAt) >= from.getTime()
      yield page.filter(
        (payout) => (isNew(payout) || payout.status === 'FAILED') && (due.has(payout) || isOpen(payout)),
      )
    }
  }
}

type Sorted = Readonly<{
  due: readonly ShopifyPayout[]
  done: readonly Subject[]
  open: number
  parked: readonly Parked[]
}>

/** What Shopify has decided and NetSuite does not hold is due, unless a person must act first. */
async function sort(deps: PushDeps, page: readonly ShopifyPayout[]): Promise<Sorted> {
  const decided = page.filter((payout) => !isOpen(payout))
  const subjects = decided.map((payout) => subjectOfPayout(deps.shop, payout))
  const written = await writtenFor(deps, subjects)
  const parked = await listParked(deps.ledger.db, {flow: 'payouts', subjects})
  const isParked = new Set(parked.map(({subject}) => subject))
  const isRight = (i: number, payout: ShopifyPayout) => isDone(payout, written.get(subjects[i] ?? '') ?? [])
  return {
    due: decided.filter((payout, i) => !isParked.has(subjects[i] ?? '') && !isRight(i, payout)),
    done: subjects.filter((subject, i) => !isParked.has(subject) && decided[i] !== undefined && isRight(i, decided[i])),
    open: page.length - decided.length,
    parked,
  }
}

async function queue(
  deps: PushDeps,
  source: Hint['source'],
  payouts: readonly ShopifyPayout[],
  report: PayoutsReport,
): Promise<void> {
  await receive(
    deps.ledger,
    payouts.map((payout) => ({
      source,
      deliveryId: `${deps.runId}/payout-${legacyId(payout.id)}`,
      flow: 'payouts',
      subject: subjectOfPayout(deps.shop, payout),
      name: `payout ${payout.legacyId}`,
      topic: 'payouts',
      body: JSON.stringify({id: payout.id, status: payout.status}),
      receivedAt: deps.clock.now(),
    })),
  )
  report.queued += payouts.length
}
