import {decimalOf} from '../../core/money.ts'
import type {CustomerPayment} from '../posting-types.ts'
import type {RecordTable, Values} from './fields.ts'
import {accountValues, applyList, customFields, plainFields} from './posting-fields.ts'
import type {Known} from './sources.ts'

/** CustomerPayment of transactions.customers.xsd and customerPayment of REST, in the order of the former. */
export const customerPaymentTable: RecordTable = {
  type: 'customerPayment',
  soapType: 'tranCust:CustomerPayment',
  fields: [
    ...plainFields('tranCust', {
      customer: 'ref',
      currency: 'ref',
      payment: 'number',
      autoApply: 'flag',
      tranDate: 'day',
      tranId: 'text',
      paymentMethod: 'ref',
      memo: 'text',
      undepFunds: 'flag',
      account: 'ref',
      subsidiary: 'ref',
      status: 'text',
    }),
    applyList('tranCust', {apply: 'flag', doc: 'doc', amount: 'number'}),
    customFields('tranCust'),
  ],
}

/** A payment as values to add. It goes to the invoices that it names and to no other. */
export function customerPaymentValues(record: CustomerPayment, known: Known): Values {
  const {type: _type, externalId: _externalId, account, payment, applies, ...same} = record
  return {
    ...same,
    payment: decimalOf(payment),
    ...accountValues(account),
    autoApply: false,
    apply: appliedTo(applies, known),
  }
}

/** Rows of an apply list: each invoice by its internal id, which is all that the list takes. */
export function appliedTo(applies: CustomerPayment['applies'], known: Known): Values[] {
  return applies.map(({to, amount}) => {
    return {apply: true, doc: known.idOf('invoice', to), amount: decimalOf(amount)}
  })
}
