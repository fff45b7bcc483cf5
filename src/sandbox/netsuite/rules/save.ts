import type {Clock} from '../clock.ts'
import type {FieldValue, StoredLine, StoredRecord} from '../engine-types.ts'
import {Refused} from '../refused.ts'
import {ITEM_TYPES} from '../schema/lists.ts'
import type {State} from '../state.ts'
import {idOf, isTrue, textOf} from '../values.ts'
import {require} from './check.ts'
import {completeCustomer, type CustomerRules} from './customer.ts'
import type {Inventory} from './inventory.ts'
import {completeOrder, isShippable, orderStatus, type SaleRules} from './sales-order.ts'
import {bookOnOrder, locationOf} from './transform.ts'
import {schemaOf} from '../schema/registry.ts'
import type {Draft} from './write.ts'

export type SaveRules = SaleRules & CustomerRules & Readonly<{state: State; inventory: Inventory; clock: Clock}>

const NUMBER_PREFIX: Readonly<Record<string, string>> = {
  salesOrder: 'SO',
  invoice: 'INV',
  cashSale: 'CS',
  itemFulfillment: 'IF',
}

/** Completes a draft by the rules of its type and saves it. Throws Refused before anything changed. */
export function save(rules: SaveRules, draft: Draft, held: StoredRecord | undefined): StoredRecord {
  complete(rules, draft, held)
  const record = stored(rules, draft, held)
  if (draft.type === 'salesOrder') commitOrder(rules, record, held)
  if (held !== undefined && held.externalId !== record.externalId) rules.state.releaseExternalId(held)
  rules.state.save(record)
  return record
}

function complete(rules: SaveRules, draft: Draft, held: StoredRecord | undefined): void {
  const isNew = held === undefined
  switch (draft.type) {
    case 'salesOrder':
      completeOrder(rules, draft, isNew)
      break
    case 'invoice':
    case 'cashSale':
      checkPeriod(rules, draft)
      completeOrder(rules, draft, isNew)
      if (isNew) bookSource(rules, draft)
      break
    case 'itemFulfillment':
      checkPeriod(rules, draft)
      completeFulfillment(rules, draft, isNew)
      break
    case 'customer':
      completeCustomer(rules, draft, held)
      break
    default:
      if (draft.type in ITEM_TYPES) completeItem(draft)
  }
}

function completeItem(draft: Draft): void {
  const schema = schemaOf(draft.type)
  if (schema !== undefined) require(draft.fields, schema.fields, ['itemId'])
  draft.fields['itemType'] = ITEM_TYPES[draft.type] ?? null
  draft.fields['isInactive'] ??= false
}

/** Posting transactions need an open period (NetSuite help section_N1452887); orders do not post. */
function checkPeriod({state, clock}: SaveRules, draft: Draft): void {
  const date = textOf((draft.fields['tranDate'] ??= clock.dayOf(clock.now()))) ?? ''
  const period = [...state.records('accountingPeriod')].find(
    ({fields}) => (textOf(fields['startDate']) ?? '') <= date && date <= (textOf(fields['endDate']) ?? ''),
  )
  if (period !== undefined && !isTrue(period.fields['closed']) && !isTrue(period.fields['allLocked'])) return
  throw new Refused(
    'USER_ERROR',
    'The transaction date you specified is not within the date range of your accounting period.',
    'tranDate',
  )
}

function sourceOf(state: State, draft: Draft): StoredRecord | undefined {
  const id = idOf(draft.fields['createdFrom'])
  return id === undefined ? undefined : state.find('salesOrder', {id})
}

/** Books a new bill or fulfilment on the order it was made from, and gives the order its new status. */
function bookSource({state, clock}: SaveRules, draft: Draft): void {
  const order = sourceOf(state, draft)
  if (order === undefined) return
  const lines = (draft.lines['item'] ?? []).filter((line) => textOf(line.fields['orderLine']) !== undefined)
  bookOnOrder(order, draft.type, lines)
  setStatus(state, order)
  order.fields['lastModifiedDate'] = clock.now().toISOString()
  state.save(order)
}

function completeFulfillment(rules: SaveRules, draft: Draft, isNew: boolean): void {
  const {state, inventory} = rules
  if (!isNew) return
  const order = sourceOf(state, draft)
  if (order === undefined) throw new Refused('USER_ERROR', 'Please enter value(s) for: Created From', 'createdFrom')
  const shipped = (draft.lines['item'] ?? []).filter((line) => line.fields['itemReceive'] !== false)
  draft.lines['item'] = shipped
  if (shipped.length === 0) {
    throw new Refused('USER_ERROR', 'You must enter at least one line item for this transaction.', 'item')
  }
  draft.fields['entity'] = order.fields['entity'] ?? null
  draft.fields['shipStatus'] ??= 'C'
  draft.fields['status'] = draft.fields['shipStatus']
  const ordered = order.lines['item'] ?? []
  bookSource(rules, draft)
  inventory.release(ordered)
  for (const line of shipped) {
    const item = idOf(line.fields['item'])
    const location = locationOf(line, order)
    if (item !== undefined && location !== undefined && isShippable(state, line)) {
      inventory.ship(item, location, Number(textOf(line.fields['quantity']) ?? '0'))
    }
  }
  inventory.commit(state, ordered, order.fields, true)
}

function stored({state, clock}: SaveRules, draft: Draft, held: StoredRecord | undefined): StoredRecord {
  const now = clock.now().toISOString()
  const {type, id, externalId, fields, customFields} = draft
  const isTransaction = schemaOf(type)?.group === 'transaction'
  const created = type === 'customer' ? 'dateCreated' : 'createdDate'
  fields[created] = held?.fields[created] ?? now
  fields['lastModifiedDate'] = now
  if (isTransaction && textOf(fields['tranId']) === undefined) {
    fields['tranId'] = `${NUMBER_PREFIX[type] ?? ''}${state.next(`number:${type}`)}`
  }
  const lines: Record<string, StoredLine[]> = {}
  for (const [name, list] of Object.entries(draft.lines)) {
    lines[name] = list.map((line) => ({
      key: line.key,
      fields: present(line.fields),
      customFields: present(line.customFields),
    }))
  }
  return {type, id, externalId, fields: present(fields), lines, customFields: present(customFields)}
}

/** Fields that were cleared are not there. */
function present(fields: Record<string, FieldValue>): Record<string, FieldValue> {
  for (const name of Object.keys(fields)) if (fields[name] === null) delete fields[name]
  return fields
}

function commitOrder({state, inventory}: SaveRules, order: StoredRecord, held: StoredRecord | undefined): void {
  const lines = order.lines['item'] ?? []
  if (held !== undefined) inventory.release(held.lines['item'] ?? [])
  setStatus(state, order)
  inventory.commit(state, lines, order.fields, order.fields['status'] !== 'A' && order.fields['status'] !== 'H')
}

function setStatus(state: State, order: StoredRecord): void {
  const status = orderStatus(state, order)
  order.fields['orderStatus'] = status
  order.fields['status'] = status
}
