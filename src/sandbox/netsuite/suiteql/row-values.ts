import type {Clock} from '../clock.ts'
import type {AddressValue, FieldValue, StoredLine, StoredRecord} from '../engine-types.ts'
import type {Books} from '../ledger/books.ts'
import type {Inventory} from '../rules/inventory.ts'
import type {State} from '../state.ts'
import {idOf, isTrue, textOf} from '../values.ts'

export type Row = Readonly<Record<string, string | number | null | undefined>>
/** Table → rows that a record owns there. */
export type Rows = Record<string, Row[]>

export type RowSource = Readonly<{state: State; inventory: Inventory; books: Books; clock: Clock}>

export function flag(value: FieldValue | undefined): string {
  return isTrue(value) ? 'T' : 'F'
}

/** A date-time in the account's zone, as the data source shows it. */
export function wall(clock: Clock, value: FieldValue | undefined): string | null {
  const text = textOf(value)
  return text === undefined ? null : clock.wallClock(new Date(text))
}

export function customColumns({customFields}: StoredRecord | StoredLine): Row {
  return Object.fromEntries(
    Object.entries(customFields).map(([scriptId, value]) => [
      scriptId,
      typeof value === 'boolean' ? flag(value) : (idOf(value) ?? textOf(value) ?? null),
    ]),
  )
}

export function addressColumns(address: AddressValue | undefined): Row {
  return {
    attention: address?.attention,
    addressee: address?.addressee,
    addrphone: address?.addrPhone,
    addr1: address?.addr1,
    addr2: address?.addr2,
    addr3: address?.addr3,
    city: address?.city,
    state: address?.state,
    zip: address?.zip,
    country: address?.country,
  }
}
