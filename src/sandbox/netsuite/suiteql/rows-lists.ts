import type {FieldValue, StoredRecord} from '../engine-types.ts'
import {idOf, textOf} from '../values.ts'
import {flag, type Row, type Rows} from './row-values.ts'

type Fields = Readonly<Record<string, FieldValue>>

/** Record type → its columns beside id, name and isinactive. */
const LISTS: Readonly<Record<string, (fields: Fields, record: StoredRecord) => Row>> = {
  currency: (fields) => ({
    symbol: textOf(fields['symbol']),
    currencyprecision: textOf(fields['currencyPrecision']),
    exchangerate: textOf(fields['exchangeRate']),
    isbasecurrency: flag(fields['isBaseCurrency']),
  }),
  subsidiary: (fields) => ({
    fullname: textOf(fields['name']),
    legalname: textOf(fields['name']),
    currency: idOf(fields['currency']),
    country: textOf(fields['country']),
  }),
  location: (fields) => ({
    fullname: textOf(fields['name']),
    subsidiary: idOf(fields['subsidiary']),
    makeinventoryavailable: flag(fields['makeInventoryAvailable']),
  }),
  account: (fields) => ({
    acctnumber: textOf(fields['acctNumber']),
    fullname: textOf(fields['name']),
    accountsearchdisplayname: `${textOf(fields['acctNumber']) ?? ''} ${textOf(fields['name']) ?? ''}`,
    accttype: textOf(fields['acctType']),
    sspecacct: textOf(fields['specialType']),
    issummary: 'F',
  }),
  term: (fields) => ({daysuntilnetdue: textOf(fields['daysUntilNetDue'])}),
  salesTaxItem: (fields) => ({rate: textOf(fields['rate']), taxtype: idOf(fields['taxType'])}),
  accountingPeriod: (fields) => ({
    periodname: textOf(fields['name']),
    startdate: textOf(fields['startDate']),
    enddate: textOf(fields['endDate']),
    isposting: 'T',
    isadjust: 'F',
    isquarter: 'F',
    isyear: 'F',
    closed: flag(fields['closed']),
    alllocked: flag(fields['allLocked']),
    arlocked: flag(fields['arLocked']),
    aplocked: 'F',
    allownonglchanges: 'F',
  }),
  customField: (fields, {id}) => ({
    record$id: id,
    // Script ids stand in upper case in this table.
    scriptid: textOf(fields['scriptId'])?.toUpperCase(),
    fieldtype: textOf(fields['scope'])?.toUpperCase(),
    fieldvaluetype: textOf(fields['fieldType']),
    ismandatory: flag(fields['isMandatory']),
  }),
  department: (fields) => ({fullname: textOf(fields['name'])}),
  classification: (fields) => ({fullname: textOf(fields['name'])}),
  priceLevel: () => ({}),
  paymentMethod: () => ({}),
  employee: () => ({}),
  taxType: () => ({}),
}

/** Rows of the small lists: currencies, locations, accounts, terms, periods, custom fields and the like. */
export function listRows(record: StoredRecord): Rows {
  const {type, id, fields} = record
  const more = LISTS[type]
  if (more === undefined) return {}
  const row = {id, name: textOf(fields['name']), isinactive: flag(fields['isInactive']), ...more(fields, record)}
  return {[type.toLowerCase()]: [row]}
}

/** The table of a list, if it has one. */
export function listTable(type: string): string | undefined {
  return type in LISTS ? type.toLowerCase() : undefined
}
