import {legacyId} from '../core/ids.ts'
import type {ShopifyLine, ShopifyOrder} from '../shopify/types.ts'
import {total, type Book} from './book.ts'
import type {LineUnits} from './quantities.ts'
import {shareOf, spread} from './rounding.ts'
import {sharesOf, type TaxShare} from './tax-shares.ts'

type KeptDuty = Readonly<{id: string; price: bigint; taxes: readonly TaxShare[]}>

/**
 * A line of Shopify reduced to the units that stand on the sales order. Amounts are as Shopify states them: with tax
 * where taxesIncluded.
 */
export type KeptLine = Readonly<{
  line: ShopifyLine
  /** Shopify's number of the line: the key of its sales order line. */
  key: string
  quantity: number
  /** Price × units, before discounts. */
  gross: bigint
  /** After discounts. */
  paid: bigint
  taxes: readonly TaxShare[]
  duties: readonly KeptDuty[]
}>

/**
 * The lines that stand on the sales order. The whole discount of a line is the sum of its allocations (order-level ones
 * included); Shopify's total_discount leaves them out and is never read.
 * @param units null: every unit as ordered
 */
export function keptLines(
  order: ShopifyOrder,
  units: ReadonlyMap<string, LineUnits> | null,
  book: Book,
): readonly KeptLine[] {
  return order.lines.flatMap((line) => {
    const all = asOrdered(line, book)
    const part = units?.get(line.id)
    if (part === undefined || part.kept === line.quantity) return line.quantity === 0 ? [] : [all]
    return part.kept === 0 ? [] : [reduced(all, part, book)]
  })
}

function asOrdered(line: ShopifyLine, book: Book): KeptLine {
  const gross = book.of(line.unitPrice) * BigInt(line.quantity)
  return {
    line,
    key: legacyId(line.id),
    quantity: line.quantity,
    gross,
    paid: gross - total(line.discounts.map((discount) => book.of(discount.amount))),
    taxes: sharesOf(line.taxLines, book),
    duties: line.duties.map((duty) => ({
      id: duty.id.replace(/^.*\/|\?.*$/g, ''),
      price: book.of(duty.price),
      taxes: sharesOf(duty.taxLines, book),
    })),
  }
}

/**
 * The full line less Shopify's own figures of the removed units; units that were edited out without a figure take their
 * share of the rest. Duties, for which a refund line has no figure, follow the units.
 */
function reduced(all: KeptLine, {kept, edited, removed}: LineUnits, book: Book): KeptLine {
  const share = (amount: bigint) => shareOf(amount, kept, edited)
  const tax = share(total(all.taxes.map((tax) => tax.amount)) - removed.tax)
  const ofUnits = (amount: bigint) => shareOf(amount, kept, all.quantity - kept)
  return {
    ...all,
    quantity: kept,
    gross: book.of(all.line.unitPrice) * BigInt(kept),
    paid: share(all.paid - removed.subtotal),
    taxes: scaled(all.taxes, tax),
    duties: all.duties.map((duty) => ({
      ...duty,
      price: ofUnits(duty.price),
      taxes: scaled(duty.taxes, ofUnits(total(duty.taxes.map((share) => share.amount)))),
    })),
  }
}

/** The taxes of a line in the same proportions, summing to `amount`. */
function scaled(taxes: readonly TaxShare[], amount: bigint): TaxShare[] {
  if (taxes.length === 0) return []
  const parts = spread(
    amount,
    taxes.map((tax) => tax.amount),
  )
  return taxes.map((tax, i) => ({...tax, amount: parts[i] ?? 0n}))
}

/** The lines without which the order cannot be planned have these SKUs; gift cards and custom lines need none. */
export function skuOf(line: ShopifyLine): string | null {
  const sku = line.sku?.trim() ?? ''
  return line.isGiftCard || sku === '' ? null : sku
}
