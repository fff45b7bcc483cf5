import {decimalOf} from '../../core/money.ts'
import type {CustomerDeposit} from '../posting-types.ts'
import type {RecordTable, Values} from './fields.ts'
import {accountValues, customFields, plainFields} from './posting-fields.ts'

/** CustomerDeposit of transactions.customers.xsd and customerDeposit of REST, in the order of the former. */
export const customerDepositTable: RecordTable = {
  type: 'customerDeposit',
  soapType: 'tranCust:CustomerDeposit',
  fields: [
    ...plainFields('tranCust', {
      status: 'text',
      customer: 'ref',
      salesOrder: 'ref',
      payment: 'number',
      currency: 'ref',
      tranDate: 'day',
      paymentMethod: 'ref',
      memo: 'text',
      subsidiary: 'ref',
      account: 'ref',
      undepFunds: 'flag',
      tranId: 'text',
    }),
    customFields('tranCust'),
  ],
}

/** A customer deposit as values to add. */
export function customerDepositValues(record: CustomerDeposit): Values {
  const {type: _type, externalId: _externalId, account, payment, ...same} = record
  return {...same, payment: decimalOf(payment), ...accountValues(account)}
}
