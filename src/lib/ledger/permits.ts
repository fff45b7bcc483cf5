import {isConnectionFault, lost} from './connection.ts'
import type {Ledger} from './open.ts'
import {heldPermit, slotsOf, type Untold} from './permit-held.ts'
import {createLine, type Line, type PermitLane, type Waiter} from './permit-line.ts'
import {createRest} from './permit-rest.ts'
import {openSession, type PermitSession} from './permit-session.ts'
import {createSpare} from './permit-spare.ts'
import type {Learnt} from './permit-sql.ts'
import type {HeldPermit, PermitOptions, PermitPool} from './permit-types.ts'

/** A permit stays in its process unless a request elsewhere came this much earlier: passing it on costs a millisecond or two. */
const STAY_MS = 250
/** While requests wait, a process looks this often: for permits that rested, for slots regained, for who waits elsewhere. */
const LOOK_MS = 100
/** After a connection broke with requests in flight: how long until the process states them again. */
const RETURN_MS = 200
const CLOSED = 'the permits were closed'

/**
 * Opens the permits of an account. Each process keeps one row in the ledger: how many permits it holds, and the turns of those
 * that wait; whoever changes something gives the free permits to the earliest turns, of any process. A permit that is given
 * back goes to the next waiter of this process without asking, unless an earlier one waits elsewhere. A process that dies
 * unasked leaves its requests behind: its permits rest for as long as its longest request took, twice.
 */
export function openPermits(ledger: Pick<Ledger, 'connection' | 'schemas'>, options: PermitOptions): PermitPool {
  return new Permits(ledger, options)
}

const NOTHING: Untold = {freed: 0, cut: 0, refused: false, learned: null}

class Permits implements PermitPool {
  readonly #ledger: Pick<Ledger, 'connection' | 'schemas'>
  readonly #options: PermitOptions
  readonly #line: Line
  readonly #rest = createRest()
  #session: PermitSession | null = null
  #sessionBefore: number | null = null
  #inUse = 0
  readonly #spare = createSpare((count) => this.#giveBack(count))
  /** What the others do not know yet. */
  #untold: Untold = {...NOTHING}
  #learned: number | null = null
  /** What the last exchange told; `othersTurnAt` on this process's clock. */
  #known: {limit: number; busy: number; othersTurnAt: number}
  /** Turns that the others know to wait here. */
  #shown: number[] = []
  #isExchanging = false
  #isStale = false
  #isClosed = false
  #timer: NodeJS.Timeout | undefined

  constructor(ledger: Pick<Ledger, 'connection' | 'schemas'>, options: PermitOptions) {
    this.#ledger = ledger
    this.#options = options
    this.#line = createLine(options.waitersMax)
    this.#known = {limit: this.#slots(), busy: 0, othersTurnAt: Infinity}
  }

