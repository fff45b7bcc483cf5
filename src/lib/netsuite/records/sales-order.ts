import {decimalOf} from '../../core/money.ts'
import type {HeldLine, HeldSalesOrder, SalesOrder, SalesOrderChange, SalesOrderLine} from '../types.ts'
import {addressFields, addressValues, heldAddress} from './address.ts'
import {customOf, flagAt, idAt, rowsAt, textAt, type Code, type Field, type RecordTable, type Values} from './fields.ts'
import type {LineRules} from './posting-fields.ts'
import {taxDetailsList, taxDetailValues} from './tax-details.ts'

/** Only the first two can be set; the letters are those of REST, SuiteQL and searches. */
const STATUSES: readonly Code[] = [
  ['A', '_pendingApproval', 'A'], ['B', '_pendingFulfillment', 'B'], ['C', '_cancelled', 'C'],
  ['D', '_partiallyFulfilled', 'D'], ['E', '_pendingBillingPartFulfilled', 'E'], ['F', '_pendingBilling', 'F'],
  ['G', '_fullyBilled', 'G'], ['H', '_closed', 'H'],
] // prettier-ignore
const LETTERS = {pendingApproval: 'A', pendingFulfillment: 'B'} as const

const itemFields: readonly Field[] = [
  {name: 'item', kind: 'ref', soap: 'tranSales:item', rest: 'item'},
  {name: 'quantity', kind: 'number', soap: 'tranSales:quantity', rest: 'quantity'},
  {name: 'description', kind: 'text', soap: 'tranSales:description', rest: 'description'},
  {name: 'price', kind: 'ref', soap: 'tranSales:price', rest: 'price'},
  {name: 'amount', kind: 'number', soap: 'tranSales:amount', rest: 'amount'},
  {name: 'location', kind: 'ref', soap: 'tranSales:location', rest: 'location'},
  {name: 'isClosed', kind: 'flag', soap: 'tranSales:isClosed', rest: 'isClosed'},
  {name: 'line', kind: 'number', soap: 'tranSales:line', rest: 'line'},
  {name: 'taxCode', kind: 'ref', soap: 'tranSales:taxCode', rest: 'taxCode'},
  {name: 'taxDetailsReference', kind: 'text', soap: 'tranSales:taxDetailsReference', rest: 'taxDetailsReference'},
  {name: 'customFields', kind: 'custom', soap: 'tranSales:customFieldList', rest: ''},
]

/** SalesOrder of transactions.sales.xsd and salesOrder of REST, in the order of the former. */
export const salesOrderTable: RecordTable = {
  type: 'salesOrder',
  soapType: 'tranSales:SalesOrder',
  fields: [
    {name: 'entity', kind: 'ref', soap: 'tranSales:entity', rest: 'entity'},
    {name: 'currency', kind: 'ref', soap: 'tranSales:currency', rest: 'currency'},
    {name: 'tranDate', kind: 'day', soap: 'tranSales:tranDate', rest: 'tranDate'},
    {name: 'tranId', kind: 'text', soap: 'tranSales:tranId', rest: 'tranId'},
    {name: 'orderStatus', kind: 'code', codes: STATUSES, soap: 'tranSales:orderStatus', rest: 'orderStatus'},
    {name: 'otherRefNum', kind: 'text', soap: 'tranSales:otherRefNum', rest: 'otherRefNum'},
    {name: 'memo', kind: 'text', soap: 'tranSales:memo', rest: 'memo'},
    {name: 'email', kind: 'text', soap: 'tranSales:email', rest: 'email'},
    {
      name: 'billingAddress',
      kind: 'record',
      fields: addressFields,
      soap: 'tranSales:billingAddress',
      rest: 'billingAddress',
    },
    {
      name: 'shippingAddress',
      kind: 'record',
      fields: addressFields,
      soap: 'tranSales:shippingAddress',
      rest: 'shippingAddress',
    },
    {name: 'shipMethod', kind: 'ref', soap: 'tranSales:shipMethod', rest: 'shipMethod'},
    {name: 'shippingCost', kind: 'number', soap: 'tranSales:shippingCost', rest: 'shippingCost'},
    {name: 'shippingTaxCode', kind: 'ref', soap: 'tranSales:shippingTaxCode', rest: 'shippingTaxCode'},
    {name: 'taxTotal', kind: 'number', soap: 'tranSales:taxTotal', rest: 'taxTotal'},
    {name: 'total', kind: 'number', soap: 'tranSales:total', rest: 'total'},
    {name: 'subsidiary', kind: 'ref', soap: 'tranSales:subsidiary', rest: 'subsidiary'},
    {name: 'taxDetailsOverride', kind: 'flag', soap: 'tranSales:taxDetailsOverride', rest: 'taxDetailsOverride'},
    {name: 'location', kind: 'ref', soap: 'tranSales:location', rest: 'location'},
    // SOAP's status is text for people; REST's has the letter, which orderStatus there lacks after the first two.
    {name: 'status', kind: 'code', codes: STATUSES, soap: null, rest: 'status'},
    {name: 'terms', kind: 'ref', soap: 'tranSales:terms', rest: 'terms'},
    {name: 'items', kind: 'list', row: 'tranSales:item', fields: itemFields, soap: 'tranSales:itemList', rest: 'item'},
    taxDetailsList('tranSales'),
    {name: 'customFields', kind: 'custom', soap: 'tranSales:customFieldList', rest: ''},
  ],
}

