import type {ItemReceipt, ReturnAuthorization} from '../posting-types.ts'
import type {Code, RecordTable, Values} from './fields.ts'
import {
  amountLines,
  customFields,
  itemList,
  keyField,
  locationOf,
  plainFields,
  soapOnly,
  type LineRules,
} from './posting-fields.ts'
import {leftLines, linesFrom, matchedLines, type Known} from './sources.ts'

/** Only these two can be set. */
const STATUSES: readonly Code[] = [
  ['A', '_pendingApproval', 'A'],
  ['B', '_pendingReceipt', 'B'],
]

/** ReturnAuthorization of transactions.customers.xsd and returnAuthorization of REST, in the order of the former. */
export const returnAuthorizationTable: RecordTable = {
  type: 'returnAuthorization',
  soapType: 'tranCust:ReturnAuthorization',
  fields: [
    ...plainFields('tranCust', {
      currency: 'ref',
      entity: 'ref',
      tranDate: 'day',
      tranId: 'text',
      memo: 'text',
      createdFrom: 'ref',
      total: 'number',
      status: 'text',
    }),
    {name: 'orderStatus', kind: 'code', codes: STATUSES, soap: 'tranCust:orderStatus', rest: 'orderStatus'},
    itemList('tranCust', {
      item: 'ref',
      orderLine: 'number',
      quantity: 'number',
      description: 'text',
      price: 'ref',
      amount: 'number',
      location: 'ref',
      taxCode: 'ref',
    }),
    customFields('tranCust'),
  ],
}

/** ItemReceipt of transactions.purchases.xsd and itemReceipt of REST, in the order of the former. */
export const itemReceiptTable: RecordTable = {
  type: 'itemReceipt',
  soapType: 'tranPurch:ItemReceipt',
  fields: [
    ...soapOnly(plainFields('tranPurch', {createdFrom: 'ref'}), 'createdFrom'),
    ...plainFields('tranPurch', {tranDate: 'day', tranId: 'text', memo: 'text'}),
    itemList(
      'tranPurch',
      {itemReceive: 'flag', item: 'ref', orderLine: 'number', location: 'ref', quantity: 'number', restock: 'flag'},
      ['item'],
    ),
    customFields('tranPurch'),
  ],
}

/** A return as values to add, approved: the goods may come. Lines that the order does not have are its own. */
export function returnAuthorizationValues(record: ReturnAuthorization, known: Known, rules: LineRules): Values {
  const {tranDate, memo, customFields: custom, lines} = record
  const source = known.sourceOf('salesOrder', record.salesOrder)
  const from = matchedLines(source, lines)
  return {
    currency: source.currencyId === null ? null : {id: source.currencyId},
    entity: source.entityId === null ? null : {id: source.entityId},
    createdFrom: {id: source.id},
    tranDate,
    memo,
    orderStatus: 'B',
    items: amountLines(lines, from, rules, false),
    customFields: custom,
  }
}

/** Goods that came back as values to add; the other lines of the return are listed as not received. */
export function itemReceiptValues(record: ItemReceipt, known: Known, rules: LineRules): Values {
  const {externalId, tranDate, memo, customFields: custom, lines} = record
  const source = known.sourceOf('returnAuthorization', record.returnAuthorization)
  const from = linesFrom(source, lines, externalId)
  const received = lines.map((line, i): Values => {
    return {
      itemReceive: true,
      item: line.item,
      orderLine: from[i]?.line ?? null,
      quantity: line.quantity === null ? null : String(line.quantity),
      location: locationOf(line, from[i] ?? null),
      restock: line.restock,
      customFields: keyField(line.key, rules),
    }
  })
  return {
    createdFrom: {id: source.id},
    tranDate,
    memo,
    items: [...received, ...leftLines(source, from, undefined)],
    customFields: custom,
  }
}
