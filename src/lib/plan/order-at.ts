import type {SalesOrderLine, TaxDetail} from '../netsuite/types.ts'
import {planCharges} from './charges.ts'
import {planGoods} from './goods.ts'
import type {Life} from './life-state.ts'
import {keptLines} from './lines.ts'
import type {LineUnits, Part} from './quantities.ts'
import {planTax} from './tax.ts'
import type {TaxedCharge} from './tax-shares.ts'

/** The sales order as it stood at some moment, by the keys of its lines. */
export type OrderAt = Readonly<{
  units: ReadonlyMap<string, number>
  lines: readonly SalesOrderLine[]
  charges: readonly TaxedCharge[]
  taxDetails: readonly TaxDetail[] | null
}>

/**
 * The sales order that a record is made from. One that is written was made from the order as it stood then, before units
 * left it later: planned from the present one, its shares could come out a cent different. One that is still to be
 * written is made from the present order.
 */
export function sourceOf(life: Life, externalId: string, at: string): OrderAt {
  return life.written.has(externalId) ? orderAt(life, at) : orderNow(life)
}

function orderNow({salesOrder, lines, charges}: Life): OrderAt {
  const units = [...lines.values()].map(({key, ordered}): [string, number] => [key, ordered])
  return {units: new Map(units), lines: salesOrder.lines, charges, taxDetails: salesOrder.taxDetails}
}

/** The sales order before the units left it that were removed after `at`, or by a refund of that very moment. */
export function orderBefore(life: Life, at: string): OrderAt {
  return orderAt(life, new Date(Date.parse(at) - 1).toISOString())
}

/** The sales order before the units left it that were removed after `at`. */
export function orderAt(life: Life, at: string): OrderAt {
  const {planning, salesOrder, lines, charges} = life
  const later = new Set(
    planning.order.refunds
      .filter(({createdAt}) => Date.parse(createdAt) > Date.parse(at))
      .flatMap((refund) => refund.lines),
  )
  const before = [...lines.values()].map(({line, units}): [string, LineUnits] => [line.id, unitsBefore(units, later)])
  const isSame = before.every(([id, {kept}]) => kept === lines.get(id)?.units.kept)
  if (planning.order.cancelledAt !== null || isSame) return orderNow(life)
  // The items of lines that are gone are not known here: their records are written, or need a person.
  const aside = {...planning, faults: []}
  const kept = keptLines(planning.order, new Map(before), planning.book)
  const [goods, others] = [planGoods(aside, kept, new Map()), planCharges(aside, kept)]
  const taxed = [...goods.taxed, ...others.taxed, ...charges.filter(({lineKey}) => lineKey === null)]
  const tax = planTax(aside, taxed)
  const then = [...goods.lines, ...others.lines, ...tax.lines]
  const known = new Map(salesOrder.lines.map((line) => [line.key, line]))
  const keys = new Set(then.map(({key}) => key))
  return {
    units: new Map(kept.map(({key, quantity}) => [key, quantity])),
    lines: [
      ...then.map((line) => ({...line, item: known.get(line.key)?.item ?? line.item})),
      ...salesOrder.lines.filter(({key}) => !keys.has(key)),
    ],
    charges: taxed,
    taxDetails: tax.details,
  }
}

function unitsBefore(units: LineUnits, later: ReadonlySet<unknown>): LineUnits {
  const parts = units.parts.filter(({refund}) => later.has(refund))
  const [stay, kept] = parts.reduce(
    ([left, count], {removed}) => [less(left, removed), count + removed.units] as const,
    [units.removed, units.kept] as const,
  )
  return {...units, kept, removed: stay}
}

function less(a: Part, b: Part): Part {
  return {units: a.units - b.units, subtotal: a.subtotal - b.subtotal, tax: a.tax - b.tax}
}
