import fc from 'fast-check'
import {expect, test} from 'vitest'

import {instantOf, isChosen, selection} from '../../../src/lib/sync/select.ts'

test('orders are named by number, by name or by global id', () => {
  expect(selection({ids: ['5001', '#1001', 'gid://shopify/Order/5001']}).names).toHaveLength(3)
})

test('everything wrong with what was typed is told at once', () => {
  const typed = () => selection({ids: ['what?'], since: 'yesterday', until: '2026-11-31', limit: 0})

  expect(typed).toThrow(/what\?[^]*exclude[^]*yesterday[^]*2026-11-31[^]*limit/)
  expect(typed).toThrow(expect.objectContaining({code: 'FLAGS_INVALID', exitCode: 2}))
})

test('a window that runs backwards is refused, and one day is a window', () => {
  expect(() => selection({ids: [], since: '2026-11-02', until: '2026-11-01'})).toThrow(/after/)
  expect(isChosen(selection({ids: [], since: '2026-11-01', until: '2026-11-01'}))).toBe(true)
  expect(isChosen(selection({ids: []}))).toBe(false)
})

test('the last day counts in full, also where the clocks change', () => {
  const days = fc.date({min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true})
  fc.assert(
    fc.property(days, fc.constantFrom('America/New_York', 'Europe/Berlin', 'Asia/Tokyo'), (date, zone) => {
      const day = date.toISOString().slice(0, 10)
      const [from, to] = [instantOf(day, zone, 'start'), instantOf(day, zone, 'end')]
      const hours = ((to?.getTime() ?? 0) - (from?.getTime() ?? 0)) / 3_600_000
      expect([23, 24, 25]).toContain(hours)
    }),
  )
})
