import {decimalOf} from '../../core/money.ts'
import type {TaxDetail} from '../types.ts'
import type {Field, Prefix, Values} from './fields.ts'

/** Reference of the tax details of shipping. */
const SHIPPING = 'SHIPPING'

const taxFields: readonly Field[] = [
  {name: 'taxDetailsReference', kind: 'text', soap: 'platformCommon:taxDetailsReference', rest: 'taxDetailsReference'},
  {name: 'taxType', kind: 'ref', soap: 'platformCommon:taxType', rest: 'taxType'},
  {name: 'taxCode', kind: 'ref', soap: 'platformCommon:taxCode', rest: 'taxCode'},
  {name: 'taxBasis', kind: 'number', soap: 'platformCommon:taxBasis', rest: 'taxBasis'},
  {name: 'taxRate', kind: 'number', soap: 'platformCommon:taxRate', rest: 'taxRate'},
  {name: 'taxAmount', kind: 'number', soap: 'platformCommon:taxAmount', rest: 'taxAmount'},
]

/** The list of a transaction that states its taxes under SuiteTax (TaxDetailsList of platform.common.xsd). */
export function taxDetailsList(prefix: Prefix): Field {
  return {
    name: 'taxDetails',
    kind: 'list',
    row: 'platformCommon:taxDetails',
    fields: taxFields,
    soap: `${prefix}:taxDetailsList`,
    rest: 'taxDetails',
  }
}

/** One tax as values to add; the lines that it names bear their keys as references. */
export function taxDetailValues(detail: TaxDetail): Values {
  return {
    taxDetailsReference: detail.lineKey ?? SHIPPING,
    taxType: detail.taxType,
    taxCode: detail.taxCode,
    taxBasis: decimalOf(detail.basis),
    taxRate: detail.rate,
    taxAmount: decimalOf(detail.amount),
  }
}
