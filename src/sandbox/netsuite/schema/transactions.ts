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
import {KINDS} from './kinds.ts'

/** Fields that sales order, invoice and cash sale have in common (SOAP schema transactions.sales 2025_2). */
export const SALE: Readonly<Record<string, Field>> = {
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
  postingPeriod: readOnly(ref('accountingPeriod')),
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
  paymentMethod: ref('paymentMethod'),
  subTotal: readOnly({...amount, rest: 'subtotal'}),
  discountTotal: readOnly(amount),
  taxTotal: readOnly(amount),
  altShippingCost: readOnly(amount),
  total: readOnly(amount),
}

/** Lines of sales (SalesOrderItem and its like). */
export const SALE_LINE: Readonly<Record<string, Field>> = {
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

export const taxDetails: Sublist = {
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

export function itemList(fields: Readonly<Record<string, Field>>): Sublist {
  return {rest: 'item', key: 'line', custom: 'column', fields: fieldMap(fields)}
}

export const FROM_RECORD = {createdFrom: ref('transaction', {label: 'Created From'})}

export const TRANSACTION = {group: 'transaction', readOnly: false, custom: 'body'} as const

const BILL = {...TRANSACTION, sublists: {item: itemList({...SALE_LINE, orderLine: integer}), taxDetails}}

/** The status of a transaction by its letter; the system sets it. */
export function statusOf(type: keyof typeof KINDS): Field {
  return readOnly(oneOf(KINDS[type].statuses))
}

export const transactions = [
  recordSchema(
    'salesOrder',
    {
      ...SALE,
      orderStatus: oneOf(KINDS.salesOrder.statuses, ['A', 'B']),
      status: statusOf('salesOrder'),
      shipComplete: boolean,
      toBeEmailed: boolean,
      toBePrinted: boolean,
      leadSource: ref('campaign'),
    },
    {
      ...TRANSACTION,
      title: 'Sales Order',
      sublists: {item: itemList(ORDER_LINE), taxDetails},
    },
  ),
  recordSchema(
    'invoice',
    {
      ...SALE,
      ...FROM_RECORD,
      account: ref('account', {label: 'Account'}),
      dueDate: day,
      amountPaid: readOnly(amount),
      amountRemaining: readOnly(amount),
      status: statusOf('invoice'),
    },
    {...BILL, title: 'Invoice'},
  ),
  recordSchema(
    'cashSale',
    {
      ...SALE,
      ...FROM_RECORD,
      account: ref('account', {label: 'Account'}),
      undepFunds: boolean,
      status: statusOf('cashSale'),
    },
    {...BILL, title: 'Cash Sale'},
  ),
  recordSchema(
    'itemFulfillment',
    {
      ...FROM_RECORD,
      createdDate: readOnly(instant),
      lastModifiedDate: readOnly(instant),
      entity: readOnly(ref('entity')),
      tranDate: day,
      tranId: text,
      memo: text,
      shipStatus: oneOf(KINDS.itemFulfillment.statuses),
      shipMethod: ref('shipItem'),
      inventoryLocation: ref('location'),
      postingPeriod: readOnly(ref('accountingPeriod')),
      shippingCost: amount,
      handlingCost: amount,
      status: statusOf('itemFulfillment'),
    },
    {
      ...TRANSACTION,
      title: 'Item Fulfillment',
      sublists: {
        item: itemList({
          item: ref('item'),
          orderLine: integer,
          itemReceive: {...boolean, rest: 'itemreceive'},
          quantity: decimal,
          quantityRemaining: readOnly(decimal),
          location: ref('location'),
        }),
        package: {
          rest: 'package',
          key: null,
          custom: null,
          fields: fieldMap({packageWeight: decimal, packageDescr: text, packageTrackingNumber: text}),
        },
      },
    },
  ),
]
