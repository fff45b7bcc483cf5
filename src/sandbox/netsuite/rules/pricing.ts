import {type Amount, amountOf, fixed, isDecimal, plain, ZERO} from '../amounts.ts'
import type {FieldValue, StoredRecord} from '../engine-types.ts'
import {invalidValue, missing} from '../refused.ts'
import {idOf, textOf} from '../values.ts'
import type {MergedLine} from './lines.ts'

/** The price level under which rate and amount are the caller's. UNVERIFIED by Oracle's pages; used by public integrations. */
const CUSTOM_PRICE = '-1'
const BASE_PRICE = '1'

export type PriceContext = Readonly<{currencyId: string; precision: number}>

/**
 * Gives a line its rate and amount. An amount that was given wins; otherwise amount = rate × quantity, the rate being given
 * or that of the price level. A discount line takes its percentage of the line before it. Throws Refused.
 */
export function priceLine(
  line: MergedLine,
  item: StoredRecord,
  before: MergedLine | undefined,
  context: PriceContext,
  path: string,
): void {
  const {fields, given} = line
  if (item.type === 'discountItem') {
    priceDiscount(line, before, context, path)
    return
  }
  if (given.has('price') && !given.has('rate') && idOf(fields['price']) !== CUSTOM_PRICE) delete fields['rate']
  if (!given.has('amount') && ['quantity', 'rate', 'price'].some((name) => given.has(name))) delete fields['amount']

  const quantity = amountOf(textOf(fields['quantity']) ?? '1')
  fields['quantity'] = plain(quantity)
  const amount = textOf(fields['amount'])
  if (amount !== undefined) {
    fields['amount'] = fixed(amountOf(amount), context.precision)
    if (given.has('amount') && !given.has('rate'))
      fields['rate'] = quantity.isZero() ? null : rateText(amountOf(amount), quantity)
    return
  }
  const rate = textOf(fields['rate']) ?? levelRate(item, fields['price'], context)
  if (rate === undefined) throw missing('Amount', `${path}amount`)
  if (!isDecimal(rate)) throw invalidValue('rate', rate, `${path}rate`)
  fields['rate'] = rate
  fields['amount'] = fixed(amountOf(rate).times(quantity), context.precision)
}

function rateText(amount: Amount, quantity: Amount): string {
  return plain(amount.dividedBy(quantity).toDecimalPlaces(8))
}

function priceDiscount(
  {fields, given}: MergedLine,
  before: MergedLine | undefined,
  {precision}: PriceContext,
  path: string,
): void {
  fields['quantity'] = null
  if (given.has('rate') && !given.has('amount')) delete fields['amount']
  const amount = textOf(fields['amount'])
  if (amount !== undefined) {
    fields['amount'] = fixed(amountOf(amount), precision)
    return
  }
  const rate = textOf(fields['rate'])
  if (rate === undefined) throw missing('Amount', `${path}amount`)
  const [number, percent] = rate.endsWith('%') ? [rate.slice(0, -1), true] : [rate, false]
  if (!isDecimal(number)) throw invalidValue('rate', rate, `${path}rate`)
  const base = before === undefined ? ZERO : amountOf(textOf(before.fields['amount']) ?? '0')
  const value = percent ? base.times(amountOf(number)).dividedBy(100) : amountOf(number)
  fields['amount'] = fixed(value, precision)
}

/** The unit price of an item in a currency and price level; undefined where none is set. */
function levelRate(item: StoredRecord, level: FieldValue | undefined, {currencyId}: PriceContext): string | undefined {
  const wanted = idOf(level) ?? BASE_PRICE
  const price = item.lines['pricing']?.find(
    ({fields}) => idOf(fields['priceLevel']) === wanted && idOf(fields['currency']) === currencyId,
  )
  return textOf(price?.fields['price'])
}
