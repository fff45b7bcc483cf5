/** What the server counted since it started or was reset. */
export class Stats {
  #requests = 0
  #inFlight = 0
  #mostInFlight = 0
  readonly #kinds = new Map<string, number>()
  readonly #operations = new Map<string, number>()
  readonly #refusals = new Map<string, number>()
  #requestedCost = 0
  #actualCost = 0

  /** Notes the start of a request of a kind: graphql, token, scopes or unknown. */
  begin(kind: string): void {
    this.#requests += 1
    this.#inFlight += 1
    this.#mostInFlight = Math.max(this.#mostInFlight, this.#inFlight)
    bump(this.#kinds, kind)
  }

  end(): void {
    this.#inFlight -= 1
  }

  operation(name: string): void {
    bump(this.#operations, name)
  }

  /** Notes a refusal by its code (THROTTLED, ACCESS_DENIED, …) or HTTP status. */
  refused(code: string): void {
    bump(this.#refusals, code)
  }

  /** Notes the points that an executed query asked for and used. */
  spent(requested: number, actual: number): void {
    this.#requestedCost += requested
    this.#actualCost += actual
  }

  clear(): void {
    this.#requests = 0
    this.#mostInFlight = this.#inFlight
    this.#requestedCost = 0
    this.#actualCost = 0
    for (const counts of [this.#kinds, this.#operations, this.#refusals]) counts.clear()
  }

  report() {
    return {
      requests: this.#requests,
      kinds: Object.fromEntries(this.#kinds),
      operations: Object.fromEntries(this.#operations),
      inFlight: this.#inFlight,
      mostInFlight: this.#mostInFlight,
      refusals: Object.fromEntries(this.#refusals),
      cost: {requested: this.#requestedCost, actual: this.#actualCost},
    }
  }
}

function bump(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
