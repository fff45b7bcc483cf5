import {ConfigError} from '../core/errors.ts'
import {legacyId} from '../core/ids.ts'
import {payoutSubject} from '../ledger/subjects.ts'
import {writtenPostings, type KnownPosting} from '../ledger/postings.ts'
import type {Subject} from '../ledger/types.ts'
import type {LifeRules} from '../plan/life-types.ts'
import {planPayout, type PayoutPlan} from '../plan/payouts.ts'
import {postingId} from '../plan/posting-ids.ts'
import type {BalanceTransaction, ShopifyPayout} from '../shopify/money-types.ts'
import {moneyBook, type MoneyBook} from './payout-book.ts'
import type {PushDeps} from './push.ts'

/** The records that payouts are. */
const PAYOUT_TYPES = ['deposit', 'check'] as const

/** A payout with everything that its plan needs. */
export type PayoutReading = Readonly<{payout: ShopifyPayout; lines: readonly BalanceTransaction[]; book: MoneyBook}>

/** Throws ConfigError PAYOUTS_OFF where the contract names no bank account, or leaves payments to others. */
export function refuseOff({payouts, payments, billing}: LifeRules): void {
  const isPaid = payments === 'deposit' || billing === 'cashSale'
  if (Object.keys(payouts.banks).length > 0 && isPaid) return
  const line = isPaid ? 'accounts.bank names no account' : 'payments is off'
  throw new ConfigError('PAYOUTS_OFF', `the contract keeps payouts out of NetSuite: ${line}`, {
    hint: 'name the bank account of each currency under accounts.bank in tieout.yaml, and set payments: deposit',
  })
}

export function subjectOfPayout(shop: string, {id}: Pick<ShopifyPayout, 'id'>): Subject {
  return payoutSubject(shop, legacyId(id))
}

/** What the ledger knows to be written for payouts, by subject. */
export async function writtenFor(
  {ledger}: Pick<PushDeps, 'ledger'>,
  subjects: readonly Subject[],
): Promise<ReadonlyMap<Subject, readonly KnownPosting[]>> {
  return Map.groupBy(await writtenPostings(ledger.db, 'payouts', subjects, PAYOUT_TYPES), ({subject}) => subject)
}

/** True where nothing is left to write for a payout: what its state asks for is there, or was never needed. */
export function isDone({id, status, net}: ShopifyPayout, written: readonly KnownPosting[]): boolean {
  const has = (externalId: string) => written.some((known) => known.externalId === externalId)
  if (status === 'PAID') return has(postingId.payout(id)) && (net.minor >= 0n || has(postingId.withdrawal(id)))
  return has(postingId.failedPayout(id)) || has(postingId.unbanked(id))
}

/** True while Shopify may still change what becomes of a payout (Shopify: ShopifyPaymentsPayoutStatus). */
export function isOpen({status}: Pick<ShopifyPayout, 'status'>): boolean {
  return !['PAID', 'FAILED', 'CANCELED'].includes(status)
}

/**
 * Reads what a payout consists of, and what NetSuite holds of it. Every line is kept, because all of them must sum to it; a
 * payout that failed after it was booked is taken back as a whole and needs none.
 */
export async function readPayout(
  deps: PushDeps,
  payout: ShopifyPayout,
  written: readonly KnownPosting[],
): Promise<PayoutReading> {
  const lines: BalanceTransaction[] = []
  const isTaken = await isBooked(deps, payout, written)
  if (payout.status === 'PAID' || isOpen(payout) || !isTaken)
    for await (const page of deps.shopify.payouts.transactions(payout.id)) lines.push(...page)
  const book = await moneyBook(deps, payout, lines, isTaken)
  return {payout, lines, book}
}

/** Only where it failed it matters whether its deposit was written; what the ledger does not know NetSuite is asked. */
async function isBooked(
  {netsuite}: PushDeps,
  {id, status}: ShopifyPayout,
  written: readonly KnownPosting[],
): Promise<boolean> {
  const externalId = postingId.payout(id)
  if (written.some((known) => known.externalId === externalId)) return true
  if (status !== 'FAILED' && status !== 'CANCELED') return false
  const [held] = await netsuite.postings.get('deposit', [{externalId}])
  return held !== null && held !== undefined
}

/** Decides what NetSuite should hold of it. Throws RejectedError that names every fault (plan/payouts.ts). */
export function planOfPayout({rules}: Pick<PushDeps, 'rules'>, {payout, lines, book}: PayoutReading): PayoutPlan {
  return planPayout(payout, lines, book, rules, rules.life)
}
