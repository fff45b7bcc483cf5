import {amountOf, fixed, plain} from '../amounts.ts'
import type {StoredLine, StoredRecord} from '../engine-types.ts'
import {invalidReference, Refused} from '../refused.ts'
import type {State} from '../state.ts'
import {idOf, isTrue, textOf} from '../values.ts'
import {numberText} from './inventory.ts'
import {itemLines, moneyOf, type PostingRules, type Undo} from './posting-rules.ts'
import {orderStatus, isShippable} from './sales-order.ts'
import type {Draft} from './write.ts'

type Counter = 'quantityFulfilled' | 'quantityBilled' | 'quantityReceived'

/** Record type → the types that it may be made from, and what it counts on their lines (NetSuite help section_N3508536). */
const SOURCES: Readonly<Record<string, Readonly<Record<string, Counter | null>>>> = {
  itemFulfillment: {salesOrder: 'quantityFulfilled'},
  invoice: {salesOrder: 'quantityBilled'},
  cashSale: {salesOrder: 'quantityBilled'},
  returnAuthorization: {salesOrder: null, invoice: null, cashSale: null},
  itemReceipt: {returnAuthorization: 'quantityReceived'},
  creditMemo: {invoice: null, returnAuthorization: 'quantityBilled'},
  cashRefund: {cashSale: null, returnAuthorization: 'quantityBilled'},
}

export function counterOf(type: string, source: StoredRecord): Counter | null | undefined {
  return SOURCES[type]?.[source.type]
}

/** The record that this one is made from. Throws Refused where its type does not allow that. */
export function sourceOf(state: State, {type, fields}: Draft | StoredRecord): StoredRecord | undefined {
  const id = idOf(fields['createdFrom'])
  if (id === undefined) return undefined
  const source = state.find('transaction', {id})
  if (source === undefined || counterOf(type, source) === undefined) {
    throw invalidReference('createdFrom', id, 'createdFrom')
  }
  return source
}

export function sourceLine(source: StoredRecord, line: StoredLine): StoredLine | undefined {
  const key = textOf(line.fields['orderLine'])
  return key === undefined ? undefined : source.lines['item']?.find((each) => each.key === key)
}

/** How much of a source line may be taken in all. */
export function limitOf(
  {state, books}: Pick<PostingRules, 'state' | 'books'>,
  type: string,
  source: StoredRecord,
  line: StoredLine,
): number {
  const number = (name: string): number => Number(textOf(line.fields[name]) ?? '0')
  const {invoiceInAdvanceOfFulfillment, refundInAdvanceOfReturn} = books.preferences
  const isBill = type === 'invoice' || type === 'cashSale'
  if (!isShippable(state, line)) return number('quantity')
  if (isBill && !invoiceInAdvanceOfFulfillment) return number('quantityFulfilled')
  const isCredit = source.type === 'returnAuthorization' && (type === 'creditMemo' || type === 'cashRefund')
  return isCredit && !refundInAdvanceOfReturn ? number('quantityReceived') : number('quantity')
}

/** States in which an order or a return authorization is approved and not yet done with. */
const OPEN: Readonly<Record<string, ReadonlySet<string>>> = {
  salesOrder: new Set(['B', 'D', 'E', 'F']),
  returnAuthorization: new Set(['B', 'D', 'E', 'F']),
}

/**
 * Lines that name lines of the source take their items from there. Throws Refused where a line is not there or closed, and where
 * more is taken than is left (preference "Allow Overage on Item Fulfillments" off, NetSuite help section_N1388149).
 */
