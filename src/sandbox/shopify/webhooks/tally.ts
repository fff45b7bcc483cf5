const NAMES = [
  'deliveries',
  'attempts',
  'acknowledged',
  'failed',
  'retried',
  'lost',
  'givenUp',
  'debounced',
  'duplicated',
  'late',
  'shuffled',
  'forged',
  'forgedAccepted',
  'removedSubscriptions',
] as const

type Count = (typeof NAMES)[number]

/**
 * What happened to webhooks since the start or the last reset. Every delivery, and every copy that a fault added, is
 * acknowledged, lost, given up or still waiting. Forgeries are counted apart.
 */
export class Tally {
  readonly #counts = new Map<Count, number>()

  add(name: Count, by = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by)
  }

  clear(): void {
    this.#counts.clear()
  }

  report(): Readonly<Record<Count, number>> {
    return Object.fromEntries(NAMES.map((name) => [name, this.#counts.get(name) ?? 0])) as Record<Count, number>
  }
}
