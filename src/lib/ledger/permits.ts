import {RetryableError} from '../core/errors.ts'
import {isConnectionFault, lost, type LedgerConnection} from './connection.ts'
import {permitLimit, type PermitLimit} from './permit-limit.ts'
import {openSlots, type SlotSession} from './permit-slots.ts'

/** Kinds of work, most urgent first. */
const LANES = ['orders', 'payments', 'fulfillments', 'inventory', 'customers', 'backfill'] as const
export type PermitLane = (typeof LANES)[number]

/** Leave to have one request in flight. Give it back in any case. */
type HeldPermit = Readonly<{waitedMs: number; release(): Promise<void>}>

/** Leave for requests to one account, over all processes that use this ledger. */
export type PermitPool = Readonly<{
  /** Waits for a slot. Throws RetryableError PERMIT_QUEUE_FULL or DATABASE_LOST, or the signal's reason. */
  acquire(lane: PermitLane, signal?: AbortSignal): Promise<HeldPermit>
  /** The account refused a request for concurrency: use fewer slots for a while. */
  refused(): void
  /** What the account allows, once it is known. */
  setLimit(limit: number): void
  stats(): Readonly<{slots: number; limit: number; inFlight: number; waiting: number}>
  close(): Promise<void>
}>

export type PermitOptions = Readonly<{account: string; limit: number; reserve: number; waitersMax: number}>

type Waiter = {readonly turnAt: number; grant(slot: number): void; refuse(error: Error): void}
type Held = {until: number; session: SlotSession}

/** A lane behind another is served as if its waiters had come this much later: urgent first, and nobody starves. */
const LANE_MS = 3000
/** A slot passes from request to request of one process for this long before other processes get their chance. */
const HOLD_MS = 250
/** How long a process leaves a slot alone that it gave up for others: longer than they take to look. */
const YIELD_MS = 120
const POLL_MIN_MS = 4
const POLL_MAX_MS = 40

/**
 * Opens the permits of an account. Slots are advisory locks in Postgres, so all processes together never exceed the limit,
 * and those of a dead process are free at once. A slot that is given back goes to the next waiter of this process without
 * asking the server; a free one costs one round trip.
 */
export function openPermits(connection: LedgerConnection, options: PermitOptions): PermitPool {
  const limit = permitLimit(options.limit, options.reserve, () => performance.now())
  const pool = new Permits(connection, options.account, limit)
  return {
    acquire: async (lane, signal) => pool.acquire(lane, options.waitersMax, signal),
    refused: () => limit.refused(),
    setLimit(next) {
      limit.set(next)
      pool.wake()
    },
    stats: () => ({slots: limit.slots(), limit: limit.now(), inFlight: pool.inFlight(), waiting: pool.waiting()}),
    close: () => pool.close(),
  }
}

class Permits {
  readonly #connection: LedgerConnection
  readonly #account: string
  readonly #limit: PermitLimit
  readonly #waiters: Waiter[] = []
  readonly #held = new Map<number, Held>()
  #yields: number[] = []
  #session: SlotSession | null = null
  #isPumping = false
  #isClosed = false
  #timer: NodeJS.Timeout | undefined
  #shown: SlotSession | null = null

  constructor(connection: LedgerConnection, account: string, limit: PermitLimit) {
    this.#connection = connection
    this.#account = account
    this.#limit = limit
  }

  inFlight = (): number => this.#held.size
  waiting = (): number => this.#waiters.length