/** A planned order as values to add. */
export function salesOrderValues(order: SalesOrder, rules: LineRules): Values {
  const {type: _type, externalId: _externalId, lines, total: _total, ...fields} = order
  const withTax = order.taxDetails !== null
  return {...fieldValues(fields), items: lines.map((line) => lineValues(line, rules, withTax, null))}
}

/** A change as values to update: only what differs; lines, if any differs, all of them. */
export function changeValues(change: SalesOrderChange, rules: LineRules): Values {
  const withTax = change.fields.taxDetails !== undefined && change.fields.taxDetails !== null
  const items = change.lines?.map(({line, planned}) => lineValues(planned, rules, withTax, line))
  return {...fieldValues(change.fields), ...(items === undefined ? {} : {items})}
}

function fieldValues(fields: SalesOrderChange['fields']): Values {
  const {status, shippingCost, billingAddress, shippingAddress, taxDetails, ...same} = fields
  return {
    ...same,
    ...(status === undefined ? {} : {orderStatus: LETTERS[status]}),
    ...(shippingCost === undefined ? {} : {shippingCost: shippingCost === null ? null : decimalOf(shippingCost)}),
    ...(billingAddress === undefined ? {} : {billingAddress: addressValues(billingAddress)}),
    ...(shippingAddress === undefined ? {} : {shippingAddress: addressValues(shippingAddress)}),
    ...(taxDetails === undefined || taxDetails === null
      ? {}
      : {taxDetailsOverride: true, taxDetails: taxDetails.map(taxDetailValues)}),
  }
}

/**
 * A line of ours carries its amount under the custom price level and no rate: NetSuite derives the rate from amount and
 * quantity, while a rate of ours (10.00 over 3) could not be exact.
 */
function lineValues(line: SalesOrderLine, rules: LineRules, withTax: boolean, number: string | null): Values {
  return {
    item: line.item,
    quantity: line.quantity === null ? null : String(line.quantity),
    description: line.description,
    price: {id: rules.priceLevel},
    amount: decimalOf(line.amount),
    location: line.location,
    isClosed: line.isClosed,
    line: number,
    taxCode: line.taxCode,
    // The key never changes, so tax details can be replaced without knowing what references NetSuite holds.
    taxDetailsReference: withTax ? line.key : null,
    customFields: rules.lineKey === null ? null : {[rules.lineKey]: line.key},
  }
}

/** A sales order as read, from the values of either channel. */
export function heldSalesOrder(
  id: string,
  externalId: string | null,
  values: Values,
  rules: LineRules,
): HeldSalesOrder {
  const [billingAddress, shippingAddress] = ['billingAddress', 'shippingAddress'].map((name) =>
    heldAddress(values, name),
  )
  return {
    type: 'salesOrder',
    id,
    externalId,
    tranId: textAt(values, 'tranId'),
    status: textAt(values, 'status') ?? textAt(values, 'orderStatus') ?? '',
    entityId: idAt(values, 'entity') ?? '',
    subsidiaryId: idAt(values, 'subsidiary'),
    currencyId: idAt(values, 'currency') ?? '',
    tranDate: textAt(values, 'tranDate') ?? '',
    otherRefNum: textAt(values, 'otherRefNum'),
    memo: textAt(values, 'memo'),
    email: textAt(values, 'email'),
    termsId: idAt(values, 'terms'),
    ...(billingAddress === undefined ? {} : {billingAddress}),
    ...(shippingAddress === undefined ? {} : {shippingAddress}),
    shipMethodId: idAt(values, 'shipMethod'),
    shippingCost: textAt(values, 'shippingCost') ?? '0',
    taxTotal: textAt(values, 'taxTotal') ?? '0',
    total: textAt(values, 'total') ?? '',
    customFields: customOf(values['customFields']),
    lines: rowsAt(values, 'items').map((row) => heldLine(row, rules)),
  }
}

function heldLine(row: Values, rules: LineRules): HeldLine {
  return {
    line: textAt(row, 'line') ?? '',
    key: rules.lineKey === null ? null : (customOf(row['customFields'])[rules.lineKey] ?? null),
    itemId: idAt(row, 'item') ?? '',
    quantity: textAt(row, 'quantity'),
    amount: textAt(row, 'amount') ?? '0',
    description: textAt(row, 'description'),
    locationId: idAt(row, 'location'),
    taxCodeId: idAt(row, 'taxCode'),
    isClosed: flagAt(row, 'isClosed'),
  }
}
