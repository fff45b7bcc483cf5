import fc from 'fast-check'
import {expect, test} from 'vitest'

import type {DueAlert} from '../../../../src/lib/ledger/alert-channels.ts'
import {compose} from '../../../../src/lib/ops/alerts/message.ts'

function due(change: Partial<DueAlert> = {}): DueAlert {
  return {
    id: '1',
    severity: 'page',
    code: 'NETSUITE_LOGIN_REFUSED',
    title: 'netsuite:1234567 refuses us',
    effect: '214 orders waiting, nothing is lost',
    next: 'tieout doctor',
    count: 1,
    news: 0,
    firstSeen: new Date('2026-11-24T02:10:00Z'),
    endedAt: null,
    why: 'new',
    toldCount: null,
    ...change,
  }
}

test('a message says what, what it does to orders, and what to do, in three lines', () => {
  const {subject, text} = compose([due()], 1900, 'web-1')

  expect(subject).toBe('PAGE: netsuite:1234567 refuses us')
  expect(text.split('\n')).toEqual([
    'PAGE: netsuite:1234567 refuses us',
    '  Effect: 214 orders waiting, nothing is lost',
    '  Next: tieout doctor | docs/runbooks/netsuite-login-refused.md',
    '',
    'tieout on web-1; tieout alerts:list shows all that is open',
  ])
})

test('an end says how long it took', () => {
  const ended = due({why: 'ended', endedAt: new Date('2026-11-24T03:22:00Z')})

  expect(compose([ended], 1900, 'web-1').text).toMatch(
    /^OVER after 1 h 12 min: netsuite:1234567 refuses us\n\ntieout on/,
  )
})

test('whatever is due, a message keeps its bound, tells the first whole, counts the rest, and has a subject of one line', () => {
  const text = fc.oneof(fc.string({unit: 'binary', maxLength: 3000}), fc.constant('😀'.repeat(900)))
  const one = fc.record({title: text, effect: text, next: text, why: fc.constantFrom('new', 'grown', 'still', 'ended')})
  fc.assert(
    fc.property(fc.array(one, {minLength: 1, maxLength: 40}), text, (alerts, where) => {
      const message = compose(alerts.map((change) => due(change)), 1900, where) // prettier-ignore

      expect(message.text.length).toBeLessThanOrEqual(1900)
      expect(message.text.isWellFormed()).toBe(true)
      expect(message.subject).not.toMatch(/[\r\n]/)
      expect(message.subject.length).toBeLessThan(200)
      const told = message.text.split('\n').filter((line) => /^(PAGE|OVER)/.test(line)).length
      const more = Number(/^And (\d+) more/m.exec(message.text)?.[1] ?? 0)
      expect(told).toBeGreaterThanOrEqual(1)
      expect(told + more).toBe(alerts.length)
    }),
    {numRuns: 200},
  )
})
