import type {AddressValue, StoredLine, StoredRecord} from '../engine-types.ts'
import {idOf, isTrue, textOf} from '../values.ts'
import {addressColumns, customColumns, flag, type Row, type Rows, type RowSource, wall} from './row-values.ts'

const TEXTS = [
  'entityId', 'altName', 'firstName', 'middleName', 'lastName', 'companyName', 'email', 'altEmail', 'phone', 'altPhone', 'mobilePhone',
  'homePhone', 'comments', 'creditLimit', 'globalSubscriptionStatus',
] // prettier-ignore
const REFS = ['currency', 'priceLevel', 'terms', 'category', 'entityStatus', 'parent', 'receivablesAccount', 'salesRep']

/** A customer with its subsidiary and its address book. */
export function customerRows(source: RowSource, record: StoredRecord): Rows {
  const {id, fields} = record
  const book = record.lines['addressbook'] ?? []
  const number = textOf(fields['entityId'])
  return {
    customer: [customerRow(source, record, book)],
    entity: [{id, type: 'CustJob', customer: id, isperson: flag(fields['isPerson']), entitytitle: number}],
    customersubsidiaryrelationship: [
      {
        entity: id,
        subsidiary: idOf(fields['subsidiary']),
        isprimarysub: 'T',
        primarycurrency: idOf(fields['currency']),
      },
    ],
    customeraddressbook: book.map((line) => ({
      entity: id,
      internalid: line.key,
      addressbookaddress: addressKey(id, line),
      label: textOf(line.fields['label']),
      defaultbilling: flag(line.fields['defaultBilling']),
      defaultshipping: flag(line.fields['defaultShipping']),
    })),
    customeraddressbookentityaddress: book.map((line) => ({
      nkey: addressKey(id, line),
      recordowner: id,
      ...addressColumns(line.fields['addressbookAddress'] as AddressValue | undefined),
    })),
  }
}

function customerRow({clock}: RowSource, record: StoredRecord, book: readonly StoredLine[]): Row {
  const {id, fields} = record
  const defaultOf = (name: string): string | null =>
    addressKey(
      id,
      book.find((line) => isTrue(line.fields[name])),
    )
  return {
    id,
    externalid: record.externalId,
    fullname: textOf(fields['entityId']),
    isperson: flag(fields['isPerson']),
    isinactive: flag(fields['isInactive']),
    duplicate: 'F',
    searchstage: 'Customer',
    ...Object.fromEntries(TEXTS.map((name) => [name.toLowerCase(), textOf(fields[name])])),
    ...Object.fromEntries(REFS.map((name) => [name.toLowerCase(), idOf(fields[name])])),
    defaultbillingaddress: defaultOf('defaultBilling'),
    defaultshippingaddress: defaultOf('defaultShipping'),
    datecreated: wall(clock, fields['dateCreated']),
    lastmodifieddate: wall(clock, fields['lastModifiedDate']),
    ...customColumns(record),
  }
}

/** A key of its own for each address of each customer. */
function addressKey(id: string, line: StoredLine | undefined): string | null {
  return line === undefined ? null : `${id}${line.key.padStart(3, '0')}`
}
