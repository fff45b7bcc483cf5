import {setTimeout as delay} from 'node:timers/promises'

import fc from 'fast-check'
import {expect, test} from 'vitest'

import {systemClock} from '../../../src/lib/core/clock.ts'
import type {KeptRequest} from '../../../src/lib/ledger/requests.ts'
import {noteRequest, trailOf, withTrail} from '../../../src/lib/sync/trail.ts'

function request(operation: string): KeptRequest {
  const startedAt = new Date()
  return {system: 'netsuite', channel: 'soap', operation, records: 1, startedAt, durationMs: 5, waitedMs: 0, outcome: 'ok', requestId: null} // prettier-ignore
}

test('requests of batches that run side by side are kept each with its own batch', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(fc.integer({min: 0, max: 3}), {maxLength: 6}), {maxLength: 5}), async (batches) => {
      const kept = await Promise.all(
        batches.map((waits, batch) =>
          withTrail(systemClock, async () => {
            await Promise.all(
              waits.map(async (ms, i) => {
                await delay(ms)
                noteRequest(request(`${batch}/${i}`))
              }),
            )
            return trailOf('run')?.requests.map(({operation}) => operation).toSorted()
          }),
        ),
      )
      expect(kept).toEqual(batches.map((waits, batch) => waits.map((_, i) => `${batch}/${i}`)))
    }),
    {numRuns: 25},
  )
}) // prettier-ignore

test('a request outside of any batch is of no order', () => {
  noteRequest(request('list'))

  expect(trailOf('run')).toBeNull()
})

test('a storm of requests is kept by its first two hundred and the number of the others', async () => {
  const batch = await withTrail(systemClock, () => {
    for (let i = 0; i < 1_000; i++) noteRequest(request(String(i)))
    return Promise.resolve(trailOf('run'))
  })

  expect(batch?.requests).toHaveLength(200)
  expect(batch?.requests.at(-1)?.operation).toBe('199')
  expect(batch?.leftOut).toBe(800)
})
