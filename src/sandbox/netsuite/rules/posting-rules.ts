import {type Amount, amountOf, isDecimal, rounded} from '../amounts.ts'
import type {Clock} from '../clock.ts'
import type {FieldValue, StoredLine, StoredRecord} from '../engine-types.ts'
import type {Books} from '../ledger/books.ts'
import {BASE_PRECISION, type Entry} from '../ledger/ledger.ts'
import type {State} from '../state.ts'
import {idOf, textOf} from '../values.ts'
import type {SaleRules} from './sales-order.ts'
import type {Draft} from './write.ts'

export type PostingRules = SaleRules & Readonly<{books: Books; clock: Clock}>

/** How to take back what a record did beside its own posting. */
export type Undo = (() => void)[]

/** What a type of transaction does when it is saved. */
export type Handler = Readonly<{
  /** Checks and computes the draft; changes nothing else. Throws Refused. */
  complete(rules: PostingRules, draft: Draft, held: StoredRecord | undefined): void
  /** What it posts; nothing: it does not post. Throws Refused where an account is missing. */
  entries(rules: PostingRules, draft: Draft | StoredRecord): readonly Entry[]
  /** What follows from a new record, once it is saved and posted. */
  settle(rules: PostingRules, record: StoredRecord, undo: Undo): void
  /** What follows from a change of it. */
  resettle?(rules: PostingRules, record: StoredRecord, held: StoredRecord, undo: Undo): void
}>

export type Fields = Record<string, FieldValue>

/** The customer of a transaction, whichever way its type names it. */
export function partyOf(fields: Readonly<Fields>): string | undefined {
  return idOf(fields['customer']) ?? idOf(fields['entity'])
}

export function moneyOf(fields: Readonly<Fields>, name: string): Amount {
  return amountOf(textOf(fields[name]) ?? '0')
}

/** Base currency units for one unit of the transaction's currency. */
export function rateOf(fields: Readonly<Fields>): Amount {
  const rate = textOf(fields['exchangeRate'])
  return amountOf(rate !== undefined && isDecimal(rate) ? rate : '1')
}

/** One line of a posting in both currencies; debit positive. */
export function entry(account: string, amount: Amount, rate: Amount, line?: string): Entry {
  const base = rounded(amount.times(rate), BASE_PRECISION)
  return line === undefined ? {account, amount, base} : {account, amount, base, line}
}

/** Lines that are given, with the last one of an account that takes the rest, so that both currencies balance. */
export function withCounter(entries: readonly Entry[], account: string): readonly Entry[] {
  const zero = amountOf('0')
  const amount = entries.reduce((sum, each) => sum.plus(each.amount), zero).negated()
  const base = entries.reduce((sum, each) => sum.plus(each.base), zero).negated()
  return [{account, amount, base}, ...entries]
}

export function itemOf(state: State, line: StoredLine): StoredRecord | undefined {
  return state.find('item', {id: idOf(line.fields['item']) ?? ''})
}

export function itemLines(record: Draft | StoredRecord): readonly StoredLine[] {
  return record.lines['item'] ?? []
}

export function precisionOf(state: State, currency: FieldValue | undefined): number {
  const record = state.find('currency', {id: idOf(currency) ?? ''})
  return Number(textOf(record?.fields['currencyPrecision']) ?? '2')
}
