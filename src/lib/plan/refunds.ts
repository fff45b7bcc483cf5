import {format} from '../core/money.ts'
import type {Ref} from '../netsuite/types.ts'
import type {ShopifyRefund} from '../shopify/types.ts'
import {roundingLine} from './bills.ts'
import {total} from './book.ts'
import {writeCashRefund} from './cash-refunds.ts'
import {creditOf, valueOf, type Given} from './credits.ts'
import {baseOf, settle, timeOf, type Applies, type Life, type LifeEvent} from './life-state.ts'
import {postingId} from './posting-ids.ts'
import {moneyOfRefund, refuseExcess, writeRefunds, type RefundMoney} from './refund-money.ts'
import {partsOf} from './refund-parts.ts'
import {writeReturn} from './returns.ts'
import {limitOf} from './rounding.ts'
import type {OrderShare} from './shares.ts'

/** Every refund, not before the payments that it gives back. */
export function refundEvents(life: Life): LifeEvent[] {
  if (life.rules.refunds.mode === 'off') return []
  return life.planning.order.refunds.map((refund) => ({
    at: timeOfRefund(life, refund),
    rank: 3,
    apply: () => giveBack(life, refund),
  }))
}

function timeOfRefund({transactions}: Life, refund: ShopifyRefund): string {
  const own = transactions.filter(({id}) => refund.transactionIds?.includes(id) === true)
  const parents = transactions.filter(({id}) => own.some(({parentId}) => parentId === id))
  return [refund.createdAt, ...parents.map(timeOf)].reduce((a, b) => (a > b ? a : b))
}

/**
 * What was billed is credited, and refunded out of the credit; what never was is refunded out of the deposit; what was
 * not billed yet is refunded out of the deposit, and credited against its bill once that is there.
 */
function giveBack(life: Life, refund: ShopifyRefund): void {
  const {planning, now} = life
  const money = moneyOfRefund(life, refund)
  now.given += money.amount
  refuseExcess(life)
  const {billed, later, removed} = partsOf(life, refund)
  const credited = valueOf(life, billed)
  const unbilled = removed + valueOf(life, later)
  const fromDeposits = money.amount - credited
  const limit = limitOf(planning.rules.roundingLimit, planning.book.currency)
  const hasUnbilled = removed !== 0n || !isEmpty(later)
  if (hasUnbilled && fromDeposits >= 0n) {
    if (fromDeposits > unbilled + limit) return mismatch(life, refund, money, credited + unbilled)
    const cash = isEmpty(billed) ? money.rounding : 0n
    credit(life, refund, money, billed, withinDeposits(life, fromDeposits + cash, limit))
  } else creditBilled(life, refund, money, billed)
  if (!isEmpty(later)) creditLater(life, refund, later)
}

/**
 * Units that were billed before others left the order may have borne a cent more than Shopify now says of them; then the
 * deposits lack it. Within the contract's limit a visible line of a credit gives it back.
 */
function withinDeposits({deposits, rules}: Life, wanted: bigint, limit: bigint): Terms {
  const lacking = wanted - total(deposits.map(({left}) => left))
  if (rules.payments === 'off' || lacking <= 0n || lacking > limit) return {fromDeposits: wanted}
  return {fromDeposits: wanted - lacking, rounding: lacking}
}

function isEmpty({portions, charges, shipping}: Given): boolean {
  return portions.length === 0 && charges.length === 0 && shipping === null
}

/**
 * Everything was billed: the credit must be what was paid back. What is left of it settles open bills (goods that were
 * not paid yet), or the bill of an exchange, or belongs to a transaction that failed; cents within the contract's limit
 * become one visible line; nothing else is explained away.
 */
function creditBilled(life: Life, refund: ShopifyRefund, money: RefundMoney, billed: Given): void {
  const {planning, bills, rules} = life
  const {book} = planning
  const credited = valueOf(life, billed)
  const rest = credited - money.amount
  const limit = limitOf(planning.rules.roundingLimit, book.currency)
  const failed = total(money.failed.map(({amount}) => book.of(amount)))
  if (rest === 0n || rest === failed) return credit(life, refund, money, billed, {})
  if (money.amount > 0n && rest <= limit && -rest <= limit)
    return credit(life, refund, money, billed, {rounding: -rest})
  if (rest < 0n || rules.billing === 'cashSale') return mismatch(life, refund, money, credited)
  if (rules.billing === 'netsuite') return credit(life, refund, money, billed, {})
  if (total(bills.map(({open}) => open)) >= rest) {
    return credit(life, refund, money, billed, {applies: settle(life, rest)})
  }
  if ((refund.returnId ?? null) === null) return mismatch(life, refund, money, credited)
  const source = returnFor(life, refund, billed)
  life.credits.push({
    needs: rest,
    waiting: {what: `the credit of ${refund.id}`, why: 'the goods sent in exchange are not billed yet'},
    emit: (applies, at) => writeCredit(life, refund, money, source, {applies, at}),
  })
}

type Terms = Readonly<{rounding?: bigint; applies?: Applies; fromDeposits?: bigint; at?: string}>

