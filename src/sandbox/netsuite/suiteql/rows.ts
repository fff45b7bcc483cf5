import type {StoredRecord} from '../engine-types.ts'
import {kindOf} from '../schema/kinds.ts'
import type {Rows, RowSource} from './row-values.ts'
import {customerRows} from './rows-customers.ts'
import {itemRows} from './rows-items.ts'
import {ledgerRows} from './rows-ledger.ts'
import {listRows, listTable} from './rows-lists.ts'
import {transactionRows} from './rows-transactions.ts'

/** What a record is in the tables of the analytics data source. */
export function rowsOf(source: RowSource, record: StoredRecord): Rows {
  if (kindOf(record.type) !== undefined) return {...transactionRows(source, record), ...ledgerRows(source, record)}
  switch (record.type) {
    case 'customer':
      return customerRows(source, record)
    default:
      return record.fields['itemType'] === undefined ? listRows(record) : itemRows(source, record)
  }
}

/** Tables in which records of a type own rows; deletion empties them. */
export function tablesOf(type: string): readonly string[] {
  if (kindOf(type) !== undefined) return TRANSACTION_TABLES
  if (type === 'customer') return CUSTOMER_TABLES
  if (type.endsWith('Item') && type !== 'salesTaxItem') return ITEM_TABLES
  const list = listTable(type)
  return list === undefined ? [] : [list]
}

const TRANSACTION_TABLES = [
  'transaction',
  'transactionline',
  'transactionaccountingline',
  'trackingnumbermap',
  'trackingnumber',
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
