import {Decimal} from 'decimal.js'

/** Decimals of money and quantities: exact for every product that a line can hold, rounded half away from zero. */
const Exact = Decimal.clone({precision: 60, rounding: Decimal.ROUND_HALF_UP, toExpNeg: -60, toExpPos: 60})

export type Amount = Decimal
export const ZERO: Amount = new Exact(0)

/** True for decimal text such as '-12.50'; exponents and blanks are none. */
export function isDecimal(text: string): boolean {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(text)
}

export function amountOf(text: string): Amount {
  return new Exact(text)
}

/** Text with exactly `places` decimals; never '-0.00'. */
export function fixed(amount: Amount, places: number): string {
  const rounded = amount.toDecimalPlaces(places)
  return (rounded.isZero() ? ZERO : rounded).toFixed(places)
}

export function rounded(amount: Amount, places: number): Amount {
  return amount.toDecimalPlaces(places)
}

/** The shortest text: '2', '0.5'. */
export function plain(amount: Amount): string {
  return (amount.isZero() ? ZERO : amount).toFixed()
}

export function sumOf(amounts: Iterable<Amount>): Amount {
  let total = ZERO
  for (const amount of amounts) total = total.plus(amount)
  return total
}
