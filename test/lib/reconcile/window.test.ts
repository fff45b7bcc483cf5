import {expect, test} from 'vitest'

import {checkDays, daysOf} from '../../../src/lib/reconcile/window.ts'

const now = new Date('2026-11-24T03:00:00Z')

test('without days it is the week that ends today, in the zone of the contract', () => {
  expect(daysOf({}, 'America/New_York', now)).toMatchObject({from: '2026-11-17', to: '2026-11-23'})
  expect(daysOf({}, 'Asia/Tokyo', now)).toMatchObject({from: '2026-11-18', to: '2026-11-24'})
})

test('a day is as long as it is there: 23, 24 or 25 hours', () => {
  const hours = (day: string) => {
    const {since, until} = daysOf({from: day, to: day}, 'Europe/Berlin', now)
    return (until.getTime() - since.getTime()) / 3_600_000
  }
  expect(['2026-03-29', '2026-06-01', '2026-10-25'].map(hours)).toEqual([23, 24, 25])
})

test('days that are none, or run backwards, are refused with every fault at once', () => {
  expect(() => checkDays({from: '2026-13-01', to: 'today'})).toThrow(/2026-13-01.*\n.*today/)
  expect(() => checkDays({from: '2026-11-02', to: '2026-11-01'})).toThrow(/after/)
})
