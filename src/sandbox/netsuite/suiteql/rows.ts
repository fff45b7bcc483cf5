import type {StoredRecord} from '../engine-types.ts'
import type {Rows, RowSource} from './row-values.ts'
import {customerRows} from './rows-customers.ts'
import {itemRows} from './rows-items.ts'
import {listRows, listTable} from './rows-lists.ts'
import {transactionRows} from './rows-transactions.ts'

/** What a record is in the tables of the analytics data source. */
export function rowsOf(source: RowSource, record: StoredRecord): Rows {
  switch (record.type) {
    case 'salesOrder':
    case 'invoice':
    case 'cashSale':
    case 'itemFulfillment':
      return transactionRows(source, record)
    case 'customer':
      return customerRows(source, record)
    default:
      return record.fields['itemType'] === undefined ? listRows(record) : itemRows(source, record)
  }
}

/** Tables in which records of a type own rows; deletion empties them. */
export function tablesOf(type: string): readonly string[] {
  if (TRANSACTION_TYPES.has(type)) return TRANSACTION_TABLES
  if (type === 'customer') return CUSTOMER_TABLES
  if (type.endsWith('Item') && type !== 'salesTaxItem') return ITEM_TABLES
  const list = listTable(type)
  return list === undefined ? [] : [list]
}

const TRANSACTION_TYPES = new Set(['salesOrder', 'invoice', 'cashSale', 'itemFulfillment'])
const TRANSACTION_TABLES = [
  'transaction',
  'transactionline',
  'previoustransactionlinelink',
  'nexttransactionlinelink',
  'previoustransactionlink',
  'nexttransactionlink',
  'transactionshippingaddress',
  'transactionbillingaddress',
]
const CUSTOMER_TABLES = [
  'customer',
  'entity',
  'customersubsidiaryrelationship',
  'customeraddressbook',
  'customeraddressbookentityaddress',
]
const ITEM_TABLES = ['item', 'pricing', 'inventoryitemlocations', 'aggregateitemlocation']