  stats(): ReturnType<PermitPool['stats']> {
    const slots = this.#slots()
    const limit = Math.min(slots, this.#known.limit)
    return {slots, limit, inFlight: this.#inUse, waiting: this.#line.length()}
  }

  async acquire(lane: PermitLane, signal?: AbortSignal): Promise<HeldPermit> {
    signal?.throwIfAborted()
    if (this.#isClosed) throw new Error(CLOSED)
    const since = performance.now()
    if (this.#isQuiet() && this.#spare.take()) {
      this.#inUse++
      return this.#permit(since)
    }
    const {promise, resolve, reject} = Promise.withResolvers<HeldPermit>()
    const onAbort = () => {
      this.#line.drop(waiter)
      this.#tell()
      reject(signal?.reason)
    }
    const waiter: Waiter = {
      turnAt: this.#line.turnOf(lane, since),
      grant: () => resolve(this.#permit(since)),
      refuse: (error) => reject(error),
    }
    this.#line.add(waiter)
    signal?.addEventListener('abort', onAbort, {once: true})
    if (this.#isCovered(waiter)) this.#lookLater(LOOK_MS)
    else this.#tell()
    return promise.finally(() => signal?.removeEventListener('abort', onAbort))
  }

  refused(): void {
    this.#untold.refused = true
    this.#tell()
  }

  setLimit(limit: number): void {
    this.#learned = limit
    this.#untold.learned = limit
    this.#tell()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#spare.drop()
    for (const waiter of this.#line.empty()) waiter.refuse(new Error(CLOSED))
    const session = this.#session
    this.#session = null
    if (session === null) return
    try {
      if (this.#inUse === 0) await session.exchange({...this.#report(), closing: true})
    } catch (error) {
      if (!isConnectionFault(error)) throw error // the server is away: for the others this session is dead, as it should be
    } finally {
      await session.close()
    }
  }

  /** One behind as many as could be served need not be told at once, nor one where all permits are here: the next comes from here. */
  #isCovered({turnAt}: Waiter): boolean {
    if (this.#inUse >= this.#known.limit) return true
    return this.#shown.length >= this.#known.limit && (this.#shown[0] ?? Infinity) <= turnAt
  }

  #slots = (): number => slotsOf(this.#options, this.#learned)

  /** Exchanges with the others as soon as the line to the server is free. */
  #tell(): void {
    this.#isStale = true
    if (this.#isExchanging || this.#isClosed) return
    this.#isExchanging = true
    void this.#exchangeAll().finally(() => {
      this.#isExchanging = false
      if (this.#isStale) this.#tell()
    })
  }

  async #exchangeAll(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    try {
      await Promise.resolve() // whoever asks in this moment is in the same exchange
      while (this.#isStale && !this.#isClosed) {
        const session = await this.#open()
        this.#isStale = false
        const told = this.#report()
        this.#untold = {...NOTHING}
        this.#learn(await session.exchange(told))
      }
      if (this.#line.length() > 0) this.#lookLater(LOOK_MS)
    } catch (error) {
      this.#isStale = false
      this.#forget()
      for (const waiter of this.#line.empty()) {
        waiter.refuse(isConnectionFault(error) ? lost(this.#ledger.connection, error) : error)
      }
    }
  }

  #report(): Parameters<PermitSession['exchange']>[0] {
    const now = performance.now()
    const slots = this.#slots()
    const {reserve} = this.#options
    this.#shown = this.#line.turns(slots)
    const agesMs = this.#shown.map((turnAt) => now - turnAt)
    return {...this.#untold, inUse: this.#inUse, slots, reserve, agesMs, restMs: this.#rest.ms(), closing: false}
  }

  #learn({held, slots, busy, learned, othersAgeMs}: Learnt): void {
    if (learned !== null && learned !== this.#learned && this.#untold.learned === null) {
      this.#learned = learned
      this.#isStale = true
    }
    const othersTurnAt = othersAgeMs === null ? Infinity : performance.now() - othersAgeMs
    this.#known = {limit: slots, busy, othersTurnAt}
    const granted = held - this.#inUse - this.#spare.count() - this.#untold.freed
    for (let i = 0; i < granted; i++) this.#use(true)
  }

  /** Uses a permit for the next that waits here, or gives it to the others. */
  #use(isAllowed: boolean): void {
    const next = isAllowed ? this.#line.next() : undefined
    if (next === undefined) return this.#giveBack(1)
    this.#inUse++
    if (this.#shown[0] === next.turnAt) this.#shown.shift()
    next.grant()
  }

  /** Nobody waits, here or elsewhere, and no more are in use than may be. */
  #isQuiet(): boolean {
    return this.#line.length() === 0 && this.#known.othersTurnAt === Infinity && this.#isWithinLimit()
  }

  #isWithinLimit = (): boolean => this.#known.busy <= Math.min(this.#known.limit, this.#slots())

  #giveBack(count: number): void {
    this.#untold.freed += count
    this.#known.busy -= count
    this.#tell()
  }

  #permit = (since: number): HeldPermit => heldPermit(since, (durationMs, cut) => this.#release(durationMs, cut))

  #release(durationMs: number, cut: boolean): void {
    this.#rest.note(durationMs)
    this.#inUse--
    if (this.#session === null) return // the permits of a connection that broke are stated anew when it is back
    if (cut) this.#untold.cut++
    if (!cut && this.#isQuiet()) {
      this.#spare.keep()
      // Whoever waits elsewhere is seen in time, also where one request follows the other for ever.
      return this.#lookLater(LOOK_MS)
    }
    const isFirst = (this.#line.first()?.turnAt ?? Infinity) < this.#known.othersTurnAt + STAY_MS
    this.#use(!cut && isFirst && this.#isWithinLimit())
  }

  #lookLater(ms: number): void {
    if (this.#isClosed || this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#tell()
    }, ms).unref()
  }

  async #open(): Promise<PermitSession> {
    if (this.#session !== null) return this.#session
    const {connection, schemas} = this.#ledger
    const place = {schema: schemas.own, account: this.#options.account, replaces: this.#sessionBefore}
    const session = await openSession(connection, place, {
      lost: (broken) => this.#session === broken && this.#forget(),
      granted: () => this.#tell(),
    })
    // A new session states all that is in use, so nothing is left to be given back.
    this.#untold = {...this.#untold, freed: 0}
    this.#sessionBefore = session.id
    this.#session = session
    return session
  }

  /** The connection broke. What is in use is stated again soon, before the others take its rest for over. */
  #forget(): void {
    void this.#session?.close().catch(() => undefined) // it broke, which was told
    this.#session = null
    this.#spare.drop()
    this.#shown = []
    if (this.#inUse > 0 || this.#line.length() > 0) this.#lookLater(RETURN_MS)
  }
}
