import fc from 'fast-check'
import {describe, expect, test} from 'vitest'

import {generateOrders} from '../../../src/sandbox/orders/generate.ts'
import {checkSums, list, type Doc} from './sums.ts'
import {at} from './support.ts'

const from = new Date('2026-11-01T05:00:00Z')
const to = new Date('2026-11-22T05:00:00Z')
const orders = (seed: number, count = 40, awkward = false) =>
  [...generateOrders({seed, count, from, to, awkward})] as Doc[]

describe('the generator of orders', () => {
  test('every order adds up to the cent in the currency of the shop and in that of the customer', () => {
    fc.assert(
      fc.property(fc.integer({min: 0, max: 1_000_000}), (seed) => {
        for (const order of orders(seed, 30)) checkSums(order)
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
