import {inBoth, isNone, minus, none, ofUnits, plus, type Two} from './amounts.ts'
import type {Priced, PricedLine, PricedShipping} from './pricing.ts'
import type {Scenario} from './scenario.ts'

export type LineState = Readonly<{
  priced: PricedLine
  /** Units neither refunded nor removed. */
  current: number
  fulfilled: number
}>

/** What is left of an order after all that happened to it. */
export type OrderState = Readonly<{
  lines: readonly LineState[]
  /** Shipping that was given back; none or all of it. */
  shippingRefunded: boolean
  /** Given back beside lines and shipping. */
  amountRefunded: Two
  currentSubtotal: Two
  currentShipping: Two
  currentTax: Two
  currentDiscount: Two
  currentDuty: Two
  currentTotal: Two
}>

/** Follows an order from its price to its present state. */
export function settle({aftermath, removedLine, cart, currencies}: Scenario, priced: Priced): OrderState {
  const cancelled = aftermath === 'cancelled'
  const reduced = aftermath === 'units returned' || aftermath === 'units cancelled'
  const shipped = aftermath === 'fulfilled' || aftermath === 'units returned' || isRefundOnly(aftermath)
  const victim = priced.lines.findIndex(({line}) => !line.isGiftCard)
  const lines = priced.lines.map((one, i): LineState => {
    const {quantity} = one.line
    const gone = cancelled || i === removedLine ? quantity : reduced && i === victim ? Math.ceil(quantity / 2) : 0
    const current = quantity - gone
    const fulfilled = shipped ? (aftermath === 'units cancelled' ? current : quantity) : 0
    return {priced: one, current, fulfilled: aftermath === 'partly fulfilled' && i === 0 ? 1 : fulfilled}
  })
  const shippingRefunded = cancelled || aftermath === 'shipping refunded'
  const shipping = shippingRefunded ? null : priced.shipping
  const currentSubtotal = plus(...lines.map(({priced: one, current}) => kept(one.net, one, current)))
  const currentTax = plus(...lines.map((line) => taxLeft(line)), ...taxesOf(shipping))
  const currentDuty = plus(...lines.map(({priced: one, current}) => kept(one.duty, one, current)))
  const allocated = lines.flatMap(({priced: one, current}) =>
    one.allocations.map(({amount}) => kept(amount, one, current)),
  )
  const currentShipping = shipping?.net ?? none
  const tax = cart.taxesIncluded ? none : currentTax
  return {
    lines,
    shippingRefunded: shippingRefunded && priced.shipping !== null && !isNone(priced.shipping.net),
    amountRefunded: aftermath === 'amount refunded' ? inBoth(100, currencies) : none,
    currentSubtotal,
    currentShipping,
    currentTax,
    currentDuty,
    currentDiscount: plus(...allocated, ...(priced.shipping?.allocations ?? []).map(({amount}) => amount)),
    currentTotal: plus(currentSubtotal, currentShipping, tax, currentDuty, priced.tip),
  }
}

function isRefundOnly(aftermath: Scenario['aftermath']): boolean {
  return aftermath === 'shipping refunded' || aftermath === 'amount refunded'
}

function kept(amount: Two, {line}: PricedLine, current: number): Two {
  return ofUnits(amount, current, line.quantity)
}

function taxLeft({priced, current}: LineState): Two {
  return plus(...priced.taxes.map(({amount}) => kept(amount, priced, current)))
}

function taxesOf(shipping: PricedShipping | null): Two[] {
  return (shipping?.taxes ?? []).map((one) => one.amount)
}

/** What left with the units of a line that are gone: their price after discounts, their tax and their duty. */
export function goneWith(line: LineState): Readonly<{quantity: number; subtotal: Two; tax: Two; duty: Two}> {
  const {priced, current} = line
  return {
    quantity: priced.line.quantity - current,
    subtotal: minus(priced.net, kept(priced.net, priced, current)),
    tax: minus(plus(...priced.taxes.map(({amount}) => amount)), taxLeft(line)),
    duty: minus(priced.duty, kept(priced.duty, priced, current)),
  }
}
