import type {FieldValue, StoredLine, StoredRecord} from '../engine-types.ts'
import {requireBalance, samePostings} from '../ledger/ledger.ts'
import {Refused} from '../refused.ts'
import {kindOf} from '../schema/kinds.ts'
import {ITEM_TYPES} from '../schema/lists.ts'
import {schemaOf} from '../schema/registry.ts'
import {accountId} from '../seed-accounts.ts'
import type {State} from '../state.ts'
import {textOf} from '../values.ts'
import {require} from './check.ts'
import {completeCustomer, type CustomerRules} from './customer.ts'
import {handlerOf} from './handlers.ts'
import {isWhole} from './matching.ts'
import {post, requireOpenPeriod} from './periods.ts'
import type {Handler, PostingRules} from './posting-rules.ts'
import {completeOrder, orderStatus} from './sales-order.ts'
import type {Draft} from './write.ts'

export type SaveRules = PostingRules & CustomerRules

/** Completes a draft by the rules of its type and saves it. Throws Refused before anything changed. */
export function save(rules: SaveRules, draft: Draft, held: StoredRecord | undefined): StoredRecord {
  const handler = handlerOf(draft.type)
  if (handler !== undefined) return saveTransaction(rules, handler, draft, held)
  complete(rules, draft, held)
  const record = stored(rules, draft, held)
  if (draft.type === 'salesOrder') commitOrder(rules, record, held)
  keep(rules, record, held)
  return record
}

function keep({state}: SaveRules, record: StoredRecord, held: StoredRecord | undefined): void {
  if (held !== undefined && held.externalId !== record.externalId) state.releaseExternalId(held)
  state.save(record)
}

/** A transaction with what it posts and what follows from it, in one step. */
function saveTransaction(
  rules: SaveRules,
  handler: Handler,
  draft: Draft,
  held: StoredRecord | undefined,
): StoredRecord {
  const {books, state} = rules
  draft.fields['tranDate'] ??= rules.today()
  handler.complete(rules, draft, held)
  const before = books.ledger.of(draft.id)
  const entries = handler.entries(rules, draft)
  requireBalance(entries)
  const isSame = samePostings(before, entries) && draft.fields['tranDate'] === (held ?? draft).fields['tranDate']
  if (entries.length + before.length > 0) {
    for (const fields of held === undefined ? [draft.fields] : [draft.fields, held.fields]) {
      requireOpenPeriod(state, textOf(fields['tranDate']) ?? '', held === undefined || !isSame)
    }
  }
  if (held !== undefined && !samePostings(before, entries) && before.length > 0) {
    requireFree(rules, held)
    if (!isWhole(rules, held)) throw applied()
  }
  const record = stored(rules, draft, held)
  const undo = books.undo.get(record.id) ?? []
  books.undo.set(record.id, undo)
  keep(rules, record, held)
  if (entries.length > 0) post(rules, record, entries)
  if (held === undefined) handler.settle(rules, record, undo)
  else handler.resettle?.(rules, record, held, undo)
  return record
}

/**
 * Throws Refused where another record depends on what this one posted: it is applied, or stands in a bank deposit. What
 * NetSuite allows on a deposited payment is not documented; the sandbox refuses all that would change the deposit.
 */
export function requireFree({books}: PostingRules, {id}: StoredRecord): void {
  const deposit = books.undeposited.get(id)?.deposit ?? null
  if (deposit !== null) {
    throw new Refused('USER_ERROR', `This transaction cannot be changed: it is part of the bank deposit ${deposit}.`)
  }
  if (books.open.isTaken(id)) throw applied()
}

function applied(): Refused {
  return new Refused('USER_ERROR', 'This transaction cannot be changed: other transactions are applied to it.')
}

function complete(rules: SaveRules, draft: Draft, held: StoredRecord | undefined): void {
  switch (draft.type) {
    case 'salesOrder':
      completeOrder(rules, draft, held === undefined)
      break
    case 'customer':
      completeCustomer(rules, draft, held)
      break
    default:
      if (draft.type in ITEM_TYPES) completeItem(rules.state, draft, held === undefined)
  }
}

/** Accounts that a new item takes where it names none, as the accounting preferences of the account say. */
const DEFAULT_ACCOUNTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  discountItem: {account: '4100'},
  shipItem: {account: '4300'},
  inventoryItem: {incomeAccount: '4000', assetAccount: '1200', cogsAccount: '5000'},
}

function completeItem(state: State, draft: Draft, isNew: boolean): void {
  const schema = schemaOf(draft.type)
  if (schema !== undefined) require(draft.fields, schema.fields, ['itemId'])
  draft.fields['itemType'] = ITEM_TYPES[draft.type] ?? null
  draft.fields['isInactive'] ??= false
  if (!isNew) return
  for (const [name, number] of Object.entries(DEFAULT_ACCOUNTS[draft.type] ?? {incomeAccount: '4000'})) {
    const account = state.find('account', {id: accountId(number)})
    if (account !== undefined) draft.fields[name] ??= state.refTo(account)
  }
}

function stored({state, clock}: SaveRules, draft: Draft, held: StoredRecord | undefined): StoredRecord {
  const now = clock.now().toISOString()
  const {type, id, externalId, fields, customFields} = draft
  const isTransaction = schemaOf(type)?.group === 'transaction'
  const created = type === 'customer' ? 'dateCreated' : 'createdDate'
  fields[created] = held?.fields[created] ?? now
  fields['lastModifiedDate'] = now
  if (isTransaction && textOf(fields['tranId']) === undefined) {
    fields['tranId'] = `${kindOf(type)?.prefix ?? ''}${state.next(`number:${type}`)}`
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
