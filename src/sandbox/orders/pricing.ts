import {each, isNone, minus, none, plus, share, spread, times, type Two} from './amounts.ts'
import type {Cart, CartLine, Discount} from './cart.ts'
import type {Tax} from './markets.ts'

/** The share of a discount that fell on a line; `index` counts the order's discounts. */
export type Allocation = Readonly<{index: number; amount: Two}>

export type PricedTax = Readonly<{tax: Tax; amount: Two}>

export type PricedLine = Readonly<{
  line: CartLine
  gross: Two
  allocations: readonly Allocation[]
  /** After discounts; with tax where prices contain it. */
  net: Two
  taxes: readonly PricedTax[]
  duty: Two
}>

export type PricedShipping = Readonly<{
  title: string
  price: Two
  allocations: readonly Allocation[]
  net: Two
  taxes: readonly PricedTax[]
}>

export type Priced = Readonly<{
  lines: readonly PricedLine[]
  shipping: PricedShipping | null
  discounts: readonly Readonly<{discount: Discount; amount: Two}>[]
  gross: Two
  discount: Two
  subtotal: Two
  tax: Two
  duty: Two
  tip: Two
  total: Two
}>

/**
 * Prices a cart as Shopify does: discounts of single lines first, order-level ones spread over what is left, tax of each line
 * rounded by itself. All sums are sums of their parts, in either currency (Shopify: Order, money fields).
 */
export function priceCart(cart: Cart): Priced {
  const left = cart.lines.map((line) => times(line.unit, line.quantity))
  const allocations: Allocation[][] = cart.lines.map(() => [])
  const order = cart.discounts
    .map((_, index) => index)
    .sort((a, b) => rank(cart.discounts[a]) - rank(cart.discounts[b]))
  for (const index of order) {
    const discount = cart.discounts[index]
    if (discount === undefined || discount.target === 'shipping') continue
    const bases = left.map((amount, i) => (falls(discount, cart.lines[i], i) ? amount : none))
    const amounts = spread(amountOf(discount, plus(...bases)), bases)
    for (const [i, amount] of amounts.entries()) {
      if (isNone(amount)) continue
      allocations[i]?.push({index, amount})
      left[i] = minus(left[i] ?? none, amount)
    }
  }
  const lines = cart.lines.map((line, i): PricedLine => {
    const net = left[i] ?? none
    const taxes = line.taxable ? taxesOn(net, cart) : []
    const duty = line.requiresShipping ? share(net, cart.dutyRate, 10_000) : none
    return {line, gross: times(line.unit, line.quantity), allocations: allocations[i] ?? [], net, taxes, duty}
  })
  return sumUp(cart, lines, priceShipping(cart))
}

function rank(discount: Discount | undefined): number {
  return typeof discount?.target === 'number' ? 0 : 1
}

function falls(discount: Discount, line: CartLine | undefined, i: number): boolean {
  return discount.target === 'all' ? line?.isGiftCard === false : discount.target === i
}

function amountOf({value}: Discount, base: Two): Two {
  if (value.kind === 'percentage') return share(base, value.of, 10_000)
  return each((side) => Math.min(value.amount[side], base[side]))
}

function taxesOn(net: Two, {taxes, taxesIncluded}: Cart): PricedTax[] {
  const all = taxesIncluded ? taxes.reduce((sum, tax) => sum + tax.rate, 0) : 0
  return taxes.map((tax) => ({tax, amount: share(net, tax.rate, 1_000_000 + all)}))
}

function priceShipping(cart: Cart): PricedShipping | null {
  if (cart.shipping === null) return null
  const {title, price} = cart.shipping
  const allocations = cart.discounts.flatMap((discount, index) => {
    const amount = discount.target === 'shipping' ? amountOf(discount, price) : none
    return isNone(amount) ? [] : [{index, amount}]
  })
  const net = minus(price, plus(...allocations.map((one) => one.amount)))
  return {title, price, allocations, net, taxes: cart.taxesShipping ? taxesOn(net, cart) : []}
}

function sumUp(cart: Cart, lines: readonly PricedLine[], shipping: PricedShipping | null): Priced {
  const parts = [...lines, ...(shipping === null ? [] : [shipping])]
  const allocations = parts.flatMap((part) => part.allocations)
  const gross = plus(...lines.map((line) => line.gross))
  const subtotal = plus(...lines.map((line) => line.net))
  const tax = plus(...parts.flatMap((part) => part.taxes.map((one) => one.amount)))
  const duty = plus(...lines.map((line) => line.duty))
  return {
    lines,
    shipping,
    discounts: cart.discounts.map((discount, index) => ({
      discount,
      amount: plus(...allocations.filter((one) => one.index === index).map((one) => one.amount)),
    })),
    gross,
    discount: plus(...allocations.map((one) => one.amount)),
    subtotal,
    tax,
    duty,
    tip: cart.tip,
    total: plus(subtotal, shipping?.net ?? none, cart.taxesIncluded ? none : tax, duty, cart.tip),
  }
}

/** Taxes of all parts, one a title and rate, in the order in which they first occur. */
export function taxTotals(parts: readonly Readonly<{taxes: readonly PricedTax[]}>[]): PricedTax[] {
  const sums = new Map<string, PricedTax>()
  for (const {tax, amount} of parts.flatMap((part) => part.taxes)) {
    const key = `${tax.title} ${tax.rate}`
    sums.set(key, {tax, amount: plus(sums.get(key)?.amount ?? none, amount)})
  }
  return [...sums.values()]
}
