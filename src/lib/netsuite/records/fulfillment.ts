import type {ItemFulfillment} from '../posting-types.ts'
import type {Code, RecordTable, Values} from './fields.ts'
import {customFields, itemList, keyField, locationOf, plainFields, soapOnly, type LineRules} from './posting-fields.ts'
import {leftLines, linesFrom, type Known} from './sources.ts'

const SHIP_STATUSES: readonly Code[] = [
  ['A', '_picked', 'A'],
  ['B', '_packed', 'B'],
  ['C', '_shipped', 'C'],
]

/** ItemFulfillment of transactions.sales.xsd and itemFulfillment of REST, in the order of the former. */
export const itemFulfillmentTable: RecordTable = {
  type: 'itemFulfillment',
  soapType: 'tranSales:ItemFulfillment',
  fields: [
    ...soapOnly(plainFields('tranSales', {createdFrom: 'ref'}), 'createdFrom'),
    {name: 'shipStatus', kind: 'code', codes: SHIP_STATUSES, soap: 'tranSales:shipStatus', rest: 'shipStatus'},
    ...plainFields('tranSales', {tranDate: 'day', tranId: 'text', shipMethod: 'ref', memo: 'text'}),
    {
      name: 'packages',
      kind: 'list',
      row: 'tranSales:package',
      fields: plainFields('tranSales', {packageWeight: 'number', packageDescr: 'text', packageTrackingNumber: 'text'}),
      soap: 'tranSales:packageList',
      rest: 'package',
    },
    itemList(
      'tranSales',
      {itemReceive: 'flag', location: 'ref', quantity: 'number', item: 'ref', orderLine: 'number'},
      ['item'],
    ),
    customFields('tranSales'),
  ],
}

/**
 * A shipment as values to add, already shipped. Every line of the order that is still to be shipped is listed, those
 * that are not in this shipment as not received: which lines NetSuite would take by itself is a preference of the
 * account, and over REST it takes every line that is not named (NetSuite help section_159795518068).
 */
export function itemFulfillmentValues(record: ItemFulfillment, known: Known, rules: LineRules): Values {
  const {externalId, salesOrder, lines, packages, tranDate, memo, shipMethod, customFields: custom} = record
  const source = known.sourceOf('salesOrder', salesOrder)
  const from = linesFrom(source, lines, externalId)
  const shipped = lines.map((line, i): Values => {
    return {
      itemReceive: true,
      item: line.item,
      orderLine: from[i]?.line ?? null,
      quantity: line.quantity === null ? null : String(line.quantity),
      location: locationOf(line, from[i] ?? null),
      customFields: keyField(line.key, rules),
    }
  })
  const parcels = packages.map(({trackingNumber, description, weight}): Values => {
    return {packageWeight: weight ?? null, packageDescr: description, packageTrackingNumber: trackingNumber}
  })
  return {
    createdFrom: {id: source.id},
    shipStatus: 'C',
    tranDate,
    memo,
    shipMethod,
    ...(parcels.length === 0 ? {} : {packages: parcels}),
    items: [...shipped, ...leftLines(source, from, record.openKeys)],
    customFields: custom,
  }
}
