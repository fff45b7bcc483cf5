import {setTimeout as delay} from 'node:timers/promises'

import type {Crew} from './crew.ts'
import type {Platforms, System} from './platforms.ts'
import type {Fault, Standing} from './schedule.ts'
import type {Server} from './server.ts'

type Rule = Readonly<Record<string, unknown>>
type Listed = Readonly<{kind: string; struck: number; left: number | null}> & Rule

type Parts = Readonly<{
  platforms: Platforms
  ledger: Server
  crew: Crew
  /** What a person does when a credential is good again. */
  mend: () => Promise<void>
}>

/** After these a person has to know that the credential is good again; the program finds out by itself, but later. */
const OF_CREDENTIALS: ReadonlySet<string> = new Set(['revoked', 'login', 'clock-skew'])

/** Brings the schedule's faults about, and ends each in its time. */
export class Trouble {
  readonly #parts: Parts
  readonly #standing: readonly Standing[]
  readonly #say: (text: string) => void
  readonly #active: Record<System, Map<Fault | Standing, Rule>> = {shopify: new Map(), netsuite: new Map()}
  #turn: Promise<void> = Promise.resolve()
  #down: Promise<void> = Promise.resolve()
  restarts = 0
  /** How often NetSuite took the credential for dead. */
  credentialFaults = 0
  /** How often each kind of fault struck a request of NetSuite. */
  readonly struck = new Map<string, number>()

  constructor(parts: Parts, standing: readonly Standing[], say: (text: string) => void) {
    this.#parts = parts
    this.#standing = standing
    this.#say = say
  }

  /** Refusals for concurrency that were ordered, and so are nobody's fault. */
  get orderedRefusals(): number {
    return this.struck.get('concurrency') ?? 0
  }

  /** Puts the standing faults in force. */
  async begin(): Promise<void> {
    for (const standing of this.#standing) await this.#alone(() => this.#start(standing))
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
        this.#say(`${fault.system} ${JSON.stringify(fault.rule)} for ${fault.forMs} ms`)
        if (fault.system === 'netsuite' && OF_CREDENTIALS.has(String(fault.rule['kind']))) this.credentialFaults += 1
        await this.#alone(() => this.#start(fault))
        await delay(fault.forMs)
        await this.#alone(() => this.#end(fault, fault.system))
        if (OF_CREDENTIALS.has(String(fault.rule['kind']))) await this.#parts.mend()
    }
  }

  /** Ends whatever is still in force. */
  async calm(): Promise<void> {
    await this.#down
    await this.#alone(async () => {
      for (const active of Object.values(this.#active)) active.clear()
      await this.#clear('netsuite')
      await this.#parts.platforms.remove('shopify', 'faults')
    })
  }

  async #start(fault: Standing): Promise<void> {
    this.#active[fault.system].set(fault, fault.rule)
    await this.#parts.platforms.post(fault.system, 'faults', fault.rule)
  }

  async #restart(forMs: number): Promise<void> {
    this.#say(`Postgres stopped for ${forMs} ms`)
    this.restarts += 1
    await this.#parts.ledger.crash()
    await delay(forMs)
    await this.#parts.ledger.start()
  }

  /** Faults end all at once in a sandbox: what has still to last is ordered again, with what is left of it. */
  async #end(fault: Fault, system: System): Promise<void> {
    this.#active[system].delete(fault)
    const others = [...this.#active[system].values()]
    if (system === 'shopify') {
      await this.#parts.platforms.remove(system, 'faults')
      if (others.length > 0) await this.#parts.platforms.post(system, 'faults', others)
      return
    }
    const listed = await this.#clear(system)
    const again = others.flatMap((rule) => {
      const before = listed.find((one) =>
        Object.entries(rule).every(([key, value]) => key === 'count' || same(one[key], value)),
      )
      return before?.left === 0 ? [] : [typeof before?.left !== 'number' ? rule : {...rule, count: before.left}]
    })
    if (again.length > 0) await this.#parts.platforms.post(system, 'faults', again)
  }

  async #clear(system: 'netsuite'): Promise<Listed[]> {
    const listed = await this.#parts.platforms.get<Listed[]>(system, 'faults')
    await this.#parts.platforms.remove(system, 'faults')
    for (const {kind, struck} of listed) this.struck.set(kind, (this.struck.get(kind) ?? 0) + struck)
    return listed
  }

  /** One change of the faults after another. */
  async #alone(change: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(change)
    this.#turn = done.catch(() => undefined)
    await done
  }
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
