import fc from 'fast-check'
import {expect, test} from 'vitest'

import {createBatchSize, createSizing} from '../../../src/lib/shopify/batch-size.ts'

/** Shapes that the unpublished cost of n orders could have: linear, a root, a logarithm. */
const shapes: readonly ((n: number) => number)[] = [
  (n) => n,
  (n) => n ** 0.45,
  (n) => Math.floor(2 * Math.log(n)),
  (n) => 1.5 * Math.log2(n),
]

test('whatever shape the cost of a search has, its size settles below the limit of a query and is refused at most a few times', () => {
  fc.assert(
    fc.property(fc.constantFrom(...shapes), fc.integer({min: 5, max: 180}), (shape, each) => {
      const batch = createBatchSize(50)
      let refusals = 0
      for (let round = 0; round < 40; round++) {
        const cost = Math.ceil(shape(batch.size()) * each)
        if (cost > 1000) {
          refusals += 1
          batch.shrink()
        } else batch.learn(batch.size(), cost)
      }
      expect(Math.ceil(shape(batch.size()) * each)).toBeLessThanOrEqual(1000)
      expect(batch.size()).toBeGreaterThanOrEqual(5)
      expect(refusals).toBeLessThanOrEqual(5)
    }),
  )
})

test('a cost that grows slowly lets a request read ninety orders and more', () => {
  const batch = createBatchSize(50)
  for (let round = 0; round < 10; round++)
    batch.learn(batch.size(), Math.ceil(97 * Math.floor(2 * Math.log(batch.size()))))
  expect(batch.size()).toBeGreaterThanOrEqual(90)
})

test('a shop that sells in many currencies is read in both from the first request on', () => {
  const sizing = createSizing()
  expect(sizing.detailFirst()).toBe(false)
  sizing.saw(50, 40)
  sizing.saw(50, 40)
  expect(sizing.detailFirst()).toBe(true)
  for (let round = 0; round < 5; round++) sizing.saw(50, 2)
  expect(sizing.detailFirst()).toBe(false)
})
