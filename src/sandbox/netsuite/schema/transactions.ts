import {
  address,
  amount,
  boolean,
  day,
  decimal,
  type Field,
  fieldMap,
  instant,
  integer,
  oneOf,
  readOnly,
  recordSchema,
  ref,
  type Sublist,
  text,
} from './fields.ts'

/** Letters of the sales order's status, also of SuiteQL (REST API Browser 2026.1, salesOrder.status). */
export const ORDER_STATUS: Readonly<Record<string, string>> = {
  A: 'Pending Approval',
  B: 'Pending Fulfillment',
  C: 'Cancelled',
  D: 'Partially Fulfilled',
  E: 'Pending Billing/Partially Fulfilled',
  F: 'Pending Billing',
  G: 'Billed',
  H: 'Closed',
}

/** Fields that sales order, invoice and cash sale have in common (SOAP schema transactions.sales 2025_2). */
const SALE: Readonly<Record<string, Field>> = {
  createdDate: readOnly(instant),
  lastModifiedDate: readOnly(instant),
  entity: ref('entity', {label: 'Customer'}),
  currency: ref('currency'),
  exchangeRate: decimal,
  tranDate: {...day, label: 'Date'},
  tranId: text,
  otherRefNum: text,
  memo: text,
  email: text,
  subsidiary: ref('subsidiary'),
  department: ref('department'),
  class: ref('classification'),
  location: ref('location'),
  salesRep: ref('employee'),
  source: readOnly(text),
  discountItem: ref('item'),
  discountRate: text,
  isTaxable: boolean,
  taxItem: ref('salesTaxItem'),
  taxRate: decimal,
  taxDetailsOverride: boolean,
  nexus: ref('nexus'),
  billingAddress: address,
  shippingAddress: address,
  shipMethod: ref('shipItem'),
  shippingCost: amount,
  shippingTaxCode: ref('salesTaxItem'),
  shippingTax1Rate: readOnly(decimal),
  handlingCost: amount,
  shipDate: day,
  terms: ref('term'),
  subTotal: readOnly({...amount, rest: 'subtotal'}),
  discountTotal: readOnly(amount),
  taxTotal: readOnly(amount),
  altShippingCost: readOnly(amount),
  total: readOnly(amount),
}

/** Lines of sales (SalesOrderItem and its like). */
const SALE_LINE: Readonly<Record<string, Field>> = {
  item: ref('item', {label: 'Item'}),
  lineUniqueKey: readOnly(integer),
  quantity: decimal,
  units: ref('unitsType'),
  description: text,
  price: ref('priceLevel'),
  rate: text,
  amount,
  isTaxable: boolean,
  taxCode: ref('salesTaxItem'),
  taxRate1: decimal,
  tax1Amt: readOnly(amount),
  taxAmount: readOnly(amount),
  grossAmt: readOnly(amount),
  taxDetailsReference: text,
  department: ref('department'),
  class: ref('classification'),
  location: ref('location'),
  inventoryLocation: ref('location', {rest: 'inventorylocation'}),
}

const ORDER_LINE: Readonly<Record<string, Field>> = {
  ...SALE_LINE,
  commitInventory: oneOf({1: 'Available Qty', 2: 'Complete Qty', 3: 'Do Not Commit'}),
  isClosed: boolean,
  expectedShipDate: day,
  quantityAvailable: readOnly(decimal),
  quantityOnHand: readOnly(decimal),
  quantityBackOrdered: readOnly(decimal),
  quantityBilled: readOnly(decimal),
  quantityCommitted: readOnly(decimal),
  quantityFulfilled: readOnly(decimal),
}

const taxDetails: Sublist = {
  rest: 'taxDetails',
  key: null,
  custom: null,
  fields: fieldMap({
    taxDetailsReference: {...text, label: 'Tax Details Reference'},
    lineType: readOnly(text),
    lineName: readOnly(text),
    netAmount: readOnly(amount),
    grossAmount: readOnly(amount),
    taxType: ref('taxType', {label: 'Tax Type'}),
    taxCode: ref('salesTaxItem', {label: 'Tax Code'}),
    taxBasis: amount,
    taxRate: decimal,
    taxAmount: amount,
    calcDetail: text,
  }),
}

function itemList(fields: Readonly<Record<string, Field>>): Sublist {
  return {rest: 'item', key: 'line', custom: 'column', fields: fieldMap(fields)}
}

const FROM_ORDER = {createdFrom: ref('transaction', {label: 'Created From'})}

export const transactions = [
  recordSchema(
    'salesOrder',
    {
      ...SALE,
      orderStatus: oneOf(ORDER_STATUS, ['A', 'B']),
      status: readOnly(oneOf(ORDER_STATUS)),
      shipComplete: boolean,
      toBeEmailed: boolean,
      toBePrinted: boolean,
      leadSource: ref('campaign'),
    },
    {
      group: 'transaction',
      readOnly: false,
      title: 'Sales Order',
      custom: 'body',
      sublists: {item: itemList(ORDER_LINE), taxDetails},
    },
  ),
  ...['invoice', 'cashSale'].map((type) =>
    recordSchema(
      type,
      {...SALE, ...FROM_ORDER, status: readOnly(text)},
      {
        group: 'transaction',
        readOnly: false,
        title: type === 'invoice' ? 'Invoice' : 'Cash Sale',
        custom: 'body',
        sublists: {item: itemList({...SALE_LINE, orderLine: integer}), taxDetails},
      },
    ),
  ),
  recordSchema(
    'itemFulfillment',
    {
      ...FROM_ORDER,
      createdDate: readOnly(instant),
      lastModifiedDate: readOnly(instant),
      entity: readOnly(ref('entity')),
      tranDate: day,
      tranId: text,
      memo: text,
      shipStatus: oneOf({A: 'Picked', B: 'Packed', C: 'Shipped'}),
      shipMethod: ref('shipItem'),
      inventoryLocation: ref('location'),
      status: readOnly(text),
    },
    {
      group: 'transaction',
      readOnly: false,
      title: 'Item Fulfillment',
      custom: 'body',
      sublists: {
        item: itemList({
          item: ref('item'),
          orderLine: integer,
          itemReceive: {...boolean, rest: 'itemreceive'},
          quantity: decimal,
          quantityRemaining: readOnly(decimal),
          location: ref('location'),
        }),
      },
    },
  ),
]
