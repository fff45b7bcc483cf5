import {expect} from 'vitest'

import {at} from './support.ts'

type Side = 'shop' | 'presentment'
export type Doc = Record<string, unknown>

const DIGITS: Record<string, number> = {JPY: 0}

function minor(text: string, currency: string): bigint {
  const digits = DIGITS[currency] ?? 2
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  expect(match, text).not.toBeNull()
  const [, sign, whole = '', fraction = ''] = match ?? []
  expect(fraction.length).toBe(digits)
  return BigInt(`${sign ?? ''}${whole}${fraction}`)
}

/** One side of a `…_set`, null counting as nothing. */
function of(set: unknown, side: Side): bigint {
  if (set === null) return 0n
  const money = at(set, `${side}_money`) as {amount: string; currency_code: string}
  return minor(money.amount, money.currency_code)
}

const sum = (values: readonly bigint[]) => values.reduce((a, b) => a + b, 0n)
export const list = (doc: Doc, key: string) => doc[key] as Doc[]
const allocated = (doc: Doc, side: Side) =>
  sum(list(doc, 'discount_allocations').map((one) => of(one.amount_set, side)))
const taxed = (doc: Doc, side: Side) => sum(list(doc, 'tax_lines').map((one) => of(one.price_set, side)))

function checkBefore(order: Doc, side: Side): void {
  const lines = list(order, 'line_items')
  const shipping = list(order, 'shipping_lines')
  const gross = sum(lines.map((line) => of(line.price_set, side) * BigInt(line.quantity as number)))
  const discounts = sum(lines.map((line) => allocated(line, side)))
  const tax = order.taxes_included === true ? 0n : of(order.total_tax_set, side)
  const shipped = sum(shipping.map((line) => of(line.discounted_price_set, side)))
  const extra = of(order.total_tip_received_set, side) + of(order.original_total_duties_set, side)
  expect(of(order.subtotal_price_set, side)).toBe(gross - discounts)
  expect(of(order.total_price_set, side)).toBe(gross - discounts + shipped + tax + extra)
  expect(of(order.total_line_items_price_set, side)).toBe(gross)
  expect(of(order.total_tax_set, side)).toBe(sum([...lines, ...shipping].map((line) => taxed(line, side))))
  expect(of(order.total_tax_set, side)).toBe(taxed(order, side))
  expect(of(order.total_discounts_set, side)).toBe(sum([...lines, ...shipping].map((line) => allocated(line, side))))
  for (const line of shipping) {
    expect(of(line.discounted_price_set, side)).toBe(of(line.price_set, side) - allocated(line, side))
  }
  for (const line of lines) {
    expect(allocated(line, side)).toBeLessThanOrEqual(of(line.price_set, side) * BigInt(line.quantity as number))
  }
}

function checkAfter(order: Doc, side: Side): void {
  const refunds = list(order, 'refunds')
  const gone = refunds.flatMap((refund) => list(refund, 'refund_line_items'))
  const removed = list(order, 'line_items').filter(
    (line) => line.current_quantity === 0 && gone.every((one) => one.line_item_id !== line.id),
  )
  const net = (line: Doc) => of(line.price_set, side) * BigInt(line.quantity as number) - allocated(line, side)
  const subtotal = sum(gone.map((one) => of(one.subtotal_set, side))) + sum(removed.map(net))
  const backShipping = refunds.flatMap((refund) => list(refund, 'refund_shipping_lines'))
  const shippingBack = sum(backShipping.map((one) => of(one.subtotal_amount_set, side)))
  const taxBack =
    sum(gone.map((one) => of(one.total_tax_set, side))) +
    sum(backShipping.map((one) => of(one.tax_amount_set, side))) +
    sum(removed.map((line) => taxed(line, side)))
  const dutyBack = of(order.original_total_duties_set, side) - of(order.current_total_duties_set, side)
  const shippingNow =
    sum(list(order, 'shipping_lines').map((line) => of(line.discounted_price_set, side))) - shippingBack
  expect(of(order.current_subtotal_price_set, side)).toBe(of(order.subtotal_price_set, side) - subtotal)
  expect(of(order.current_total_tax_set, side)).toBe(of(order.total_tax_set, side) - taxBack)
  expect(of(order.current_shipping_price_set, side)).toBe(shippingNow)
  const tax = order.taxes_included === true ? 0n : taxBack
  expect(of(order.current_total_price_set, side)).toBe(
    of(order.total_price_set, side) - subtotal - shippingBack - tax - dutyBack,
  )
}

/** The money that went back is what left with lines and shipping, less the adjustments. */
function checkRefunds(order: Doc, side: Side): void {
  for (const refund of list(order, 'refunds')) {
    const all = list(refund, 'transactions')
    // A first attempt that failed is followed by another; one that fails later stands alone.
    const arrived = all.filter((one) => one.status !== 'failure')
    const paid = sum((arrived.length > 0 ? arrived : all).map((one) => of(one.amount_set, side)))
    const taxCounts = order.taxes_included === true ? 0n : 1n
    const lines = list(refund, 'refund_line_items').map(
      (one) => of(one.subtotal_set, side) + taxCounts * of(one.total_tax_set, side),
    )
    const shipping = list(refund, 'refund_shipping_lines').map(
      (one) => of(one.subtotal_amount_set, side) + taxCounts * of(one.tax_amount_set, side),
    )
    const duties = list(refund, 'duties').map((one) => of(one.amount_set, side))
    const adjusted = list(refund, 'order_adjustments').map(
      (one) => of(one.amount_set, side) + of(one.tax_amount_set, side),
    )
    expect(paid).toBe(sum(lines) + sum(shipping) + sum(duties) - sum(adjusted))
  }
}

/**
 * What was captured and sold, less change and what went back, is what the order comes to and nobody owes; a refund takes no
 * more from a payment than that brought.
 */
function checkMoney(order: Doc, side: Side): void {
  const all = list(order, 'transactions')
  const done = (kinds: string[]) => all.filter((one) => one.status === 'success' && kinds.includes(one.kind as string))
  const amount = (kinds: string[]) => sum(done(kinds).map((one) => of(one.amount_set, side)))
  const received = amount(['sale', 'capture']) - amount(['change'])
  const adjustments = list(order, 'refunds').flatMap((refund) => list(refund, 'order_adjustments'))
  const beside = sum(adjustments.map((one) => of(one.amount_set, side)))
  const owed = side === 'shop' || order.currency === order.presentment_currency
  if (owed) {
    const outstanding = minor(order.total_outstanding as string, order.currency as string)
    expect(received - amount(['refund'])).toBe(of(order.current_total_price_set, side) - outstanding + beside)
  }
  for (const one of all) {
    const parent = all.find((other) => other.id === one.parent_id)
    expect(one.parent_id === null, `${String(one.kind)} ${String(one.id)}`).toBe(parent === undefined)
    const children = done(['refund', 'capture', 'change']).filter((other) => other.parent_id === one.id)
    const taken = sum(children.map((other) => of(other.amount_set, side)))
    expect(taken).toBeLessThanOrEqual(of(one.amount_set, side))
  }
}

/**
 * Expects that a document adds up to the cent in the currency of the shop and in that of the customer, before its changes
 * and after them. The arithmetic is its own: integers of the currency's smallest unit.
 */
export function checkSums(order: Doc): void {
  for (const side of ['shop', 'presentment'] as const) {
    checkBefore(order, side)
    checkAfter(order, side)
    checkRefunds(order, side)
    checkMoney(order, side)
  }
}
