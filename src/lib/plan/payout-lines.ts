import {format, type Money} from '../core/money.ts'
import type {AccountLine, BankDeposit} from '../netsuite/posting-types.ts'
import type {BalanceTransaction, ShopifyPayout} from '../shopify/money-types.ts'
import {lookUp, total} from './book.ts'
import type {Fault} from './faults.ts'
import type {LifeRules} from './life-types.ts'

/** A record in undeposited funds that a payout brings to the bank. */
export type HeldMoney = Readonly<{
  type: BankDeposit['payments'][number]['type']
  ref: BankDeposit['payments'][number]['ref']
  /** What it holds in the currency of the bank account; positive for refunds too. */
  amount: Money
  /** Currency in which the customer paid: only where it is another may settlement differ from what was booked. */
  presentmentCurrency: string
}>

/** What a balance transaction of an order is in NetSuite. */
export type MoneyKind = 'payment' | 'refund' | 'failedRefund'

/** What NetSuite holds, as far as a payout asks for it. */
export type PayoutBook = Readonly<{
  /**
   * The records of an order transaction (global id): one as a rule, several where cash sales share a payment; none where
   * NetSuite does not hold it. 'failedRefund' is the deposit of money that came back from a refund.
   */
  money: (orderTransactionId: string, kind: MoneyKind) => readonly HeldMoney[]
  /** True when the bank deposit of this payout is written. */
  isBooked: boolean
}>

/** ShopifyPaymentsTransactionType of the Admin API: movements of an order's money. */
const MONEY: Readonly<Record<string, MoneyKind>> = {
  CHARGE: 'payment',
  REFUND: 'refund',
  REFUND_FAILURE: 'failedRefund',
}

/** What a line is of an order's money; undefined where it is none, or names no transaction of an order. */
export function moneyKindOf({
  type,
  orderTransactionId,
}: Pick<BalanceTransaction, 'type' | 'orderTransactionId'>): MoneyKind | undefined {
  return orderTransactionId === null ? undefined : lookUp(MONEY, type)
}

/** The return of a payout that failed: its money stands on the transit account. */
const RETURNED: ReadonlySet<string> = new Set(['TRANSFER_FAILURE', 'TRANSFER_REFUND', 'TRANSFER_CANCEL'])

export type WaitsFor = Readonly<{order: string | null; transaction: string; why: string}>

/** The parts of a bank deposit. */
export type PayoutLines = Readonly<{
  payments: BankDeposit['payments']
  other: readonly AccountLine[]
  cashBack: readonly AccountLine[]
  waitsFor: readonly WaitsFor[]
}>

type Sums = Map<string, {accountId: string; memo: string; amount: bigint}>

export type PayoutPlanning = Readonly<{payout: ShopifyPayout; rules: LifeRules; book: PayoutBook; faults: Fault[]}>

/**
 * Sorts the lines of a payout: charges and refunds are what NetSuite holds in undeposited funds; their fees are summed
 * by type; every other type is summed to the account that the contract names for it. The sign of an amount decides
 * whether it raises or lowers the deposit, never the name of its type.
 */
export function payoutLines(planning: PayoutPlanning, lines: readonly BalanceTransaction[]): PayoutLines {
  const sums: Sums = new Map()
  const payments: BankDeposit['payments'][number][] = []
  const waitsFor: WaitsFor[] = []
  for (const line of lines) {
    const kind = moneyKindOf(line)
    if (kind === undefined || line.orderTransactionId === null) {
      addTo(sums, accountOfType(planning, line.type), line.type, line.amount.minor)
      addFee(planning, sums, line)
      continue
    }
    const held = planning.book.money(line.orderTransactionId, kind)
    if (held.length === 0) {
      const why = `NetSuite does not hold the ${kind} of ${format(line.amount)}`
      waitsFor.push({order: line.orderName ?? line.orderId, transaction: line.orderTransactionId, why})
    }
    const sign = kind === 'refund' ? -1n : 1n
    payments.push(...held.map(({type, ref, amount}) => ({type, ref, amount: {...amount, minor: amount.minor * sign}})))
    if (held.length > 0) addDifference(planning, sums, line, held, sign)
    addFee(planning, sums, line)
  }
  return {payments, ...accountLines(sums, planning.payout.net.currency), waitsFor}
}

