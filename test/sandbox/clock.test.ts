import {expect, test} from 'vitest'

import {catchingUp} from '../../src/sandbox/clock.ts'

test('days are played ten seconds each until the clock meets the real time, with which it goes on', () => {
  const start = Date.parse('2026-11-24T12:00:00Z')
  let elapsed = 5000
  const now = catchingUp(
    30,
    () => new Date(start + elapsed - 5000),
    () => elapsed,
  )
  const seen = () => now().toISOString()
  expect(seen()).toBe('2026-10-25T12:00:00.000Z')
  elapsed += 10_000
  expect(seen()).toBe('2026-10-26T12:00:00.000Z')
  elapsed += 5000
  expect(seen()).toBe('2026-10-27T00:00:00.000Z')
  elapsed += 400_000
  expect(seen()).toBe(new Date(start + elapsed - 5000).toISOString())
})
