import {decimalOf} from '../core/money.ts'
import type {HeldLine, SalesOrderLine} from '../netsuite/types.ts'
import {isSameDecimal} from './decimals.ts'
import type {Field} from './field.ts'

type LinePair = Readonly<{planned: SalesOrderLine; held: HeldLine | null}>

export type LineMatch = Readonly<{pairs: readonly LinePair[]; extra: readonly HeldLine[]}>

/**
 * Pairs planned and held lines by their keys. Held lines without a key (the contract keeps none, or a person added
 * them) are paired with planned lines of the same item that found none: equal amounts first, then in order.
 */
export function matchLines(planned: readonly SalesOrderLine[], held: readonly HeldLine[]): LineMatch {
  const free = new Set(held)
  const found = new Map<SalesOrderLine, HeldLine>()
  const pair = (isPair: (line: SalesOrderLine, other: HeldLine) => boolean) => {
    for (const line of planned) {
      if (free.size === 0) return
      const other = found.has(line) ? undefined : free.values().find((candidate) => isPair(line, candidate))
      if (other === undefined) continue
      found.set(line, other)
      free.delete(other)
    }
  }
  pair((line, other) => other.key === line.key)
  const isUnkeyed = (line: SalesOrderLine, other: HeldLine) => !other.key && other.itemId === line.item.id
  pair((line, other) => isUnkeyed(line, other) && isSameDecimal(other.amount, decimalOf(line.amount)))
  pair(isUnkeyed)
  return {pairs: planned.map((line) => ({planned: line, held: found.get(line) ?? null})), extra: [...free]}
}

/**
 * The fields of a pair of lines. What is closed in NetSuite although the plan has it open is shown, and never written.
 */
export function lineFields({planned, held}: LinePair): Field[] {
  const field = (name: string, value: string | null, other: string | null | undefined, kind: Field['kind'] = 'text') =>
    ({name: `lines.${planned.key}.${name}`, planned: value, held: other ?? null, kind, writes: 'lines'}) as const
  const owned = [
    field('item', planned.item.id, held?.itemId),
    field('quantity', planned.quantity?.toString() ?? null, held?.quantity, 'decimal'),
    field('amount', decimalOf(planned.amount), held?.amount, 'decimal'),
    field('description', planned.description, held?.description),
    field('location', planned.location?.id ?? null, held?.locationId),
    field('taxCode', planned.taxCode?.id ?? null, held?.taxCodeId),
  ].filter(({planned: value}) => value !== null)
  const closed = field('closed', planned.isClosed ? 'yes' : 'no', held?.isClosed ? 'yes' : 'no')
  return [...owned, planned.isClosed ? closed : {...closed, writes: null}]
}

/** A line that NetSuite holds and the plan does not have. */
export function extraFields(held: HeldLine): Field[] {
  const field = (name: string, other: string | null) =>
    ({
      name: `lines.${held.key ?? `#${held.line}`}.${name}`,
      planned: null,
      held: other,
      kind: 'text',
      writes: 'lines',
    }) as const
  return [field('item', held.itemId), field('quantity', held.quantity), field('amount', held.amount)]
}
