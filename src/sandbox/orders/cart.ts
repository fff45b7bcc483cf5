import {catalogue, type CatalogueItem} from '../catalogue.ts'
import {catalogueIds} from '../shopify/products.ts'
import {inBoth, none, type Currencies, type Two} from './amounts.ts'
import type {Chance} from './chance.ts'
import type {Tax} from './markets.ts'

export type CartLine = Readonly<{
  sku: string | null
  title: string
  variantTitle: string | null
  productId: number | null
  variantId: number | null
  unit: Two
  quantity: number
  requiresShipping: boolean
  taxable: boolean
  isGiftCard: boolean
  grams: number
  properties: readonly Readonly<{name: string; value: string}>[]
}>

/** A discount: a part (in hundredths of a percent) or an amount, of all lines, of one line, or of the shipping. */
export type Discount = Readonly<{
  type: 'discount_code' | 'automatic' | 'manual'
  /** The code, or the title. */
  name: string
  value: Readonly<{kind: 'percentage'; of: number}> | Readonly<{kind: 'fixed_amount'; amount: Two}>
  target: 'all' | 'shipping' | number
}>

export type Shipping = Readonly<{title: string; price: Two}>

export type Cart = Readonly<{
  lines: readonly CartLine[]
  discounts: readonly Discount[]
  shipping: Shipping | null
  tip: Two
  /** Part of each line's price that is due as duty, in hundredths of a percent. */
  dutyRate: number
  taxesIncluded: boolean
  taxesShipping: boolean
  taxes: readonly Tax[]
}>

export function lineOf(item: CatalogueItem, quantity: number, currencies: Currencies): CartLine {
  const {productId, variantId} = catalogueIds(item)
  return {
    sku: item.sku,
    title: item.title,
    variantTitle: item.variant,
    productId,
    variantId,
    unit: inBoth(Number(item.price.replace('.', '')), currencies),
    quantity,
    requiresShipping: item.requiresShipping,
    taxable: item.taxable,
    isGiftCard: false,
    grams: item.grams,
    properties: [],
  }
}

/** A line that no product stands for: a gift card's value, or work typed in at the till. */
function freeLine(title: string, shopPrice: number, currencies: Currencies, isGiftCard: boolean): CartLine {
  return {
    sku: null,
    title,
    variantTitle: isGiftCard ? `$${shopPrice / 100}.00` : null,
    productId: isGiftCard ? 8_017_400_009_001 : null,
    variantId: isGiftCard ? 44_100_000_009_001 : null,
    unit: inBoth(shopPrice, currencies),
    quantity: 1,
    requiresShipping: false,
    taxable: !isGiftCard,
    isGiftCard,
    grams: 0,
    properties: [],
  }
}

/** One to four different products, now and then a gift card or a line without product among them. */
export function drawLines(chance: Chance, currencies: Currencies): CartLine[] {
  const count = chance.weighted({'1': 45, '2': 30, '3': 17, '4': 8})
  const items = new Set(Array.from({length: Number(count)}, () => chance.pick(catalogue)))
  const lines = [...items].map((item) => lineOf(item, Number(chance.weighted({'1': 75, '2': 18, '3': 7})), currencies))
  if (chance.percent(4)) lines.push(freeLine('Gift Card', chance.pick([2500, 5000, 10_000]), currencies, true))
  if (chance.percent(4)) {
    const engraved = freeLine('Engraving', 750, currencies, false)
    lines.push({...engraved, properties: [{name: 'Text', value: 'Für “Zoë” & Co. <3'}]})
  }
  return lines
}

/** The order's discounts: none in two of three orders. */
export function drawDiscounts(chance: Chance, lines: readonly CartLine[], currencies: Currencies): Discount[] {
  const product = lines.findIndex((line) => !line.isGiftCard)
  if (product < 0) return []
  const fixed = (amount: number) => ({kind: 'fixed_amount', amount: inBoth(amount, currencies)}) as const
  const percent = (of: number) => ({kind: 'percentage', of: of * 100}) as const
  switch (chance.weighted({none: 64, code: 12, fixed: 6, automatic: 7, line: 6, both: 4, shipping: 1})) {
    case 'none':
      return []
    case 'code':
      return [{type: 'discount_code', name: 'SUMMER10', value: percent(10), target: 'all'}]
    case 'fixed':
      return [{type: 'discount_code', name: 'FIVEOFF', value: fixed(500), target: 'all'}]
    case 'automatic':
      return [{type: 'automatic', name: 'Autumn sale', value: percent(15), target: 'all'}]
    case 'line':
      return [{type: 'manual', name: 'Damaged box', value: fixed(300), target: product}]
    case 'both':
      return [
        {type: 'automatic', name: 'Second thoughts', value: percent(20), target: product},
        {type: 'discount_code', name: 'WELCOME7', value: percent(7), target: 'all'},
      ]
    case 'shipping':
      return [{type: 'discount_code', name: 'SHIPFREE', value: percent(100), target: 'shipping'}]
  }
}

/** How the order travels; null when nothing in it does. */
export function drawShipping(
  chance: Chance,
  lines: readonly CartLine[],
  isAbroad: boolean,
  currencies: Currencies,
): Shipping | null {
  if (!lines.some((line) => line.requiresShipping)) return null
  if (isAbroad) return {title: 'International', price: inBoth(1995, currencies)}
  switch (chance.weighted({standard: 60, free: 22, express: 18})) {
    case 'standard':
      return {title: 'Standard', price: inBoth(595, currencies)}
    case 'free':
      return {title: 'Standard', price: none}
    case 'express':
      return {title: 'Express', price: inBoth(1450, currencies)}
  }
}
