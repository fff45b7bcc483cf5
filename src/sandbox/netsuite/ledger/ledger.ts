import {type Amount, fixed, sumOf, ZERO} from '../amounts.ts'
import {Refused} from '../refused.ts'

/** Decimals of the base currency, in which the general ledger is kept. */
export const BASE_PRECISION = 2

/** One line of a posting: what an account gets, debit positive, in the transaction's and in the base currency. */
export type Entry = Readonly<{
  account: string
  amount: Amount
  base: Amount
  /** Key of the line of the record that it comes from; absent for the record as a whole. */
  line?: string
}>

/** What the lines of one record have in common. */
type Heading = Readonly<{
  transaction: string
  type: string
  date: string
  period: string | undefined
  entity: string | undefined
  subsidiary: string | undefined
}>

export type PostedLine = Heading & Entry & Readonly<{number: number}>

export type Balance = Readonly<{debit: Amount; credit: Amount}>

/** The double-entry general ledger of the account. Each record writes its lines with itself, or is not saved. */
export class Ledger {
  readonly #posted = new Map<string, readonly PostedLine[]>()
  readonly #balances = new Map<string, Balance>()

  /** Replaces what a record has posted. Throws Refused where debits and credits differ. */
  post(heading: Heading, entries: readonly Entry[]): void {
    requireBalance(entries)
    this.remove(heading.transaction)
    const lines = entries
      .filter(({amount, base}) => !amount.isZero() || !base.isZero())
      .map((entry, number) => ({...heading, ...entry, number}))
    this.#posted.set(heading.transaction, lines)
    for (const line of lines) this.#move(line, 1)
  }

  remove(transaction: string): void {
    for (const line of this.#posted.get(transaction) ?? []) this.#move(line, -1)
    this.#posted.delete(transaction)
  }

  clear(): void {
    this.#posted.clear()
    this.#balances.clear()
  }

  /** What one record posted. */
  of(transaction: string): readonly PostedLine[] {
    return this.#posted.get(transaction) ?? []
  }

  /** Every posted line, in the order of posting. */
  *lines(): Iterable<PostedLine> {
    for (const lines of this.#posted.values()) yield* lines
  }

  /** Sums of debits and credits of an account, in the base currency. */
  balance(account: string): Balance {
    return this.#balances.get(account) ?? {debit: ZERO, credit: ZERO}
  }

  #move({account, base}: PostedLine, sign: 1 | -1): void {
    const {debit, credit} = this.balance(account)
    const moved = base.abs().times(sign)
    this.#balances.set(
      account,
      base.isNegative() ? {debit, credit: credit.plus(moved)} : {debit: debit.plus(moved), credit},
    )
  }
}

/** Throws Refused where debits and credits differ in the base currency. */
export function requireBalance(entries: readonly Entry[]): void {
  const rest = sumOf(entries.map(({base}) => base))
  if (!rest.isZero()) {
    throw new Refused('UNEXPECTED_ERROR', `The transaction is not in balance: ${fixed(rest, BASE_PRECISION)}.`)
  }
}

/** Whether two postings say the same. */
export function samePostings(one: readonly Entry[], other: readonly Entry[]): boolean {
  const told = (entries: readonly Entry[]): string =>
    entries
      .filter(({amount, base}) => !amount.isZero() || !base.isZero())
      .map(({account, amount, base}) => `${account} ${amount.toFixed()} ${base.toFixed()}`)
      .join('\n')
  return told(one) === told(other)
}
