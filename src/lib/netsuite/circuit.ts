import {systemClock, type Clock} from '../core/clock.ts'
import {CredentialError, RetryableError} from '../core/errors.ts'

export type Circuit = Readonly<{
  /** Runs work under a credential, once it is known to be good; throws the refusal where there was one. */
  guard<T>(credential: string, work: () => Promise<T>): Promise<T>
  /** Forgets a refusal: the next request goes alone, and shows whether the credential is good again. */
  forgive(): void
}>

export type CircuitOptions = Readonly<{
  clock?: Clock
  /** Told when refused logins look like too many requests at once. */
  onOverrun?: (() => void) | undefined
  signal?: AbortSignal | undefined
  /** Asked before a request goes alone: the refusal that another process has met already, so that this one need not. */
  leftAlone?: (() => Promise<CredentialError | null>) | undefined
  /** The least that everything waits before the second look, and as much again by chance. */
  holdMs?: number
}>

const HOLD_MS = 3000
/** A credential that worked so recently is doubted only after a second look. */
const WORKED_MS = 5 * 60_000
/** How often one request may be refused while others under the same credential pass. */
const DOUBTS_MAX = 2

/**
 * Five refused logins lock the user of an integration for 30 minutes (NetSuite help, subsect_156935170194, login audit trail:
 * temporary_locked). So the first use of a credential goes alone while the others wait for it, and after one refused login
 * nothing more is sent to the account by this process. A missing permission is no such refusal: it concerns one question,
 * and locks nobody. A credential that worked minutes ago and is refused beside other requests may be good, and the account
 * overrun: then everything waits for a few seconds, and one request goes alone; its end decides. Several processes that doubt at
 * once wait differently long, so that mostly one of them finds out for all.
 */
export function createCircuit(options: CircuitOptions = {}): Circuit {
  const logins = new Logins(options)
  return {
    async guard(credential, work) {
      for (let times = 0; times <= DOUBTS_MAX; times++) {
        const end = await logins.turn(credential)
        try {
          const done = await logins.use(credential, work)
          if (done !== null) return done.value
        } finally {
          end()
        }
      }
      throw overrun()
    },
    forgive: () => logins.forgive(),
  }
}

class Logins {
  readonly #options: CircuitOptions
  readonly #clock: Clock
  readonly #worked = new Map<string, number>()
  #trial: Promise<void> | null = null
  #hold: Promise<void> | null = null
  #refusal: CredentialError | null = null
  #inFlight = 0
  #doubts = 0
  /** Whoever forgave means to ask whatever others have met; until the next doubt. */
  #isForgiven = false

  constructor(options: CircuitOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
  }

  /** Waits until the credential may be used. Without a use that went well the request goes alone; gives its end to be called. */
  async turn(credential: string): Promise<() => void> {
    for (;;) {
      if (this.#refusal !== null) throw this.#refusal
      if (this.#hold !== null) await this.#hold
      else if (this.#trial !== null) await this.#trial
      else break
    }
    if (this.#worked.has(credential)) return () => undefined
    const {promise, resolve} = Promise.withResolvers<void>()
    this.#trial = promise
    const end = () => {
      this.#trial = null
      resolve()
    }
    try {
      await this.#mayKnock()
      return end
    } catch (error) {
      end()
      throw error
    }
  }

  async #mayKnock(): Promise<void> {
    const refused = this.#isForgiven ? null : await this.#options.leftAlone?.()
    if (refused) throw (this.#refusal = refused)
  }

  /** Null where the login was refused, and the request may go again when its turn comes. */
  async use<T>(credential: string, work: () => Promise<T>): Promise<Readonly<{value: T}> | null> {
    const since = this.#doubts
    const isRecent = this.#clock.now().getTime() - (this.#worked.get(credential) ?? -Infinity) < WORKED_MS
    this.#inFlight += 1
    const began = this.#inFlight
    try {
      const value = await work()
      if (since === this.#doubts) this.#worked.set(credential, this.#clock.now().getTime())
      return {value}
    } catch (error) {
      if (!isRefusal(error)) throw error
      const isCrowded = Math.max(began, this.#inFlight) > 1
      if (this.#isDoubtful(since, isRecent && isCrowded)) return null
      throw (this.#refusal ??= error)
    } finally {
      this.#inFlight -= 1
    }
  }

  forgive(): void {
    this.#refusal = null
    this.#isForgiven = true
    this.#worked.clear()
  }

  #isDoubtful(since: number, mayBeOverrun: boolean): boolean {
    // Others were refused at the same time: their second look counts for all.
    if (this.#doubts !== since) return this.#refusal === null
    if (mayBeOverrun) this.#doubt()
    return mayBeOverrun
  }

  #doubt(): void {
    const {onOverrun, signal, holdMs = HOLD_MS} = this.#options
    this.#doubts += 1
    this.#isForgiven = false
    this.#worked.clear()
    onOverrun?.()
    this.#hold = this.#clock.sleep(holdMs * (1 + Math.random()), signal).finally(() => (this.#hold = null))
    this.#hold.catch(() => undefined) // whoever waits for it is told
  }
}

function isRefusal(error: unknown): error is CredentialError {
  return error instanceof CredentialError && error.code === 'NETSUITE_LOGIN_REFUSED'
}

function overrun(): RetryableError {
  return new RetryableError('NETSUITE_BUSY', 'NetSuite refused the login again and again, and accepted it in between', {
    retryAfterMs: 5000,
    hint: 'the account handles no more requests at once; lower NETSUITE_CONCURRENCY if this is frequent',
  })
}
