import type {OrderDocument} from '../shopify/document.ts'
import {Chance} from './chance.ts'
import {documentOf} from './document.ts'
import {numbersOf} from './numbers.ts'
import {priceCart} from './pricing.ts'
import {drawScenario, type Awkwardness} from './scenario.ts'
import {settle} from './state.ts'
import {timesOf} from './times.ts'

export type GenerateOptions = Readonly<{
  /** Decides everything else: the same options give the same documents. */
  seed: number
  count: number
  from: Date
  to: Date
  /** The first order's number, e.g. 1001 for "#1001". */
  firstNumber?: number
  /** The first order's id; the others follow. */
  firstId?: number
  /** Adds to every tenth order what cannot be booked without a person: an unknown SKU, a customer without e-mail. */
  awkward?: boolean
}>

/**
 * Makes orders as a shop would see them in a period, oldest first, each complete and adding up to the cent in both of its
 * currencies. All of them can be booked in the sandbox's NetSuite, unless awkward ones are asked for.
 * Throws RangeError when the period ends before it begins.
 */
export function* generateOrders(options: GenerateOptions): Generator<OrderDocument> {
  const {seed, count, from, to, firstNumber = 1001, firstId = 5_900_000_001_001, awkward = false} = options
  const span = to.getTime() - from.getTime()
  if (span < 0) throw new RangeError('the period ends before it begins')
  const people = Math.max(8, Math.ceil(count * 0.6))
  for (let i = 0; i < count; i += 1) {
    const chance = new Chance(seed * 65_537 + i)
    const placed = new Date(
      Math.floor((from.getTime() + (span * (i + chance.below(1000) / 1000)) / count) / 1000) * 1000,
    )
    const scenario = drawScenario(chance, seed, people, awkward ? awkwardnessOf(i) : 'none')
    const priced = priceCart(scenario.cart)
    const state = settle(scenario, priced)
    const number = firstNumber + i
    const story = {
      scenario,
      priced,
      state,
      numbers: numbersOf(firstId + i),
      times: timesOf(placed, to),
      name: `#${number}`,
    }
    yield documentOf(story, number, {seed: seed * 31_337 + i})
  }
}

function awkwardnessOf(i: number): Awkwardness {
  return i % 20 === 3 ? 'unknown SKU' : i % 20 === 13 ? 'without e-mail' : 'none'
}
