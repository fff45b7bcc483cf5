import type {CreditMemo} from '../posting-types.ts'
import {appliedTo} from './customer-payment.ts'
import type {RecordTable, Values} from './fields.ts'
import {
  amountLines,
  applyList,
  customFields,
  decimalOrNull,
  itemList,
  plainFields,
  taxValues,
  type LineRules,
} from './posting-fields.ts'
import {matchedLines, shippingValues, type Known} from './sources.ts'
import {taxDetailsList} from './tax-details.ts'

/** CreditMemo of transactions.customers.xsd and creditMemo of REST, in the order of the former. */
export const creditMemoTable: RecordTable = {
  type: 'creditMemo',
  soapType: 'tranCust:CreditMemo',
  fields: [
    ...plainFields('tranCust', {
      taxDetailsOverride: 'flag',
      currency: 'ref',
      entity: 'ref',
      tranDate: 'day',
      tranId: 'text',
      createdFrom: 'ref',
      subsidiary: 'ref',
      memo: 'text',
      autoApply: 'flag',
      shipMethod: 'ref',
      shippingCost: 'number',
      shippingTaxCode: 'ref',
      total: 'number',
      status: 'text',
    }),
    itemList('tranCust', {
      item: 'ref',
      orderLine: 'number',
      quantity: 'number',
      description: 'text',
      price: 'ref',
      amount: 'number',
      taxCode: 'ref',
      location: 'ref',
      taxDetailsReference: 'text',
    }),
    applyList('tranCust', {apply: 'flag', doc: 'doc', amount: 'number'}),
    taxDetailsList('tranCust'),
    customFields('tranCust'),
  ],
}

/**
 * A credit memo as values to add. It settles the invoices that it names and no other: a refund takes the rest. Lines
 * that its source does not have are its own.
 */
export function creditMemoValues(record: CreditMemo, known: Known, rules: LineRules): Values {
  const {createdFrom, lines, applies, shipMethod, shippingCost, entity, currency, subsidiary} = record
  const source = createdFrom === null ? null : known.sourceOf(createdFrom.type, createdFrom.ref)
  const from = source === null ? [] : matchedLines(source, lines)
  const shipping = {shipMethodId: shipMethod?.id ?? null, cost: decimalOrNull(shippingCost)}
  return {
    entity,
    currency,
    subsidiary,
    createdFrom: source === null ? null : {id: source.id},
    tranDate: record.tranDate,
    memo: record.memo,
    autoApply: false,
    ...shippingValues(shipping, source),
    items: amountLines(lines, from, rules, record.taxDetails !== undefined),
    ...(applies.length === 0 ? {} : {apply: appliedTo(applies, known)}),
    ...taxValues(record.taxDetails),
    customFields: record.customFields,
  }
}
