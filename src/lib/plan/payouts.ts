import {format} from '../core/money.ts'
import type {AccountLine, BankDeposit, Check} from '../netsuite/posting-types.ts'
import type {BalanceTransaction, ShopifyPayout} from '../shopify/money-types.ts'
import {lookUp, total} from './book.ts'
import {refuseFaults, type Fault} from './faults.ts'
import {dayIn} from './header.ts'
import type {LifeRules} from './life-types.ts'
import {
  namedAccount,
  payoutLines,
  type PayoutBook,
  type PayoutLines,
  type PayoutPlanning,
  type WaitsFor,
} from './payout-lines.ts'
import {postingId} from './posting-ids.ts'
import type {OrderRules} from './types.ts'

/** What NetSuite should hold of a payout, or what it waits for. */
export type PayoutPlan =
  Readonly<{records: readonly (BankDeposit | Check)[]}> | Readonly<{waitsFor: readonly WaitsFor[]}>

type Planning = PayoutPlanning & Readonly<{bank: string; transit: string | null; currency: string; day: string}>

/**
 * Decides what NetSuite should hold of a payout of Shopify Payments, once it is PAID: a deposit of exactly its net on the
 * bank account of its currency. More payments than one deposit takes are collected on the transit account first. NetSuite
 * refuses a negative deposit (NetSuite help section_3941974737): a payout that was taken from the bank is a deposit of
 * zero and a check, over the transit account. A payout that failed after it was booked is taken back by a check; one that
 * failed before never reached the bank, so its deposit stands on the transit account, from where a later payout brings the
 * money: its charges and fees are in no other payout.
 *
 * Throws RejectedError that names every fault at once (the codes of life-faults.ts).
 * @param lines every balance transaction of the payout
 */
export function planPayout(
  payout: ShopifyPayout,
  lines: readonly BalanceTransaction[],
  book: PayoutBook,
  rules: OrderRules,
  life: LifeRules,
): PayoutPlan {
  const isBack = payout.status === 'FAILED' || payout.status === 'CANCELED'
  if (payout.status !== 'PAID' && !isBack) {
    return {waitsFor: [{order: null, transaction: payout.id, why: `Shopify says ${payout.status}`}]}
  }
  const planning = planningOf(payout, book, rules, life)
  const currencyId = currencyOf(planning, rules)
  if (isBack && book.isBooked) {
    const check = takenBack(planning, currencyId)
    refuseFaults(payout, planning.faults)
    return {records: [check]}
  }
  const own = lines.filter(({type, test}) => type !== 'TRANSFER' && !test)
  if (isBack && own.length === 0) return {records: []}
  const sorted = payoutLines(planning, own)
  checkSum(planning, own)
  const records = isBack ? unbanked(planning, sorted, currencyId) : recordsOf(planning, sorted, currencyId)
  refuseFaults(payout, planning.faults)
  return sorted.waitsFor.length > 0 ? {waitsFor: sorted.waitsFor} : {records}
}

function planningOf(payout: ShopifyPayout, book: PayoutBook, rules: OrderRules, life: LifeRules): Planning {
  const faults: Fault[] = []
  const {currency} = payout.net
  const planning = {payout, rules: life, book, faults}
  const bank = namedAccount(planning, lookUp(life.payouts.banks, currency), `payouts in ${currency} (accounts.bank.${currency})`) // prettier-ignore
  return {...planning, bank, transit: life.payouts.transit, currency, day: dayIn(rules.timeZone, payout.issuedAt)}
}

function currencyOf({currency, faults}: Planning, rules: OrderRules): string {
  const id = lookUp(rules.currencies, currency)
  if (id === undefined) faults.push({code: 'CURRENCY_UNMAPPED', what: currency})
  return id ?? ''
}

/** The lines must be the payout: net = Σ net, and net = amount − fee for each (Shopify: ShopifyPaymentsBalanceTransaction). */
function checkSum({payout, currency, faults}: Planning, lines: readonly BalanceTransaction[]): void {
  const sum = total(lines.map(({amount, fee}) => amount.minor - fee.minor))
  const stated = total(lines.map(({net}) => net.minor))
  const isOneCurrency = lines.every((line) => line.net.currency === currency && line.amount.currency === currency)
  if (isOneCurrency && sum === payout.net.minor && stated === payout.net.minor) return
  const what = `the transactions of ${payout.id} sum to ${format({minor: sum, currency})}, it is ${format(payout.net)}`
  faults.push({code: 'PAYOUT_TOTAL_MISMATCH', what: isOneCurrency ? what : `${what}; they are in several currencies`})
}

