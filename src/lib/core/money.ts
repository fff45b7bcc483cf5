import {BugError, RejectedError} from './errors.ts'

/** An exact amount: an integer of the smallest unit of its currency (ISO 4217), never a float. */
export type Money = Readonly<{minor: bigint; currency: string}>

/** Currencies whose smallest unit is not a hundredth (ISO 4217, as Shopify and NetSuite use it). */
// prettier-ignore
const DIGITS: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
}

/** How many decimals the currency has: 2 for USD, 0 for JPY, 3 for KWD. */
export function digitsOf(currency: string): number {
  return DIGITS[currency] ?? 2
}

export function money(minor: bigint, currency: string): Money {
  return {minor, currency}
}

export function zero(currency: string): Money {
  return {minor: 0n, currency}
}

/**
 * Reads a decimal text ("49.95", "1000.0", "-3") exactly.
 * Throws RejectedError AMOUNT_MALFORMED when it is no decimal or has more digits than the currency holds.
 */
export function parseMoney(text: string, currency: string): Money {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text.trim())
  if (match === null) throw malformed(text, currency, 'is not a decimal number')
  const [, sign, whole = '0', fraction = ''] = match
  const digits = digitsOf(currency)
  if (/[1-9]/.test(fraction.slice(digits))) throw malformed(text, currency, `has more than ${digits} decimals`)
  const minor = BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'))
  return {minor: sign === '-' ? -minor : minor, currency}
}

function malformed(text: string, currency: string, why: string): RejectedError {
  return new RejectedError('AMOUNT_MALFORMED', `the amount ${JSON.stringify(text)} ${currency} ${why}`, {
    hint: 'look at the amount in its system of origin; an amount is never rounded into place',
  })
}

/** The decimal text of an amount with exactly the decimals of its currency: "49.95", "1000", "-0.500". */
export function decimalOf(amount: Money): string {
  const digits = digitsOf(amount.currency)
  const sign = amount.minor < 0n ? '-' : ''
  const text = (amount.minor < 0n ? -amount.minor : amount.minor).toString().padStart(digits + 1, '0')
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** For people: "49.95 USD". */
export function format(amount: Money): string {
  return `${decimalOf(amount)} ${amount.currency}`
}

export function add(a: Money, b: Money): Money {
  if (a.currency !== b.currency) {
    throw new BugError('CURRENCIES_MIXED', `${a.currency} and ${b.currency} were added`, {
      hint: 'report this with the order',
    })
  }
  return {minor: a.minor + b.minor, currency: a.currency}
}

export function subtract(a: Money, b: Money): Money {
  return add(a, money(-b.minor, b.currency))
}

export function sum(amounts: readonly Money[], currency: string): Money {
  return amounts.reduce(add, zero(currency))
}

export function equals(a: Money, b: Money): boolean {
  return a.currency === b.currency && a.minor === b.minor
}

/**
 * Splits an amount in proportion to weights; the parts sum to the whole, and the remainder goes,
 * a unit each, to the largest fractions (ties: to the first). All weights zero: everything to the first part.
 */
export function allocate(amount: Money, weights: readonly bigint[]): Money[] {
  if (weights.length === 0 || weights.some((weight) => weight < 0n)) {
    throw new BugError('ALLOCATION_WEIGHTS', 'an amount is split over at least one weight, none negative', {
      hint: 'report this',
    })
  }
  const total = weights.reduce((a, b) => a + b, 0n)
  if (total === 0n) return weights.map((_, i) => money(i === 0 ? amount.minor : 0n, amount.currency))
  const sign = amount.minor < 0n ? -1n : 1n
  const whole = amount.minor * sign
  const shares = weights.map((weight, i) => ({i, floor: (whole * weight) / total, rest: (whole * weight) % total}))
  let left = whole - shares.reduce((a, share) => a + share.floor, 0n)
  const parts = shares.map((share) => share.floor)
  for (const {i} of shares.toSorted((a, b) => (a.rest === b.rest ? a.i - b.i : a.rest > b.rest ? -1 : 1))) {
    if (left === 0n) break
    parts[i] = (parts[i] ?? 0n) + 1n
    left -= 1n
  }
  return parts.map((part) => money(part * sign, amount.currency))
}
