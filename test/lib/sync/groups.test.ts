import fc from 'fast-check'
import {describe, expect, test} from 'vitest'

import type {Job} from '../../../src/lib/ledger/types.ts'
import {createGroups} from '../../../src/lib/sync/groups.ts'
import {workOf, type Work} from '../../../src/lib/sync/work.ts'

function job(id: number, attempt = 1): Job {
  return {id: String(id), flow: 'orders', subject: `shop/${id}`, name: null, attempt}
}

function work(of: Job, as: 'done' | 'retry'): Work {
  const end = as === 'done' ? ({as} as const) : ({as, afterMs: 0, code: 'X', message: ''} as const)
  return {...workOf(of), end}
}

/** Works jobs in groups until all are done; a group with the poisoned job fails as a whole. Gives the tries that each took. */
function run(jobs: readonly Job[], isPoisoned: (job: Job) => boolean, rounds: number): Map<string, number> {
  const tries = new Map<string, number>()
  let waiting = [...jobs]
  for (let round = 0; round < rounds; round++) {
    const groups = createGroups() // a run of its own each time, as by cron
    const left = groups.sorted(waiting)
    waiting = []
    while (left.length > 0) {
      const group = left.splice(0, groups.next(left))
      const as = group.some(isPoisoned) ? 'retry' : 'done'
      for (const one of group) tries.set(one.id, (tries.get(one.id) ?? 0) + 1)
      groups.learn(group.map((one) => work(one, as)))
      if (as === 'retry') waiting.push(...group.map((one) => ({...one, attempt: one.attempt + 1})))
    }
  }
  return tries
}

describe('one poisoned order among many', () => {
  test('costs the others a few tries at most, wherever it stands', () => {
    fc.assert(
      fc.property(fc.integer({min: 1, max: 50}), fc.nat(), (count, at) => {
        const jobs = Array.from({length: count}, (_, i) => job(i))
        const poisoned = String(at % count)
        const tries = run(jobs, ({id}) => id === poisoned, 12)
        const others = [...tries].filter(([id]) => id !== poisoned).map(([, n]) => n)
        expect(tries.get(poisoned)).toBe(12)
        expect(Math.max(0, ...others)).toBeLessThanOrEqual(6)
      }),
    )
  })
})

test('after an outage a backlog that was tried often flows in full batches again', () => {
  const groups = createGroups()
  const left = groups.sorted(Array.from({length: 500}, (_, i) => job(i, 9)))
  let batches = 0
  while (left.length > 0) {
    const group = left.splice(0, groups.next(left))
    groups.learn(group.map((one) => work(one, 'done')))
    batches += 1
  }
  expect(batches).toBeLessThan(12)
})

test('fresh orders never wait behind those that failed, nor share a message with them', () => {
  const groups = createGroups()
  const left = groups.sorted([job(1, 3), job(2), job(3, 2), job(4)])

  expect(left.splice(0, groups.next(left)).map(({id}) => id)).toEqual(['2', '4'])
  expect(left.splice(0, groups.next(left)).map(({id}) => id)).toEqual(['3'])
})
