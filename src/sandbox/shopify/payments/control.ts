import {decimalOf, mills} from '../amounts.ts'
import {flag, text, utc} from '../document.ts'
import {isJson, type Json} from '../json.ts'
import type {Entry, Orders} from '../orders.ts'
import type {PaymentsBook} from './book.ts'
import {moveDispute, openDispute} from './disputes.ts'
import {lineFor} from './line-for.ts'
import {
  netOf,
  PAYOUT_STATUSES,
  type Dispute,
  type DisputeStatus,
  type Line,
  type Payout,
  type PayoutStatus,
} from './lines.ts'
import type {Payments} from './payments.ts'

type Parts = Readonly<{payments: Payments; orders: Orders; now: () => Date}>
type Shown = Readonly<Record<string, unknown>>

/** All payouts with their lines, the oldest first. */
export function showPayouts({payments}: Parts): Shown[] {
  const {book} = payments
  book.advance()
  return book.payouts().map((payout) => shownPayout(payout, book))
}

/** All lines of the balance, in the order in which they were made. */
export function showLines({payments}: Parts): Shown[] {
  payments.book.advance()
  return payments.book.lines().map(shownLine)
}

/**
 * Makes payouts now: of the lines that the body lists, or else of all that wait, one for each currency.
 * Throws TypeError that says what makes no sense.
 */
export function makePayouts({payments, orders, now}: Parts, body: unknown): Shown {
  const given: Json = isJson(body) ? body : {}
  const {book} = payments
  const issue = {status: statusOf(given.status ?? 'PAID'), issuedAt: timeOf(given.issuedAt) ?? now(), byHand: true}
  const listed = given.lines
  if (listed !== undefined && !Array.isArray(listed)) throw new TypeError('lines must be an array')
  if (listed === undefined) book.advance()
  const lines =
    listed === undefined
      ? book.waiting(text(given, 'currency') ?? undefined)
      : listed.map((one) => readLine(one, {payments, orders, now}))
  if (lines.length === 0) throw new TypeError('nothing waits for a payout')
  const currencies = [...new Set(lines.map((line) => line.currency))]
  const made = currencies.map((code) =>
    book.issue(
      lines.filter((line) => line.currency === code),
      issue,
    ),
  )
  return {payouts: made.map((payout) => shownPayout(payout, book))}
}

/** Moves a payout to a status. */
export function movePayout({payments}: Parts, id: string, body: unknown): Shown {
  const {book} = payments
  return shownPayout(book.setStatus(id, statusOf(isJson(body) ? body.status : undefined)), book)
}

/** Adds lines that wait for a payout: one, or an array. */
export function addLines(parts: Parts, body: unknown): Shown[] {
  return (Array.isArray(body) ? body : [body]).map((one) => shownLine(readLine(one, parts)))
}

/** Opens a dispute about the charge of an order: `{"order": "#1001", "type"?, "reason"?, "amount"?}`. */
export function makeDispute({payments, orders, now}: Parts, body: unknown): Shown {
  const given: Json = isJson(body) ? body : {}
  const entry = orderOf(given.order, orders)
  const {book} = payments
  const charge = book.lines().find((line) => line.type === 'CHARGE' && line.order?.id === entry?.id)
  if (entry === null || charge === undefined) throw new TypeError('order must name an order with a charge')
  const amount = given.amount === undefined ? {} : {amount: amountOf(given, 'amount')}
  const type = text(given, 'type') === 'INQUIRY' ? 'INQUIRY' : 'CHARGEBACK'
  const at = timeOf(given.date) ?? now()
  return shownDispute(openDispute(book, charge, {type, reason: text(given, 'reason') ?? 'FRAUDULENT', at, ...amount}))
}

const DISPUTE_STATUSES: readonly DisputeStatus[] = [
  'NEEDS_RESPONSE',
  'UNDER_REVIEW',
  'WON',
  'LOST',
  'ACCEPTED',
  'PREVENTED',
]

