import {amountOf, plain} from '../amounts.ts'
import type {AddressValue, FieldValue, StoredLine, StoredRecord} from '../engine-types.ts'
import {isShippable} from '../rules/sales-order.ts'
import type {OpenItem} from '../ledger/open-items.ts'
import {kindOf} from '../schema/kinds.ts'
import {idOf, textOf} from '../values.ts'
import {linkRows} from './rows-links.ts'
import {addressColumns, customColumns, flag, type Row, type Rows, type RowSource, wall} from './row-values.ts'

/** Types that post nothing in any state. */
const NON_POSTING = new Set(['salesOrder', 'returnAuthorization'])
/** Types whose lines are sold or taken back, and state amounts of items, shipping and tax. */
const SALES = new Set(['salesOrder', 'invoice', 'cashSale'])

/**
 * A transaction with its lines. Signs as several public integrations report them: positive on the header of a sale, negative
 * quantity and amount on its lines, also on tax lines.
 */
export function transactionRows(source: RowSource, record: StoredRecord): Rows {
  const kind = kindOf(record.type)
  if (kind === undefined) return {}
  return {
    transaction: [header(source, record, kind.type)],
    transactionline: lines(source, record),
    ...linkRows(source, record),
    ...packages(record),
    transactionshippingaddress: addresses(record, 'shippingAddress'),
    transactionbillingaddress: addresses(record, 'billingAddress'),
  }
}

/** The amount of a transaction as its type names it. */
function totalOf({fields}: StoredRecord): string | undefined {
  return textOf(fields['total']) ?? textOf(fields['payment']) ?? textOf(fields['userTotal'])
}

function header({clock, books}: RowSource, record: StoredRecord, type: string): Row {
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
    entity: idOf(fields['entity']) ?? idOf(fields['customer']),
    trandate: textOf(fields['tranDate']),
    shipdate: textOf(fields['shipDate']),
    createddate: wall(clock, fields['createdDate']),
    lastmodifieddate: wall(clock, fields['lastModifiedDate']),
    currency: idOf(fields['currency']),
    exchangerate: textOf(fields['exchangeRate']),
    foreigntotal: totalOf(record),
    ...openAmounts(books.open.get(id)),
    postingperiod: idOf(fields['postingPeriod']),
    paymentmethod: idOf(fields['paymentMethod']),
    duedate: textOf(fields['dueDate']),
    otherrefnum: textOf(fields['otherRefNum']),
    memo: textOf(fields['memo']),
    email: textOf(fields['email']),
    terms: idOf(fields['terms']),
    posting: NON_POSTING.has(record.type) ? 'F' : 'T',
    voided: 'F',
    void: 'F',
    taxdetailsoverride: flag(fields['taxDetailsOverride']),
    shippingaddress: fields['shippingAddress'] === undefined ? null : id,
    billingaddress: fields['billingAddress'] === undefined ? null : id,
    ...customColumns(record),
  }
}

/** What is open of an invoice, and what is used of a deposit, payment or credit, in the transaction's currency. */
function openAmounts(item: OpenItem | undefined): Row {
  if (item === undefined) return {}
  if (item.side === 'debit') return {foreignamountunpaid: plain(item.left)}
  return {foreignpaymentamountused: plain(item.total.minus(item.left))}
}

/** The main line (id 0), the item lines, and after them the lines of shipping and tax. */
function lines(source: RowSource, record: StoredRecord): Row[] {
  const {fields} = record
  const items = record.lines['item'] ?? []
  const shared: Row = {
    transaction: record.id,
    createdfrom: idOf(fields['createdFrom']) ?? idOf(fields['salesOrder']) ?? idOf(fields['deposit']),
    entity: idOf(fields['entity']) ?? idOf(fields['customer']),
    subsidiary: idOf(fields['subsidiary']),
    linelastmodifieddate: wall(source.clock, fields['lastModifiedDate']),
    ...NO_FLAGS,
  }
  const total = totalOf(record)
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
function extraLines({id, type, fields, lines: sublists}: StoredRecord, shared: Row): Row[] {
  const signed = SALES.has(type) ? negative : positive
  const items = sublists['item'] ?? []
  const last = Math.max(0, ...items.map(({key}) => Number(key)))
  const extra = (offset: number, amount: string, more: Row): Row => ({
    ...shared,
    id: last + offset,
    uniquekey: `${id}9${offset}`,
    linesequencenumber: items.length + offset,
    foreignamount: signed(amount),
    netamount: signed(amount),
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
  const sign = SALES.has(record.type) ? negative : positive
  const amount = sign(textOf(fields['amount']))
  const shippable = isShippable(source.state, line)
  const rate = textOf(fields['rate'])
  const fulfilled = Number(textOf(fields['quantityFulfilled']) ?? '0')
  return {
    ...shared,
    id: line.key,
    uniquekey: textOf(fields['lineUniqueKey']) ?? `${record.id}1${line.key}`,
    linesequencenumber: index + 1,
    item: idOf(fields['item']),
    quantity: (record.type === 'itemFulfillment' ? negative : sign)(textOf(fields['quantity'])),
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

function positive(amount: string | undefined): string | null {
  return amount ?? null
}

function negative(amount: string | undefined): string | null {
  return amount === undefined ? null : plain(amountOf(amount).negated())
}

/** Tracking numbers of the packages of a fulfilment. */
function packages(record: StoredRecord): Rows {
  const numbers = (record.lines['package'] ?? []).flatMap(({key, fields}) => {
    const trackingnumber = textOf(fields['packageTrackingNumber'])
    return trackingnumber === undefined ? [] : [{id: `${record.id}${key}`, trackingnumber, owner$id: record.id}]
  })
  const map = numbers.map(({id}) => ({transaction: record.id, trackingnumber: id}))
  return numbers.length === 0 ? {} : {trackingnumber: numbers, trackingnumbermap: map}
}

function addresses(record: StoredRecord, name: string): Row[] {
  const address: FieldValue | undefined = record.fields[name]
  if (address === undefined || address === null) return []
  return [{nkey: record.id, ...addressColumns(address as AddressValue)}]
}
