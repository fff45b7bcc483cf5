import {fixed} from '../amounts.ts'
import type {StoredRecord} from '../engine-types.ts'
import {systemAccount} from '../ledger/chart.ts'
import {idOf} from '../values.ts'
import {precisionOf, type PostingRules} from './posting-rules.ts'

/** Sets what a document says of itself after something was applied to it or deposited: amounts, status. */
export function refresh(rules: PostingRules, id: string): void {
  const {state, clock} = rules
  const record = state.find('transaction', {id})
  if (record === undefined) return
  setStanding(rules, record)
  record.fields['lastModifiedDate'] = clock.now().toISOString()
  state.save(record)
}

/** The same on a record that is about to be saved. */
export function setStanding({state, books}: PostingRules, record: StoredRecord): void {
  const {fields} = record
  const item = books.open.get(record.id)
  const text = (amount: Parameters<typeof fixed>[0]): string => fixed(amount, precisionOf(state, fields['currency']))
  const isDone = item?.left.isZero() === true
  if (item !== undefined && (record.type === 'invoice' || record.type === 'creditMemo')) {
    fields['amountPaid'] = text(item.total.minus(item.left))
    fields['amountRemaining'] = text(item.left)
    fields['status'] = isDone ? 'B' : 'A'
  }
  if (item !== undefined && ['creditMemo', 'customerPayment', 'depositApplication'].includes(record.type)) {
    fields['applied'] = text(item.total.minus(item.left))
    fields['unapplied'] = text(item.left)
  }
  if (record.type === 'customerDeposit') fields['status'] = isDone ? 'C' : isDeposited(record) ? 'B' : 'A'
  else if (record.type === 'cashSale' || record.type === 'customerPayment')
    fields['status'] = isDeposited(record) ? 'C' : 'B'
  else fields['status'] ??= 'Y'

  function isDeposited({id, fields: own}: StoredRecord): boolean {
    // Money that was put on another account than undeposited funds waits for no bank deposit.
    if (own['undepFunds'] !== true && idOf(own['account']) !== systemAccount(state, 'UndepFunds')) return true
    return (books.undeposited.get(id)?.deposit ?? null) !== null
  }
}
