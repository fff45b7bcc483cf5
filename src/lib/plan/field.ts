import type {SalesOrder} from '../netsuite/types.ts'
import {normal, type Kind} from './normal.ts'

/** One comparable value of a sales order. null: not there. */
export type Field = Readonly<{
  /** As people read it: "memo", "lines.14112.amount". */
  name: string
  planned: string | null
  held: string | null
  kind: Kind
  /** What an update writes to make it right; null: only a person can. */
  writes: keyof SalesOrder | null
}>

/** A field with what is to be done about it. */
export type Compared = Field &
  Readonly<{
    differs: boolean
    /** True where a person decided to keep NetSuite's value: `planned` is then that value. */
    isPinned: boolean
  }>

/** Empty and absent are the same, and so is what NetSuite writes another way (normal.ts). An unread field tells nothing. */
export function differs({planned, held, kind}: Field): boolean {
  return kind !== 'unread' && normal(kind, planned) !== normal(kind, held)
}
