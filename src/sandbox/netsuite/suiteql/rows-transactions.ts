import {amountOf, plain} from '../amounts.ts'
import type {AddressValue, FieldValue, StoredLine, StoredRecord} from '../engine-types.ts'
import {isShippable} from '../rules/sales-order.ts'
import {idOf, textOf} from '../values.ts'
import {addressColumns, customColumns, flag, type Row, type Rows, type RowSource, wall} from './row-values.ts'

/** Record type → type and link type of the data source; `amounts`: whether it carries any. */
const TYPES: Readonly<Record<string, Readonly<{type: string; link: string; posting: boolean}>>> = {
  salesOrder: {type: 'SalesOrd', link: '', posting: false},
  invoice: {type: 'CustInvc', link: 'OrdBill', posting: true},
  cashSale: {type: 'CashSale', link: 'OrdBill', posting: true},
  itemFulfillment: {type: 'ItemShip', link: 'ShipRcpt', posting: true},
}

/**
 * A transaction with its lines. Signs as several public integrations report them: positive on the header of a sale, negative
 * quantity and amount on its lines, also on tax lines.
 */
export function transactionRows(source: RowSource, record: StoredRecord): Rows {
  const kind = TYPES[record.type]
  if (kind === undefined) return {}
  return {
    transaction: [header(source, record, kind)],
    transactionline: lines(source, record),
    ...links(source, record, kind),
    transactionshippingaddress: addresses(record, 'shippingAddress'),
    transactionbillingaddress: addresses(record, 'billingAddress'),
  }
}

function header(
  {clock}: RowSource,
  record: StoredRecord,
  {type, posting}: Readonly<{type: string; posting: boolean}>,
): Row {
  const {id, fields} = record
  const status = textOf(fields['status']) ?? 'A'
  const tranId = textOf(fields['tranId'])
  return {
    id,
    type,
    recordtype: record.type.toLowerCase(),
    tranid: tranId,
    transactionnumber: tranId,
    trandisplayname: `${type} #${tranId ?? ''}`,
    externalid: record.externalId,
    status,
    status$cf: `${type}:${status}`,
    entity: idOf(fields['entity']),
    trandate: textOf(fields['tranDate']),
    shipdate: textOf(fields['shipDate']),
    createddate: wall(clock, fields['createdDate']),
    lastmodifieddate: wall(clock, fields['lastModifiedDate']),
    currency: idOf(fields['currency']),
    exchangerate: textOf(fields['exchangeRate']),
    foreigntotal: textOf(fields['total']),
    otherrefnum: textOf(fields['otherRefNum']),
    memo: textOf(fields['memo']),
    email: textOf(fields['email']),
    terms: idOf(fields['terms']),
    posting: posting ? 'T' : 'F',
    voided: 'F',
    void: 'F',
    taxdetailsoverride: flag(fields['taxDetailsOverride']),
    shippingaddress: fields['shippingAddress'] === undefined ? null : id,
    billingaddress: fields['billingAddress'] === undefined ? null : id,
    ...customColumns(record),
  }
}

/** The main line (id 0), the item lines, and after them the lines of shipping and tax. */
function lines(source: RowSource, record: StoredRecord): Row[] {
  const {fields} = record
  const items = record.lines['item'] ?? []
  const shared: Row = {
    transaction: record.id,
    createdfrom: idOf(fields['createdFrom']),
    entity: idOf(fields['entity']),
    subsidiary: idOf(fields['subsidiary']),
    linelastmodifieddate: wall(source.clock, fields['lastModifiedDate']),
    ...NO_FLAGS,
  }
  const total = textOf(fields['total'])
  const main: Row = {
    ...shared,
    id: 0,
    uniquekey: `${record.id}0`,
    linesequencenumber: 0,
    mainline: 'T',
    foreignamount: total,
    netamount: total,
    location: idOf(fields['location']),
    memo: textOf(fields['memo']),
  }
  return [
    main,
    ...items.map((line, index) => itemLine(source, record, line, index, shared)),
    ...extraLines(record, shared),
  ]
}

