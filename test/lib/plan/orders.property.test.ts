import fc from 'fast-check'
import {describe, expect, test} from 'vitest'

import {RejectedError} from '../../../src/lib/core/errors.ts'
import type {SalesOrder} from '../../../src/lib/netsuite/types.ts'
import {planHash} from '../../../src/lib/plan/hash.ts'
import {planOrder} from '../../../src/lib/plan/orders.ts'
import type {OrderRules} from '../../../src/lib/plan/types.ts'
import type {MoneyBag, ShopifyOrder} from '../../../src/lib/shopify/types.ts'
import {anyOrders, anyRules, editedOrders, itemBook, refundedOrders, wholeOrders} from './arbitraries.ts'

const RUNS = {numRuns: 1000}

function salesOrder(order: ShopifyOrder, rules: OrderRules): SalesOrder {
  const plan = planOrder(order, rules, itemBook)
  if (plan.kind === 'skipped') throw new Error(plan.reason)
  return plan.salesOrder
}

/** What NetSuite will compute. */
function sumOf({lines, shippingCost, taxDetails}: SalesOrder): bigint {
  const parts = [...lines, ...(taxDetails ?? [])].map(({amount}) => amount.minor)
  return parts.reduce((a, b) => a + b, shippingCost?.minor ?? 0n)
}

const booked = (bag: MoneyBag, rules: OrderRules) => bag[rules.book].minor

/** Shopify's total less the refund lines of the units that never shipped, and less removed shipping. */
function totalOfKept(order: ShopifyOrder, rules: OrderRules): bigint {
  const onTop = (bag: MoneyBag) => (order.taxesIncluded ? 0n : booked(bag, rules))
  const removed = order.refunds
    .flatMap((refund) => refund.lines)
    .filter(({restockType}) => restockType !== 'RETURN')
    .map(({subtotal, tax}) => booked(subtotal, rules) + onTop(tax))
  const shipping = order.shippingLines
    .filter((line) => line.isRemoved)
    .map((line) => booked(line.discountedPrice, rules) + line.taxLines.reduce((a, {price}) => a + onTop(price), 0n))
  return [...removed, ...shipping].reduce((a, b) => a - b, booked(order.total, rules))
}

/** Cancelled as a whole, or nothing of it remains. */
function standsAsOrdered({cancelledAt, lines, refunds}: ShopifyOrder): boolean {
  const returned = new Set(
    refunds
      .flatMap(({lines: all}) => all)
      .filter(({restockType}) => restockType === 'RETURN')
      .map(({lineId}) => lineId),
  )
  return cancelledAt !== null || lines.every((line) => line.currentQuantity === 0 && !returned.has(line.id))
}