/** Moves a dispute on: `{"status": "WON"}`. */
export function changeDispute({payments, now}: Parts, id: string, body: unknown): Shown {
  const dispute = payments.book.dispute(id)
  const status = DISPUTE_STATUSES.find((one) => isJson(body) && body.status === one)
  if (dispute === null) throw new RangeError(`there is no dispute ${id}`)
  if (status === undefined) throw new TypeError(`status must be one of ${DISPUTE_STATUSES.join(', ')}`)
  return shownDispute(moveDispute(payments.book, dispute, status, now()))
}

export function showDisputes({payments}: Parts): Shown[] {
  payments.book.advance()
  return payments.book.disputes().map(shownDispute)
}

function readLine(given: unknown, {payments, orders, now}: Parts): Line {
  if (!isJson(given)) throw new TypeError('a line is a JSON object')
  const type = text(given, 'type')
  if (type === null) throw new TypeError('a line needs a type')
  const entry = orderOf(given.order, orders)
  if (given.order !== undefined && given.order !== null && entry === null)
    throw new TypeError(`the shop has no order ${JSON.stringify(given.order)}`)
  return lineFor(payments.book, {
    type,
    entry,
    currency: text(given, 'currency') ?? null,
    shopCurrency: payments.account.currency,
    amount: amountOf(given, 'amount'),
    fee: given.fee === undefined ? null : amountOf(given, 'fee'),
    at: timeOf(given.date) ?? now(),
    transactionId: text(given, 'transaction')?.replace(/^\D+/, '') ?? null,
    sourceType: text(given, 'sourceType'),
    reason: text(given, 'reason'),
    test: flag(given, 'test'),
  })
}

/** By name, number, id or global id. */
function orderOf(given: unknown, orders: Orders): Entry | null {
  if (typeof given !== 'string' && typeof given !== 'number' && typeof given !== 'bigint') return null
  const wanted = String(given)
  const byId = orders.get(/(\d+)$/.exec(wanted)?.[1] ?? '')
  return byId ?? orders.all().find(({name}) => name === wanted || name === `#${wanted}`) ?? null
}

function amountOf(given: Json, key: string): bigint {
  const amount = mills(given[key])
  if (amount === null) throw new TypeError(`${key} must be a decimal text`)
  return amount
}

function timeOf(given: unknown): Date | null {
  if (given === undefined || given === null) return null
  const at = new Date(typeof given === 'string' ? given : Number.NaN)
  if (Number.isNaN(at.getTime())) throw new TypeError(`${JSON.stringify(given)} is no time`)
  return at
}

function statusOf(given: unknown): PayoutStatus {
  const status = PAYOUT_STATUSES.find((one) => one === given)
  if (status === undefined) throw new TypeError(`status must be one of ${PAYOUT_STATUSES.join(', ')}`)
  return status
}

function shownPayout({id, currency, net, issuedAt, status}: Payout, book: PaymentsBook): Shown {
  return {
    id,
    status,
    issuedAt: utc(issuedAt),
    net: decimalOf(net, currency),
    currency,
    transactionType: net < 0n ? 'WITHDRAWAL' : 'DEPOSIT',
    lines: book.linesOf(id).map(shownLine),
  }
}

function shownLine(line: Line): Shown {
  const {amount, fee, currency, at, byHand: _byHand, ...rest} = line
  const money = (value: bigint) => decimalOf(value, currency)
  return {...rest, amount: money(amount), fee: money(fee), net: money(netOf(line)), currency, transactionDate: utc(at)}
}

function shownDispute({amount, currency, initiatedAt, finalizedOn, ...rest}: Dispute): Shown {
  const finalized = finalizedOn === null ? null : utc(finalizedOn)
  return {...rest, amount: decimalOf(amount, currency), currency, initiatedAt: utc(initiatedAt), finalizedOn: finalized}
}
