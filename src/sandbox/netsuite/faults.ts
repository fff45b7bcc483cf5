import type {Channel} from './engine-types.ts'

/** Faults of the whole message, played by the server. */
const MESSAGE_FAULTS = [
  'lost-reply',
  'reset',
  'cut',
  'html',
  'delay',
  'concurrency',
  'login',
  'maintenance',
  'clock-skew',
  'malformed',
  'overload-login',
] as const
/** Faults of one record, played by the engine. */
const RECORD_FAULTS = [
  'unexpected-error',
  'permission',
  'locked',
  'changed',
  'mandatory-field',
  'renamed-field',
  'after-submit-failed',
] as const

export type FaultKind = (typeof MESSAGE_FAULTS)[number] | (typeof RECORD_FAULTS)[number]

/**
 * A fault to order. `match` limits it (all given must hold); `count` is how often it strikes (absent: until deleted);
 * `probability` of striking a message that matches, drawn from the sandbox's seed; `forMs`: after so long it ends by itself.
 * `ms`: how long a delay takes, how far the clock is ahead, or how long a `login` fault that `locks` keeps the user out after
 * five refusals. `field`: script id for mandatory-field and renamed-field.
 */
export type FaultRule = Readonly<{
  kind: FaultKind
  match?: Readonly<{channel?: Channel; operation?: string; recordType?: string; externalId?: string}>
  count?: number
  probability?: number
  forMs?: number
  ms?: number
  locks?: boolean
  field?: string
}>

/** What is about to happen. `holds` answers whether the message concerns an external id or a record type. */
export type Probe = Readonly<{
  channel: Channel
  operation: string
  concerns(recordType: string | undefined, externalId: string | undefined): boolean
}>

const KINDS: ReadonlySet<string> = new Set([...MESSAGE_FAULTS, ...RECORD_FAULTS])

type Active = {rule: FaultRule; left: number; struck: number; endsAtMs: number}

const DEFAULT_SKEW_MS = 10 * 60_000

/** The faults in force. */
export class Faults {
  #active: Active[] = []
  readonly #random: () => number

  constructor(random: () => number) {
    this.#random = random
  }

  order(rule: FaultRule): void {
    const endsAtMs = rule.forMs === undefined ? Infinity : performance.now() + rule.forMs
    this.#active.push({rule, left: rule.count ?? Infinity, struck: 0, endsAtMs})
  }

  /** Ends the faults of a kind; all of them without one. */
  clear(kind?: string): void {
    this.#active = kind === undefined ? [] : this.#active.filter(({rule}) => rule.kind !== kind)
  }

  list(): (FaultRule & {left: number | null; struck: number})[] {
    return this.#inForce().map(({rule, left, struck}) => ({...rule, left: left === Infinity ? null : left, struck}))
  }

  /** How far the clock of the account is ahead. It is one clock, whatever a rule matches. */
  skewMs(): number {
    const [skew] = this.standing('clock-skew')
    return skew === undefined ? 0 : (skew.ms ?? DEFAULT_SKEW_MS)
  }

  #inForce(): readonly Active[] {
    if (this.#active.some(({endsAtMs}) => endsAtMs <= performance.now()))
      this.#active = this.#active.filter(({endsAtMs}) => endsAtMs > performance.now())
    return this.#active
  }

  /** The first fault of one of these kinds that strikes now; it counts as struck. */
  strike(kinds: readonly FaultKind[], probe: Probe): FaultRule | undefined {
    const active = this.#inForce().find(
      (each) => each.left > 0 && kinds.includes(each.rule.kind) && this.#hits(each.rule, probe),
    )
    if (active === undefined) return undefined
    this.spend(active.rule)
    return active.rule
  }

  /** Standing rules of a kind that hold for the probe, without counting: mandatory and renamed fields, clock skew. */
  standing(kind: FaultKind, probe?: Probe): FaultRule[] {
    if (this.#active.length === 0) return []
    return this.#inForce()
      .filter(({rule, left}) => rule.kind === kind && left > 0 && (probe === undefined || matches(rule, probe)))
      .map(({rule}) => rule)
  }

  spend(rule: FaultRule): void {
    const active = this.#active.find((each) => each.rule === rule)
    if (active === undefined) return
    active.left -= 1
    active.struck += 1
  }

  #hits(rule: FaultRule, probe: Probe): boolean {
    return matches(rule, probe) && (rule.probability === undefined || this.#random() < rule.probability)
  }
}

function matches({match}: FaultRule, probe: Probe): boolean {
  if (match === undefined) return true
  if (match.channel !== undefined && match.channel !== probe.channel) return false
  if (match.operation !== undefined && match.operation.toLowerCase() !== probe.operation.toLowerCase()) return false
  return probe.concerns(match.recordType, match.externalId)
}

/** Reads fault rules from JSON: one or an array. Throws TypeError naming what is wrong. */
export function parseFaults(json: unknown): FaultRule[] {
  const list: unknown[] = Array.isArray(json) ? json : [json]
  return list.map((entry, index) => {
    if (typeof entry !== 'object' || entry === null) throw new TypeError(`fault ${index} is not an object`)
    const {kind, count, probability, forMs} = entry as Record<string, unknown>
    if (typeof kind !== 'string' || !KINDS.has(kind)) {
      throw new TypeError(`fault ${index}: kind must be one of ${[...KINDS].join(', ')}`)
    }
    if (count !== undefined && !(Number.isInteger(count) && Number(count) > 0)) {
      throw new TypeError(`fault ${index}: count must be a positive integer`)
    }
    if (probability !== undefined && !(typeof probability === 'number' && probability >= 0 && probability <= 1)) {
      throw new TypeError(`fault ${index}: probability must be between 0 and 1`)
    }
    if (forMs !== undefined && !(typeof forMs === 'number' && forMs > 0)) {
      throw new TypeError(`fault ${index}: forMs must be a positive number`)
    }
    return entry as FaultRule
  })
}

/** mulberry32: small, seeded, good enough for drawing faults and latencies. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
