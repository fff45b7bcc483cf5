import type {SalesOrderLine} from '../netsuite/types.ts'
import type {ShopifyLine} from '../shopify/types.ts'
import {total, type Planning} from './book.ts'
import {skuOf, type KeptLine} from './lines.ts'
import {itemOfCharge, plannedLine} from './planned-line.ts'
import {proportion} from './rounding.ts'
import type {TaxedCharge} from './tax-shares.ts'
import type {ItemBook} from './types.ts'

/** Lines of the sales order, and what of them is taxed. */
export type Charges = Readonly<{lines: readonly SalesOrderLine[]; taxed: readonly TaxedCharge[]}>

/**
 * What was bought: an item line for each line of Shopify (bundles too: each component is a line), right after it its
 * discount. Amounts in NetSuite are net of tax: where prices include tax (or duties), Shopify's own taxes (and duties)
 * are taken out, and item and discount share the net in the proportion of what they were, so that both sum to it.
 */
export function planGoods(planning: Planning, kept: readonly KeptLine[], items: ItemBook): Charges {
  const lines: SalesOrderLine[] = []
  const taxed: TaxedCharge[] = []
  for (const line of kept) {
    const net = netOf(planning, line)
    const discount = planning.rules.discounts === 'line' ? discountOf(line, net) : 0n
    lines.push(
      plannedLine(planning, {
        key: line.key,
        item: itemOf(planning, line, items),
        quantity: line.quantity,
        amount: net + discount,
        description: titleOf(line.line),
        location: planning.rules.location,
      }),
    )
    if (discount !== 0n) lines.push(discountLine(planning, line, discount))
    taxed.push({lineKey: line.key, net, taxes: line.taxes})
  }
  return {lines, taxed}
}

/** After discounts, without the tax and the duties that the price contains. */
function netOf({order}: Planning, {paid, taxes, duties}: KeptLine): bigint {
  const tax = order.taxesIncluded ? total(taxes.map((share) => share.amount)) : 0n
  const duty = order.dutiesIncluded ? total(duties.map(({price}) => price)) : 0n
  return paid - tax - duty
}

/** The discount as a positive amount, net of what the price contains. */
function discountOf({line, gross, paid}: KeptLine, net: bigint): bigint {
  if (line.discounts.length === 0 || gross <= paid) return 0n
  return paid === 0n ? gross : proportion(gross, net, paid) - net
}

function discountLine(planning: Planning, {key, line}: KeptLine, discount: bigint): SalesOrderLine {
  const titles = [
    ...new Set(line.discounts.map((allocation) => allocation.title.trim()).filter((title) => title !== '')),
  ]
  return plannedLine(planning, {
    key: `${key}:discount`,
    item: itemOfCharge(planning, 'discount', discount),
    quantity: null,
    amount: -discount,
    description: ['Discount', titles.join(', ')].join(' ').trim(),
  })
}

/** A gift card sold is a liability, whatever its SKU; a line without SKU is custom. */
function itemOf(planning: Planning, {line, paid}: KeptLine, items: ItemBook): string {
  if (line.isGiftCard) return itemOfCharge(planning, 'giftCard', paid, line.title)
  const sku = skuOf(line)
  if (sku === null) return itemOfCharge(planning, 'custom', paid, line.title)
  const match = items.get(sku)
  const {faults} = planning
  if (match?.kind === 'found' && !match.isInactive) return match.id
  if (match === undefined) faults.push({code: 'SKU_UNMAPPED', what: JSON.stringify(sku)})
  else if (match.kind === 'found') faults.push({code: 'ITEM_INACTIVE', what: `${JSON.stringify(sku)} (id ${match.id})`})
  else faults.push({code: 'SKU_AMBIGUOUS', what: `${JSON.stringify(sku)} (ids ${match.ids.join(', ')})`})
  return ''
}

function titleOf({title, variantTitle}: ShopifyLine): string {
  return variantTitle === null || variantTitle === '' || variantTitle === 'Default Title'
    ? title
    : `${title} - ${variantTitle}`
}
