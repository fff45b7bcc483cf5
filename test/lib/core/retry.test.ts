import fc from 'fast-check'
import {describe, expect, test} from 'vitest'

import type {Clock} from '../../../src/lib/core/clock.ts'
import {eachConcurrent} from '../../../src/lib/core/concurrent.ts'
import {RejectedError, RetryableError} from '../../../src/lib/core/errors.ts'
import {gid, legacyId} from '../../../src/lib/core/ids.ts'
import {backoffMs, retrying} from '../../../src/lib/core/retry.ts'

function heldClock(): Clock & {slept: number[]} {
  const slept: number[] = []
  return {slept, now: () => new Date(0), sleep: async (ms) => void slept.push(ms)}
}

const passing = (outcomeUnknown = false) =>
  new RetryableError('BUSY', 'busy', {hint: '', retryAfterMs: 100, outcomeUnknown})

describe('a passing fault', () => {
  test('is tried again, no sooner than the remote side asked, and at most as often as allowed', async () => {
    const clock = heldClock()
    let tries = 0
    await expect(retrying(clock, 4, async () => Promise.reject((tries++, passing())))).rejects.toThrow('busy')
    expect(tries).toBe(4)
    expect(clock.slept).toHaveLength(3)
    expect(clock.slept.every((ms) => ms >= 100)).toBe(true)
  })

  test('is not tried again when a write may have happened: first somebody looks', async () => {
    const clock = heldClock()
    let tries = 0
    await expect(retrying(clock, 4, async () => Promise.reject((tries++, passing(true))))).rejects.toThrow('busy')
    expect(tries).toBe(1)
  })

  test('of another kind passes at once', async () => {
    const clock = heldClock()
    const refused = new RejectedError('NO', 'no', {hint: ''})
    await expect(retrying(clock, 4, async () => Promise.reject(refused))).rejects.toBe(refused)
    expect(clock.slept).toEqual([])
  })

  test('waits longer each time, jittered, within half a minute or what was asked', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 1, max: 40}),
        fc.integer({min: 0, max: 60_000}),
        fc.double({min: 0, max: 0.999, noNaN: true}),
        (attempt, floor, luck) => {
          const ms = backoffMs(attempt, floor, () => luck)
          expect(ms).toBeGreaterThanOrEqual(floor)
          expect(ms).toBeLessThanOrEqual(Math.max(floor, floor / 2 + 30_000))
        },
      ),
    )
    expect(backoffMs(5, 0, () => 0.5)).toBeGreaterThan(backoffMs(2, 0, () => 0.5))
  })
})

describe('work side by side', () => {
  test('does every item once, never more at a time than allowed', async () => {
    const done: number[] = []
    let now = 0
    let most = 0
    await eachConcurrent([...Array(50).keys()], 4, async (item) => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setImmediate(resolve))
      now--
      done.push(item)
    })
    expect(done.toSorted((a, b) => a - b)).toEqual([...Array(50).keys()])
    expect(most).toBe(4)
  })

  test('starts nothing new after an error, and lets what runs end before it is thrown', async () => {
    const ended: number[] = []
    const work = eachConcurrent([0, 1, 2, 3, 4, 5], 2, async (item) => {
      if (item === 0) throw new Error('first')
      await new Promise((resolve) => setTimeout(resolve, 5))
      ended.push(item)
    })
    await expect(work).rejects.toThrow('first')
    expect(ended).toEqual([1])
  })
})

describe('an id of Shopify', () => {
  test('is text: long ones are not rounded', () => {
    expect(legacyId(gid('Order', '820982911946154508'))).toBe('820982911946154508')
    expect(legacyId('gid://shopify/InventoryLevel/12?inventory_item_id=3')).toBe('12')
  })

  test.each(['5001', 'gid://shopify/Order/', 'gid://netsuite/Order/1', ''])('%j is none', (text) => {
    expect(() => legacyId(text)).toThrow(expect.objectContaining({code: 'SHOPIFY_ID_MALFORMED'}))
  })
})
