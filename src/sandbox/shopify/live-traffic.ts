import type {Shares} from '../orders/lives.ts'
import {nothing, playTraffic, type Traffic, type TrafficOptions} from '../orders/traffic.ts'
import {isJson} from './json.ts'
import type {Orders} from './orders.ts'

type Asked = Omit<TrafficOptions, 'now' | 'tell'>

/** What customers and staff of a lively shop do, where nothing else is asked for. */
const SHARES: Readonly<Required<Shares>> = {
  edits: 0.12,
  cancellations: 0.06,
  partialCancellations: 0.04,
  addressChanges: 0.06,
  noteChanges: 0.06,
  latePayments: 0.08,
  shipments: 0.08,
  deletions: 0.02,
  tests: 0.02,
  captures: 0.06,
  returns: 0.05,
  refunds: 0.05,
  termPayments: 0.03,
}

const ORDERS_PER_MINUTE = 30
/** More than this machine and the receivers of its webhooks would keep up with. */
const ORDERS_PER_MINUTE_MAX = 600_000

/**
 * Reads what traffic is asked for: `ordersPerMinute`, `seed`, `orders` (an end), and the shares by name.
 * Throws TypeError that names what is wrong.
 */
export function readTraffic(given: unknown): Asked {
  if (!isJson(given)) throw new TypeError('traffic is asked for with a JSON object')
  const number = (name: string, otherwise: number, most: number): number => {
    const value = given[name] ?? otherwise
    if (typeof value === 'number' && value >= 0 && value <= most) return value
    throw new TypeError(`${name} must be a number from 0 to ${most}`)
  }
  const names = Object.keys(SHARES) as (keyof Shares)[]
  const unknown = Object.keys(given).find((name) => ![...names, 'ordersPerMinute', 'seed', 'orders'].includes(name))
  if (unknown !== undefined)
    throw new TypeError(`${unknown} is nothing that traffic knows; shares are ${names.join(', ')}`)
  const shares = Object.fromEntries(names.map((name) => [name, number(name, SHARES[name], 1)])) as Required<Shares>
  if (names.reduce((sum, name) => sum + shares[name], 0) > 1.000_001) throw new TypeError('the shares exceed the whole')
  const ordersPerMinute = number('ordersPerMinute', ORDERS_PER_MINUTE, ORDERS_PER_MINUTE_MAX)
  if (ordersPerMinute === 0) throw new TypeError('ordersPerMinute must be above 0')
  const end = given.orders === undefined ? {} : {orders: number('orders', 0, Number.MAX_SAFE_INTEGER)}
  return {...shares, ordersPerMinute, seed: number('seed', 1, Number.MAX_SAFE_INTEGER), ...end}
}

/** The orders that are played in a shop; at most one traffic at a time. */
export class LiveTraffic {
  readonly #orders: Orders
  readonly #now: () => Date
  readonly #onStart: () => void
  #counts = nothing()
  #end: AbortController | null = null
  #failure: string | null = null

  /** @param onStart told when traffic starts */
  constructor(orders: Orders, now: () => Date, onStart: () => void) {
    this.#onStart = onStart
    this.#orders = orders
    this.#now = now
  }

  /** Starts; one that is played already ends. Counts go on. */
  start(asked: Asked): void {
    this.stop()
    this.#onStart()
    const end = new AbortController()
    this.#end = end
    const options = {...asked, now: this.#now, tell: (what: keyof Traffic) => (this.#counts[what] += 1)}
    playTraffic(this.#orders, options, end.signal)
      .catch((error: unknown) => (this.#failure = error instanceof Error ? error.message : String(error)))
      .finally(() => {
        if (this.#end === end) this.#end = null
      })
  }

  stop(): void {
    this.#end?.abort()
    this.#end = null
  }

  clear(): void {
    this.stop()
    this.#counts = nothing()
    this.#failure = null
  }

  /** Whether orders are played now, what was done since the start or the last reset, and what ended it against its will. */
  report(): Readonly<{playing: boolean; failure: string | null} & Traffic> {
    return {playing: this.#end !== null, failure: this.#failure, ...this.#counts}
  }
}