function credit(life: Life, refund: ShopifyRefund, money: RefundMoney, billed: Given, terms: Terms): void {
  if (isEmpty(billed) && (terms.rounding ?? 0n) === 0n)
    return writeMoney(life, refund, money, terms.fromDeposits ?? 0n, null)
  writeCredit(life, refund, money, returnFor(life, refund, billed), terms)
}

type Source = Readonly<{share: OrderShare; createdFrom: CreatedFrom}>
type CreatedFrom = Readonly<{type: 'invoice' | 'returnAuthorization'; ref: Ref}> | null

/** The lines of the credit, and what it is made from: the return, or the one bill that has all its goods. */
function returnFor(life: Life, refund: ShopifyRefund, billed: Given): Source {
  const share = creditOf(life, postingId.credit(refund.id), refund.createdAt, billed)
  if (share.total !== valueOf(life, billed)) {
    const [ours, theirs] = [share.total, valueOf(life, billed)].map((minor) => format(life.planning.book.money(minor)))
    const what = `the lines of ${refund.id} sum to ${ours ?? ''}, Shopify says ${theirs ?? ''}`
    life.planning.faults.push({code: 'REFUND_TOTAL_MISMATCH', what})
  }
  const ref = writeReturn(life, refund, share)
  if (ref !== null) return {share, createdFrom: {type: 'returnAuthorization', ref}}
  const bill =
    life.rules.billing === 'netsuite'
      ? undefined
      : life.bills.find(({units}) =>
          billed.portions.every((portion) => (units.get(portion.progress.key) ?? 0) >= portion.units),
        )
  return {share, createdFrom: bill === undefined ? null : {type: 'invoice', ref: {externalId: bill.externalId}}}
}

function writeCredit(life: Life, refund: ShopifyRefund, money: RefundMoney, source: Source, terms: Terms): void {
  const {share, createdFrom} = source
  const {applies = [], at = refund.createdAt, rounding = 0n, fromDeposits = 0n} = terms
  const extra = [
    ...(rounding === 0n ? [] : [roundingLine(life, 'rounding', rounding, 'Rounding difference')]),
    ...(money.rounding === 0n ? [] : [roundingLine(life, 'cash-rounding', money.rounding, 'Cash rounding')]),
  ]
  const sum = share.total + rounding + money.rounding
  const whole = {...share, lines: [...share.lines, ...extra], total: sum}
  if (life.rules.billing === 'cashSale') return writeCashRefund(life, refund, money, {share: whole, createdFrom})
  if (whole.lines.length === 0) return writeMoney(life, refund, money, fromDeposits, null)
  const externalId = postingId.credit(refund.id)
  pushCredit(life, {externalId, at, share: whole, createdFrom, applies})
  // What a discount had made free leaves nothing to give back: its price and its discount are taken back alike.
  writeMoney(life, refund, money, fromDeposits, sum === 0n ? null : {externalId})
}

function writeMoney(
  life: Life,
  refund: ShopifyRefund,
  money: RefundMoney,
  fromDeposits: bigint,
  ref: Ref | null,
): void {
  if (life.rules.billing !== 'cashSale') return writeRefunds(life, refund, money, fromDeposits, ref)
  if (fromDeposits === 0n) return
  life.planning.faults.push({
    code: 'CASH_SALE_UNFIT',
    what: `${refund.id} gave money back before there was a cash sale`,
  })
}

type CreditDraft = Readonly<{
  externalId: string
  at: string
  share: OrderShare
  createdFrom: CreatedFrom
  applies: Applies
}>

function pushCredit(life: Life, {externalId, at, share, createdFrom, applies}: CreditDraft): void {
  const {salesOrder, planning, records} = life
  records.push({
    ...baseOf(life, externalId, at),
    type: 'creditMemo',
    entity: salesOrder.entity,
    createdFrom,
    subsidiary: salesOrder.subsidiary,
    currency: salesOrder.currency,
    lines: share.lines,
    shipMethod: share.shippingCost === null ? null : salesOrder.shipMethod,
    shippingCost: share.shippingCost,
    ...(share.taxDetails === undefined ? {} : {taxDetails: share.taxDetails}),
    applies,
    total: planning.book.money(share.total),
  })
}

/** The deposit gave back what a bill will still ask for: a credit takes it off that bill. A closed order is never billed. */
function creditLater(life: Life, refund: ShopifyRefund, later: Given): void {
  const share = creditOf(life, postingId.laterCredit(refund.id), refund.createdAt, later)
  if (share.total <= 0n || life.planning.closed) return
  life.credits.push({
    needs: share.total,
    waiting: {what: `the credit of ${refund.id}`, why: 'what was given back is not billed yet'},
    emit: (applies, at) => {
      const externalId = postingId.laterCredit(refund.id)
      pushCredit(life, {
        externalId,
        at,
        share,
        createdFrom: null,
        applies: life.rules.billing === 'invoice' ? applies : [],
      })
    },
  })
}

function mismatch({planning}: Life, {id}: ShopifyRefund, money: RefundMoney, value: bigint): void {
  const [given, explained] = [money.amount, value].map((minor) => format(planning.book.money(minor)))
  const what = `${id} paid back ${given ?? ''}, its lines, shipping and adjustments are worth ${explained ?? ''}`
  planning.faults.push({code: 'REFUND_TOTAL_MISMATCH', what})
}
