import {isJson, type Json} from './json.ts'

const KINDS = [
  'throttled',
  'internal-error',
  'http-status',
  'html',
  'cut',
  'reset',
  'lost-reply',
  'delay',
  'malformed',
  'revoked',
  'access-denied',
  'webhook-duplicate',
  'webhook-lost',
  'webhook-late',
  'webhook-shuffled',
  'webhook-forged',
] as const

type FaultKind = (typeof KINDS)[number]

/**
 * A fault to order. It strikes requests of `operation` (name of the operation, else its first field; "token" for the OAuth
 * endpoint) that mention the order's numeric id, at most `count` times, each time with `probability` (default 1), and ends by
 * itself after `forMs`.
 * `status`, `body` and `retryAfter` belong to http-status, `delayMs` to delay, `field` (the member left out; default id) to malformed.
 *
 * Kinds that begin with "webhook-" strike deliveries instead of requests; their `operation` is a topic such as
 * "orders/create": sent twice (duplicate), never (lost), after `delayMs` (late), together with others that were held back
 * for `delayMs` in an order that the seed decides (shuffled), or beside a stranger's copy with a wrong signature (forged).
 */
export type FaultRule = Readonly<{
  kind: FaultKind
  match: Readonly<{operation: string | null; orderId: string | null}>
  count: number
  forMs: number
  probability: number
  status: number
  body: string | null
  retryAfter: string | null
  delayMs: number
  field: string
}>

/** Whether a rule strikes webhook deliveries rather than requests. */
export function strikesWebhooks({kind}: FaultRule): boolean {
  return kind.startsWith('webhook-')
}

/** Reads rules from JSON: one, or an array. Throws TypeError that names what is wrong. */
export function readFaults(body: unknown): FaultRule[] {
  return (Array.isArray(body) ? body : [body]).map(readFault)
}

function readFault(given: unknown): FaultRule {
  if (!isJson(given)) throw new TypeError('a fault is a JSON object')
  const kind = KINDS.find((one) => one === given.kind)
  if (kind === undefined) throw new TypeError(`kind must be one of ${KINDS.join(', ')}`)
  const match: Json = isJson(given.match) ? given.match : {}
  return {
    kind,
    match: {operation: textOf(match.operation), orderId: textOf(match.orderId)?.replaceAll(/\D/g, '') ?? null},
    count: numberOf(given.count, Number.POSITIVE_INFINITY),
    forMs: numberOf(given.forMs, Number.POSITIVE_INFINITY),
    probability: numberOf(given.probability, 1),
    status: numberOf(given.status, 500),
    body: textOf(given.body),
    retryAfter: textOf(given.retryAfter),
    delayMs: numberOf(given.delayMs, 1000),
    field: textOf(given.field) ?? 'id',
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' && value >= 0 ? value : otherwise
}

/** The faults in force. Which of them strike is decided by the seed. */
export class Faults {
  #rules: {rule: FaultRule; left: number; endsAtMs: number}[] = []
  readonly #random: () => number
  #struck = 0

  /** @param random gives numbers from 0 to less than 1 */
  constructor(random: () => number) {
    this.#random = random
  }

  get struck(): number {
    return this.#struck
  }

  add(rules: readonly FaultRule[]): void {
    const now = performance.now()
    this.#rules.push(...rules.map((rule) => ({rule, left: rule.count, endsAtMs: now + rule.forMs})))
  }

  clear(): void {
    this.#rules = []
    this.#struck = 0
  }

  /** Ends the faults of a kind. */
  end(kind: string): void {
    this.#rules = this.#rules.filter(({rule}) => rule.kind !== kind)
  }

  /** The first fault that strikes a request, which is counted. `mentions` says whether it concerns an order. */
  strike(operation: string, mentions: (orderId: string) => boolean): FaultRule | null {
    const now = performance.now()
    if (this.#rules.some(({endsAtMs}) => endsAtMs <= now))
      this.#rules = this.#rules.filter(({endsAtMs}) => endsAtMs > now)
    for (const held of this.#rules) {
      const {match, probability} = held.rule
      if (held.left <= 0 || (match.operation !== null && match.operation !== operation)) continue
      if (match.orderId !== null && !mentions(match.orderId)) continue
      if (probability < 1 && this.#random() >= probability) continue
      held.left -= 1
      this.#struck += 1
      return held.rule
    }
    return null
  }
}

/** A copy without the members of a name, at any depth: a well-formed answer that lacks what it should hold. */
export function without(value: unknown, field: string): unknown {
  if (Array.isArray(value)) return value.map((member) => without(member, field))
  if (!isJson(value)) return value
  const kept = Object.entries(value).filter(([key]) => key !== field)
  return Object.fromEntries(kept.map(([key, member]) => [key, without(member, field)]))
}
