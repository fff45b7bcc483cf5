import type {FieldValue, StoredLine, StoredRecord} from '../engine-types.ts'
import {invalidReference, missing, notPermitted, Refused} from '../refused.ts'
import type {State} from '../state.ts'
import {idOf, isTrue, textOf} from '../values.ts'
import type {Inventory} from './inventory.ts'
import type {MergedLine} from './lines.ts'
import {priceLine} from './pricing.ts'
import {computeTotals, type TaxRegime} from './totals.ts'

export type SaleRules = Readonly<{
  state: State
  inventory: Inventory
  regime: TaxRegime
  today: () => string
  /** Currencies that every customer may use; null: only those in the customer's list. */
  allCurrencies: boolean
}>

export type SaleDraft = {fields: Record<string, FieldValue>; lines: Record<string, MergedLine[]>}

/** Completes a sales order as NetSuite does when it is saved: sourcing, amounts, taxes, totals. Throws Refused. */
export function completeOrder(rules: SaleRules, draft: SaleDraft, isNew: boolean): void {
  const {state} = rules
  const {fields} = draft
  const customer = customerOf(state, fields)
  if (isNew) source(rules, fields, customer)
  checkSubsidiary(fields, customer)
  checkCurrency(rules, fields, customer)
  // Our shipping items do not allow a handling cost (NetSuite help section_N3690924).
  if (Number(textOf(fields['handlingCost']) ?? '0') !== 0) throw notPermitted('handlingCost', 'handlingCost')

  const currency = state.find('currency', {id: idOf(fields['currency']) ?? ''})
  const precision = Number(textOf(currency?.fields['currencyPrecision']) ?? '2')
  const lines = draft.lines['item'] ?? []
  if (lines.length === 0) {
    throw new Refused('USER_ERROR', 'You must enter at least one line item for this transaction.', 'item')
  }
  completeLines(rules, lines, {currencyId: currency?.id ?? '', precision})
  computeTotals(state, draft, rules.regime, precision)
}

function customerOf(state: State, fields: Readonly<Record<string, FieldValue>>): StoredRecord {
  const customer = state.find('customer', {id: idOf(fields['entity']) ?? ''})
  if (customer === undefined) throw missing('Customer', 'entity')
  if (isTrue(customer.fields['isInactive'])) throw invalidReference('entity', customer.id, 'entity')
  return customer
}

/** What a new transaction takes from its customer and the company where the caller says nothing. */
function source(rules: SaleRules, fields: Record<string, FieldValue>, customer: StoredRecord): void {
  const own = customer.fields
  const shipping = customer.lines['addressbook']?.find((line) => isTrue(line.fields['defaultShipping']))
  const billing = customer.lines['addressbook']?.find((line) => isTrue(line.fields['defaultBilling']))
  const defaults: Record<string, FieldValue | undefined> = {
    tranDate: rules.today(),
    orderStatus: 'A',
    subsidiary: own['subsidiary'],
    currency: own['currency'],
    terms: own['terms'],
    email: own['email'],
    shippingAddress: shipping?.fields['addressbookAddress'],
    billingAddress: billing?.fields['addressbookAddress'],
  }
  for (const [name, value] of Object.entries(defaults)) {
    if (fields[name] === undefined && value !== undefined) fields[name] = value
  }
  fields['orderStatus'] ??= 'A'
  fields['tranDate'] ??= rules.today()
}

function checkSubsidiary(fields: Record<string, FieldValue>, customer: StoredRecord): void {
  const own = customer.fields['subsidiary'] ?? null
  fields['subsidiary'] ??= own
  if (idOf(fields['subsidiary']) !== idOf(own)) {
    throw invalidReference('subsidiary', idOf(fields['subsidiary']) ?? '', 'subsidiary')
  }
}

/** The currency must be one of the customer's; the rate is the currency's unless given. Throws Refused. */
export function checkCurrency(
  {state, allCurrencies}: SaleRules,
  fields: Record<string, FieldValue>,
  customer: StoredRecord,
): void {
  fields['currency'] ??= customer.fields['currency'] ?? null
  const currency = state.find('currency', {id: idOf(fields['currency']) ?? ''})
  if (currency === undefined) throw missing('Currency', 'currency')
  const listed = [
    customer.fields['currency'],
    ...(customer.lines['currency'] ?? []).map((line) => line.fields['currency']),
  ]
  if (!allCurrencies && !listed.some((own) => idOf(own) === currency.id)) {
    throw invalidReference('currency', currency.id, 'currency')
  }
  fields['exchangeRate'] ??= currency.fields['exchangeRate'] ?? '1'
}

function completeLines(
  {state}: SaleRules,
  lines: readonly MergedLine[],
  context: Readonly<{currencyId: string; precision: number}>,
): void {
  let before: MergedLine | undefined
  for (const [index, line] of lines.entries()) {
    const path = `item.items[${index}].`
    const item = state.find('item', {id: idOf(line.fields['item']) ?? ''})
    if (item === undefined) throw missing('Item', `${path}item`)
    // An inactive item cannot be selected on a line; one that already stands there may stay.
    if (isTrue(item.fields['isInactive']) && line.given.has('item'))
      throw invalidReference('item', item.id, `${path}item`)
    priceLine(line, item, before, context, path)
    line.fields['description'] ??= item.fields['description'] ?? null
    line.fields['isClosed'] ??= false
    line.fields['lineUniqueKey'] ??= String(state.next('lineUniqueKey'))
    before = line
  }
}

/**
 * The status by what is open on the lines (accounting of the order's life: NetSuite help section_N1220604).
 * An approved order on which nothing has to be shipped waits for its bill at once.
 */
export function orderStatus(
  state: State,
  order: Readonly<{fields: Record<string, FieldValue>; lines: Record<string, StoredLine[]>}>,
): string {
  const lines = order.lines['item'] ?? []
  if (lines.every((line) => isTrue(line.fields['isClosed']))) return 'H'
  if (order.fields['orderStatus'] === 'A') return 'A'
  const open = lines.filter((line) => !isTrue(line.fields['isClosed']))
  const shippable = open.filter((line) => isShippable(state, line))
  const done = (line: StoredLine, field: string): number => Number(textOf(line.fields[field]) ?? '0')
  const ordered = (line: StoredLine): number => Number(textOf(line.fields['quantity']) ?? '0')
  if (open.every((line) => done(line, 'quantityBilled') >= ordered(line))) return 'G'
  if (shippable.every((line) => done(line, 'quantityFulfilled') >= ordered(line))) return 'F'
  if (!shippable.some((line) => done(line, 'quantityFulfilled') > 0)) return 'B'
  return shippable.some((line) => done(line, 'quantityFulfilled') > done(line, 'quantityBilled')) ? 'E' : 'D'
}

export function isShippable(state: State, line: StoredLine): boolean {
  const item = state.find('item', {id: idOf(line.fields['item']) ?? ''})
  return item?.type === 'inventoryItem' || isTrue(item?.fields['isFulfillable'])
}
