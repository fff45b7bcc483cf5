import {type Amount, rounded, ZERO} from '../amounts.ts'
import {BASE_PRECISION} from './ledger.ts'

/**
 * What is still open on a document: invoices and refunds owe ('debit'), credit memos, payments and deposit applications
 * settle ('credit'), customer deposits wait to be applied ('deposit').
 */
export type Side = 'debit' | 'credit' | 'deposit'

export type OpenItem = Readonly<{
  side: Side
  type: string
  /** In the transaction's currency. */
  total: Amount
  left: Amount
  /** What is open in the base currency; it goes to zero together with `left`. */
  base: Amount
  rate: Amount
  currency: string | undefined
  entity: string | undefined
  /** The receivables account, or that of customer deposits. */
  account: string
}>

/** Open balances of documents, and who took of them. */
export class OpenItems {
  readonly #items = new Map<string, OpenItem>()
  readonly #takers = new Map<string, Map<string, Amount>>()

  open(id: string, item: Omit<OpenItem, 'left'>): void {
    this.#items.set(id, {...item, left: item.total})
  }

  close(id: string): void {
    this.#items.delete(id)
    this.#takers.delete(id)
  }

  clear(): void {
    this.#items.clear()
    this.#takers.clear()
  }

  get(id: string): OpenItem | undefined {
    return this.#items.get(id)
  }

  left(id: string): Amount {
    return this.#items.get(id)?.left ?? ZERO
  }

  /** What a part of an item is worth in the base currency; the last part is worth the whole rest. */
  worth(id: string, amount: Amount): Amount {
    const item = this.#items.get(id)
    if (item === undefined || amount.greaterThan(item.left)) throw new Error(`${id} has no ${amount.toFixed()} open`)
    return amount.equals(item.left) ? item.base : rounded(amount.times(item.rate), BASE_PRECISION)
  }

  /** Takes a part of an item and gives its worth in the base currency. */
  take(id: string, amount: Amount, taker: string): Amount {
    const base = this.worth(id, amount)
    const item = this.#items.get(id)
    if (item === undefined) throw new Error(`${id} is not open`)
    this.#change(id, item, amount, base, taker)
    return base
  }

  /** Undoes `take`. */
  giveBack(id: string, amount: Amount, base: Amount, taker: string): void {
    const item = this.#items.get(id)
    if (item !== undefined) this.#change(id, item, amount.negated(), base.negated(), taker)
  }

  /** True when another record took of the item. */
  isTaken(id: string): boolean {
    return [...(this.#takers.get(id) ?? [])].some(([taker, amount]) => taker !== id && !amount.isZero())
  }

  #change(id: string, item: OpenItem, amount: Amount, base: Amount, taker: string): void {
    this.#items.set(id, {...item, left: item.left.minus(amount), base: item.base.minus(base)})
    let takers = this.#takers.get(id)
    if (takers === undefined) this.#takers.set(id, (takers = new Map<string, Amount>()))
    takers.set(taker, (takers.get(taker) ?? ZERO).plus(amount))
  }
}

export type Undeposited = Readonly<{
  /** Positive for money received, negative for money given back. */
  amount: Amount
  base: Amount
  currency: string | undefined
  /** The bank deposit that took it. */
  deposit: string | null
}>

/** What stands in undeposited funds, by the transaction that brought it there; a bank deposit takes each once. */
export class UndepositedFunds {
  readonly #lines = new Map<string, Undeposited>()

  put(id: string, line: Omit<Undeposited, 'deposit'>): void {
    this.#lines.set(id, {...line, deposit: null})
  }

  remove(id: string): void {
    this.#lines.delete(id)
  }

  clear(): void {
    this.#lines.clear()
  }

  get(id: string): Undeposited | undefined {
    return this.#lines.get(id)
  }

  setDeposit(id: string, deposit: string | null): void {
    const line = this.#lines.get(id)
    if (line !== undefined) this.#lines.set(id, {...line, deposit})
  }
}
