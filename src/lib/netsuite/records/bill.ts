import type {Bill} from '../posting-types.ts'
import type {RecordTable, Values} from './fields.ts'
import {
  accountValues,
  amountLines,
  customFields,
  decimalOrNull,
  itemList,
  plainFields,
  taxValues,
  type LineRules,
} from './posting-fields.ts'
import {linesFrom, matchedLines, shippingValues, type Known} from './sources.ts'
import {taxDetailsList} from './tax-details.ts'

/** Invoice of transactions.sales.xsd and invoice of REST, in the order of the former. */
export const invoiceTable: RecordTable = {
  type: 'invoice',
  soapType: 'tranSales:Invoice',
  fields: [
    ...plainFields('tranSales', {
      taxDetailsOverride: 'flag',
      entity: 'ref',
      tranDate: 'day',
      tranId: 'text',
      createdFrom: 'ref',
      currency: 'ref',
      memo: 'text',
      shipMethod: 'ref',
      shippingCost: 'number',
      shippingTaxCode: 'ref',
      total: 'number',
      status: 'text',
    }),
    itemList('tranSales', {
      item: 'ref',
      description: 'text',
      amount: 'number',
      quantity: 'number',
      price: 'ref',
      orderLine: 'number',
      location: 'ref',
      taxDetailsReference: 'text',
      taxCode: 'ref',
    }),
    taxDetailsList('tranSales'),
    customFields('tranSales'),
  ],
}

/** CashSale of transactions.sales.xsd and cashSale of REST, in the order of the former. */
export const cashSaleTable: RecordTable = {
  type: 'cashSale',
  soapType: 'tranSales:CashSale',
  fields: [
    ...plainFields('tranSales', {
      taxDetailsOverride: 'flag',
      entity: 'ref',
      tranDate: 'day',
      tranId: 'text',
      createdFrom: 'ref',
      memo: 'text',
      undepFunds: 'flag',
      currency: 'ref',
      account: 'ref',
      shipMethod: 'ref',
      shippingCost: 'number',
      shippingTaxCode: 'ref',
      paymentMethod: 'ref',
      total: 'number',
      status: 'text',
    }),
    itemList('tranSales', {
      item: 'ref',
      quantity: 'number',
      description: 'text',
      price: 'ref',
      amount: 'number',
      orderLine: 'number',
      location: 'ref',
      taxDetailsReference: 'text',
      taxCode: 'ref',
    }),
    taxDetailsList('tranSales'),
    customFields('tranSales'),
  ],
}

/**
 * A bill as values to add: the lines that it names and no others. It is added and not transformed over REST as well,
 * because a transform bills in full every line that is not named.
 */
export function billValues(record: Bill, known: Known, rules: LineRules): Values {
  const {tranDate, memo, customFields: custom, account, paymentMethod, shippingCost} = record
  const source = known.sourceOf('salesOrder', record.salesOrder)
  linesFrom(source, record.lines.filter(({isOwn}) => isOwn !== true), record.externalId) // prettier-ignore
  const from = record.lines.map((line) => (line.isOwn === true ? null : (matchedLines(source, [line])[0] ?? null)))
  const shipping = {shipMethodId: null, cost: decimalOrNull(shippingCost)}
  return {
    entity: source.entityId === null ? null : {id: source.entityId},
    currency: source.currencyId === null ? null : {id: source.currencyId},
    createdFrom: {id: source.id},
    tranDate,
    memo,
    ...shippingValues(shipping, source),
    ...(record.type === 'invoice' || account === null ? {} : accountValues(account)),
    ...(record.type === 'invoice' ? {} : {paymentMethod}),
    items: amountLines(record.lines, from, rules, record.taxDetails !== undefined),
    ...taxValues(record.taxDetails),
    customFields: custom,
  }
}