describe('whatever a customer is charged', () => {
  test('the sales order sums to what Shopify says the customer pays', () => {
    fc.assert(
      fc.property(wholeOrders, anyRules, (order, rules) => {
        const plan = salesOrder(order, rules)
        expect(sumOf(plan)).toBe(booked(order.total, rules))
        expect(plan.total.minor).toBe(booked(order.total, rules))
        expect(plan.lines.every((line) => line.key !== 'rounding')).toBe(true)
      }),
      RUNS,
    )
  })

  test('what left the order before shipping is gone from it to the cent, what came back is not', () => {
    const withoutDuties = refundedOrders.filter((order) => order.lines.every((line) => line.duties.length === 0))
    fc.assert(
      fc.property(withoutDuties, anyRules, (order, rules) => {
        const plan = salesOrder(order, rules)
        const stated = standsAsOrdered(order) ? booked(order.total, rules) : totalOfKept(order, rules)
        expect(sumOf(plan)).toBe(stated)
        expect(plan.total.minor).toBe(stated)
        expect(plan.lines.every((line) => line.key !== 'rounding')).toBe(true)
      }),
      RUNS,
    )
  })

  test('an edit that left no refund line sums to the current total, its odd units on a visible line', () => {
    fc.assert(
      fc.property(editedOrders, anyRules, (order, rules) => {
        const plan = salesOrder(order, {...rules, roundingLimit: '24'})
        const rounding = plan.lines.find((line) => line.key === 'rounding')?.amount.minor ?? 0n
        expect(sumOf(plan)).toBe(plan.total.minor)
        expect(rounding <= 24n && rounding >= -24n).toBe(true)
        const isEdited = order.lines.some((line) => line.quantity > line.currentQuantity)
        const isReturned = order.fulfillments.length > 0
        if (!isEdited || isReturned || standsAsOrdered(order)) return
        expect(plan.total.minor).toBe(booked(order.currentTotal, rules))
      }),
      RUNS,
    )
  })

  test('a charge without an item in the contract refuses the order by name, and no other order', () => {
    const holes = {
      tip: 'tip',
      duty: 'duties',
      fee: 'fee',
      giftCard: 'gift card',
      custom: 'custom line',
      discount: 'discounts',
      tax: 'tax',
    }
    type Hole = keyof typeof holes
    fc.assert(
      fc.property(wholeOrders, anyRules, fc.constantFrom(...(Object.keys(holes) as Hole[])), (order, rules, hole) => {
        const full = salesOrder(order, rules)
        const isCharged = full.lines.some((line) => line.item.id === rules.items[hole])
        const holed = {...rules, items: {...rules.items, [hole]: null}}
        if (!isCharged) {
          expect(salesOrder(order, holed)).toEqual(full)
          return
        }
        const refusal = refusalOf(order, holed)
        expect(refusal.code).toBe('CHARGE_UNMAPPED')
        expect(refusal.message).toContain(holes[hole])
        expect(refusal.message).toContain('items.')
      }),
      RUNS,
    )
  })

  test('a discount loses no cent: item and discount line together are what the item costs in a net plan', () => {
    fc.assert(
      fc.property(anyOrders, anyRules, (order, rules) => {
        const generous = {...rules, roundingLimit: '24'}
        const gross = salesOrder(order, {...generous, discounts: 'line'})
        const net = salesOrder(order, {...generous, discounts: 'net'})
        for (const line of net.lines) {
          const parts = gross.lines.filter(({key}) => key === line.key || key === `${line.key}:discount`)
          expect(parts.reduce((sum, {amount}) => sum + amount.minor, 0n)).toBe(line.amount.minor)
          for (const discount of parts.slice(1)) expect(discount.amount.minor < 0n).toBe(true)
        }
        gross.lines.forEach((line, i) => {
          if (line.key.endsWith(':discount')) expect(gross.lines[i - 1]?.key).toBe(line.key.replace(':discount', ''))
        })
        expect(gross.total).toEqual(net.total)
      }),
      RUNS,
    )
  })

  test('the taxes of a plan sum to the tax of the order, in tax details as on tax lines', () => {
    fc.assert(
      fc.property(wholeOrders, anyRules, (order, rules) => {
        const plan = salesOrder(order, rules)
        const lines = plan.lines.filter((line) => line.key.startsWith('tax:'))
        const parts = [...lines, ...(plan.taxDetails ?? [])].map(({amount}) => amount.minor)
        expect(parts.reduce((a, b) => a + b, 0n)).toBe(booked(order.totalTax, rules))
        const keys = new Set(plan.lines.map((line) => line.key))
        for (const {lineKey} of plan.taxDetails ?? []) expect(lineKey === null || keys.has(lineKey)).toBe(true)
      }),
      RUNS,
    )
  })
})

describe('a plan', () => {
  test('is the same when it is made twice, and when the order lists its fields otherwise', () => {
    fc.assert(
      fc.property(anyOrders, anyRules, (order, rules) => {
        const generous = {...rules, roundingLimit: '24'}
        const first = salesOrder(order, generous)
        const second = salesOrder(reversed(order) as ShopifyOrder, reversed(generous) as OrderRules)
        expect(planHash(second)).toBe(planHash(first))
        expect(planHash(reversed(first) as SalesOrder)).toBe(planHash(first))
        expect(planHash({...first, memo: `${first.memo}!`})).not.toBe(planHash(first))
      }),
      RUNS,
    )
  })

  test('keeps its keys and amounts when Shopify lists the lines in another order', () => {
    fc.assert(
      fc.property(anyOrders, anyRules, (order, rules) => {
        const generous = {...rules, roundingLimit: '24'}
        const one = salesOrder(order, generous)
        const other = salesOrder({...order, lines: order.lines.toReversed()}, generous)
        const amounts = ({lines}: SalesOrder) => new Map(lines.map((line) => [line.key, line.amount.minor]))
        expect(amounts(other)).toEqual(amounts(one))
      }),
      RUNS,
    )
  })
})

function refusalOf(order: ShopifyOrder, rules: OrderRules): RejectedError {
  try {
    planOrder(order, rules, itemBook)
  } catch (error) {
    if (error instanceof RejectedError) return error
    throw error
  }
  throw new Error('the order was planned')
}

/** The same value with the keys of every object in reverse. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, field]) => [key, reversed(field)]),
  )
}
