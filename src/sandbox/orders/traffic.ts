import {setTimeout as wait} from 'node:timers/promises'

import {integer, type OrderDocument} from '../shopify/document.ts'
import {Chance} from './chance.ts'
import {documentOf} from './document.ts'
import {numbersOf} from './numbers.ts'
import {priceCart} from './pricing.ts'
import {drawScenario, type Scenario} from './scenario.ts'
import {settle} from './state.ts'
import {timesOf} from './times.ts'

export type TrafficOptions = Readonly<{
  ordersPerMinute: number
  /** Decides what the orders hold, which of them change, and when. */
  seed: number
  /** Share of the orders that are edited after they were placed, from 0 to 1. */
  edits: number
  /** Share that is cancelled. */
  cancellations: number
  /** Ends the traffic after so many orders and their changes; default: only the signal ends it. */
  orders?: number
  /** The shop's clock; default: the real time. */
  now?: () => Date
}>

export type Traffic = Readonly<{placed: number; edited: number; cancelled: number}>

/** Where orders are put, which is a shop's memory of them. */
type Store = Readonly<{
  all: () => readonly Readonly<{id: string; document: OrderDocument}>[]
  put: (document: OrderDocument) => unknown
}>

type Life = Readonly<{scenario: Scenario; number: number; id: number; placed: Date}>
type Step = Readonly<{at: number; run: () => void}>

/**
 * Places orders as customers would, one after another, and edits and cancels some of them a little later, until the signal
 * ends it. What the n-th order holds depends on the seed alone; its number and id follow the newest of the shop.
 * Resolves with what was done; an aborted signal is no error.
 */
export async function playTraffic(store: Store, options: TrafficOptions, signal: AbortSignal): Promise<Traffic> {
  const {ordersPerMinute, seed, orders = Number.POSITIVE_INFINITY, now = () => new Date()} = options
  const done = {placed: 0, edited: 0, cancelled: 0}
  const [number, id] = [newest(store, 1000, 'order_number'), newest(store, 5_900_000_001_000, 'id')]
  const pace = 60_000 / ordersPerMinute
  const start = performance.now()
  let steps: Step[] = []
  /** Places the n-th order at a time, and puts its change and the next order on the list. */
  const place = (n: number, at: number) => {
    const chance = new Chance(seed * 92_821 + n)
    const life = {scenario: drawLife(chance, options), number: number + n, id: id + n, placed: now()}
    store.put(documentAt(life, 'placed', life.placed))
    done.placed += 1
    const change = changeOf(life, store, done, now)
    const later = (least: number, most: number) => at + pace * (least + ((most - least) * chance.below(100)) / 100)
    if (change !== null) steps.push({at: later(0.5, 3.5), run: change})
    const next = later(0.5, 1.5)
    if (n < orders) steps.push({at: next, run: () => place(n + 1, next)})
    steps = steps.toSorted((a, b) => a.at - b.at)
  }
  if (orders > 0) steps.push({at: 0, run: () => place(1, 0)})
  for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
    await until(start + step.at, signal)
    if (signal.aborted) break
    step.run()
  }
  return done
}

function newest(store: Store, least: number, key: 'id' | 'order_number'): number {
  return store.all().reduce((most, {document}) => Math.max(most, integer(document, key) ?? 0), least)
}

async function until(at: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(Math.max(0, at - performance.now()), undefined, {signal})
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** Customers to draw from; the more, the fewer come back. */
const PEOPLE = 400

/** More draws than any kind of order needs to turn up. */
const MOST_DRAWS = 5000

/** Draws until the order goes the way that was decided for it: edited, cancelled, or left as it was placed. */
function drawLife(chance: Chance, {seed, edits, cancellations}: TrafficOptions): Scenario {
  const at = chance.below(10_000) / 10_000
  const isFitting = ({aftermath, channel}: Scenario): boolean =>
    at < edits
      ? aftermath === 'edited'
      : at < edits + cancellations
        ? aftermath === 'cancelled'
        : aftermath === 'open' || channel === 'pos'
  for (let draw = 0; draw < MOST_DRAWS; draw += 1) {
    const scenario = drawScenario(chance, seed, PEOPLE, 'none')
    if (isFitting(scenario)) return scenario
  }
  throw new RangeError('no such order turned up')
}

function changeOf(life: Life, store: Store, done: {edited: number; cancelled: number}, now: () => Date) {
  const {aftermath} = life.scenario
  if (aftermath !== 'edited' && aftermath !== 'cancelled') return null
  return () => {
    store.put(documentAt(life, 'changed', now()))
    done[aftermath] += 1
  }
}

/** The order's document when it was placed, or after its change. */
function documentAt({scenario: whole, number, id, placed}: Life, stage: 'placed' | 'changed', at: Date): OrderDocument {
  const scenario = stage === 'placed' && whole.channel !== 'pos' ? beforehand(whole) : whole
  const priced = priceCart(scenario.cart)
  const state = settle(scenario, priced)
  const times = timesOf(new Date(Math.floor(placed.getTime() / 1000) * 1000), at)
  return documentOf({scenario, priced, state, numbers: numbersOf(id), times, name: `#${number}`}, number)
}

/** The order before its change; the line that an edit adds stands last, and is not there yet. */
function beforehand(scenario: Scenario): Scenario {
  const {cart, removedLine} = scenario
  const lines = removedLine === null ? cart.lines : cart.lines.slice(0, -1)
  return {...scenario, aftermath: 'open', removedLine: null, cart: {...cart, lines}}
}
