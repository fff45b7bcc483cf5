import fc from 'fast-check'
import {describe, expect, test} from 'vitest'

import {RejectedError} from '../../../src/lib/core/errors.ts'
import {
  add,
  allocate,
  decimalOf,
  digitsOf,
  equals,
  format,
  money,
  parseMoney,
  subtract,
  sum,
  zero,
} from '../../../src/lib/core/money.ts'

const currency = fc.constantFrom('USD', 'EUR', 'JPY', 'KWD', 'CLP', 'TND')
const minor = fc.bigInt({min: -(10n ** 15n), max: 10n ** 15n})
const amount = fc.tuple(minor, currency).map(([units, code]) => money(units, code))

describe('an amount is an integer of the smallest unit of its currency', () => {
  test.each([
    ['49.95', 'USD', 4995n],
    ['-3', 'USD', -300n],
    ['0', 'USD', 0n],
    ['1000', 'JPY', 1000n],
    ['1000.0', 'JPY', 1000n],
    ['12.345', 'KWD', 12345n],
    ['12.3400', 'USD', 1234n],
    ['9007199254740993.01', 'USD', 900719925474099301n],
  ])('%s %s', (text, code, units) => {
    expect(parseMoney(text, code)).toEqual(money(units, code))
  })

  test.each([
    ['12.345', 'USD'],
    ['10.5', 'JPY'],
    ['', 'USD'],
    ['1e3', 'USD'],
    ['1,000.00', 'USD'],
    ['NaN', 'USD'],
    ['.5', 'USD'],
    ['--1', 'USD'],
  ])('%j is no amount of %s and is refused, never rounded', (text, code) => {
    expect(() => parseMoney(text, code)).toThrow(expect.objectContaining({code: 'AMOUNT_MALFORMED'}))
    expect(() => parseMoney(text, code)).toThrow(RejectedError)
  })

  test('what is written as a decimal is read back the same', () => {
    fc.assert(
      fc.property(amount, (value) => {
        expect(parseMoney(decimalOf(value), value.currency)).toEqual(value)
        expect(decimalOf(value).split('.')[1]?.length ?? 0).toBe(digitsOf(value.currency))
      }),
    )
  })

  test('people read it with its currency', () => {
    expect(format(money(-5n, 'USD'))).toBe('-0.05 USD')
  })

  test('amounts of two currencies are never added', () => {
    expect(() => add(zero('USD'), zero('EUR'))).toThrow(expect.objectContaining({code: 'CURRENCIES_MIXED'}))
    expect(() => subtract(zero('USD'), zero('EUR'))).toThrow(expect.objectContaining({code: 'CURRENCIES_MIXED'}))
  })

  test('equal means the same amount in the same currency', () => {
    expect(equals(zero('USD'), zero('EUR'))).toBe(false)
    expect(equals(subtract(money(7n, 'USD'), money(4n, 'USD')), money(3n, 'USD'))).toBe(true)
  })
})

describe('an amount that is split', () => {
  const weights = fc.array(fc.bigInt({min: 0n, max: 10n ** 9n}), {minLength: 1, maxLength: 30})

  test('sums to the whole, whatever the weights', () => {
    fc.assert(
      fc.property(amount, weights, (whole, shares) => {
        const parts = allocate(whole, shares)
        expect(parts).toHaveLength(shares.length)
        expect(sum(parts, whole.currency)).toEqual(whole)
      }),
    )
  })

  test('leaves no part more than one unit from its exact share, and none with the wrong sign', () => {
    fc.assert(
      fc.property(amount, weights, (whole, shares) => {
        const total = shares.reduce((a, b) => a + b, 0n)
        fc.pre(total > 0n)
        allocate(whole, shares).forEach((part, i) => {
          const exact = whole.minor * (shares[i] ?? 0n)
          const off = part.minor * total - exact
          expect(off > -total && off < total).toBe(true)
          expect(part.minor * whole.minor >= 0n).toBe(true)
        })
      }),
    )
  })

  test('hands the odd cent to the largest fraction, and to the first of equals', () => {
    expect(allocate(money(100n, 'USD'), [1n, 1n, 1n]).map((part) => part.minor)).toEqual([34n, 33n, 33n])
    expect(allocate(money(10n, 'USD'), [1n, 2n]).map((part) => part.minor)).toEqual([3n, 7n])
    expect(allocate(money(-5n, 'USD'), [0n, 0n]).map((part) => part.minor)).toEqual([-5n, 0n])
  })

  test('needs a weight, and none that is negative', () => {
    expect(() => allocate(money(1n, 'USD'), [])).toThrow(expect.objectContaining({code: 'ALLOCATION_WEIGHTS'}))
    expect(() => allocate(money(1n, 'USD'), [2n, -1n])).toThrow(expect.objectContaining({code: 'ALLOCATION_WEIGHTS'}))
  })
})
