import {text, object} from './document.ts'
import type {Json} from './json.ts'

/** An amount in the shop's and in the customer's currency, each in thousandths of the currency's unit. */
export type Pair = Readonly<{shop: bigint; presentment: bigint}>

/** The two currencies of an order; `ratio` converts an amount that a document gives in the shop's currency only. */
export type Currencies = Readonly<{shop: string; presentment: string; ratio: Pair | null}>

export type MoneyBag = Readonly<{shopMoney: MoneyV2; presentmentMoney: MoneyV2}>
export type MoneyV2 = Readonly<{amount: string; currencyCode: string}>

const MILLS = 1000n

/** How many thousandths make the smallest unit of a currency (ISO 4217). */
const SMALLEST: Readonly<Record<string, bigint>> = Object.fromEntries([
  ...[
    'BIF',
    'CLP',
    'DJF',
    'GNF',
    'ISK',
    'JPY',
    'KMF',
    'KRW',
    'PYG',
    'RWF',
    'UGX',
    'VND',
    'VUV',
    'XAF',
    'XOF',
    'XPF',
  ].map((code) => [code, 1000n] as const),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code) => [code, 1n] as const),
])

export const nothing: Pair = {shop: 0n, presentment: 0n}

export function plus(a: Pair, b: Pair): Pair {
  return {shop: a.shop + b.shop, presentment: a.presentment + b.presentment}
}

export function minus(a: Pair, b: Pair): Pair {
  return {shop: a.shop - b.shop, presentment: a.presentment - b.presentment}
}

export function times(a: Pair, factor: number): Pair {
  return {shop: a.shop * BigInt(factor), presentment: a.presentment * BigInt(factor)}
}

export function total(pairs: readonly Pair[]): Pair {
  return pairs.reduce(plus, nothing)
}

export function isNothing(a: Pair): boolean {
  return a.shop === 0n && a.presentment === 0n
}

/** The share `part / whole` of an amount, rounded half up to each currency's smallest unit. */
export function share(a: Pair, part: number, whole: number, currencies: Currencies): Pair {
  if (whole === 0) return nothing
  const of = (amount: bigint, currency: string): bigint => inUnits(amount * BigInt(part), BigInt(whole), currency)
  return {shop: of(a.shop, currencies.shop), presentment: of(a.presentment, currencies.presentment)}
}

/** amount / divisor in thousandths, rounded half up to the smallest unit of a currency. */
export function inUnits(amount: bigint, divisor: bigint, currency: string): bigint {
  const unit = (SMALLEST[currency] ?? 10n) * divisor
  const sign = amount < 0n ? -1n : 1n
  return ((2n * amount * sign + unit) / (2n * unit)) * (SMALLEST[currency] ?? 10n) * sign
}

/** Thousandths of a decimal text or number; null where it is none. Digits beyond the third are cut. */
export function mills(value: unknown): bigint | null {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return null
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(String(value).trim())
  if (match === null) return null
  const [, sign, whole = '0', fraction = ''] = match
  const amount = BigInt(whole) * MILLS + BigInt(fraction.slice(0, 3).padEnd(3, '0'))
  return sign === '-' ? -amount : amount
}

/** The decimal text of Shopify's `Decimal`: no more zeros than needed, but one decimal at least ("24.0", "49.95"). */
function decimal(amount: bigint): string {
  const sign = amount < 0n ? '-' : ''
  const digits = (amount < 0n ? -amount : amount).toString().padStart(4, '0')
  return `${sign}${digits.slice(0, -3)}.${digits.slice(-3).replace(/0{1,2}$/, '')}`
}

/** An amount as the type MoneyV2. */
export function moneyOf(amount: bigint, currencyCode: string): MoneyV2 {
  return {amount: decimal(amount), currencyCode}
}

/** The decimal text of webhooks: as many decimals as the currency has ("24.00", "2400"). */
export function decimalOf(amount: bigint, currency: string): string {
  const digits = 4 - String(SMALLEST[currency] ?? 10n).length
  const sign = amount < 0n ? '-' : ''
  const text = (amount < 0n ? -amount : amount).toString().padStart(4, '0')
  return sign + text.slice(0, -3) + (digits === 0 ? '' : `.${text.slice(-3).slice(0, digits)}`)
}

export function bag(amount: Pair, currencies: Currencies): MoneyBag {
  return {
    shopMoney: {amount: decimal(amount.shop), currencyCode: currencies.shop},
    presentmentMoney: {amount: decimal(amount.presentment), currencyCode: currencies.presentment},
  }
}

export function currenciesOf(order: Json): Currencies {
  const shop = text(order, 'currency') ?? 'USD'
  const presentment = text(order, 'presentment_currency') ?? shop
  return {shop, presentment, ratio: ofSet(object(order, 'total_price_set'))}
}

/**
 * Reads an amount of a document: its `<name>_set`, or the plain amount of older API versions, which is in the shop's
 * currency and is converted at the rate of the order's total.
 */
export function pair(doc: Json, name: string, currencies: Currencies): Pair | null {
  const set = ofSet(object(doc, `${name}_set`))
  if (set !== null) return set
  const shop = mills(doc[name])
  return shop === null ? null : fromShop(shop, currencies)
}

/** Reads an object that holds `shop_money` and `presentment_money`. */
export function ofSet(set: Json | null): Pair | null {
  if (set === null) return null
  const shop = mills(object(set, 'shop_money')?.amount)
  const presentment = mills(object(set, 'presentment_money')?.amount)
  if (shop === null) return presentment === null ? null : {shop: presentment, presentment}
  return {shop, presentment: presentment ?? shop}
}

/** An amount of the shop's currency, with what it is in the customer's at the rate of the order's total. */
export function fromShop(shop: bigint, {shop: from, presentment: to, ratio}: Currencies): Pair {
  if (from === to || ratio === null || ratio.shop === 0n) return {shop, presentment: shop}
  return {shop, presentment: inUnits(shop * ratio.presentment, ratio.shop, to)}
}

/** The same from an amount of the customer's currency. */
export function fromPresentment(presentment: bigint, {shop: to, presentment: from, ratio}: Currencies): Pair {
  if (from === to || ratio === null || ratio.presentment === 0n) return {shop: presentment, presentment}
  return {shop: inUnits(presentment * ratio.shop, ratio.presentment, to), presentment}
}
