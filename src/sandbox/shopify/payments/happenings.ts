import {seeded} from '../random.ts'
import type {PaymentsBook} from './book.ts'
import {nextDay} from './calendar.ts'
import {moveDispute, openDispute} from './disputes.ts'
import {netOf, type Draft} from './lines.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Debits and credits without an order: how often on a day, in hundredths, and how much, in thousandths. */
const CHARGES: readonly (readonly [share: number, type: string, amount: bigint, reason: string])[] = [
  [35, 'SHIPPING_LABEL', -7_850n, 'Shipping label'],
  [12, 'SHIPPING_LABEL_ADJUSTMENT', -650n, 'Carrier adjustment'],
  [4, 'BILLING_DEBIT', -29_000n, 'Shopify subscription'],
  [4, 'ANOMALY_CREDIT', 1_250n, 'Correction of an earlier payout'],
  [4, 'ADJUSTMENT', -3_400n, 'Adjustment'],
  [4, 'TAX_ADJUSTMENT_DEBIT', -4_000n, 'Marketplace tax withheld'],
]

const DISPUTE_SHARE = 30
const RESERVE_SHARE = 12
const FAILED_PAYOUT_SHARE = 10
/** A reserve goes back after so many days. */
const RESERVE_DAYS = 5
const DISPUTE_DAYS = 8

/**
 * What happens on a lively shop's balance beside its orders: labels, bills and corrections, a reserve that is held and
 * released, disputes that are won or lost, payouts that the bank sends back. The seed and the day decide.
 */
export function lively(seed: number): (day: number, book: PaymentsBook) => void {
  return (day, book) => {
    const random = seeded(seed * 7_919 + day / DAY_MS)
    const happens = (share: number) => random() * 100 < share
    const at = new Date(nextDay(day) - 3 * HOUR_MS)
    const [currency] = new Set(book.lines().map((line) => line.currency))
    if (currency === undefined) return
    for (const [share, type, amount, reason] of CHARGES) {
      if (happens(share)) book.add({type, currency, amount, reason, at, sourceType: 'ADJUSTMENT'})
    }
    if (happens(RESERVE_SHARE)) reserve(book, at, currency)
    release(book, at)
    if (happens(DISPUTE_SHARE)) dispute(book, at, random)
    decide(book, at, random)
    if (happens(FAILED_PAYOUT_SHARE)) sendBack(book, day)
  }
}

/** A fifth of the day's charges is held back. */
function reserve(book: PaymentsBook, at: Date, currency: string): void {
  const charges = book.waiting(currency).filter((line) => line.type === 'CHARGE' && !line.byHand)
  const sum = charges.reduce((all, line) => all + netOf(line), 0n)
  const amount = (sum / 5n / 10n) * 10n
  if (amount > 0n) book.add(reserved('RESERVED_FUNDS', -amount, currency, at))
}

function reserved(type: string, amount: bigint, currency: string, at: Date): Draft {
  return {type, currency, amount, at, sourceType: 'ADJUSTMENT', reason: `Reserve of ${at.toISOString().slice(0, 10)}`}
}

function release(book: PaymentsBook, at: Date): void {
  const held = book.lines().filter((line) => line.type === 'RESERVED_FUNDS')
  const released = new Set(
    book.lines().flatMap((line) => (line.type === 'RESERVED_FUNDS_REVERSAL' ? [line.sourceId] : [])),
  )
  for (const {id, amount, currency, at: since} of held) {
    if (released.has(id) || at.getTime() - since.getTime() < RESERVE_DAYS * DAY_MS) continue
    book.add({...reserved('RESERVED_FUNDS_REVERSAL', -amount, currency, at), sourceId: id})
  }
}

function dispute(book: PaymentsBook, at: Date, random: () => number): void {
  const disputed = new Set(book.disputes().map((one) => one.orderTransactionId))
  const charges = book
    .lines()
    .filter((line) => line.type === 'CHARGE' && line.at < at && !disputed.has(line.orderTransactionId))
  const charge = charges[Math.floor(random() * charges.length)]
  if (charge !== undefined) openDispute(book, charge, {at, type: random() < 0.2 ? 'INQUIRY' : 'CHARGEBACK'})
}

function decide(book: PaymentsBook, at: Date, random: () => number): void {
  for (const one of book.disputes()) {
    const age = at.getTime() - one.initiatedAt.getTime()
    if (one.finalizedOn !== null || age < (DISPUTE_DAYS * DAY_MS) / 2) continue
    const isDue = age >= DISPUTE_DAYS * DAY_MS
    moveDispute(book, one, isDue ? (random() < 0.5 ? 'WON' : 'LOST') : 'UNDER_REVIEW', at)
  }
}

/** The bank sends a payout back days after it was paid (Shopify help, Shopify Payments: failed payouts). */
function sendBack(book: PaymentsBook, day: number): void {
  const paid = book.payouts().find(({issuedAt, status}) => {
    const age = nextDay(day) - issuedAt.getTime()
    return status !== 'FAILED' && status !== 'CANCELED' && age > 2 * DAY_MS && age < 3 * DAY_MS
  })
  if (paid !== undefined && paid.net > 0n) book.setStatus(paid.id, 'FAILED')
}
