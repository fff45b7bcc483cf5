import fc from 'fast-check'
import {expect, test} from 'vitest'

import {createLanes, type Taken} from '../../../src/lib/sync/lanes.ts'

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

test('whenever work comes and however long each piece takes, all of it is taken, in no more lanes than allowed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({size: fc.integer({min: 1, max: 7}), afterMs: fc.integer({min: 0, max: 4})}), {maxLength: 12}),
      fc.integer({min: 1, max: 4}),
      fc.integer({min: 0, max: 3}),
      async (arrivals, width, takesMs) => {
        let [waiting, taken, running, most] = [0, 0, 0, 0]
        const lanes = createLanes(
          () => width,
          async (): Promise<Taken> => {
            // A look sees what was there when it began.
            const mine = Math.min(3, waiting)
            waiting -= mine
            most = Math.max(most, ++running)
            await pause(takesMs)
            taken += mine
            running -= 1
            return mine === 0 ? 'none' : mine < 3 ? 'some' : 'full'
          },
        )
        for (const {size, afterMs} of arrivals) {
          if (afterMs > 0) await pause(afterMs - 1)
          waiting += size
          lanes.ring()
        }
        await lanes.ended()

        expect(taken).toBe(arrivals.reduce((sum, {size}) => sum + size, 0))
        expect(most).toBeLessThanOrEqual(width)
        expect(lanes.busy()).toBe(0)
      },
    ),
    {numRuns: 60},
  )
})

test('a lone piece of work takes one lane, a backlog all of them', async () => {
  const mostFor = async (pieces: number) => {
    let [waiting, running, most] = [pieces, 0, 0]
    const lanes = createLanes(
      () => 4,
      async () => {
        const mine = Math.min(2, waiting)
        waiting -= mine
        if (mine > 0) most = Math.max(most, ++running)
        await pause(2)
        if (mine > 0) running -= 1
        return mine === 0 ? 'none' : mine < 2 ? 'some' : 'full'
      },
    )
    lanes.ring()
    await lanes.ended()
    return most
  }

  expect([await mostFor(1), await mostFor(40)]).toEqual([1, 4])
})

test('the first error of a lane is told when all have ended', async () => {
  let n = 0
  const lanes = createLanes(
    () => 3,
    async () => {
      const mine = ++n
      await pause(mine * 2)
      if (mine > 1) throw new Error(`lane ${mine}`)
      return 'none'
    },
  )
  for (let i = 0; i < 3; i++) lanes.ring()

  await expect(lanes.ended()).rejects.toThrow('lane 2')
  expect(lanes.busy()).toBe(0)
})