/** Shipping and tax stand on lines of their own. */
function extraLines({id, fields, lines: sublists}: StoredRecord, shared: Row): Row[] {
  const items = sublists['item'] ?? []
  const last = Math.max(0, ...items.map(({key}) => Number(key)))
  const extra = (offset: number, amount: string, more: Row): Row => ({
    ...shared,
    id: last + offset,
    uniquekey: `${id}9${offset}`,
    linesequencenumber: items.length + offset,
    foreignamount: negative(amount),
    netamount: negative(amount),
    ...more,
  })
  const method = idOf(fields['shipMethod'])
  const shipping = textOf(fields['altShippingCost'])
  const tax = textOf(fields['taxTotal'])
  return [
    ...(method === undefined || shipping === undefined
      ? []
      : [extra(1, shipping, {item: method, shipmethod: method, rate: shipping})]),
    ...(tax === undefined || amountOf(tax).isZero() ? [] : [extra(2, tax, {taxline: 'T'})]),
  ]
}

const NO_FLAGS: Row = {
  mainline: 'F', taxline: 'F', iscogs: 'F', isclosed: 'F', isbillable: 'F', isinventoryaffecting: 'F', isfullyshipped: 'F', fulfillable: 'F',
  donotdisplayline: 'F', transactiondiscount: 'F', assemblycomponent: 'F', kitcomponent: 'F', dropship: 'F', specialorder: 'F',
} // prettier-ignore

function itemLine(source: RowSource, record: StoredRecord, line: StoredLine, index: number, shared: Row): Row {
  const {fields} = line
  const amount = negative(textOf(fields['amount']))
  const shippable = isShippable(source.state, line)
  const rate = textOf(fields['rate'])
  const fulfilled = Number(textOf(fields['quantityFulfilled']) ?? '0')
  return {
    ...shared,
    id: line.key,
    uniquekey: textOf(fields['lineUniqueKey']) ?? `${record.id}1${line.key}`,
    linesequencenumber: index + 1,
    item: idOf(fields['item']),
    quantity: negative(textOf(fields['quantity'])),
    quantityshiprecv: record.type === 'salesOrder' && shippable ? String(fulfilled) : null,
    quantitybilled: record.type === 'salesOrder' ? (textOf(fields['quantityBilled']) ?? '0') : null,
    quantitycommitted: textOf(fields['quantityCommitted']),
    quantitybackordered: textOf(fields['quantityBackOrdered']),
    rate: rate?.endsWith('%') === true ? null : rate,
    ratepercent: rate?.endsWith('%') === true ? rate.slice(0, -1) : null,
    price: idOf(fields['price']),
    foreignamount: amount,
    netamount: amount,
    memo: textOf(fields['description']),
    location: idOf(fields['location']),
    inventorylocation: idOf(fields['inventoryLocation']),
    department: idOf(fields['department']),
    class: idOf(fields['class']),
    isclosed: flag(fields['isClosed']),
    fulfillable: shippable ? 'T' : 'F',
    isinventoryaffecting: record.type === 'itemFulfillment' && shippable ? 'T' : 'F',
    isfullyshipped: shippable && fulfilled >= Number(textOf(fields['quantity']) ?? '0') ? 'T' : 'F',
    ...customColumns(line),
  }
}

function negative(amount: string | undefined): string | null {
  return amount === undefined ? null : plain(amountOf(amount).negated())
}

/** One row per pair of lines, the same in both directions. */
function links({state}: RowSource, record: StoredRecord, {type, link}: Readonly<{type: string; link: string}>): Rows {
  const from = idOf(record.fields['createdFrom'])
  if (from === undefined || state.find('salesOrder', {id: from}) === undefined) return {}
  const pair = {
    owner$id: record.id,
    previousdoc: from,
    previoustype: 'SalesOrd',
    nextdoc: record.id,
    nexttype: type,
    linktype: link,
  }
  const own = (record.lines['item'] ?? []).filter((line) => textOf(line.fields['orderLine']) !== undefined)
  const byLine = own.map((line) => ({
    ...pair,
    previousline: textOf(line.fields['orderLine']),
    nextline: line.key,
    foreignamount: textOf(line.fields['amount']) ?? '0',
  }))
  const document = [{...pair, foreignamount: textOf(record.fields['total']) ?? '0'}]
  return {
    previoustransactionlinelink: byLine,
    nexttransactionlinelink: byLine,
    previoustransactionlink: document,
    nexttransactionlink: document,
  }
}

function addresses(record: StoredRecord, name: string): Row[] {
  const address: FieldValue | undefined = record.fields[name]
  if (address === undefined || address === null) return []
  return [{nkey: record.id, ...addressColumns(address as AddressValue)}]
}
