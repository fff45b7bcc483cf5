import {format, type Money} from '../core/money.ts'
import type {PostingLine} from '../netsuite/posting-types.ts'
import type {TaxDetail} from '../netsuite/types.ts'
import {total} from './book.ts'
import type {Life, LineProgress} from './life-state.ts'
import {orderBefore, sourceOf, type OrderAt} from './order-at.ts'
import {spread} from './rounding.ts'
import {postingLine, unitShare, type OrderShare} from './shares.ts'
import {taxKeyOf} from './tax.ts'

/**
 * Units of a line that are given back, with Shopify's figures for them. Where they left the order (they are on a bill, and
 * no longer on the sales order) `isGone` is true.
 */
export type Portion = Readonly<{progress: LineProgress; units: number; subtotal: bigint; tax: bigint; isGone: boolean}>

/** A charge that is given back whole: a duty, the tip, an adjustment (negative: kept from the customer). */
export type GivenCharge = Readonly<{key: string; item: string; amount: bigint; description: string}>

/** What one credit gives back. Shipping is without tax. */
export type Given = Readonly<{
  portions: readonly Portion[]
  charges: readonly GivenCharge[]
  shipping: Readonly<{net: bigint; tax: bigint}> | null
}>

/** What Shopify says it is worth, taxes included. */
export function valueOf({planning}: Life, {portions, charges, shipping}: Given): bigint {
  const onTop = (tax: bigint) => (planning.order.taxesIncluded ? 0n : tax)
  const goods = portions.map(({subtotal, tax}) => subtotal + onTop(tax))
  const others = charges.map(({amount}) => amount)
  return total([...goods, ...others, shipping === null ? 0n : shipping.net + shipping.tax])
}

/**
 * The lines of a credit: items at what they cost before their discount, the discount taken back beside them, duties and
 * other charges, shipping, and each tax on its own line (or tax detail), all by Shopify's figures of the refund.
 */
export function creditOf(life: Life, externalId: string, at: string, {portions, charges, shipping}: Given): OrderShare {
  const {planning} = life
  const taxes = new Map<string, bigint>()
  const details: TaxDetail[] = []
  const lines: PostingLine[] = []
  const isGone = portions.some((portion) => portion.isGone)
  const then = isGone ? orderBefore(life, at) : sourceOf(life, externalId, at)
  for (const portion of portions) {
    lines.push(...goodsLines(life, then, portion))
    addTaxes(life, then, portion.progress.key, netOf(life, portion), portion.tax, {taxes, details})
  }
  for (const charge of charges) lines.push(chargeLine(life, charge))
  if (shipping !== null) addTaxes(life, then, null, shipping.net, shipping.tax, {taxes, details})
  for (const line of then.lines) {
    const tax = taxes.get(line.key) ?? 0n
    if (tax !== 0n) lines.push(postingLine(line, null, planning.book.money(tax)))
  }
  if (lines.length === 0 && (shipping?.net ?? 0n) !== 0n) lines.push(lineOfNothing(life))
  const cost = shipping === null ? null : planning.book.money(shipping.net)
  const amounts = [...lines.map((line) => line.amount?.minor ?? 0n), ...details.map(({amount}) => amount.minor)]
  return {
    lines,
    shippingCost: cost,
    ...(then.taxDetails === null ? {} : {taxDetails: details}),
    total: total(amounts) + (cost?.minor ?? 0n),
  }
}

function netOf({planning}: Life, {subtotal, tax}: Portion): bigint {
  return planning.order.taxesIncluded ? subtotal - tax : subtotal
}

function goodsLines(life: Life, then: OrderAt, portion: Portion): PostingLine[] {
  const {progress, units} = portion
  const {planning} = life
  const {key, returned} = progress
  const source = then.lines.find((line) => line.key === key)
  const discount = then.lines.find((line) => line.key === `${key}:discount`)
  if (source === undefined || source.item.id === '') return []
  const name = `${key}:discount credited`
  const credited = life.taken.get(name) ?? 0n
  const whole = discount === undefined ? 0n : discount.amount.minor
  const share = unitShare(whole - credited, units, (then.units.get(key) ?? 0) - returned)
  life.taken.set(name, credited + share)
  progress.returned += units
  const lines = [postingLine(source, units, planning.book.money(netOf(life, portion) - share))]
  if (discount !== undefined && share !== 0n) lines.push(postingLine(discount, null, planning.book.money(share)))
  return lines
}

/** NetSuite takes no credit without a line (USER_ERROR, "You must enter at least one line item"), also where shipping is all. */
function lineOfNothing(life: Life): PostingLine {
  const item = life.rules.refunds.adjustmentItem
  if (item === null) {
    const what = 'shipping alone was given back, and its credit needs a line (refunds.adjustment_item)'
    life.planning.faults.push({code: 'CHARGE_UNMAPPED', what})
  }
  return chargeLine(life, {key: 'shipping', item: item ?? '', amount: 0n, description: 'Shipping given back'})
}

/** A line of its own, not taxed: what it gives back is stated whole. */
function chargeLine({planning}: Life, {key, item, amount, description}: GivenCharge): PostingLine {
  const {rules, book} = planning
  return {
    key,
    item: {id: item},
    quantity: null,
    amount: book.money(amount),
    description,
    location: null,
    taxCode: rules.tax.mode === 'legacy' ? {id: rules.tax.code} : null,
  }
}

type Taxes = Readonly<{taxes: Map<string, bigint>; details: TaxDetail[]}>

/** Splits the tax given back over the taxes that were charged, in their proportions. */
function addTaxes(
  {planning}: Life,
  then: OrderAt,
  lineKey: string | null,
  net: bigint,
  tax: bigint,
  into: Taxes,
): void {
  const charged = then.charges.filter((charge) => charge.lineKey === lineKey).flatMap((charge) => charge.taxes)
  const shares = charged.filter(({amount}) => amount > 0n)
  if (tax === 0n) return
  if (shares.length === 0) {
    const what = `tax of ${format(planning.book.money(tax))} was given back where none was charged`
    planning.faults.push({code: 'REFUND_TOTAL_MISMATCH', what})
    return
  }
  let detailed = 0n
  const parts = spread(
    tax,
    shares.map(({amount}) => amount),
  )
  for (const [i, share] of shares.entries()) {
    const key = taxKeyOf(planning, share)
    const part = parts[i] ?? 0n
    if (key === null) detailed += part
    else into.taxes.set(key, (into.taxes.get(key) ?? 0n) + part)
  }
  const details = (then.taxDetails ?? []).filter((detail) => detail.lineKey === lineKey)
  if (details.length === 0) return
  into.details.push(...detailsOf(details, planning.book.money(net), planning.book.money(detailed)))
}

function detailsOf(details: readonly TaxDetail[], basis: Money, tax: Money): TaxDetail[] {
  const parts = spread(
    tax.minor,
    details.map(({amount}) => (amount.minor > 0n ? amount.minor : 0n)),
  )
  return details.map((detail, i) => ({...detail, basis, amount: {...tax, minor: parts[i] ?? 0n}}))
}
