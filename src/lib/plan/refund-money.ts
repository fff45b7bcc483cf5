import {format} from '../core/money.ts'
import type {CustomerRefund} from '../netsuite/posting-types.ts'
import type {Ref} from '../netsuite/types.ts'
import type {ShopifyTransaction} from '../shopify/money-types.ts'
import type {ShopifyRefund} from '../shopify/types.ts'
import {total} from './book.ts'
import {accountIdOf, baseOf, gatewayOf, timeOf, type Life, type OpenDeposit} from './life-state.ts'
import {cashOf, moneyOf, OPEN} from './payments.ts'
import {postingId} from './posting-ids.ts'

const FAILED: ReadonlySet<string> = new Set(['FAILURE', 'ERROR'])

/** The transactions of a refund by what became of them. */
export type RefundMoney = Readonly<{
  /** They moved money, also those that failed after NetSuite had them. */
  paid: readonly ShopifyTransaction[]
  pending: readonly ShopifyTransaction[]
  failed: readonly ShopifyTransaction[]
  /** Of them all but the failed ones: amount without, and cash rounding. */
  amount: bigint
  rounding: bigint
}>

/** Finds the transactions of a refund. Those that failed before NetSuite had them moved nothing. */
export function moneyOfRefund(life: Life, refund: ShopifyRefund): RefundMoney {
  const ids = new Set(refund.transactionIds)
  const all = life.transactions.filter(({id, kind, test}) => ids.has(id) && kind === 'REFUND' && !test)
  const isWritten = (transaction: ShopifyTransaction) =>
    life.written.has(postingId.refund(refund.id, transaction.id)) && FAILED.has(transaction.status)
  const paid = all.filter((transaction) => transaction.status === 'SUCCESS' || isWritten(transaction))
  const pending = all.filter(({status}) => OPEN.has(status))
  const failed = all.filter((transaction) => FAILED.has(transaction.status) && !isWritten(transaction))
  for (const {id, gateway, status} of [...pending, ...failed]) {
    life.waiting.push({what: `the refund ${id} by ${gateway}`, why: `Shopify says ${status}`})
  }
  const {book} = life.planning
  const given = [...paid, ...pending]
  return {
    paid,
    pending,
    failed,
    amount: total(given.map(({amount}) => book.of(amount))),
    rounding: total(given.map(({rounding}) => (rounding === null ? 0n : book.of(rounding)))),
  }
}

/** Σ of the refunds that moved money or still may must not be more than was received. */
export function refuseExcess({planning, now}: Life): void {
  if (now.given <= now.paid) return
  const [given, paid] = [now.given, now.paid].map((minor) => format(planning.book.money(minor)))
  const what = `${given ?? ''} was given back of ${paid ?? ''} received`
  planning.faults.push({code: 'REFUND_EXCEEDS_PAYMENT', what})
}

type Taking = {transaction: ShopifyTransaction; left: bigint; deposits: {deposit: Ref; taken: bigint}[]}

/**
 * One customer refund a transaction, from the account of its gateway. What was never billed is taken out of the deposit
 * that Shopify names as its parent (then out of any other of the order), the rest out of the credit.
 * @param fromDeposits how much of the refund was never billed
 */
export function writeRefunds(
  life: Life,
  refund: ShopifyRefund,
  money: RefundMoney,
  fromDeposits: bigint,
  credit: Ref | null,
): void {
  if (life.rules.payments === 'off') return
  const takings: Taking[] = [...money.paid, ...money.pending].map((transaction) => ({
    transaction,
    left: cashOf(life, transaction),
    deposits: [],
  }))
  takeFromDeposits(life, refund, takings, fromDeposits)
  for (const {transaction, left, deposits} of takings) {
    if (money.pending.includes(transaction)) continue
    writeRefund(life, refund, transaction, {
      deposits: deposits.map(({deposit, taken}) => ({deposit, amount: life.planning.book.money(taken)})),
      credits: credit === null || left === 0n ? [] : [{creditMemo: credit, amount: life.planning.book.money(left)}],
    })
  }
}

/** The parent's deposit first; what it does not hold any more comes from the others, in the order of their payments. */
function takeFromDeposits(life: Life, refund: ShopifyRefund, takings: readonly Taking[], wanted: bigint): void {
  let open = wanted
  const take = (taking: Taking, deposits: readonly OpenDeposit[]) => {
    for (const deposit of deposits) {
      const taken = [open, taking.left, deposit.left].reduce((a, b) => (a < b ? a : b))
      if (taken <= 0n) continue
      open -= taken
      taking.left -= taken
      deposit.left -= taken
      taking.deposits.push({deposit: {externalId: deposit.externalId}, taken})
    }
  }
  if (open > 0n) for (const taking of takings) take(taking, parentsOf(life, refund, taking.transaction))
  for (const taking of takings) take(taking, life.deposits)
  if (open <= 0n) return
  const {book, faults} = life.planning
  const what = `${refund.id} gives back ${format(book.money(open))} more than the deposits of the order hold`
  faults.push({code: 'REFUND_EXCEEDS_PAYMENT', what})
}

/** The deposits of the payment that the refund names: a sale, a capture, or the captures of an authorisation. */
function parentsOf({deposits, planning}: Life, refund: ShopifyRefund, child: ShopifyTransaction): OpenDeposit[] {
  const {parentId} = child
  const parents = deposits.filter(
    ({transaction}) => parentId !== null && (transaction.id === parentId || transaction.parentId === parentId),
  )
  if (parents.length === 0) {
    const what = `${child.id} (${postingId.refund(refund.id, child.id)})`
    planning.faults.push({code: 'TRANSACTION_WITHOUT_PARENT', what})
  }
  return parents
}

function writeRefund(
  life: Life,
  refund: ShopifyRefund,
  transaction: ShopifyTransaction,
  taken: Pick<CustomerRefund, 'credits' | 'deposits'>,
): void {
  const {salesOrder, planning, records} = life
  const rule = gatewayOf(life, transaction.gateway)
  if (rule === null) return
  records.push({
    ...baseOf(life, postingId.refund(refund.id, transaction.id), timeOf(transaction)),
    type: 'customerRefund',
    customer: salesOrder.entity,
    subsidiary: salesOrder.subsidiary,
    currency: salesOrder.currency,
    accountId: accountIdOf(life, rule.account),
    paymentMethod: rule.paymentMethod === null ? null : {id: rule.paymentMethod},
    ...taken,
    total: planning.book.money(cashOf(life, transaction)),
  })
  if (transaction.status === 'SUCCESS') return
  writeReturnedMoney(life, transaction)
}

/**
 * The refund failed after it was written: the money is back and stands as a deposit of the customer, linked to no order,
 * until it is given back again. The refund itself stays: a payout holds it.
 */
function writeReturnedMoney(life: Life, transaction: ShopifyTransaction): void {
  const deposit = moneyOf(life, transaction)
  if (deposit === null) return
  const base = baseOf(life, postingId.failedRefund(transaction.id), life.planning.order.updatedAt)
  life.records.push({...deposit, ...base, type: 'customerDeposit', salesOrder: null})
}
