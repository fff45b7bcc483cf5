import {Decimal} from 'decimal.js'

import type {ShopifyTaxLine} from '../shopify/types.ts'
import type {Book} from './book.ts'

/**
 * One tax of one charge. `percent` is decimal text without trailing zeros ("8.25"); null where Shopify states no rate.
 */
export type TaxShare = Readonly<{title: string; percent: string | null; channelLiable: boolean; amount: bigint}>

/**
 * Something taxed: a line of the sales order by its key, or shipping (null). `net` is without tax and after discounts.
 */
export type TaxedCharge = Readonly<{lineKey: string | null; net: bigint; taxes: readonly TaxShare[]}>

/** channelLiable null means unknown (Shopify: TaxLine.channelLiable) and is treated as ours. */
export function sharesOf(taxLines: readonly ShopifyTaxLine[], book: Book): TaxShare[] {
  return taxLines.map((line) => ({
    title: line.title,
    percent: line.rate === null ? null : percentOf(line.rate),
    channelLiable: line.channelLiable === true,
    amount: book.of(line.price),
  }))
}

/** "0.0825" → "8.25" */
function percentOf(rate: string): string {
  return new Decimal(rate).times(100).toFixed()
}