export function checkTaken(rules: PostingRules, draft: Draft, source: StoredRecord): void {
  const counter = counterOf(draft.type, source) ?? null
  const taken = new Map<string, number>()
  for (const [index, line] of (draft.lines['item'] ?? []).entries()) {
    const key = textOf(line.fields['orderLine'])
    if (key === undefined) continue
    const path = `item.items[${index}].`
    const target = sourceLine(source, line)
    if (target === undefined || (counter !== null && isTrue(target.fields['isClosed']))) {
      throw new Refused('INVALID_KEY_OR_REF', `Invalid orderline reference key ${key}.`, `${path}orderLine`)
    }
    line.fields['item'] ??= target.fields['item'] ?? null
    if (counter === null) continue
    const quantity = Number(textOf(line.fields['quantity']) ?? '0')
    const booked = (taken.get(key) ?? Number(textOf(target.fields[counter]) ?? '0')) + quantity
    taken.set(key, booked)
    if (quantity > 0 && booked > limitOf(rules, draft.type, source, target)) {
      throw new Refused('USER_ERROR', 'The quantity exceeds what is left on the order.', `${path}quantity`)
    }
  }
  const status = textOf(source.fields['status']) ?? ''
  if (counter !== null && OPEN[source.type]?.has(status) === false)
    throw invalidReference('createdFrom', source.id, 'createdFrom')
}

/** Books what a saved record takes on the lines of its source, and gives the source its new status. */
export function book(rules: PostingRules, record: StoredRecord, undo: Undo): void {
  const source = sourceOf(rules.state, record)
  if (source === undefined || counterOf(record.type, source) === null) return
  count(rules, record, source, 1)
  undo.push(() => {
    count(rules, record, source, -1)
  })
}

function count(rules: PostingRules, record: StoredRecord, source: StoredRecord, sign: 1 | -1): void {
  const counter = counterOf(record.type, source) ?? 'quantityBilled'
  for (const line of itemLines(record)) {
    const target = sourceLine(source, line)
    if (target === undefined) continue
    const quantity = sign * Number(textOf(line.fields['quantity']) ?? '0')
    target.fields[counter] = numberText(Number(textOf(target.fields[counter]) ?? '0') + quantity)
    if (counter === 'quantityBilled') add(target.fields, 'billedAmount', textOf(line.fields['amount']), sign)
  }
  if (counter === 'quantityBilled') {
    add(source.fields, 'billedShipping', textOf(record.fields['altShippingCost']), sign)
    add(source.fields, 'billedDiscount', textOf(record.fields['discountTotal']), sign)
  }
  setSourceStatus(rules, source)
  source.fields['lastModifiedDate'] = rules.clock.now().toISOString()
  rules.state.save(source)
}

/** What was billed of amounts that have no quantity: the account's own notes, on no form. */
function add(fields: StoredRecord['fields'], name: string, amount: string | undefined, sign: 1 | -1): void {
  const held = amountOf(textOf(fields[name]) ?? '0')
  fields[name] = plain(held.plus(amountOf(amount ?? '0').times(sign)))
}

function setSourceStatus({state}: PostingRules, source: StoredRecord): void {
  const status = source.type === 'returnAuthorization' ? returnStatus(state, source) : orderStatus(state, source)
  source.fields['orderStatus'] = status
  source.fields['status'] = status
}

/** Life of a return (NetSuite help section_N1310133): received, then refunded. */
export function returnStatus(state: State, record: Draft | StoredRecord): string {
  const lines = itemLines(record)
  const number = (line: StoredLine, name: string): number => Number(textOf(line.fields[name]) ?? '0')
  if (lines.length > 0 && lines.every((line) => isTrue(line.fields['isClosed']))) return 'H'
  if (record.fields['orderStatus'] === 'A') return 'A'
  const open = lines.filter((line) => !isTrue(line.fields['isClosed']))
  const goods = open.filter((line) => isShippable(state, line))
  if (open.every((line) => number(line, 'quantityBilled') >= number(line, 'quantity'))) return 'G'
  if (goods.every((line) => number(line, 'quantityReceived') >= number(line, 'quantity'))) return 'F'
  if (!goods.some((line) => number(line, 'quantityReceived') > 0)) return 'B'
  return goods.some((line) => number(line, 'quantityBilled') > 0) ? 'E' : 'D'
}

/** What is left to bill of an amount of the source, as decimal text; '0.00' at least. */
export function leftOf(fields: StoredRecord['fields'], name: string, billed: string, precision: number): string {
  const left = moneyOf(fields, name).minus(moneyOf(fields, billed))
  return fixed(left, precision)
}
