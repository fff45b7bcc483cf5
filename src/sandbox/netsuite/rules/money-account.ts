import type {Amount} from '../amounts.ts'
import type {StoredRecord} from '../engine-types.ts'
import {requireMoneyAccount, systemAccount} from '../ledger/chart.ts'
import {missing} from '../refused.ts'
import {idOf, isTrue} from '../values.ts'
import {type Fields, type PostingRules, type Undo} from './posting-rules.ts'

/**
 * Decides where money goes to or comes from: a payment method that is grouped with undeposited funds beats everything
 * (NetSuite help section_N1292421), then `undepFunds`, then `account`, then the account of the payment method. Refunds have no
 * flag (`flagged` false) and name undeposited funds by its id. Throws Refused where no account is named or it is not offered.
 */
export function placeMoney({state, books}: PostingRules, fields: Fields, flagged: boolean): void {
  const undeposited = systemAccount(state, 'UndepFunds')
  const method = state.find('paymentMethod', {id: idOf(fields['paymentMethod']) ?? ''})
  const named = idOf(fields['account']) ?? idOf(method?.fields['account'])
  const unsaid = flagged && named === undefined && fields['undepFunds'] !== false
  const grouped = isTrue(method?.fields['undepFunds']) || (flagged && isTrue(fields['undepFunds']))
  const account = grouped || unsaid ? undeposited : named
  if (account === undefined) throw missing('Account', 'account')
  requireMoneyAccount(state, books.preferences, account)
  const record = state.find('account', {id: account})
  if (flagged) fields['undepFunds'] = account === undeposited
  fields['account'] = flagged && account === undeposited ? null : record === undefined ? null : state.refTo(record)
}

/** The account that a saved record's money went to or came from. */
export function moneyAccountOf({state}: PostingRules, fields: Readonly<Fields>): string {
  return idOf(fields['account']) ?? systemAccount(state, 'UndepFunds')
}

/** What stands in undeposited funds waits there for one bank deposit; `amount` is negative for money given back. */
export function awaitDeposit(rules: PostingRules, record: StoredRecord, amount: Amount, undo: Undo): void {
  const {state, books} = rules
  // What a bank deposit took has not changed.
  if ((books.undeposited.get(record.id)?.deposit ?? null) !== null) return
  books.undeposited.remove(record.id)
  const account = systemAccount(state, 'UndepFunds')
  const line = books.ledger.of(record.id).find((posted) => posted.account === account)
  if (line === undefined || moneyAccountOf(rules, record.fields) !== account) return
  books.undeposited.put(record.id, {amount, base: line.base, currency: idOf(record.fields['currency'])})
  undo.push(() => {
    books.undeposited.remove(record.id)
  })
}
