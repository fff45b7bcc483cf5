import {describe, expect, test} from 'vitest'

import {dayOf, soapInstant} from '../../../src/lib/netsuite/records/days.ts'

/** What NetSuite does with an instant: the day that a user in that zone reads on the clock. */
function dayThere(instant: string, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', {timeZone, dateStyle: 'short'}).format(new Date(instant))
}

const days = ['2026-01-01', '2026-03-08', '2026-03-29', '2026-07-04', '2026-11-01', '2026-12-31']
const zones = ['America/New_York', 'America/Los_Angeles', 'Europe/Berlin', 'Asia/Kolkata', 'Asia/Tokyo', 'Pacific/Auckland', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'UTC'] // prettier-ignore

describe.each(zones)('an account in %s', (zone) => {
  test('books an order on the day that we send, also on days when the clocks change', () => {
    for (const day of days) expect(dayThere(soapInstant(day, zone), zone)).toBe(day)
  })

  test('still does so where the user’s own zone is some hours off', () => {
    for (const day of days) {
      const instant = Date.parse(soapInstant(day, zone))
      for (const hours of [-11, 11]) {
        const shifted = new Date(instant + hours * 3_600_000).toISOString()
        expect(dayThere(shifted, zone)).toBe(day)
      }
    }
  })
})

test('an account whose zone is not known gets the day from Honolulu to Auckland', () => {
  for (const zone of ['Pacific/Honolulu', 'America/New_York', 'UTC', 'Asia/Tokyo', 'Pacific/Auckland']) {
    for (const day of days) expect(dayThere(soapInstant(day, null), zone)).toBe(day)
  }
})

test.each([
  [
    'midnight with an offset is the day as it stands there',
    '2026-11-20T00:00:00.000-08:00',
    'Asia/Tokyo',
    '2026-11-20',
  ],
  ['an instant is the day in the account', '2026-11-19T07:00:00.000-08:00', 'Asia/Tokyo', '2026-11-20'],
  ['an instant in UTC is the day in the account', '2026-11-20T04:30:00Z', 'America/New_York', '2026-11-19'],
  ['without a zone the day stands as sent', '2026-11-19T07:00:00.000-08:00', null, '2026-11-19'],
])('when read: %s', (_, text, zone, day) => {
  expect(dayOf(text, zone)).toBe(day)
})
