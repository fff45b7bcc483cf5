import type {HeldSalesOrder, SalesOrder} from '../netsuite/types.ts'
import {compareFields} from './compare.ts'
import {differs, type Compared, type Field} from './field.ts'
import {headerFields} from './fields.ts'
import {extraFields, lineFields, matchLines, type LineMatch} from './match.ts'
import {isAsWritten, isPersonal, markOf, pinOf, type Known, type Memory} from './memory.ts'

/** A value of a person in NetSuite that the plan contradicts. `base`, `held` and `planned` are marks (markOf). */
export type Conflict = Readonly<{
  field: string
  /** What NetSuite held by our own writing; null: not remembered. */
  base: string | null
  held: string
  planned: string
  /** The person's value, where `held` is only a fingerprint of it. */
  kept: string | null
  /** False where the plan is not written over it: what a person closed stays closed. */
  isOverwritten: boolean
}>

/**
 * The values of people that an update to the plan overwrites, or that it must leave although Shopify says otherwise. Three
 * ways are compared: what stood there after our last write, what stands there now, and what is planned. What differs from
 * both others is a person's. A record of which nothing is remembered (it was there before Tieout) has no conflicts.
 * Totals are left out: they follow from what is compared.
 */
export function conflictsOf(planned: SalesOrder, held: HeldSalesOrder, memory: Memory): Conflict[] {
  if (memory.fields === null) return []
  const match = matchLines(planned.lines, held.lines)
  const fields = compareFields(planned, held)
  const isEnded = fields.some(({name}) => name === 'status')
  return fields.flatMap((field) => {
    const isDerived = field.name === 'total' || (field.name === 'taxTotal' && field.writes === null)
    if (isDerived || (isEnded && field.name.endsWith('.closed'))) return []
    const shown = wholeLine(field, match)
    return shown === null ? [] : (conflictOf(field, shown, memory) ?? [])
  })
}

function conflictOf(field: Compared, shown: Field, memory: Memory): Conflict | null {
  if (field.kind === 'unread' || isAsWritten(field, memory) || pinOf(field, memory) !== null) return null
  const mark = (value: string | null) => markOf(memory.externalId, field, value)
  const [held, planned] = [mark(field.held), mark(field.planned)]
  const ruling = memory.rulings.get(field.name)
  const overruled = ruling?.state === 'kept_netsuite' && ruling.planned !== planned ? ruling : null
  const known = memory.fields?.[field.name]
  const about = {
    field: shown.name,
    base: known?.held.length === 1 ? (known.held[0] ?? null) : null,
    planned: shown === field ? planned : (shown.planned ?? ''),
    isOverwritten: field.writes !== null,
  }
  // A new decision in Shopify: the value that was kept so far, or was to be put back, is lost by it.
  if (overruled !== null && !overruled.isRestored) return {...about, held: overruled.held, kept: overruled.kept}
  if (!differs(field)) return null
  if (overruled === null && !isOfPerson(field, held, known)) return null
  const kept = isPersonal(field.name) ? field.held : null
  return {...about, held: shown === field ? held : (shown.held ?? ''), kept}
}

/** What is not remembered may have been there before it was compared: only a line or an end that is new is a person's. */
function isOfPerson(field: Field, held: string, known: Known | undefined): boolean {
  if (known !== undefined) return !known.held.includes(held)
  return field.name === 'status' || (field.planned === null && field.name.endsWith('.item'))
}

/** A line that one side does not have is one conflict, not one for each of its fields. null: it is told by another. */
function wholeLine(field: Field, {pairs, extra}: LineMatch): Field | null {
  const line = /^lines\.(.+)\.\w+$/.exec(field.name)?.[1]
  if (line === undefined) return field
  const pair = pairs.find(({planned}) => planned.key === line)
  const added = pair === undefined ? extra.find((held) => (held.key ?? `#${held.line}`) === line) : undefined
  if (pair?.held !== null && added === undefined) return field
  if (!field.name.endsWith('.item')) return null
  const words = (item: string, quantity: string | null, amount: string) =>
    `item ${item}, quantity ${quantity ?? '-'}, amount ${amount}`
  const {planned} = pair ?? {}
  return {
    ...field,
    name: `lines.${line}`,
    held: added === undefined ? null : words(added.itemId, added.quantity, added.amount),
    planned: planned === undefined ? null : `item ${planned.item.id}`,
  }
}

/** What to remember once NetSuite was read, and holds what it made of the plan: what stands there is accounted for. */
export function knownFields(planned: SalesOrder, held: HeldSalesOrder, memory: Memory): Record<string, Known> {
  const unkeyed = matchLines(planned.lines, held.lines).pairs.flatMap((pair) =>
    pair.held !== null && pair.held.key === null ? extraFields(pair.held) : [],
  )
  const entries = [...compareFields(planned, held), ...unkeyed].map((field): [string, Known] => {
    const [mark, other] = [field.held, field.planned].map((value) => markOf(memory.externalId, field, value))
    if (field.kind === 'unread') return [field.name, {held: [], planned: other}]
    const isOther = mark !== other && pinOf(field, memory) === null && !unkeyed.includes(field)
    return [field.name, isOther ? {held: [mark ?? ''], planned: other} : {held: [mark ?? '']}]
  })
  return Object.fromEntries(entries)
}

/**
 * What to remember before an update is sent: what stands there now, which was recorded where a person had changed it,
 * and what is about to be written. So nothing is taken for a person's that was ours, whether or not the update arrives.
 */
export function knownBeforeUpdate(planned: SalesOrder, held: HeldSalesOrder, memory: Memory): Record<string, Known> {
  const fields = compareFields(planned, held, memory)
  return Object.fromEntries(
    fields.map((field): [string, Known] => {
      const marks = [field.held, field.planned].map((value) => markOf(memory.externalId, field, value))
      return [field.name, {held: field.kind === 'unread' ? [] : [...new Set(marks)]}]
    }),
  )
}

/** What to remember of an order that was added and not read back yet: it is as planned, for all we know. */
export function knownOfNew(planned: SalesOrder): Record<string, Known> {
  const lines = matchLines(planned.lines, []).pairs.flatMap(lineFields)
  return Object.fromEntries(
    [...headerFields(planned, null), ...lines].map((field): [string, Known] => {
      return [field.name, {held: [markOf(planned.externalId, field, field.planned)]}]
    }),
  )
}

/**
 * Fields in which nothing is to be put back any more once NetSuite was read or written: the value stands there, or Shopify
 * decided anew, or the line is gone.
 */
export function settledPins(memory: Memory): string[] {
  const pins = [...memory.rulings].filter(([, {state, isRestored}]) => state === 'kept_netsuite' && !isRestored)
  return pins.map(([field]) => field)
}
