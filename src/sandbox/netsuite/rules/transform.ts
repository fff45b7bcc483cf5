import {amountOf, fixed, ZERO} from '../amounts.ts'
import type {FieldValue, LineInput, RecordInput, StoredLine, StoredRecord} from '../engine-types.ts'
import type {Books} from '../ledger/books.ts'
import {Refused} from '../refused.ts'
import type {State} from '../state.ts'
import {isTrue, textOf} from '../values.ts'
import {counterOf, leftOf, limitOf} from './bookings.ts'
import {numberText} from './inventory.ts'
import {moneyOf, precisionOf} from './posting-rules.ts'
import {isShippable} from './sales-order.ts'

type Account = Readonly<{state: State; books: Books}>
type Content = Pick<RecordInput, 'fields' | 'lines'>

/** Source → what it may become when only its open balance counts. */
const MONEY: Readonly<Record<string, readonly string[]>> = {
  invoice: ['customerPayment'],
  customerDeposit: ['depositApplication', 'customerRefund'],
  creditMemo: ['customerRefund'],
}
const BILLABLE = new Set(['B', 'D', 'E', 'F'])
const SHIPPABLE = new Set(['B', 'D', 'E'])

/** The draft that `toType` would be: each open line or balance with what is left of it. Throws Refused. */
export function transformed(account: Account, source: StoredRecord, toType: string): RecordInput {
  const isMoney = MONEY[source.type]?.includes(toType) === true
  const content = isMoney ? balanceOf(account, source, toType) : linesOf(account, source, toType)
  if (content === undefined) throw invalidInitialize(source.id, toType)
  return {type: toType, ...content}
}

export function invalidInitialize(id: string, toType: string): Refused {
  return new Refused('INVALID_INITIALIZE_REF', `You can not initialize ${toType}: invalid reference ${id}.`)
}

function copied(fields: StoredRecord['fields'], names: readonly string[]): Record<string, FieldValue> {
  const held = names.map((name) => [name, fields[name]] as const)
  return Object.fromEntries(
    held.filter((pair): pair is [string, FieldValue] => pair[1] !== undefined && pair[1] !== null),
  )
}

/** A payment of an invoice, an application or refund of a deposit, a refund of a credit. */
function balanceOf({state, books}: Account, source: StoredRecord, toType: string): Content | undefined {
  const {fields} = source
  const left = books.open.left(source.id)
  if (!left.greaterThan(ZERO)) return undefined
  const customer = fields['customer'] ?? fields['entity'] ?? null
  const amount = fixed(left, precisionOf(state, fields['currency']))
  const shared = {customer, ...copied(fields, ['currency', 'exchangeRate', 'subsidiary'])}
  const row: LineInput = {key: source.id, fields: {apply: true, amount}}
  if (toType === 'depositApplication') return {fields: {deposit: {id: source.id}}}
  if (toType === 'customerPayment') return {fields: {...shared, payment: amount}, lines: {apply: [row]}}
  return {fields: shared, lines: source.type === 'creditMemo' ? {apply: [row]} : {deposit: [row]}}
}

function linesOf(account: Account, source: StoredRecord, toType: string): Content | undefined {
  const counter = counterOf(toType, source)
  const status = textOf(source.fields['status']) ?? ''
  const isGoods = toType === 'itemFulfillment' || toType === 'itemReceipt'
  const allowed = toType === 'itemFulfillment' ? SHIPPABLE : BILLABLE
  const isCounted = counter !== undefined && counter !== null
  if (counter === undefined || (isCounted && !allowed.has(status))) return undefined
  const lines = (source.lines['item'] ?? [])
    .filter((line) => !isCounted || !isTrue(line.fields['isClosed']))
    .filter((line) => !isGoods || isShippable(account.state, line))
    .map((line) => remaining(account, source, line, toType))
    .filter((line) => line !== null)
  // A discount or charge alone, whose goods are not there yet, is nothing to bill.
  if (lines.length === 0 || (!isGoods && !lines.some((line) => textOf(line.fields['quantity']) !== undefined))) {
    return undefined
  }
  return {fields: headerOf(account, source, toType), lines: {item: lines}}
}

