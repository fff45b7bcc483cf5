import {company} from '../company.ts'

/** An amount as the shop books it and as the customer saw it, each an integer of its currency's smallest unit. */
export type Two = Readonly<{shop: number; presentment: number}>

export type Currency = Readonly<{code: string; digits: number}>
export type Currencies = Readonly<{shop: Currency; presentment: Currency}>

export const none: Two = {shop: 0, presentment: 0}

/** Applies one rule to both amounts, so that neither is rounded from the other. */
export function each(rule: (side: keyof Two) => number): Two {
  return {shop: rule('shop'), presentment: rule('presentment')}
}

export function plus(...amounts: readonly Two[]): Two {
  return each((side) => amounts.reduce((sum, amount) => sum + amount[side], 0))
}

export function minus(a: Two, b: Two): Two {
  return each((side) => a[side] - b[side])
}

export function times(a: Two, factor: number): Two {
  return each((side) => a[side] * factor)
}

export function isNone(a: Two): boolean {
  return a.shop === 0 && a.presentment === 0
}

/** a × part / whole, rounded half up to the smallest unit. */
export function share(a: Two, part: number, whole: number): Two {
  return each((side) => Math.floor((2 * a[side] * part + whole) / (2 * whole)))
}

/** Splits an amount by weights of the same currency; the parts sum to the whole, what is left goes to the largest fractions. */
export function spread(amount: Two, weights: readonly Two[]): Two[] {
  const [shop, presentment] = [split(amount, weights, 'shop'), split(amount, weights, 'presentment')]
  return weights.map((_, i) => ({shop: shop[i] ?? 0, presentment: presentment[i] ?? 0}))
}

function split(amount: Two, weights: readonly Two[], side: keyof Two): number[] {
  const whole = weights.reduce((sum, weight) => sum + weight[side], 0)
  if (whole === 0) return weights.map((_, i) => (i === 0 ? amount[side] : 0))
  const exact = weights.map((weight) => amount[side] * weight[side])
  const parts = exact.map((product) => Math.floor(product / whole))
  let left = amount[side] - parts.reduce((sum, part) => sum + part, 0)
  const byFraction = exact
    .map((product, i) => ({i, rest: product % whole}))
    .sort((a, b) => b.rest - a.rest || a.i - b.i)
  for (const {i} of byFraction) {
    if (left <= 0) break
    parts[i] = (parts[i] ?? 0) + 1
    left -= 1
  }
  return parts
}

/** The part of an amount that falls on the first `units` of `quantity` equal units. */
export function ofUnits(amount: Two, units: number, quantity: number): Two {
  const one: Two = {shop: 1, presentment: 1}
  return plus(
    ...spread(
      amount,
      Array.from({length: quantity}, () => one),
    ).slice(0, units),
  )
}

const DIGITS: Readonly<Record<string, number>> = {JPY: 0, KWD: 3}

export function currencyOf(code: string): Currency {
  return {code, digits: DIGITS[code] ?? 2}
}

/** How many millionths of the shop's currency one unit of a currency is worth. */
function rateOf(code: string): number {
  const rate = company.currencies.find((currency) => currency.symbol === code)?.rate
  if (rate === undefined) throw new TypeError(`the company has no currency ${code}`)
  return Math.round(Number(rate) * 1_000_000)
}

/** An amount of the shop's currency, with what the customer sees for it. */
export function inBoth(shop: number, {shop: from, presentment: to}: Currencies): Two {
  if (from.code === to.code) return {shop, presentment: shop}
  const numerator = shop * 10 ** to.digits * rateOf(from.code)
  const denominator = 10 ** from.digits * rateOf(to.code)
  return {shop, presentment: Math.floor((2 * numerator + denominator) / (2 * denominator))}
}

/** The decimal text of an integer of smallest units. */
export function decimal(amount: number, {digits}: Currency): string {
  const sign = amount < 0 ? '-' : ''
  const text = String(Math.abs(amount)).padStart(digits + 1, '0')
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** An amount as documents state it: the plain amount in the shop's currency, and the set of both. */
export function stated(name: string, amount: Two, currencies: Currencies): Record<string, unknown> {
  return {[name]: decimal(amount.shop, currencies.shop), [`${name}_set`]: setOf(amount, currencies)}
}

export function setOf(amount: Two, {shop, presentment}: Currencies) {
  return {
    shop_money: {amount: decimal(amount.shop, shop), currency_code: shop.code},
    presentment_money: {amount: decimal(amount.presentment, presentment), currency_code: presentment.code},
  }
}
