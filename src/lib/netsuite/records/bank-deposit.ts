import {decimalOf} from '../../core/money.ts'
import type {AccountLine, BankDeposit, Check} from '../posting-types.ts'
import type {Field, RecordTable, Values} from './fields.ts'
import {customFields, plainFields} from './posting-fields.ts'
import type {Known} from './sources.ts'

type ListNames = Readonly<{name: string; soap: string; row: string; rest: string}>

function list({name, soap, row, rest}: ListNames, kinds: Parameters<typeof plainFields>[1]): Field {
  return {
    name,
    kind: 'list',
    soap: `tranBank:${soap}`,
    row: `tranBank:${row}`,
    rest,
    fields: plainFields('tranBank', kinds),
  }
}

/**
 * Deposit of transactions.bank.xsd and deposit of REST, in the order of the former. Its currency is that of the bank
 * account; SOAP has no field for it.
 */
export const depositTable: RecordTable = {
  type: 'deposit',
  soapType: 'tranBank:Deposit',
  fields: [
    ...plainFields('tranBank', {tranId: 'text', account: 'ref', total: 'number', tranDate: 'day', memo: 'text'}),
    list(
      {name: 'payments', soap: 'paymentList', row: 'depositPayment', rest: 'payment'},
      {deposit: 'flag', id: 'number'},
    ),
    list(
      {name: 'other', soap: 'otherList', row: 'depositOther', rest: 'other'},
      {amount: 'number', account: 'ref', memo: 'text'},
    ),
    list(
      {name: 'cashBack', soap: 'cashBackList', row: 'depositCashBack', rest: 'cashback'},
      {amount: 'number', account: 'ref', memo: 'text'},
    ),
    customFields('tranBank'),
  ],
}

/** Check of transactions.bank.xsd and check of REST, in the order of the former. */
export const checkTable: RecordTable = {
  type: 'check',
  soapType: 'tranBank:Check',
  fields: [
    ...plainFields('tranBank', {
      status: 'text',
      account: 'ref',
      tranDate: 'day',
      currency: 'ref',
      tranId: 'text',
      memo: 'text',
    }),
    {name: 'total', kind: 'number', soap: 'tranBank:userTotal', rest: 'userTotal'},
    list(
      {name: 'expenses', soap: 'expenseList', row: 'expense', rest: 'expense'},
      {account: 'ref', amount: 'number', memo: 'text'},
    ),
    customFields('tranBank'),
  ],
}

/** A bank deposit as values to add. What the payments are worth is what NetSuite holds of them; only ids are named. */
export function depositValues(record: BankDeposit, known: Known): Values {
  const {tranDate, memo, customFields: custom, accountId, payments, other, cashBack} = record
  const taken = payments.map(({type, ref}): Values => ({deposit: true, id: known.idOf(type, ref)}))
  return {
    account: {id: accountId},
    tranDate,
    memo,
    ...(taken.length === 0 ? {} : {payments: taken}),
    ...(other.length === 0 ? {} : {other: other.map(accountLine)}),
    ...(cashBack.length === 0 ? {} : {cashBack: cashBack.map(accountLine)}),
    customFields: custom,
  }
}

/** A check as values to add; NetSuite computes its total from its lines. */
export function checkValues(record: Check): Values {
  const {tranDate, memo, customFields: custom, accountId, currency, expenses} = record
  return {
    account: {id: accountId},
    currency,
    tranDate,
    memo,
    expenses: expenses.map(accountLine),
    customFields: custom,
  }
}

function accountLine({accountId, amount, memo}: AccountLine): Values {
  return {amount: decimalOf(amount), account: {id: accountId}, memo}
}