const HEADER = [
  'entity', 'currency', 'subsidiary', 'exchangeRate', 'otherRefNum', 'email', 'billingAddress', 'shippingAddress', 'shipMethod',
  'shippingTaxCode', 'location', 'terms', 'taxDetailsOverride',
] // prettier-ignore

/** Fields of sales that have no place on what is made from them. */
const WITHOUT: Readonly<Record<string, readonly string[]>> = {
  cashSale: ['terms'],
  cashRefund: ['terms'],
  creditMemo: ['terms'],
}

function headerOf({state}: Account, source: StoredRecord, toType: string): RecordInput['fields'] {
  const {fields} = source
  const shared = {createdFrom: {id: source.id}, memo: fields['memo'] ?? null}
  if (toType === 'itemReceipt') return shared
  if (toType === 'itemFulfillment') {
    return {...shared, shipStatus: 'C', shipMethod: fields['shipMethod'] ?? null}
  }
  const names = HEADER.filter((name) => WITHOUT[toType]?.includes(name) !== true)
  const money = {...shippingOf(state, source, toType), ...discountOf(source)}
  const method = toType.startsWith('cash') ? copied(fields, ['paymentMethod', 'account']) : {}
  return {...shared, ...copied(fields, names), ...method, ...money}
}

/** What of the shipping cost is not billed yet; how NetSuite splits it over several bills is not documented. */
function shippingOf(state: State, {type, fields}: StoredRecord, toType: string): Record<string, FieldValue> {
  if (textOf(fields['shippingCost']) === undefined || toType === 'returnAuthorization') return {}
  if (type !== 'salesOrder') return copied(fields, ['shippingCost'])
  const precision = precisionOf(state, fields['currency'])
  return {shippingCost: leftOf(fields, 'altShippingCost', 'billedShipping', precision)}
}

/**
 * A header discount: a percentage falls on each bill, an amount on the first one alone (NetSuite help section_N1388149).
 */
function discountOf({fields}: StoredRecord): Record<string, FieldValue> {
  const isBilled = !moneyOf(fields, 'billedDiscount').isZero()
  if (isBilled && textOf(fields['discountRate'])?.endsWith('%') !== true) return {}
  return copied(fields, ['discountItem', 'discountRate'])
}

function remaining(account: Account, source: StoredRecord, line: StoredLine, toType: string): LineInput | null {
  const {fields} = line
  const done = counterOf(toType, source)
  const ordered = textOf(fields['quantity'])
  const taken = done === null || done === undefined ? 0 : Number(textOf(fields[done]) ?? '0')
  const left = limitOf(account, toType, source, line) - taken
  if (ordered !== undefined && left <= 0) return null
  const quantity = ordered === undefined ? null : numberText(left)
  const own = {item: fields['item'] ?? null, orderLine: line.key, quantity, location: fields['location'] ?? null}
  if (toType === 'itemFulfillment') return {fields: {...own, itemReceive: true}}
  if (toType === 'itemReceipt') return {fields: {...own, itemReceive: true, restock: true}}
  const names = ['description', 'price', 'rate', 'taxCode', 'isTaxable', 'taxDetailsReference']
  const rest = {fields: {...own, ...copied(fields, names)}, customFields: line.customFields}
  if (ordered === undefined) return restOfAmount(account, source, line, rest)
  return left === Number(ordered) ? {...rest, fields: {...rest.fields, ...copied(fields, ['amount'])}} : rest
}

/** A line without a quantity is billed by its amount; a percentage is computed anew from the line before. */
function restOfAmount({state}: Account, source: StoredRecord, {fields}: StoredLine, rest: LineInput): LineInput | null {
  const isBilled =
    textOf(fields['billedAmount']) !== undefined && !amountOf(textOf(fields['billedAmount']) ?? '0').isZero()
  if (!isBilled) return {...rest, fields: {...rest.fields, ...copied(fields, ['amount'])}}
  if (textOf(fields['rate'])?.endsWith('%') === true) return rest
  const left = leftOf(fields, 'amount', 'billedAmount', precisionOf(state, source.fields['currency']))
  return Number(left) === 0 ? null : {...rest, fields: {...rest.fields, amount: left}}
}
