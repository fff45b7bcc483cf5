import {setImmediate as turn} from 'node:timers/promises'

import fc from 'fast-check'
import {expect, test} from 'vitest'

import {RetryableError} from '../../../../src/lib/core/errors.ts'
import {groupCommits} from '../../../../src/lib/ops/listener/commit.ts'

type Item = Readonly<{n: number; body: Buffer}>
const item = (n: number, bytes = 1): Item => ({n, body: Buffer.alloc(bytes)})
const bounds = {atOnce: 1, itemsMax: 100, bytesMax: 1000}

/** A database whose commits end when the test says so. */
function slowDatabase() {
  const commits: {items: number[]; finish: () => void}[] = []
  const commit = (items: readonly Item[]) =>
    new Promise<number[]>((resolve) => {
      const numbers = items.map(({n}) => n)
      commits.push({items: numbers, finish: () => resolve(numbers)})
    })
  return {commits, commit}
}

test('a lonely delivery is committed at once, and the next commit takes all that came meanwhile', async () => {
  const {commits, commit} = slowDatabase()
  const group = groupCommits(commit, bounds)

  const results = [1, 2, 3, 4].map((n) => group.add(item(n)))
  expect(commits.map(({items}) => items)).toEqual([[1]])
  commits[0]?.finish()
  expect(await results[0]).toBe(1)
  await turn()
  expect(commits.map(({items}) => items)).toEqual([[1], [2, 3, 4]])
  commits[1]?.finish()
  expect(await Promise.all(results)).toEqual([1, 2, 3, 4])
})

test('no delivery is answered before its commit has ended', async () => {
  const {commits, commit} = slowDatabase()
  const group = groupCommits(commit, bounds)
  let answered = 0
  const results = [1, 2].map((n) => group.add(item(n)).then(() => answered++))

  await turn()
  expect(answered).toBe(0)
  commits[0]?.finish()
  await results[0]
  await turn()
  expect(answered).toBe(1)
  commits[1]?.finish()
  await Promise.all(results)
})

test('every delivery is committed once, in bounded commits, and only bad rows fail, each alone', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({bytes: fc.integer({min: 0, max: 60}), isBad: fc.boolean()}), {maxLength: 60}),
      fc.integer({min: 1, max: 3}),
      async (rows, atOnce) => {
        const tight = {atOnce, itemsMax: 7, bytesMax: 100}
        const kept: number[] = []
        let [running, mostRunning] = [0, 0]
        const group = groupCommits(async (items: readonly Item[]) => {
          mostRunning = Math.max(mostRunning, ++running)
          await turn()
          running--
          expect(items.length).toBeLessThanOrEqual(7)
          if (items.length > 1) expect(items.reduce((sum, {body}) => sum + body.length, 0)).toBeLessThanOrEqual(100)
          if (items.some(({n}) => rows[n]?.isBad)) throw new Error('a bad row')
          kept.push(...items.map(({n}) => n))
          return items.map(({n}) => n)
        }, tight)

        const results = await Promise.allSettled(rows.map(({bytes}, n) => group.add(item(n, bytes))))

        const good = rows.flatMap(({isBad}, n) => (isBad ? [] : [n]))
        expect(kept.toSorted((a, b) => a - b)).toEqual(good)
        expect(results.map(({status}) => status)).toEqual(rows.map(({isBad}) => (isBad ? 'rejected' : 'fulfilled')))
        expect(mostRunning).toBeLessThanOrEqual(atOnce)
      },
    ),
    {numRuns: 60},
  )
})

test('when the database is away all of a commit fail at once, and the next commit is tried again', async () => {
  let tries = 0
  const group = groupCommits(async (items: readonly Item[]) => {
    await turn()
    if (++tries <= 2) throw new RetryableError('DATABASE_LOST', 'away', {hint: 'wait', retryAfterMs: 1})
    return items.map(({n}) => n)
  }, bounds)

  const results = await Promise.allSettled([1, 2, 3, 4, 5].map((n) => group.add(item(n))))

  expect(results.every(({status}) => status === 'rejected')).toBe(true)
  expect(tries).toBe(2)
  expect(await group.add(item(6))).toBe(6)
})