function addTo(sums: Sums, accountId: string, memo: string, amount: bigint): void {
  const key = `${accountId} ${memo}`
  sums.set(key, {accountId, memo, amount: (sums.get(key)?.amount ?? 0n) + amount})
}

/** Shopify keeps its fee: a positive fee lowers the payout. Fees of disputes are chargeback fees. */
function addFee(planning: PayoutPlanning, sums: Sums, {type, fee}: BalanceTransaction): void {
  if (fee.minor === 0n) return
  const isDispute = /^(DISPUTE|CHARGEBACK)_/.test(type)
  const account = isDispute
    ? accountOfType(planning, 'CHARGEBACK_FEE')
    : namedAccount(planning, planning.rules.payouts.fees, 'the fees of Shopify Payments (accounts.fees)')
  addTo(sums, account, `Fees of ${type}`, -fee.minor)
}

/** Booked at the day's rate of the order, settled at another: the difference is a gain or loss of exchange. */
function addDifference(
  planning: PayoutPlanning,
  sums: Sums,
  line: BalanceTransaction,
  held: readonly HeldMoney[],
  sign: bigint,
): void {
  const booked = total(held.map(({amount}) => amount.minor)) * sign
  const difference = line.amount.minor - booked
  const {currency} = planning.payout.net
  const isComparable = held.every(({amount}) => amount.currency === currency)
  if (difference === 0n && isComparable) return
  const isAbroad = held.some(({presentmentCurrency}) => presentmentCurrency !== currency)
  if (isComparable && isAbroad) {
    const account = namedAccount(planning, planning.rules.payouts.fx, 'differences of exchange (accounts.fx)')
    return addTo(sums, account, 'Exchange difference', difference)
  }
  const amounts = held.map(({amount}) => format(amount)).join(' + ')
  const what = `${line.orderName ?? ''} ${line.orderTransactionId ?? line.id}: ${amounts}, Shopify ${format(line.amount)}`
  planning.faults.push({code: 'PAYOUT_AMOUNT_DIFFERS', what: what.trim()})
}

/** The account of a type: by its name, else by the longest prefix that ends with *. */
function accountOfType({rules, faults}: PayoutPlanning, type: string): string {
  const {types, transit} = rules.payouts
  const prefixes = Object.keys(types).filter((key) => key.endsWith('*') && type.startsWith(key.slice(0, -1)))
  const [longest] = prefixes.toSorted((a, b) => b.length - a.length)
  const account = lookUp(types, type) ?? (longest === undefined ? undefined : lookUp(types, longest))
  if (account !== undefined) return account
  if (RETURNED.has(type) && transit !== null) return transit
  faults.push({code: 'PAYOUT_TYPE_UNMAPPED', what: `${type} (payouts.types.${type})`})
  return ''
}

/** An account of the contract; where there is none, a fault that gives its key. */
export function namedAccount({faults}: PayoutPlanning, account: string | null | undefined, what: string): string {
  if (account === null || account === undefined) faults.push({code: 'ACCOUNT_UNMAPPED', what})
  return account ?? ''
}

/** NetSuite credits the accounts of `other` and debits those of `cashBack`; both take positive amounts only. */
function accountLines(sums: Sums, currency: string): Pick<PayoutLines, 'other' | 'cashBack'> {
  const all = [...sums.values()]
  const line = ({accountId, memo, amount}: (typeof all)[number]): AccountLine => ({
    accountId,
    amount: {minor: amount < 0n ? -amount : amount, currency},
    memo,
  })
  return {
    other: all.filter(({amount}) => amount > 0n).map(line),
    cashBack: all.filter(({amount}) => amount < 0n).map(line),
  }
}
