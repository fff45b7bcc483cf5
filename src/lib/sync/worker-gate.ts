import type {Clock} from '../core/clock.ts'
import {CredentialError, messageOf} from '../core/errors.ts'
import {
  claimProbe,
  closeCircuit,
  isOfSystem,
  listCircuits,
  openCircuit,
  postponeProbe,
  type Circuit,
  type Login,
} from '../ledger/circuits.ts'
import type {Ledger} from '../ledger/open.ts'
import type {WorkerLog} from './worker-log.ts'

/** A system of this worker, and the one cheap question that shows whether it takes our credential. */
export type Knock = Readonly<{
  login: Login
  ask(): Promise<void>
  /** Forgets the client's own memory of a refusal. */
  forgive(): void
}>

export type Gate = Readonly<{
  /** True while a system that we need is left alone, and until it was looked for the first time. */
  isShut(): boolean
  /** A system refused our credential: all workers leave it alone. Throws the error where it is of none of our systems. */
  shut(error: CredentialError): Promise<void>
  /** Learns from the ledger what is shut, and asks a system where that is due. `trial` works one job, alone. */
  look(trial: () => Promise<void>): Promise<void>
}>

type GateParts = Readonly<{
  ledger: Pick<Ledger, 'db'>
  clock: Clock
  knocks: readonly Knock[]
  log: WorkerLog
  onOpen: () => void
  /** Replaces the waits between two questions. */
  probeWaitsMs?: readonly number[] | undefined
}>

/**
 * Stops the work when a system refuses the credential, in all workers through the ledger, and lets it go on by itself: one worker
 * at a time asks one cheap question and then works one order, alone; when both go well everybody goes on. A circuit that was
 * opened by another credential than ours means that somebody mended ours, so we ask at once, but only once: where two machines
 * have different credentials, the one that works must not make the other one knock.
 */
export function createGate(parts: GateParts): Gate {
  const gate = new Shutters(parts)
  let hasLooked = false
  return {
    isShut: () => !hasLooked || gate.isShut(),
    shut: (error) => gate.shut(error),
    async look(trial) {
      const circuits = new Map((await listCircuits(parts.ledger.db)).map((circuit) => [circuit.system, circuit]))
      for (const knock of parts.knocks) await gate.lookAt(knock, circuits.get(knock.login.system), trial)
      hasLooked = true
    },
  }
}

class Shutters {
  readonly #parts: GateParts
  readonly #shut = new Set<string>()
  /** Systems that were looked at before. */
  readonly #seen = new Set<string>()

  constructor(parts: GateParts) {
    this.#parts = parts
  }

  isShut = (): boolean => this.#shut.size > 0

  async shut(error: CredentialError): Promise<void> {
    const {ledger, knocks, probeWaitsMs} = this.#parts
    const knock = knocks.find(({login}) => isOfSystem(error, login))
    if (knock === undefined) throw error
    await openCircuit(ledger.db, knock.login, error, probeWaitsMs)
    const {code, message, hint} = error
    this.#hold({system: knock.login.system, code, message, hint})
  }

  async lookAt(knock: Knock, circuit: Circuit | undefined, trial: () => Promise<void>): Promise<void> {
    const {login} = knock
    const isFirst = !this.#seen.has(login.system)
    this.#seen.add(login.system)
    const isOurs = circuit?.fingerprint === login.fingerprint
    if (circuit === undefined || (!isOurs && !isFirst)) return this.#release(knock)
    this.#hold(circuit)
    const isOurTurn = isOurs ? circuit.isDue && (await claimProbe(this.#parts.ledger.db, login)) : true
    if (isOurTurn) await this.#probe(knock, circuit, trial)
  }

  /** One order shows more than the question: a permission that it does not need, or another channel. */
  async #probe(knock: Knock, circuit: Circuit, trial: () => Promise<void>): Promise<void> {
    try {
      await knock.ask()
      if (this.#shut.size === 1) await trial()
    } catch (error) {
      return this.#stayShut(knock, circuit, error)
    }
    await closeCircuit(this.#parts.ledger.db, circuit.system)
    this.#release(knock)
  }

  async #stayShut(knock: Knock, circuit: Circuit, error: unknown): Promise<void> {
    const {ledger, log, probeWaitsMs} = this.#parts
    log('circuit-still-open', {system: circuit.system, message: messageOf(error)})
    const isRefusal = error instanceof CredentialError && isOfSystem(error, knock.login)
    if (isRefusal && circuit.fingerprint !== knock.login.fingerprint) return this.shut(error)
    await postponeProbe(ledger.db, circuit, isRefusal ? error : null, probeWaitsMs)
    if (error instanceof CredentialError && !isRefusal) await this.shut(error)
  }

  #hold({system, code, message, hint}: Pick<Circuit, 'system' | 'code' | 'message' | 'hint'>): void {
    if (this.#shut.has(system)) return
    this.#shut.add(system)
    this.#parts.log('circuit-open', {system, code, message, hint})
  }

  #release({login: {system}, forgive}: Knock): void {
    if (!this.#shut.delete(system)) return
    forgive()
    this.#parts.log('circuit-closed', {system})
    if (this.#shut.size === 0) this.#parts.onOpen()
  }
}
