import type {Poster, Reply} from './post.ts'

type Attempt = Readonly<{at: string} & Reply>

/** One body on its way to one address. Everything but its fate is fixed when the event happens. */
export type Delivery = {
  readonly webhookId: string
  readonly subscriptionId: string
  readonly topic: string
  readonly subject: string
  readonly uri: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** A stranger's: sent once, whatever is answered. */
  readonly isForged: boolean
  readonly attempts: Attempt[]
  state: 'waiting' | 'acknowledged' | 'lost' | 'given up'
  /** How often the subscription was acknowledged when this delivery failed first; null before. */
  acknowledgedBefore: number | null
}

/** Retries after the first attempt (Shopify: webhooks, "8 times over 4 hours, exponential"). */
export const RETRIES = 8

const FOUR_HOURS_MS = 4 * 3_600_000

/** The wait before a retry, counted from 1. Shopify does not publish its steps: here each doubles, and all sum to 4 hours. */
export function retryWaitMs(retry: number): number {
  return (FOUR_HOURS_MS * 2 ** (retry - 1)) / (2 ** RETRIES - 1)
}

/** Requests in flight to all receivers together. */
const MOST_AT_ONCE = 64

type Options = Readonly<{
  poster: Poster
  now: () => Date
  /** Told after each attempt; gives the wait before the next one, null when the delivery is settled. */
  onAttempt: (delivery: Delivery, isAcknowledged: boolean) => number | null
}>

/** Carries deliveries to their addresses, many at once and without any promise of order. */
export class Courier {
  readonly #options: Options
  readonly #timers = new Map<Delivery, NodeJS.Timeout>()
  readonly #watchers = new Map<Delivery, (() => void)[]>()
  readonly #live = new Set<Delivery>()
  #ready: Delivery[] = []
  #sending = 0

  constructor(options: Options) {
    this.#options = options
  }

  /** Deliveries that are neither acknowledged nor given up. */
  get waiting(): number {
    return this.#live.size
  }

  send(delivery: Delivery, afterMs = 0): void {
    this.#live.add(delivery)
    if (afterMs <= 0) {
      this.#enqueue(delivery)
      return
    }
    this.#timers.set(
      delivery,
      setTimeout(() => this.#due(delivery), afterMs),
    )
  }

  /** Attempts everything that waits at once, and resolves when each has had its answer. */
  async flush(): Promise<void> {
    const attempted = [...this.#live].map(
      (delivery) =>
        new Promise<void>((resolve) => {
          this.#watchers.set(delivery, [...(this.#watchers.get(delivery) ?? []), resolve])
        }),
    )
    for (const delivery of [...this.#timers.keys()]) this.#due(delivery)
    await Promise.all(attempted)
  }

  /** Gives up what still waits and fits. */
  drop(fits: (delivery: Delivery) => boolean): readonly Delivery[] {
    const dropped = [...this.#live].filter((delivery) => delivery.state === 'waiting' && fits(delivery))
    for (const delivery of dropped) {
      delivery.state = 'given up'
      this.#settle(delivery)
    }
    this.#ready = this.#ready.filter((delivery) => delivery.state === 'waiting')
    return dropped
  }

  #due(delivery: Delivery): void {
    clearTimeout(this.#timers.get(delivery))
    this.#timers.delete(delivery)
    this.#enqueue(delivery)
  }

  /** Sending starts in a turn of its own: what causes many deliveries at once must not eat up a receiver's time. */
  #enqueue(delivery: Delivery): void {
    if (this.#ready.push(delivery) === 1) setImmediate(() => this.#pump())
  }

  #pump(): void {
    while (this.#sending < MOST_AT_ONCE) {
      const delivery = this.#ready.shift()
      if (delivery === undefined) return
      this.#sending += 1
      void this.#attempt(delivery)
    }
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const {poster, now, onAttempt} = this.#options
    const at = now().toISOString()
    const reply = await poster.post(delivery.uri, delivery.headers, delivery.body)
    this.#sending -= 1
    this.#pump()
    if (delivery.state !== 'waiting') return
    delivery.attempts.push({at, ...reply})
    const waitMs = onAttempt(delivery, 'status' in reply && reply.status >= 200 && reply.status < 300)
    this.#notify(delivery)
    if (waitMs === null) this.#settle(delivery)
    else this.send(delivery, waitMs)
  }

  #settle(delivery: Delivery): void {
    clearTimeout(this.#timers.get(delivery))
    this.#timers.delete(delivery)
    this.#live.delete(delivery)
    this.#notify(delivery)
  }

  #notify(delivery: Delivery): void {
    for (const tell of this.#watchers.get(delivery) ?? []) tell()
    this.#watchers.delete(delivery)
  }
}
