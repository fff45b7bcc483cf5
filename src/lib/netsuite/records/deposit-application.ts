import type {DepositApplication} from '../posting-types.ts'
import {appliedTo} from './customer-payment.ts'
import type {RecordTable, Values} from './fields.ts'
import {applyList, customFields, plainFields} from './posting-fields.ts'
import type {Known} from './sources.ts'

/** DepositApplication of transactions.customers.xsd and depositApplication of REST, in the order of the former. */
export const depositApplicationTable: RecordTable = {
  type: 'depositApplication',
  soapType: 'tranCust:DepositApplication',
  fields: [
    ...plainFields('tranCust', {
      status: 'text',
      tranDate: 'day',
      deposit: 'ref',
      currency: 'ref',
      memo: 'text',
      total: 'number',
      tranId: 'text',
    }),
    applyList('tranCust', {doc: 'doc', apply: 'flag', amount: 'number'}),
    customFields('tranCust'),
  ],
}

/** An application as values to add. */
export function depositApplicationValues(record: DepositApplication, known: Known): Values {
  const {tranDate, memo, customFields: custom, deposit, applies} = record
  const id = known.idOf('customerDeposit', deposit)
  return {tranDate, memo, customFields: custom, deposit: {id}, apply: appliedTo(applies, known)}
}
