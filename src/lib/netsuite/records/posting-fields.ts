import {decimalOf, type Money} from '../../core/money.ts'
import type {MoneyAccount, PostingLine} from '../posting-types.ts'
import type {TaxDetail} from '../types.ts'
import type {Field, Prefix, Values} from './fields.ts'
import {taxDetailValues} from './tax-details.ts'

/** What the account decides about the lines of transactions. */
export type LineRules = Readonly<{
  /** Script id of the column field that keeps a line's key; null: not kept. */
  lineKey: string | null
  /** Internal id of the price level "Custom", under which our amounts stand. */
  priceLevel: string
}>

type Kind = 'text' | 'flag' | 'number' | 'day' | 'ref' | 'doc'

/** REST spells this one in lower case (REST API Browser, itemFulfillment.item). */
const REST_NAMES: Readonly<Record<string, string>> = {itemReceive: 'itemreceive'}

/** Fields that bear the same name in SOAP, in REST and in our values, in the order given. */
export function plainFields(prefix: Prefix, kinds: Readonly<Record<string, Kind>>): Field[] {
  return Object.entries(kinds).map(([name, kind]) => {
    return {name, kind, soap: `${prefix}:${name}`, rest: REST_NAMES[name] ?? name}
  })
}

export function customFields(prefix: Prefix): Field {
  return {name: 'customFields', kind: 'custom', soap: `${prefix}:customFieldList`, rest: ''}
}

/** The same fields, those that are named only in SOAP: a transform of REST has them from the record it starts from. */
export function soapOnly(fields: readonly Field[], ...names: readonly string[]): Field[] {
  return fields.map((field) => (names.includes(field.name) ? {...field, rest: null} : field))
}

/** `itemList` of a type, each line with its custom fields. */
export function itemList(
  prefix: Prefix,
  kinds: Readonly<Record<string, Kind>>,
  onlySoap: readonly string[] = [],
): Field {
  const fields = [...soapOnly(plainFields(prefix, kinds), ...onlySoap), customFields(prefix)]
  return {name: 'items', kind: 'list', row: `${prefix}:item`, fields, soap: `${prefix}:itemList`, rest: 'item'}
}

/** `applyList`: what a payment or a credit is put against. The order of its fields differs from type to type. */
export function applyList(prefix: Prefix, kinds: Readonly<Record<string, Kind>>): Field {
  const fields = plainFields(prefix, kinds)
  return {name: 'apply', kind: 'list', row: `${prefix}:apply`, fields, soap: `${prefix}:applyList`, rest: 'apply'}
}

export function decimalOrNull(amount: Money | null): string | null {
  return amount === null ? null : decimalOf(amount)
}

/**
 * Where money goes: the flag alone for undeposited funds; with an account the flag is denied, because NetSuite may have
 * it set by a preference and then refuses the account or passes it over.
 */
export function accountValues(account: MoneyAccount): Values {
  return account.kind === 'undeposited' ? {undepFunds: true} : {undepFunds: false, account: {id: account.id}}
}

/** Where a line comes from: the line of another record, by NetSuite's number of it. */
type From = Readonly<{line: string; locationId: string | null}> | null

/**
 * Lines with amounts; each names the line that it is made from, if any. Our amount stands under the custom price level
 * and without a rate, as on the sales order. `withTax`: tax details name the lines by their keys.
 */
export function amountLines(
  lines: readonly PostingLine[],
  from: readonly From[],
  rules: LineRules,
  withTax: boolean,
): Values[] {
  return lines.map((line, i) => {
    const source = from[i] ?? null
    return {
      item: line.item,
      orderLine: source?.line ?? null,
      quantity: line.quantity === null ? null : String(line.quantity),
      description: line.description,
      price: line.amount === null ? null : {id: rules.priceLevel},
      amount: decimalOrNull(line.amount),
      location: locationOf(line, source),
      taxCode: line.taxCode,
      taxDetailsReference: withTax ? line.key : null,
      customFields: keyField(line.key, rules),
    }
  })
}

/** The location that the plan states, else that of the line it comes from. */
export function locationOf(line: PostingLine, from: From): Values | null {
  return line.location ?? (from === null || from.locationId === null ? null : {id: from.locationId})
}

/** Taxes as the plan states them, or nothing where NetSuite has the legacy tax of the lines. */
export function taxValues(taxDetails: readonly TaxDetail[] | undefined): Values {
  return taxDetails === undefined ? {} : {taxDetailsOverride: true, taxDetails: taxDetails.map(taxDetailValues)}
}

export function keyField(key: string, rules: LineRules): Values | null {
  return rules.lineKey === null ? null : {[rules.lineKey]: key}
}
