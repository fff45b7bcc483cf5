import fc from 'fast-check'
import {describe, expect, test} from 'vitest'

import {generateOrders} from '../../../src/sandbox/orders/generate.ts'
import {at} from './support.ts'

/** Documents are checked with arithmetic of its own: integers of the currency's smallest unit. */
type Side = 'shop' | 'presentment'
type Doc = Record<string, unknown>

const from = new Date('2026-11-01T05:00:00Z')
const to = new Date('2026-11-22T05:00:00Z')
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
const list = (doc: Doc, key: string) => doc[key] as Doc[]
const allocated = (doc: Doc, side: Side) =>
  sum(list(doc, 'discount_allocations').map((one) => of(one.amount_set, side)))
const taxed = (doc: Doc, side: Side) => sum(list(doc, 'tax_lines').map((one) => of(one.price_set, side)))
const orders = (seed: number, count = 40, awkward = false) =>
  [...generateOrders({seed, count, from, to, awkward})] as Doc[]

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
    const paid = sum(list(refund, 'transactions').map((one) => of(one.amount_set, side)))
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

describe('the generator of orders', () => {
  test('every order adds up to the cent in the currency of the shop and in that of the customer', () => {
    fc.assert(
      fc.property(fc.integer({min: 0, max: 1_000_000}), (seed) => {
        for (const order of orders(seed, 30)) {
          for (const side of ['shop', 'presentment'] as const) {
            checkBefore(order, side)
            checkAfter(order, side)
            checkRefunds(order, side)
          }
        }
      }),
      {numRuns: 30},
    )
  })

  test('plain amounts say the same as the sets, and never state a discount in total_discount', () => {
    for (const order of orders(7, 200)) {
      for (const key of ['total_price', 'subtotal_price', 'total_tax', 'total_discounts', 'current_total_price']) {
        expect(order[key]).toBe(at(order, `${key}_set.shop_money.amount`))
      }
      for (const line of list(order, 'line_items')) expect(Number(line.total_discount)).toBe(0)
    }
  })

  test('the same seed gives the same orders, another seed others', () => {
    expect(orders(11)).toEqual(orders(11))
    expect(orders(11)).not.toEqual(orders(12))
  })

  test('numbers follow one another, times stay in the period and no two parts share an id', () => {
    const made = orders(3, 300)
    expect(made.map((order) => order.name as string).slice(0, 2)).toEqual(['#1001', '#1002'])
    for (const order of made) {
      for (const key of ['created_at', 'updated_at']) {
        const at = Date.parse(order[key] as string)
        expect(at).toBeGreaterThanOrEqual(from.getTime())
        expect(at).toBeLessThanOrEqual(to.getTime())
      }
    }
    const ids = made.flatMap((order) => [order.id, ...list(order, 'line_items').map((line) => line.id)])
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.every((id) => Number.isSafeInteger(id))).toBe(true)
  })

  test('a year of a shop shows every kind of order that Tieout must understand', () => {
    const made = orders(5, 1500)
    const some = (check: (order: Doc) => unknown) => expect(made.some((order) => Boolean(check(order)))).toBe(true)
    const lines = (order: Doc) => list(order, 'line_items')
    for (const currency of ['USD', 'GBP', 'CAD', 'EUR', 'JPY']) some((order) => order.presentment_currency === currency)
    for (const type of ['discount_code', 'automatic', 'manual']) {
      some((order) => list(order, 'discount_applications').some((one) => one.type === type))
    }
    some((order) => order.taxes_included === true)
    some((order) => list(order, 'tax_lines').length >= 3)
    some((order) => list(order, 'shipping_lines').some((line) => list(line, 'discount_allocations').length > 0))
    some((order) => Number(order.total_tip_received) > 0)
    some((order) => order.taxes_included === true && order.original_total_duties_set !== null)
    some((order) => lines(order).some((line) => line.gift_card))
    some((order) => lines(order).some((line) => line.sku === null && line.gift_card === false))
    some((order) => order.test)
    some((order) => order.source_name === 'pos' && order.customer === null && order.email === null)
    some((order) => order.company !== null && order.payment_terms !== null)
    some((order) => order.customer === null && order.email !== null)
    some((order) => lines(order).some((line) => line.current_quantity === 0) && list(order, 'refunds').length === 0)
    some((order) => order.cancelled_at !== null)
    some((order) => order.total_price === '0.00' && order.current_total_price === '0.00')
    some((order) => list(order, 'refunds').some((refund) => list(refund, 'order_adjustments').length > 0))
    some((order) => list(order, 'refunds').some((refund) => list(refund, 'refund_shipping_lines').length > 0))
    const customers = made.map((order) => at(order, 'customer.id')).filter((id) => id !== undefined)
    expect(new Set(customers).size).toBeLessThan(customers.length)
  })

  test('orders that need a person occur only when asked for', () => {
    const unknown = (order: Doc) => list(order, 'line_items').some((line) => line.sku === 'GONE-4711')
    const nameless = (order: Doc) => order.customer !== null && order.email === null
    expect(orders(9, 400).filter((order) => unknown(order) || nameless(order))).toEqual([])
    const awkward = orders(9, 100, true)
    expect(awkward.filter(unknown).length).toBe(5)
    expect(awkward.filter(nameless).length).toBe(5)
  })
})
