import type {FieldValue, StoredRecord} from '../engine-types.ts'
import {invalidReference, missing} from '../refused.ts'
import type {State} from '../state.ts'
import {idOf, isTrue, textOf} from '../values.ts'
import type {Preferences} from './books.ts'

/** Accounts that NetSuite makes itself, by special account type (NetSuite help bridgehead_4078513386). */
export type SpecialAccount = 'UndepFunds' | 'AcctRec' | 'CustDep' | 'SalesTaxPay' | 'RealizedERV' | 'RndERV'

/** The id of an account of the system. Throws Refused where the account has none. */
export function systemAccount(state: State, special: SpecialAccount): string {
  for (const {id, fields} of state.records('account')) if (fields['specialType'] === special) return id
  throw missing(special, 'account')
}

/** The account that a field names. Throws Refused naming the field where it is empty. */
export function accountOf(
  fields: Readonly<Record<string, FieldValue>> | undefined,
  name: string,
  label: string,
  path = name,
): string {
  const id = idOf(fields?.[name])
  if (id === undefined) throw missing(label, path)
  return id
}

const BANKS = new Set(['Bank', 'CredCard'])
const EXPANDED = new Set(['OthCurrAsset', 'FixedAsset', 'OthAsset', 'OthCurrLiab', 'LongTermLiab', 'Equity'])

/**
 * Where money may come from and go to: banks, undeposited funds, and with the preference Expand Account Lists the other
 * balance sheet accounts beside receivables and payables. Throws Refused for others.
 */
export function requireMoneyAccount(state: State, {expandAccountLists}: Preferences, id: string): void {
  const account = state.find('account', {id})
  const type = textOf(account?.fields['acctType']) ?? ''
  const offered =
    BANKS.has(type) ||
    account?.fields['specialType'] === 'UndepFunds' ||
    (expandAccountLists && EXPANDED.has(type) && account?.fields['specialType'] === undefined)
  if (!offered || isTrue(account?.fields['isInactive'])) throw invalidReference('account', id, 'account')
}

/** Bank deposits and checks stand on bank accounts only. Throws Refused for others. */
export function requireBank(state: State, id: string): StoredRecord {
  const account = state.find('account', {id})
  if (account === undefined || account.fields['acctType'] !== 'Bank' || isTrue(account.fields['isInactive'])) {
    throw invalidReference('account', id, 'account')
  }
  return account
}

/** Lines of deposits and checks may name any account but receivables and payables, which want a customer or vendor. */
export function requireLineAccount(state: State, id: string, path: string): void {
  const account = state.find('account', {id})
  const type = textOf(account?.fields['acctType']) ?? ''
  if (account === undefined || type === 'AcctRec' || type === 'AcctPay' || isTrue(account.fields['isInactive'])) {
    throw invalidReference('account', id, path)
  }
}
