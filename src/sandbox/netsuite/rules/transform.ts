import type {LineInput, RecordInput, StoredLine, StoredRecord} from '../engine-types.ts'
import {Refused} from '../refused.ts'
import type {State} from '../state.ts'
import {idOf, isTrue, textOf} from '../values.ts'
import {numberText} from './inventory.ts'
import {isShippable} from './sales-order.ts'

/** What a sales order may become here (NetSuite help section_N3508536 lists the pairs of the whole product). */
const TARGETS: Readonly<Record<string, 'quantityFulfilled' | 'quantityBilled'>> = {
  itemFulfillment: 'quantityFulfilled',
  invoice: 'quantityBilled',
  cashSale: 'quantityBilled',
}

const BILLABLE = new Set(['B', 'D', 'E', 'F'])
const SHIPPABLE = new Set(['B', 'D', 'E'])

/** The draft that `toType` would be: each open line with what is left of it. Throws Refused. */
export function transformed(state: State, order: StoredRecord, toType: string): RecordInput {
  const done = TARGETS[toType]
  const status = textOf(order.fields['status']) ?? ''
  const allowed = toType === 'itemFulfillment' ? SHIPPABLE : BILLABLE
  if (order.type !== 'salesOrder' || done === undefined || !allowed.has(status))
    throw invalidInitialize(order.id, toType)
  const open = (order.lines['item'] ?? []).filter(
    (line) => !isTrue(line.fields['isClosed']) && (toType !== 'itemFulfillment' || isShippable(state, line)),
  )
  const lines = open.map((line) => remaining(line, done, toType)).filter((line) => line !== null)
  if (lines.length === 0) throw invalidInitialize(order.id, toType)
  return {type: toType, fields: headerOf(order, toType), lines: {item: lines}}
}

export function invalidInitialize(id: string, toType: string): Refused {
  return new Refused('INVALID_INITIALIZE_REF', `You can not initialize ${toType}: invalid reference ${id}.`)
}

function headerOf(order: StoredRecord, toType: string): RecordInput['fields'] {
  const shared = {createdFrom: {id: order.id}, memo: order.fields['memo'] ?? null}
  if (toType === 'itemFulfillment') return {...shared, shipStatus: 'C', shipMethod: order.fields['shipMethod'] ?? null}
  const names = [
    'entity', 'currency', 'subsidiary', 'exchangeRate', 'otherRefNum', 'email', 'billingAddress', 'shippingAddress',
    'shipMethod', 'shippingCost', 'shippingTaxCode', 'location', 'terms', 'taxDetailsOverride',
  ] // prettier-ignore
  const copied = names
    .map((name) => [name, order.fields[name]] as const)
    .filter(([, value]) => value !== undefined && value !== null)
  return {...shared, ...Object.fromEntries(copied)}
}

function remaining(line: StoredLine, done: string, toType: string): LineInput | null {
  const {fields} = line
  const ordered = textOf(fields['quantity'])
  const left = Number(ordered ?? '0') - Number(textOf(fields[done]) ?? '0')
  if (ordered !== undefined && left <= 0) return null
  const quantity = ordered === undefined ? null : numberText(left)
  const own = {item: fields['item'] ?? null, orderLine: line.key, quantity, location: fields['location'] ?? null}
  if (toType === 'itemFulfillment') return {fields: {...own, itemReceive: true}}
  const whole = ordered === undefined || left === Number(ordered)
  const names = [
    'description',
    'price',
    'rate',
    'taxCode',
    'isTaxable',
    'taxDetailsReference',
    ...(whole ? ['amount'] : []),
  ]
  const copied = names
    .map((name) => [name, fields[name]] as const)
    .filter(([, value]) => value !== undefined && value !== null)
  return {fields: {...own, ...Object.fromEntries(copied)}, customFields: line.customFields}
}

/**
 * Books a fulfilment or a bill on the lines of its order. Throws Refused where more is taken than is left
 * (preference "Allow Overage on Item Fulfillments" off, NetSuite help section_N1388149).
 */
export function bookOnOrder(order: StoredRecord, type: string, lines: readonly StoredLine[]): void {
  const done = TARGETS[type]
  if (done === undefined) return
  const taken = lines.map((line, index) => {
    const target = order.lines['item']?.find(({key}) => key === textOf(line.fields['orderLine']))
    const path = `item.items[${index}].`
    if (target === undefined) {
      throw new Refused(
        'INVALID_KEY_OR_REF',
        `Invalid orderline reference key ${textOf(line.fields['orderLine']) ?? ''}.`,
        `${path}orderLine`,
      )
    }
    const quantity = Number(textOf(line.fields['quantity']) ?? '0')
    const booked = Number(textOf(target.fields[done]) ?? '0') + quantity
    if (booked > Number(textOf(target.fields['quantity']) ?? '0')) {
      throw new Refused('USER_ERROR', 'The quantity exceeds what is left on the order.', `${path}quantity`)
    }
    return {target, booked}
  })
  for (const {target, booked} of taken) target.fields[done] = numberText(booked)
}

export function locationOf(line: StoredLine, order: StoredRecord): string | undefined {
  return idOf(line.fields['location']) ?? idOf(order.fields['location'])
}
