import type {Channel} from './engine-types.ts'

const LATENCIES_KEPT = 2000

type Count = {requests: number; records: number; refusals: number; failures: number; latencies: number[]}

export type Stats = Readonly<{
  requests: number
  mostInFlight: number
  inFlight: number
  /** Requests in flight, summed over time: 5 busy slots for a second are 5,000. */
  busyMs: number
  refusals: number
  /** Those of them that a fault ordered. */
  orderedRefusals: number
  /** How often faults struck, by kind. */
  faults: Readonly<Record<string, number>>
  records: number
  byChannel: Readonly<Record<string, number>>
  byOperation: Readonly<
    Record<
      string,
      Readonly<{
        requests: number
        records: number
        refusals: number
        failures: number
        p50Ms: number
        p95Ms: number
        maxMs: number
      }>
    >
  >
  logins: Readonly<Record<string, number>>
  loginsRefused: number
  loginLocks: number
}>

/** Counts of what the server was asked. Refusals are those for concurrency; failures are answers above 299. */
export class Counter {
  #counts = new Map<string, Count>()
  #channels = new Map<Channel, number>()
  #mostInFlight = 0
  #busyMs = 0
  #orderedRefusals = 0
  readonly #faults = new Map<string, number>()
  #changedAt = performance.now()
  inFlight = 0

  started(): void {
    this.#pass()
    this.inFlight += 1
    this.#mostInFlight = Math.max(this.#mostInFlight, this.inFlight)
  }

  ended(): void {
    this.#pass()
    this.inFlight -= 1
  }

  /** @param isOrdered by a fault, and not because too many were in flight */
  refused(channel: Channel, operation: string, isOrdered: boolean): void {
    this.#count(channel, operation).refusals += 1
    if (isOrdered) this.#orderedRefusals += 1
  }

  struck(kind: string): void {
    this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + 1)
  }

  answered(channel: Channel, operation: string, answer: Readonly<{status: number; records: number; ms: number}>): void {
    const count = this.#count(channel, operation)
    count.requests += 1
    count.records += answer.records
    if (answer.status > 299) count.failures += 1
    // The newest are kept: a ring, so that long runs stay bounded.
    if (count.latencies.length < LATENCIES_KEPT) count.latencies.push(answer.ms)
    else count.latencies[count.requests % LATENCIES_KEPT] = answer.ms
    this.#channels.set(channel, (this.#channels.get(channel) ?? 0) + 1)
  }

  reset(): void {
    this.#counts = new Map()
    this.#channels = new Map()
    this.#mostInFlight = this.inFlight
    this.#orderedRefusals = 0
    this.#faults.clear()
    this.#pass()
    this.#busyMs = 0
  }

  /** With the Login Audit Trail: refusals by reason, and how often the user was locked. */
  report({audit, locked}: Readonly<{audit: ReadonlyMap<string, number>; locked: number}>): Stats {
    this.#pass()
    const counts = [...this.#counts]
    const total = (pick: (count: Count) => number): number => counts.reduce((sum, [, count]) => sum + pick(count), 0)
    return {
      requests: total((count) => count.requests),
      records: total((count) => count.records),
      refusals: total((count) => count.refusals),
      orderedRefusals: this.#orderedRefusals,
      faults: Object.fromEntries(this.#faults),
      mostInFlight: this.#mostInFlight,
      inFlight: this.inFlight,
      busyMs: Math.round(this.#busyMs),
      byChannel: Object.fromEntries(this.#channels),
      byOperation: Object.fromEntries(counts.map(([operation, count]) => [operation, summary(count)])),
      logins: Object.fromEntries(audit),
      loginsRefused: [...audit.values()].reduce((sum, count) => sum + count, 0),
      loginLocks: locked,
    }
  }

  /** Adds up the time since the last change. */
  #pass(): void {
    const now = performance.now()
    this.#busyMs += this.inFlight * (now - this.#changedAt)
    this.#changedAt = now
  }

  #count(channel: Channel, operation: string): Count {
    const key = `${channel} ${operation}`
    let count = this.#counts.get(key)
    if (count === undefined)
      this.#counts.set(key, (count = {requests: 0, records: 0, refusals: 0, failures: 0, latencies: []}))
    return count
  }
}

function summary({requests, records, refusals, failures, latencies}: Count): Stats['byOperation'][string] {
  const sorted = latencies.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10
  return {requests, records, refusals, failures, p50Ms: at(0.5), p95Ms: at(0.95), maxMs: at(1)}
}
