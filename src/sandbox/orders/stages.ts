import type {OrderDocument} from '../shopify/document.ts'
import type {Scenario} from './scenario.ts'
import type {Money} from './transactions.ts'

/** What happens to an order, in the words in which it is counted. */
export const HAPPENINGS = [
  'placed',
  'edited',
  'cancelled',
  'partlyCancelled',
  'moved',
  'noted',
  'paid',
  'captured',
  'partlyShipped',
  'shipped',
  'returned',
  'refunded',
  'refundFailed',
  'deleted',
] as const

export type Happening = (typeof HAPPENINGS)[number]

/** One thing that happens, and the order's document after it; null once the order is deleted. */
export type Stage = Readonly<{what: Happening; documentAt: (at: Date) => OrderDocument | null}>

export type Part = Readonly<Record<string, unknown>>

/** The order as of a scenario, with what else changed and how it was paid. */
export type Draft = (scenario: Scenario, change?: Part, money?: Omit<Money, 'seed'>) => (at: Date) => OrderDocument

/** The order before its change; the line that an edit adds stands last, and is not there yet. */
export function beforehand(scenario: Scenario): Scenario {
  const {cart, removedLine} = scenario
  const lines = removedLine === null ? cart.lines : cart.lines.slice(0, -1)
  return {...scenario, aftermath: 'open', removedLine: null, cart: {...cart, lines}}
}

export function placed(scenario: Scenario, draft: Draft, change?: Part, money?: Omit<Money, 'seed'>): Stage {
  return {what: 'placed', documentAt: draft(scenario, change, money)}
}
