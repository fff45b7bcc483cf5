import {allocate, digitsOf, money} from '../core/money.ts'

/**
 * The largest difference that a rounding line may carry, in the smallest unit: "0.02" → 2n in USD, 20n in KWD, 0n in
 * JPY. Digits that the currency does not have are cut, so that the limit never grows.
 */
export function limitOf(text: string, currency: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.')
  const digits = digitsOf(currency)
  return BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'))
}

/** amount × part ÷ whole to the nearest unit, halves away from zero. */
export function proportion(amount: bigint, part: bigint, whole: bigint): bigint {
  const product = amount * part
  const negative = product < 0n !== whole < 0n
  const [n, d] = [product < 0n ? -product : product, whole < 0n ? -whole : whole]
  const rounded = (2n * n + d) / (2n * d)
  return negative ? -rounded : rounded
}

/** ISO 4217's code where no currency is meant: here an amount is a bare number of smallest units. */
const NO_CURRENCY = 'XXX'

/** The first share of an amount that is split over two counts of units; both shares sum to the amount. */
export function shareOf(amount: bigint, units: number, others: number): bigint {
  if (others === 0) return amount
  return allocate(money(amount, NO_CURRENCY), [BigInt(units), BigInt(others)])[0]?.minor ?? 0n
}

/** Splits an amount over weights; the parts sum to it. */
export function spread(amount: bigint, weights: readonly bigint[]): bigint[] {
  return allocate(money(amount, NO_CURRENCY), weights).map((part) => part.minor)
}
