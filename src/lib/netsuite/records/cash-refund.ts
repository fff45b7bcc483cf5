import type {CashRefund} from '../posting-types.ts'
import type {RecordTable, Values} from './fields.ts'
import {
  amountLines,
  customFields,
  decimalOrNull,
  itemList,
  plainFields,
  taxValues,
  type LineRules,
} from './posting-fields.ts'
import {matchedLines, shippingValues, type Known} from './sources.ts'
import {taxDetailsList} from './tax-details.ts'

/** CashRefund of transactions.customers.xsd and cashRefund of REST, in the order of the former. */
export const cashRefundTable: RecordTable = {
  type: 'cashRefund',
  soapType: 'tranCust:CashRefund',
  fields: [
    ...plainFields('tranCust', {
      taxDetailsOverride: 'flag',
      entity: 'ref',
      tranDate: 'day',
      tranId: 'text',
      createdFrom: 'ref',
      subsidiary: 'ref',
      memo: 'text',
      account: 'ref',
      currency: 'ref',
      shipMethod: 'ref',
      shippingTaxCode: 'ref',
      shippingCost: 'number',
      paymentMethod: 'ref',
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
    taxDetailsList('tranCust'),
    customFields('tranCust'),
  ],
}

/**
 * A cash refund as values to add. It has no flag for undeposited funds, so its account is named by id; refundCheck is
 * never set, because the refund would then post to Refunds Payable.
 */
export function cashRefundValues(record: CashRefund, known: Known, rules: LineRules): Values {
  const {createdFrom, lines, accountId, shipMethod, shippingCost, entity, currency, subsidiary} = record
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
    account: {id: accountId},
    paymentMethod: record.paymentMethod,
    ...shippingValues(shipping, source),
    items: amountLines(lines, from, rules, record.taxDetails !== undefined),
    ...taxValues(record.taxDetails),
    customFields: record.customFields,
  }
}
