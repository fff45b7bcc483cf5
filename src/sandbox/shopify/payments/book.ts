import {issueDate, dayOf, nextDay} from './calendar.ts'
import {
  isTransfer,
  netOf,
  sumOfNets,
  type Dispute,
  type Draft,
  type Line,
  type Payout,
  type PayoutStatus,
} from './lines.ts'

type Happening = (day: number, book: PaymentsBook) => void

export type Issue = Readonly<{status?: PayoutStatus; issuedAt?: Date; byHand?: boolean}>

/** No shop is played for longer than this without anybody looking at its payouts. */
const MOST_DAYS = 1500

/**
 * Shopify's balance: its lines, the payouts that hold them, and disputes. The balance is cut once a day into a payout for
 * each currency, which is paid two business days later (Shopify: payout schedule). Time passes by `advance`,
 * which whoever looks calls first.
 */
export class PaymentsBook {
  readonly #now: () => Date
  #lines: Line[] = []
  readonly #payouts = new Map<string, Payout>()
  readonly #disputes = new Map<string, Dispute>()
  #nextLine = 90_000_000_001
  #nextPayout = 130_000_000_001
  #nextDispute = 8_100_000_001
  /** The first day that is not cut yet; null before the first line. */
  #openDay: number | null = null
  /** The last moment of the day that is being cut; null: it is now. */
  #dayEnd: Date | null = null
  /** What else happens on a day, before it is cut. */
  onDay: Happening | null = null

  constructor(now: () => Date) {
    this.#now = now
  }

  /** Adds a line that waits for a payout. */
  add({type, currency, amount, ...rest}: Draft): Line {
    const line: Line = {
      id: String(this.#nextLine),
      type,
      currency,
      amount,
      fee: 0n,
      at: this.#present(),
      order: null,
      orderTransactionId: null,
      sourceType: null,
      sourceId: null,
      reason: null,
      test: false,
      byHand: false,
      ...rest,
      payoutId: null,
    }
    this.#nextLine += 1
    this.#lines.push(line)
    this.#openDay ??= dayOf(line.at)
    return line
  }

  /** Puts another line in the place of a waiting one. */
  replace(old: Line, change: Partial<Pick<Line, 'amount' | 'fee' | 'at'>>): Line {
    const line = {...old, ...change}
    this.#lines = this.#lines.map((one) => (one === old ? line : one))
    return line
  }

  lines(): readonly Line[] {
    return this.#lines
  }

  waiting(currency?: string): readonly Line[] {
    return this.#lines.filter((line) => line.payoutId === null && line.currency === (currency ?? line.currency))
  }

  payouts(): readonly Payout[] {
    return [...this.#payouts.values()]
  }

  payout(id: string): Payout | null {
    return this.#payouts.get(id) ?? null
  }

  /** The lines that make up a payout, without the one that stands for the payout itself. */
  linesOf(payoutId: string): readonly Line[] {
    return this.#lines.filter((line) => line.payoutId === payoutId && !isTransfer(line))
  }

  /** What Shopify still holds, by currency: all that no payout has brought to the bank. */
  balances(): ReadonlyMap<string, bigint> {
    const sums = new Map<string, bigint>()
    for (const line of this.#lines.filter((one) => !isTransfer(one))) {
      const status = line.payoutId === null ? 'SCHEDULED' : this.#payouts.get(line.payoutId)?.status
      if (status === 'SCHEDULED') sums.set(line.currency, (sums.get(line.currency) ?? 0n) + netOf(line))
    }
    return sums
  }

  /** Makes a payout of some waiting lines of one currency. Throws TypeError where there are none, or of several. */
  issue(lines: readonly Line[], {status = 'PAID', issuedAt = this.#now(), byHand = false}: Issue = {}): Payout {
    const currencies = new Set(lines.map((line) => line.currency))
    const [currency] = currencies
    if (currency === undefined) throw new TypeError('there is nothing to pay out')
    if (currencies.size > 1) throw new TypeError('a payout is in one currency')
    const id = String(this.#nextPayout)
    const payout: Payout = {id, currency, issuedAt, net: sumOfNets(lines), byHand, status: 'SCHEDULED'}
    this.#nextPayout += 1
    this.#payouts.set(id, payout)
    const transfer = this.add({
      type: 'TRANSFER',
      currency,
      amount: -payout.net,
      at: issuedAt,
      sourceType: 'TRANSFER',
      sourceId: id,
    })
    for (const line of [...lines, transfer]) line.payoutId = id
    return this.setStatus(id, status)
  }

  /**
   * Moves a payout to another status. One that failed or was cancelled puts its net back into the balance, for the next
   * payout (Shopify: failed payouts). Throws RangeError where there is no such payout.
   */
  setStatus(id: string, status: PayoutStatus): Payout {
    const payout = this.#payouts.get(id)
    if (payout === undefined) throw new RangeError(`there is no payout ${id}`)
    const isBack = (one: PayoutStatus) => one === 'FAILED' || one === 'CANCELED'
    if (isBack(payout.status) && status !== payout.status) throw new RangeError(`payout ${id} is ${payout.status}`)
    if (isBack(status) && status !== payout.status) {
      const type = status === 'FAILED' ? 'TRANSFER_FAILURE' : 'TRANSFER_CANCEL'
      const at = this.#present()
      const {currency, net: amount, byHand} = payout
      this.add({type, currency, amount, at, sourceType: 'TRANSFER', sourceId: id, byHand})
    }
    payout.status = status
    return payout
  }

  addDispute(dispute: Omit<Dispute, 'id'>): Dispute {
    const made = {...dispute, id: String(this.#nextDispute)}
    this.#nextDispute += 1
    this.#disputes.set(made.id, made)
    return made
  }

  disputes(): readonly Dispute[] {
    return [...this.#disputes.values()]
  }

  dispute(id: string): Dispute | null {
    return this.#disputes.get(id) ?? null
  }

  clear(): void {
    this.#lines = []
    for (const map of [this.#payouts, this.#disputes]) map.clear()
    this.#openDay = null
    this.onDay = null
  }

  /** Lets the days pass that are over. */
  advance(): void {
    const now = this.#now()
    const today = dayOf(now)
    for (let i = 0; this.#openDay !== null && this.#openDay < today && i < MOST_DAYS; i += 1) {
      const day = this.#openDay
      this.#dayEnd = new Date(nextDay(day) - 1)
      this.onDay?.(day, this)
      this.#cut(day)
      this.#openDay = nextDay(day)
    }
    this.#dayEnd = null
    for (const payout of this.#payouts.values()) {
      if (payout.status === 'SCHEDULED' && !payout.byHand && payout.issuedAt <= now) payout.status = 'PAID'
    }
  }

  #present(): Date {
    return this.#dayEnd ?? this.#now()
  }

  /** A balance of nothing stays until the next day. */
  #cut(day: number): void {
    const end = nextDay(day)
    const due = this.waiting().filter((line) => !line.byHand && line.at.getTime() < end)
    for (const currency of new Set(due.map((line) => line.currency))) {
      const lines = due.filter((line) => line.currency === currency)
      if (sumOfNets(lines) !== 0n) this.issue(lines, {status: 'SCHEDULED', issuedAt: issueDate(day)})
    }
  }
}