/** Parts on the transit account where there are too many payments, then the deposit on the bank, then the withdrawal. */
function recordsOf(planning: Planning, lines: PayoutLines, currency: string): (BankDeposit | Check)[] {
  const {payout, rules, bank} = planning
  const parts = lines.payments.length > rules.payouts.linesPerDeposit ? partsOf(planning, lines, currency) : []
  const fromParts = total(parts.map((part) => part.moved))
  const final = {
    payments: parts.length > 0 ? [] : lines.payments,
    other: [...lines.other, ...(fromParts > 0n ? [overTransit(planning, fromParts)] : [])],
    cashBack: [...lines.cashBack, ...(fromParts < 0n ? [overTransit(planning, -fromParts)] : [])],
  }
  const deposit = depositOf(planning, postingId.payout(payout.id), bank, final, currency)
  const records = [...parts.map((part) => part.deposit), deposit]
  return payout.net.minor < 0n ? [...records, withdrawal(planning, currency)] : records
}

/** The same on the transit account alone. */
function unbanked(planning: Planning, lines: PayoutLines, currency: string): (BankDeposit | Check)[] {
  const bank = namedAccount(planning, planning.transit, 'payouts in transit (accounts.payout_transit)')
  const id = planning.payout.id
  const records = recordsOf({...planning, bank}, lines, currency).filter(({type}) => type === 'deposit')
  return records.map((one) => (one.externalId === postingId.payout(id) ? {...one, externalId: postingId.unbanked(id)} : one)) // prettier-ignore
}

type Lists = Pick<PayoutLines, 'payments' | 'other' | 'cashBack'>

/** A deposit that would be negative is one of zero; the transit account bears what is missing. */
function depositOf(
  planning: Planning,
  externalId: string,
  accountId: string,
  lists: Lists,
  currency: string,
): BankDeposit {
  const sum = sumOf(lists)
  const gap = sum < 0n ? [overTransit(planning, -sum)] : []
  return {
    ...baseOf(planning, externalId, currency),
    type: 'deposit',
    accountId,
    payments: lists.payments,
    other: [...lists.other, ...gap],
    cashBack: lists.cashBack,
    total: {minor: sum < 0n ? 0n : sum, currency: planning.currency},
  }
}

function sumOf({payments, other, cashBack}: Lists): bigint {
  const minors = (lines: readonly Readonly<{amount: {minor: bigint}}>[]) => total(lines.map(({amount}) => amount.minor))
  return minors(payments) + minors(other) - minors(cashBack)
}

function partsOf(planning: Planning, {payments}: PayoutLines, currency: string) {
  const {payout, rules} = planning
  const size = rules.payouts.linesPerDeposit
  const account = namedAccount(planning, planning.transit, 'payouts in transit (accounts.payout_transit)')
  return Array.from({length: Math.ceil(payments.length / size)}, (_, i) => {
    const lists = {payments: payments.slice(i * size, (i + 1) * size), other: [], cashBack: []}
    const externalId = postingId.payoutPart(payout.id, i + 1)
    return {moved: sumOf(lists), deposit: depositOf(planning, externalId, account, lists, currency)}
  })
}

function overTransit(planning: Planning, minor: bigint): AccountLine {
  const accountId = namedAccount(planning, planning.transit, 'payouts in transit (accounts.payout_transit)')
  return {accountId, amount: {minor, currency: planning.currency}, memo: 'Payout in transit'}
}

function withdrawal(planning: Planning, currency: string): Check {
  const {payout} = planning
  return checkOf(planning, postingId.withdrawal(payout.id), -payout.net.minor, currency)
}

/** Shopify does not say when a payout failed: the check bears the day of the payout. */
function takenBack(planning: Planning, currency: string): Check {
  return checkOf(planning, postingId.failedPayout(planning.payout.id), planning.payout.net.minor, currency)
}

function checkOf(planning: Planning, externalId: string, minor: bigint, currency: string): Check {
  return {
    ...baseOf(planning, externalId, currency),
    type: 'check',
    accountId: planning.bank,
    expenses: [overTransit(planning, minor)],
    total: {minor, currency: planning.currency},
  }
}

function baseOf({payout, day}: Planning, externalId: string, currency: string) {
  const trace = payout.traceId === null ? '' : ` ${payout.traceId}`
  const memo = `Shopify payout ${payout.legacyId}${trace}`
  return {externalId, tranDate: day, memo, customFields: {}, currency: {id: currency}}
}
