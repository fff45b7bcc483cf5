import type {Money} from '../core/money.ts'
import type {PostingLine} from '../netsuite/posting-types.ts'
import type {SalesOrderLine, TaxDetail} from '../netsuite/types.ts'
import {total} from './book.ts'
import type {Life, LineProgress} from './life-state.ts'
import type {OrderAt} from './order-at.ts'
import {proportion} from './rounding.ts'
import {taxKeyOf} from './tax.ts'

/** A part of a sales order: lines, shipping and taxes, and what they sum to. */
export type OrderShare = Readonly<{
  lines: readonly PostingLine[]
  shippingCost: Money | null
  taxDetails?: readonly TaxDetail[]
  total: bigint
}>

/**
 * What units bear of what is left of an amount. The last units bear all that is left, so that the shares sum to the
 * amount, however it is cut.
 */
export function unitShare(left: bigint, units: number, unitsLeft: number): bigint {
  return unitsLeft === 0 ? 0n : proportion(left, BigInt(units), BigInt(unitsLeft))
}

/**
 * Takes the share of the sales order that units of its lines bear: item, discount, duties and the taxes of both; with
 * `header`, also shipping, tip, fees, rounding and the taxes of those. Taking every unit and the header once takes
 * exactly the sales order. What is taken is remembered, and the units count as billed.
 * @param then the order that it is a share of
 * @param units by key of the line
 */
export function takeShare(life: Life, then: OrderAt, units: ReadonlyMap<string, number>, header: boolean): OrderShare {
  const {salesOrder, planning, lines: progress} = life
  const take = taking(life, then, units, header)
  const taxes = taxShares(life, then, take)
  const lines = then.lines.flatMap((line) => {
    const own = () => take(line.key, line.key, line.amount.minor)
    const minor = line.key.startsWith('tax:') ? (taxes.get(line.key) ?? 0n) : own()
    const count = units.get(line.key) ?? null
    if (minor === 0n && count === null) return []
    return [postingLine(line, count, planning.book.money(minor))]
  })
  const shipping = header ? salesOrder.shippingCost : null
  const details = then.taxDetails?.flatMap((detail) => shareOfDetail(life, detail, take))
  for (const each of progress.values()) each.billed += units.get(each.key) ?? 0
  const parts = [...lines.map((line) => line.amount?.minor ?? 0n), ...(details ?? []).map(({amount}) => amount.minor)]
  return {
    lines,
    shippingCost: shipping,
    ...(details === undefined ? {} : {taxDetails: details}),
    total: total(parts) + (shipping?.minor ?? 0n),
  }
}

/** A line of the sales order on a record made from it; charges have no quantity there. */
export function postingLine(line: SalesOrderLine, quantity: number | null, amount: Money | null): PostingLine {
  const {key, item, description, location, taxCode} = line
  return {key, item, quantity, amount, description, location, taxCode}
}

/** @param name of the amount, under which it is remembered what is taken of it */
type Take = (name: string, lineKey: string | null, amount: bigint) => bigint

function taking({lines, taken}: Life, then: OrderAt, units: ReadonlyMap<string, number>, header: boolean): Take {
  const byKey = new Map<string, LineProgress>([...lines.values()].map((progress) => [progress.key, progress]))
  return (name, lineKey, amount) => {
    const progress = byKey.get(lineKey?.split(':')[0] ?? '')
    if (progress === undefined) return header ? amount : 0n
    const before = taken.get(name) ?? 0n
    const left = (then.units.get(progress.key) ?? 0) - progress.billed
    const share = unitShare(amount - before, units.get(progress.key) ?? 0, left)
    taken.set(name, before + share)
    return share
  }
}

/** A tax line of the sales order sums what many charges bear; each charge gives its own share. */
function taxShares({planning}: Life, {charges}: OrderAt, take: Take): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>()
  for (const {lineKey, taxes} of charges) {
    for (const [i, tax] of taxes.entries()) {
      const key = taxKeyOf(planning, tax)
      if (key === null) continue
      const share = take(`${lineKey ?? ''} ${key} ${i}`, lineKey, tax.amount)
      sums.set(key, (sums.get(key) ?? 0n) + share)
    }
  }
  return sums
}

function shareOfDetail({planning}: Life, detail: TaxDetail, take: Take): TaxDetail[] {
  const {lineKey, taxType, taxCode, rate} = detail
  const name = [lineKey, taxType.id, taxCode.id, rate].join(' ')
  const basis = planning.book.money(take(`${name} basis`, lineKey, detail.basis.minor))
  const amount = planning.book.money(take(`${name} amount`, lineKey, detail.amount.minor))
  return basis.minor === 0n && amount.minor === 0n ? [] : [{...detail, basis, amount}]
}
