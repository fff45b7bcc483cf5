import {setTimeout as delay} from 'node:timers/promises'

import type {Crew} from './crew.ts'
import type {Platforms} from './platforms.ts'
import type {Fault, Standing} from './schedule.ts'
import type {Server} from './server.ts'

type Parts = Readonly<{
  platforms: Platforms
  ledger: Server
  crew: Crew
  /** What a person does when a credential is good again. */
  mend: () => Promise<void>
}>

/** A part of the run does not wait longer for it: the answer may hang on other faults. */
const MENDED_WITHIN_MS = 6000

/** Brings the schedule's faults about. Those of the sandbox end by themselves. */
export class Trouble {
  readonly #parts: Parts
  readonly #standing: readonly Standing[]
  readonly #say: (text: string) => void
  #down: Promise<void> = Promise.resolve()
  restarts = 0
  /** How often NetSuite took the credential for dead. */
  credentialFaults = 0

  constructor(parts: Parts, standing: readonly Standing[], say: (text: string) => void) {
    this.#parts = parts
    this.#standing = standing
    this.#say = say
  }

  /** Puts the standing faults in force. */
  async begin(): Promise<void> {
    for (const {system, rule} of this.#standing) await this.#parts.platforms.post(system, 'faults', rule)
  }

  /** Plays one fault to its end. */
  async play(fault: Fault): Promise<void> {
    switch (fault.does) {
      case 'kill':
        this.#say(`kill -9 ${this.#parts.crew.kill(fault.victim) ?? 'nobody'}`)
        return
      case 'postgres':
        // One at a time: a server that is down cannot go down.
        this.#down = this.#down.then(() => this.#restart(fault.forMs))
        return this.#down
      case 'rule':
        return this.#order(fault)
    }
  }

  /** Ends whatever is still in force. */
  async calm(): Promise<void> {
    await this.#down
    for (const system of ['shopify', 'netsuite'] as const) await this.#parts.platforms.remove(system, 'faults')
  }

  async #order({name, system, rules, forMs}: Fault & {does: 'rule'}): Promise<void> {
    const isOfCredential = name === 'revoked' || name === 'skew'
    this.#say(`${system} ${JSON.stringify(rules)} for ${forMs} ms`)
    if (isOfCredential && system === 'netsuite') this.credentialFaults += 1
    await this.#parts.platforms.post(
      system,
      'faults',
      rules.map((rule) => ({...rule, forMs})),
    )
    await delay(forMs)
    // The program finds out by itself that a credential is good again, but later.
    if (isOfCredential) await Promise.race([this.#parts.mend(), delay(MENDED_WITHIN_MS)])
  }

  async #restart(forMs: number): Promise<void> {
    this.#say(`Postgres stopped for ${forMs} ms`)
    this.restarts += 1
    await this.#parts.ledger.crash()
    await delay(forMs)
    await this.#parts.ledger.start()
  }
}
