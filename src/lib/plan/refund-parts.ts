import {format} from '../core/money.ts'
import type {ShopifyRefund, ShopifyRefundLine} from '../shopify/types.ts'
import {total} from './book.ts'
import type {Given, GivenCharge, Portion} from './credits.ts'
import type {Life, LineProgress} from './life-state.ts'
import type {Part} from './quantities.ts'
import {spread} from './rounding.ts'

/**
 * What a refund gives back, by what NetSuite holds of it: `billed` needs a credit memo; `later` will stand on a bill
 * that is still to come, and needs a credit against it then; `removed` is worth what left the sales order unbilled.
 */
export type RefundParts = Readonly<{billed: Given; later: Given; removed: bigint}>

type Draft = {portions: Portion[]; charges: GivenCharge[]; shipping: {net: bigint; tax: bigint} | null}

/** Sorts a refund by the state of the order at its time; a quantity that is not positive is a fault. */
export function partsOf(life: Life, refund: ShopifyRefund): RefundParts {
  const billed: Draft = {portions: [], charges: [], shipping: null}
  const later: Draft = {portions: [], charges: [], shipping: null}
  let removed = 0n
  for (const line of refund.lines) {
    const progress = life.lines.get(line.lineId)
    const part = progress?.units.parts.find((each) => each.refund === line)
    if (!Number.isInteger(line.quantity) || line.quantity < 1) {
      life.planning.faults.push({code: 'QUANTITY_INVALID', what: `${line.quantity} of ${line.lineId} by ${refund.id}`})
    } else if (progress === undefined || part === undefined) {
      ;(life.now.isHeaderBilled ? billed : later).charges.push(tipOf(life, line))
    } else {
      removed += worth(life, addRemoved(progress, part.removed, billed))
      addReturned(progress, part.returned, billed, later)
    }
  }
  const gone = billed.portions.filter(({isGone}) => isGone)
  life.now.billed -= total(gone.map((portion) => worth(life, portion)))
  removed += addCharges(life, refund, billed, later)
  return {billed, later, removed}
}

/**
 * Units that left the order unshipped are given back unbilled, except where a bill has them: what needs no shipping is
 * billed before. Gives the part that is not billed.
 */
function addRemoved(progress: LineProgress, {units, subtotal, tax}: Part, billed: Draft): Part {
  const excess = Math.max(0, progress.billed - progress.units.kept - progress.dropped)
  const credited = Math.min(units, excess)
  if (credited === 0) return {units, subtotal, tax}
  progress.dropped += credited
  const weights = [BigInt(credited), BigInt(units - credited)]
  const [[ours = 0n, others = 0n], [tax1 = 0n, tax2 = 0n]] = [spread(subtotal, weights), spread(tax, weights)]
  billed.portions.push({progress, units: credited, subtotal: ours, tax: tax1, isGone: true})
  return {units: units - credited, subtotal: others, tax: tax2}
}

/** Units that came back: as many as are billed are credited at once, the rest once their bill is there. */
function addReturned(progress: LineProgress, {units, subtotal, tax}: Part, billed: Draft, later: Draft): void {
  if (units === 0) return
  const now = Math.min(units, Math.max(0, progress.billed - progress.returned - pending(progress, billed)))
  const weights = [BigInt(now), BigInt(units - now)]
  const [subtotals, taxes] = [spread(subtotal, weights), spread(tax, weights)]
  for (const [i, draft] of [billed, later].entries()) {
    const count = i === 0 ? now : units - now
    if (count > 0)
      draft.portions.push({progress, units: count, subtotal: subtotals[i] ?? 0n, tax: taxes[i] ?? 0n, isGone: false})
  }
}

function pending(progress: LineProgress, {portions}: Draft): number {
  return portions.filter((portion) => portion.progress === progress).reduce((sum, {units}) => sum + units, 0)
}

function worth({planning}: Life, {subtotal, tax}: Pick<Part, 'subtotal' | 'tax'>): bigint {
  return subtotal + (planning.order.taxesIncluded ? 0n : tax)
}

/** A refund line of a line that the plan does not have: the tip, which Shopify may show among the lines. */
function tipOf({planning}: Life, line: ShopifyRefundLine): GivenCharge {
  const item = planning.rules.items.tip ?? ''
  return {key: 'tip', item, amount: planning.book.of(line.subtotal), description: 'Tip'}
}

/** Duties, shipping and adjustments. Shipping that was removed from the order unbilled is worth its amount; returned. */
function addCharges(life: Life, refund: ShopifyRefund, billed: Draft, later: Draft): bigint {
  const {planning, now, bills} = life
  const {order, book} = planning
  const header = now.isHeaderBilled ? billed : later
  for (const duty of dutiesOf(life, refund)) (duty.isBilled ? billed : later).charges.push(duty.charge)
  for (const charge of adjustmentsOf(life, refund)) (bills.length > 0 ? billed : later).charges.push(charge)
  if (refund.shipping.length === 0) return 0n
  const tax = total(refund.shipping.map((each) => book.of(each.tax)))
  const amount = total(refund.shipping.map((each) => book.of(each.amount)))
  const shipping = {net: order.taxesIncluded ? amount - tax : amount, tax}
  const isRemoved = order.shippingLines.length > 0 && order.shippingLines.every((line) => line.isRemoved)
  if (isRemoved && !now.isHeaderBilled) return shipping.net + shipping.tax
  header.shipping = shipping
  return 0n
}

/** Where prices include duties, so does what a refund line gives back. */
function dutiesOf({planning, lines, salesOrder}: Life, refund: ShopifyRefund) {
  const {order, book} = planning
  if (order.dutiesIncluded) return []
  return (refund.duties ?? []).map(({dutyId, amount}) => {
    const id = dutyId.replace(/^.*\/|\?.*$/g, '')
    const line = salesOrder.lines.find(({key}) => key.endsWith(`:duty:${id}`))
    const progress = [...lines.values()].find(({key}) => line?.key.startsWith(`${key}:`))
    const charge: GivenCharge = {
      key: line?.key ?? `duty:${id}`,
      item: line?.item.id ?? planning.rules.items.duty ?? '',
      amount: book.of(amount),
      description: line?.description ?? 'Duty',
    }
    return {charge, isBilled: (progress?.billed ?? 0) > 0}
  })
}

/** Shopify's adjustments are positive where money is kept (Shopify: OrderAdjustment); a credit bears them with the other sign. */
function adjustmentsOf({planning, rules}: Life, refund: ShopifyRefund): GivenCharge[] {
  const {book, faults} = planning
  const sum = total((refund.adjustments ?? []).map(({amount, tax}) => -book.of(amount) - book.of(tax)))
  if (sum === 0n) return []
  const item = rules.refunds.adjustmentItem
  if (item === null) {
    const what = `the refund adjustment of ${format(book.money(sum))} (refunds.adjustment_item)`
    faults.push({code: 'CHARGE_UNMAPPED', what})
  }
  const reasons = [...new Set((refund.adjustments ?? []).flatMap(({reason}) => reason ?? []))].join(', ')
  return [{key: 'adjustment', item: item ?? '', amount: sum, description: `Refund adjustment ${reasons}`.trim()}]
}
