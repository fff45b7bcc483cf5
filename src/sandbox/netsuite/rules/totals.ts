import {type Amount, amountOf, fixed, isDecimal, rounded, sumOf, ZERO} from '../amounts.ts'
import type {FieldValue, StoredLine, StoredRecord} from '../engine-types.ts'
import {invalidReference, invalidValue, notPermitted} from '../refused.ts'
import type {State} from '../state.ts'
import {idOf, isTrue, textOf} from '../values.ts'

export type TaxRegime = 'legacy' | 'suitetax'

const NOT_TAXABLE = '-8'

/** Sale as it stands while its totals are computed. */
export type Sale = Readonly<{fields: Record<string, FieldValue>; lines: Record<string, StoredLine[]>}>

/**
 * Computes what NetSuite computes: subTotal, discountTotal, taxTotal and total, each tax rounded per line, half up, to the
 * precision of the currency. Throws Refused where fields of the other tax regime are set.
 */
export function computeTotals(state: State, sale: Sale, regime: TaxRegime, precision: number): void {
  const {fields, lines} = sale
  const items = lines['item'] ?? []
  const money = (name: string): Amount => amountOf(textOf(fields[name]) ?? '0')
  const subTotal = sumOf(items.map((line) => lineAmount(line)))
  const discount = headerDiscount(fields, subTotal, precision)
  // Without a shipping method the cost has no item to stand on; NetSuite wants both (NetSuite help section_N3690924).
  const shipping = idOf(fields['shipMethod']) === undefined ? ZERO : rounded(money('shippingCost'), precision)
  const tax =
    regime === 'legacy' ? legacyTax(state, sale, shipping, precision) : suiteTax(state, sale, shipping, precision)

  if (idOf(fields['shipMethod']) !== undefined) fields['shippingCost'] = fixed(shipping, precision)
  fields['altShippingCost'] = fixed(shipping, precision)
  fields['subTotal'] = fixed(subTotal, precision)
  fields['discountTotal'] = fixed(discount, precision)
  fields['taxTotal'] = fixed(tax, precision)
  fields['total'] = fixed(subTotal.plus(discount).plus(shipping).plus(tax), precision)
}

function lineAmount(line: StoredLine): Amount {
  return amountOf(textOf(line.fields['amount']) ?? '0')
}

/** The header discount as a negative amount: a percentage of the subtotal ("-10%") or an amount. */
function headerDiscount(fields: Readonly<Record<string, FieldValue>>, subTotal: Amount, precision: number): Amount {
  const rate = textOf(fields['discountRate'])
  if (idOf(fields['discountItem']) === undefined || rate === undefined) return ZERO
  const number = rate.endsWith('%') ? rate.slice(0, -1) : rate
  if (!isDecimal(number)) throw invalidValue('discountRate', rate, 'discountRate')
  const value = rate.endsWith('%') ? subTotal.times(amountOf(number)).dividedBy(100) : amountOf(number)
  return rounded(value, precision)
}

function legacyTax(state: State, {fields, lines}: Sale, shipping: Amount, precision: number): Amount {
  if ((lines['taxDetails'] ?? []).length > 0) throw notPermitted('taxDetailsList', 'taxDetails')
  if (isTrue(fields['taxDetailsOverride'])) throw notPermitted('taxDetailsOverride', 'taxDetailsOverride')
  let total = ZERO
  for (const line of lines['item'] ?? []) {
    const code =
      idOf(line.fields['taxCode']) ?? (isTrue(line.fields['isTaxable']) ? idOf(fields['taxItem']) : undefined)
    const rate = rateOf(state, code)
    const tax = rounded(lineAmount(line).times(rate).dividedBy(100), precision)
    line.fields['taxRate1'] = rate.toFixed()
    line.fields['tax1Amt'] = fixed(tax, precision)
    line.fields['grossAmt'] = fixed(lineAmount(line).plus(tax), precision)
    total = total.plus(tax)
  }
  const shippingRate = rateOf(state, idOf(fields['shippingTaxCode']))
  return total.plus(rounded(shipping.times(shippingRate).dividedBy(100), precision))
}

function rateOf(state: State, code: string | undefined): Amount {
  if (code === undefined || code === NOT_TAXABLE) return ZERO
  return amountOf(textOf(state.find('salesTaxItem', {id: code})?.fields['rate']) ?? '0')
}

/**
 * SuiteTax: with taxDetailsOverride the given details are the tax; without it NetSuite computes it from the nexus
 * (here: the one tax code of the company on every taxable line and on shipping).
 */
function suiteTax(state: State, {fields, lines}: Sale, shipping: Amount, precision: number): Amount {
  const items = lines['item'] ?? []
  for (const [index, line] of items.entries()) {
    if (idOf(line.fields['taxCode']) !== undefined) throw notPermitted('taxCode', `item.items[${index}].taxCode`)
  }
  for (const name of ['shippingTaxCode', 'taxItem']) {
    if (idOf(fields[name]) !== undefined) throw notPermitted(name, name)
  }
  if (!isTrue(fields['taxDetailsOverride'])) {
    if ((lines['taxDetails'] ?? []).length > 0) throw notPermitted('taxDetailsList', 'taxDetails')
    return nexusTax(state, items, shipping, precision)
  }
  const references = new Set(items.map((line) => textOf(line.fields['taxDetailsReference'])))
  let total = ZERO
  for (const [index, detail] of (lines['taxDetails'] ?? []).entries()) {
    const reference = textOf(detail.fields['taxDetailsReference'])
    // How shipping is referred to is not documented: any reference that no line carries is taken as shipping's, if there is one.
    if (!references.has(reference) && shipping.isZero()) {
      throw invalidReference('taxDetailsReference', reference ?? '', `taxDetails.items[${index}].taxDetailsReference`)
    }
    const tax = rounded(amountOf(textOf(detail.fields['taxAmount']) ?? '0'), precision)
    detail.fields['taxAmount'] = fixed(tax, precision)
    total = total.plus(tax)
  }
  return total
}

function nexusTax(state: State, items: readonly StoredLine[], shipping: Amount, precision: number): Amount {
  const code = [...state.records('salesTaxItem')].find(({fields}) => idOf(fields['taxType']) !== undefined)
  const rate = rateOf(state, code?.id)
  const taxed = (base: Amount): Amount => rounded(base.times(rate).dividedBy(100), precision)
  const taxable = items.filter((line) => isTaxable(state.find('item', {id: idOf(line.fields['item']) ?? ''})))
  return sumOf(taxable.map((line) => taxed(lineAmount(line)))).plus(taxed(shipping))
}

function isTaxable(item: StoredRecord | undefined): boolean {
  return item !== undefined && item.fields['isTaxable'] !== false
}
