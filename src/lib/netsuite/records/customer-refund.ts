import {decimalOf} from '../../core/money.ts'
import type {CustomerRefund} from '../posting-types.ts'
import type {RecordTable, Values} from './fields.ts'
import {applyList, customFields, plainFields} from './posting-fields.ts'
import type {Known} from './sources.ts'

/** CustomerRefund of transactions.customers.xsd and customerRefund of REST, in the order of the former. */
export const customerRefundTable: RecordTable = {
  type: 'customerRefund',
  soapType: 'tranCust:CustomerRefund',
  fields: [
    ...plainFields('tranCust', {
      status: 'text',
      customer: 'ref',
      total: 'number',
      currency: 'ref',
      tranDate: 'day',
      memo: 'text',
      paymentMethod: 'ref',
      account: 'ref',
      tranId: 'text',
      subsidiary: 'ref',
    }),
    applyList('tranCust', {apply: 'flag', doc: 'doc', amount: 'number'}),
    {
      name: 'deposits',
      kind: 'list',
      row: 'tranCust:customerRefundDeposit',
      fields: plainFields('tranCust', {apply: 'flag', doc: 'doc', amount: 'number'}),
      soap: 'tranCust:depositList',
      rest: 'deposit',
    },
    customFields('tranCust'),
  ],
}

/** A refund as values to add: NetSuite computes its total from the credits and the deposits that it takes. */
export function customerRefundValues(record: CustomerRefund, known: Known): Values {
  const {accountId, credits, deposits, total: _total, type: _type, externalId: _externalId, ...same} = record
  const memos = credits.map(({creditMemo, amount}): Values => {
    return {apply: true, doc: known.idOf('creditMemo', creditMemo), amount: decimalOf(amount)}
  })
  const taken = deposits.map(({deposit, amount}): Values => {
    return {apply: true, doc: known.idOf('customerDeposit', deposit), amount: decimalOf(amount)}
  })
  return {
    ...same,
    account: {id: accountId},
    ...(memos.length === 0 ? {} : {apply: memos}),
    ...(taken.length === 0 ? {} : {deposits: taken}),
  }
}
