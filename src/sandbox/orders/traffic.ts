import {setTimeout as wait} from 'node:timers/promises'

import {integer, type OrderDocument} from '../shopify/document.ts'
import {Chance} from './chance.ts'
import {drawLife, type Shares} from './lives.ts'
import {withTimesKept} from './kept.ts'
import {HAPPENINGS, type Happening, type Stage} from './stages.ts'

export type TrafficOptions = Shares &
  Readonly<{
    ordersPerMinute: number
    /** Decides what the orders hold, which of them change, and when. */
    seed: number
    /** Ends the traffic after so many orders and their changes; default: only the signal ends it. */
    orders?: number
    /** The shop's clock; default: the real time. */
    now?: () => Date
    /** Told of everything as it happens. */
    tell?: (what: Happening) => void
  }>

/** How often what happened. */
export type Traffic = Readonly<Record<Happening, number>>

/** Where orders are put, which is a shop's memory of them. Only deletions need `remove`; with `get` what others deleted stays so. */
type Store = Readonly<{
  all: () => readonly Readonly<{id: string; document: OrderDocument}>[]
  put: (document: OrderDocument) => unknown
  get?: (id: string) => unknown
  remove?: (id: string) => unknown
}>

/** A refund that fails does so days after it left; in a played month ten seconds are a day. */
const BACK_AFTER_MS = 20_000

type Step = Readonly<{at: number; run: () => void}>

/**
 * Places orders as customers would, one after another, and lets happen to some of them what the shares say, a little later,
 * until the signal ends it. What the n-th order holds depends on the seed alone; its number and id follow the newest of the
 * shop. Resolves with what was done; an aborted signal is no error.
 */
export async function playTraffic(store: Store, options: TrafficOptions, signal: AbortSignal): Promise<Traffic> {
  const {ordersPerMinute, seed, orders = Number.POSITIVE_INFINITY, now = () => new Date(), tell} = options
  const done = nothing()
  const [number, id] = [newest(store, 1000, 'order_number'), newest(store, 5_900_000_001_000, 'id')]
  const pace = 60_000 / ordersPerMinute
  const start = performance.now()
  let steps: Step[] = []
  const count = (what: Happening) => {
    done[what] += 1
    tell?.(what)
  }
  /** Places the n-th order at a time, and puts its changes and the next order on the list. */
  const place = (n: number, at: number) => {
    const chance = new Chance(seed * 92_821 + n)
    const [first, ...changes] = drawLife(chance, seed, options, {
      number: number + n,
      id: id + n,
      placed: now(),
      moneySeed: seed * 31_337 + n,
    })
    const later = (from: number, least: number, most: number) =>
      from + pace * (least + ((most - least) * chance.below(100)) / 100)
    let held = first?.documentAt(now()) ?? null
    const change = (documentAt: Stage['documentAt']) => {
      const next = documentAt(now())
      held = held === null || next === null ? next : withTimesKept(held, next)
      return happen(store, id + n, held, true)
    }
    if (held !== null) happen(store, id + n, held, false)
    count('placed')
    let last = at
    for (const {what, documentAt} of changes) {
      last = what === 'refundFailed' ? last + Math.min(BACK_AFTER_MS, later(0, 100, 250)) : later(last, 0.5, 3.5)
      steps.push({at: last, run: () => change(documentAt) && count(what)})
    }
    const next = later(at, 0.5, 1.5)
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

export function nothing(): Record<Happening, number> {
  return Object.fromEntries(HAPPENINGS.map((what) => [what, 0])) as Record<Happening, number>
}

/** Writes what an order is now. False where somebody else deleted it meanwhile. */
function happen(store: Store, id: number, document: OrderDocument | null, isKnown: boolean): boolean {
  if (isKnown && store.get?.(String(id)) === null) return false
  if (document === null) store.remove?.(String(id))
  else store.put(document)
  return true
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
