import fc from 'fast-check'
import {expect, test} from 'vitest'

import {dayIn, dayText, instantText, parseInstant} from '../../../../src/sandbox/netsuite/soap/instants.ts'
import {doubleText, parseDouble} from '../../../../src/sandbox/netsuite/soap/numbers.ts'

const day = fc
  .date({min: new Date('2015-01-01'), max: new Date('2035-12-31'), noInvalidDate: true})
  .map((date) => date.toISOString().slice(0, 10))

test.each([
  ['America/New_York', '2026-11-20T00:00:00.000Z', '2026-11-19'],
  ['America/New_York', '2026-11-20T12:00:00.000Z', '2026-11-20'],
  ['America/New_York', '2026-11-20T00:00:00.000-05:00', '2026-11-20'],
  ['America/New_York', '2026-11-20T00:00:00-08:00', '2026-11-20'],
  ['Australia/Sydney', '2026-11-20T00:00:00.000Z', '2026-11-20'],
  ['Australia/Sydney', '2026-11-20T23:30:00.000Z', '2026-11-21'],
  ['Europe/Berlin', '2026-11-19T23:30:00Z', '2026-11-20'],
])('in %s the instant %s is the day %s', (zone, sent, expected) => {
  expect(dayIn(zone, parseInstant(sent) ?? 0)).toBe(expected)
})

test('a day that is answered and sent back stays that day, in accounts west and east of Greenwich', () => {
  fc.assert(
    fc.property(
      day,
      fc.constantFrom('America/Los_Angeles', 'America/New_York', 'Europe/London', 'Asia/Tokyo'),
      (d, zone) => {
        const text = dayText(d)
        expect(text).toMatch(/^\d{4}-\d\d-\d\dT00:00:00\.000-0[78]:00$/)
        expect(text.slice(0, 10)).toBe(d)
        expect(dayIn(zone, parseInstant(text) ?? 0)).toBe(d)
      },
    ),
  )
})

test('an instant is answered as the same instant with its Pacific offset', () => {
  expect(instantText(Date.parse('2006-08-22T07:00:00Z'))).toBe('2006-08-22T00:00:00.000-07:00')
  expect(instantText(Date.parse('2026-11-20T15:00:00Z'))).toBe('2026-11-20T07:00:00.000-08:00')
  fc.assert(
    fc.property(fc.date({min: new Date('2015-01-01'), max: new Date('2035-12-31'), noInvalidDate: true}), (date) => {
      expect(parseInstant(instantText(date.getTime()))).toBe(date.getTime())
    }),
  )
})

test.each(['2026-11-20', '2026-02-30T00:00:00Z', '20-11-2026T00:00:00Z', 'today', '2026-11-20T25:00:00Z', ''])(
  '"%s" is no instant',
  (sent) => {
    expect(parseInstant(sent)).toBeUndefined()
  },
)

test.each([
  ['40', '40.0'],
  ['5.95', '5.95'],
  ['0', '0.0'],
  ['-12.50', '-12.5'],
  ['0.001', '0.001'],
  ['9999999.99', '9999999.99'],
  ['12345678.9', '1.23456789E7'],
  ['10000000', '1.0E7'],
  ['0.00066', '6.6E-4'],
])('the number %s is written as Java writes it: %s', (decimal, written) => {
  expect(doubleText(decimal)).toBe(written)
})

test('a number that is written reads back as the same amount', () => {
  fc.assert(
    fc.property(fc.integer({min: -(10 ** 14), max: 10 ** 14}), fc.integer({min: 0, max: 3}), (minor, digits) => {
      const decimal = (minor / 10 ** digits).toFixed(digits)
      expect(Number(parseDouble(doubleText(decimal)))).toBe(Number(decimal))
    }),
  )
})

test.each(['NaN', 'INF', '1,5', '1.2.3', '', 'x', '--1', '1e999'])('"%s" is no amount', (sent) => {
  expect(parseDouble(sent)).toBeUndefined()
})