  acquire(lane: PermitLane, waitersMax: number, signal?: AbortSignal): Promise<HeldPermit> {
    signal?.throwIfAborted()
    if (this.#isClosed) return Promise.reject(closed())
    if (this.#waiters.length >= waitersMax) {
      return Promise.reject(
        new RetryableError('PERMIT_QUEUE_FULL', `${this.#waiters.length} requests wait for NetSuite already`, {
          hint: 'nothing to do; fewer workers at once would wait less',
          retryAfterMs: 1000,
        }),
      )
    }
    const since = performance.now()
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#drop(waiter)
        reject(signal?.reason as Error)
      }
      const waiter: Waiter = {
        turnAt: since + LANES.indexOf(lane) * LANE_MS,
        grant: (slot) => {
          signal?.removeEventListener('abort', onAbort)
          resolve(this.#permit(slot, since))
        },
        refuse: (error) => {
          signal?.removeEventListener('abort', onAbort)
          reject(error)
        },
      }
      signal?.addEventListener('abort', onAbort, {once: true})
      this.#waiters.push(waiter)
      this.wake()
    })
  }

  /** Looks for slots now, unless it is doing so. */
  wake(): void {
    clearTimeout(this.#timer)
    if (this.#isPumping || this.#isClosed) return
    this.#isPumping = true
    void this.#pump().finally(() => {
      this.#isPumping = false
      // One who came while the last look ended is not left to wait for the next release.
      if (this.#waiters.length > 0 && this.#held.size < this.#limit.now()) this.wake()
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    for (const waiter of this.#waiters.splice(0)) waiter.refuse(closed())
    const session = this.#session
    this.#session = null
    await session?.close()
  }

  async #pump(): Promise<void> {
    let pollMs = POLL_MIN_MS
    try {
      while (this.#waiters.length > 0 && !this.#isClosed) {
        const now = performance.now()
        this.#yields = this.#yields.filter((until) => until > now)
        const room = this.#limit.now() - this.#held.size - this.#yields.length
        const session = await this.#open()
        const taken = room > 0 ? await session.take(this.#candidates(), Math.min(room, this.#waiters.length)) : []
        for (const slot of taken) this.#held.set(slot, {until: performance.now() + HOLD_MS, session})
        for (const slot of taken) await this.#pass(slot)
        if (this.#waiters.length === 0) break
        if (this.#held.size >= this.#limit.now()) return this.#later()
        if (taken.length > 0) continue
        if (this.#shown !== session) await session.showWaiting(true)
        this.#shown = session
        await new Promise((resolve) => setTimeout(resolve, pollMs * (0.5 + Math.random())))
        pollMs = Math.min(POLL_MAX_MS, pollMs * 1.5)
      }
      await this.#shown?.showWaiting(false)
      this.#shown = null
    } catch (error) {
      this.#shown = null
      for (const waiter of this.#waiters.splice(0)) waiter.refuse(lost(this.#connection, error))
    }
  }

  /** All slots are in use here: whoever gives one back passes it on. Only a regained slot needs a look by itself. */
  #later(): void {
    const regainMs = this.#limit.regainMs()
    if (regainMs !== null) this.#timer = setTimeout(() => this.wake(), regainMs).unref()
  }

  /** Slots not held here, in random order, so that processes do not meet at the first. */
  #candidates(): number[] {
    const slots = Array.from({length: this.#limit.slots()}, (_, slot) => slot).filter((slot) => !this.#held.has(slot))
    const start = Math.floor(Math.random() * slots.length)
    return [...slots.slice(start), ...slots.slice(0, start)]
  }

  /** Gives a slot that this process holds to the next waiter, or to the other processes. */
  async #pass(slot: number): Promise<void> {
    const held = this.#held.get(slot)
    if (held === undefined) return
    try {
      const isOurs = held.session === this.#session
      const isAllowed = slot < this.#limit.slots() && this.#held.size <= this.#limit.now()
      if (isOurs && isAllowed && this.#waiters.length > 0 && (await this.#mayKeep(held))) {
        const next = this.#next()
        if (next !== undefined) return next.grant(slot)
      }
      // A session that broke has given its slots back already.
      if (held.session === this.#session) await held.session.free(slot)
    } catch (error) {
      if (!isConnectionFault(error)) throw error
      this.#session = null // the next to ask for a slot is told, if the server is still away then
    }
    if (this.#held.get(slot) === held) this.#held.delete(slot)
    this.wake()
  }

  /** A slot that was held long enough is kept only where no other process waits; one gives way a few slots at a time. */
  async #mayKeep(held: Held): Promise<boolean> {
    const now = performance.now()
    if (now < held.until) return true
    this.#yields = this.#yields.filter((until) => until > now)
    if (this.#yields.length < Math.ceil(this.#limit.slots() / 4) && (await held.session.othersWait())) {
      this.#yields.push(performance.now() + YIELD_MS)
      return false
    }
    held.until = performance.now() + HOLD_MS
    return true
  }

  #next(): Waiter | undefined {
    const first = this.#waiters.reduce<Waiter | undefined>((a, b) => (a === undefined || b.turnAt < a.turnAt ? b : a), undefined) // prettier-ignore
    if (first !== undefined) this.#drop(first)
    return first
  }

  #drop(waiter: Waiter): void {
    const index = this.#waiters.indexOf(waiter)
    if (index >= 0) this.#waiters.splice(index, 1)
  }

  #permit(slot: number, since: number): HeldPermit {
    let isReleased = false
    return {
      waitedMs: Math.round(performance.now() - since),
      release: async () => {
        if (isReleased) return
        isReleased = true
        await this.#pass(slot)
      },
    }
  }

  async #open(): Promise<SlotSession> {
    if (this.#session !== null) return this.#session
    const session = await openSlots(this.#connection, this.#account, () => {
      if (this.#session === session) this.#session = null
    })
    this.#session = session
    return session
  }
}

function closed(): Error {
  return new Error('the permits were closed')
}
