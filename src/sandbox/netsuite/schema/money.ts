import {
  amount,
  boolean,
  day,
  decimal,
  type Field,
  fieldMap,
  instant,
  integer,
  oneOf,
  readOnly,
  recordSchema,
  ref,
  type Sublist,
  text,
} from './fields.ts'
import {KINDS} from './kinds.ts'
import {FROM_RECORD, itemList, SALE, SALE_LINE, statusOf, taxDetails, TRANSACTION} from './transactions.ts'

const HEADER: Readonly<Record<string, Field>> = {
  createdDate: readOnly(instant),
  lastModifiedDate: readOnly(instant),
  tranDate: {...day, label: 'Date'},
  tranId: text,
  postingPeriod: readOnly(ref('accountingPeriod')),
  currency: ref('currency'),
  exchangeRate: decimal,
  memo: text,
  subsidiary: ref('subsidiary'),
  department: ref('department'),
  class: ref('classification'),
  location: ref('location'),
}

const customer = ref('customer', {label: 'Customer'})
const account = ref('account', {label: 'Account'})
const arAcct = ref('account', {label: 'A/R Account'})
const paymentMethod = ref('paymentMethod')

/** Which documents a record settles: one row a document, named by its internal id (`doc`). */
const applications: Sublist = {
  rest: 'apply',
  key: 'doc',
  custom: null,
  fields: fieldMap({
    apply: boolean,
    amount,
    total: readOnly(amount),
    due: readOnly(amount),
    refNum: readOnly(text),
    type: readOnly(text),
  }),
}

const depositsTaken: Sublist = {
  rest: 'deposit',
  key: 'doc',
  custom: null,
  fields: fieldMap({
    apply: boolean,
    amount,
    total: readOnly(amount),
    remaining: readOnly(amount),
    refNum: readOnly(text),
  }),
}

function rows(rest: string, fields: Readonly<Record<string, Field>>): Sublist {
  return {rest, key: null, custom: null, fields: fieldMap({...fields, ...DIMENSIONS})}
}

const DIMENSIONS = {
  department: ref('department'),
  class: ref('classification'),
  location: ref('location'),
  memo: text,
}

/** What customers pay and get back (SOAP schema transactions.customers 2025_2). */
const customers = [
  recordSchema(
    'customerDeposit',
    {
      ...HEADER,
      customer,
      salesOrder: ref('salesOrder'),
      payment: {...amount, label: 'Payment Amount'},
      paymentMethod,
      checkNum: text,
      account,
      undepFunds: boolean,
      status: statusOf('customerDeposit'),
    },
    {...TRANSACTION, title: 'Customer Deposit', sublists: {apply: {...applications, readOnly: true}}},
  ),
  recordSchema(
    'depositApplication',
    {
      ...HEADER,
      customer: readOnly(customer),
      deposit: ref('customerDeposit', {label: 'Deposit'}),
      depDate: readOnly(day),
      arAcct,
      total: readOnly(amount),
      applied: readOnly(amount),
      unapplied: readOnly(amount),
      status: statusOf('depositApplication'),
    },
    {...TRANSACTION, title: 'Deposit Application', sublists: {apply: applications}},
  ),
  recordSchema(
    'customerPayment',
    {
      ...HEADER,
      customer,
      arAcct,
      payment: {...amount, label: 'Payment Amount'},
      autoApply: boolean,
      paymentMethod,
      checkNum: text,
      account,
      undepFunds: boolean,
      total: readOnly(amount),
      applied: readOnly(amount),
      unapplied: readOnly(amount),
      status: statusOf('customerPayment'),
    },
    {...TRANSACTION, title: 'Payment', sublists: {apply: applications}},
  ),
  recordSchema(
    'customerRefund',
    {...HEADER, customer, arAcct, account, paymentMethod, total: readOnly(amount), status: statusOf('customerRefund')},
    {...TRANSACTION, title: 'Customer Refund', sublists: {apply: applications, deposit: depositsTaken}},
  ),
]

const RETURN_LINE = {...SALE_LINE, orderLine: integer}

/** What takes a sale back. */
const returns = [
  recordSchema(
    'creditMemo',
    {
      ...SALE,
      ...FROM_RECORD,
      account,
      autoApply: boolean,
      applied: readOnly(amount),
      unapplied: readOnly(amount),
      amountPaid: readOnly(amount),
      amountRemaining: readOnly(amount),
      status: statusOf('creditMemo'),
    },
    {...TRANSACTION, title: 'Credit Memo', sublists: {item: itemList(RETURN_LINE), apply: applications, taxDetails}},
  ),
  recordSchema(
    'cashRefund',
    {...SALE, ...FROM_RECORD, account, refundCheck: boolean, status: statusOf('cashRefund')},
    {...TRANSACTION, title: 'Cash Refund', sublists: {item: itemList(RETURN_LINE), taxDetails}},
  ),
  recordSchema(
    'returnAuthorization',
    {
      ...SALE,
      ...FROM_RECORD,
      orderStatus: oneOf(KINDS.returnAuthorization.statuses, ['A', 'B']),
      status: statusOf('returnAuthorization'),
    },
    {
      ...TRANSACTION,
      title: 'Return Authorization',
      sublists: {
        item: itemList({
          ...RETURN_LINE,
          isClosed: boolean,
          quantityReceived: readOnly(decimal),
          quantityBilled: readOnly(decimal),
        }),
        taxDetails,
      },
    },
  ),
  recordSchema(
    'itemReceipt',
    {...HEADER, ...FROM_RECORD, entity: readOnly(ref('entity')), status: statusOf('itemReceipt')},
    {
      ...TRANSACTION,
      title: 'Item Receipt',
      sublists: {
        item: itemList({
          item: ref('item'),
          orderLine: integer,
          itemReceive: {...boolean, rest: 'itemreceive'},
          quantity: decimal,
          quantityRemaining: readOnly(decimal),
          location: ref('location'),
          restock: boolean,
        }),
      },
    },
  ),
]

/** What reaches and leaves the bank (SOAP schema transactions.bank 2025_2). */
const bank = [
  recordSchema(
    'deposit',
    {...HEADER, account, total: readOnly(amount), status: statusOf('deposit')},
    {
      ...TRANSACTION,
      title: 'Deposit',
      sublists: {
        payment: {
          rest: 'payment',
          key: 'id',
          custom: null,
          fields: fieldMap({
            deposit: boolean,
            lineId: integer,
            paymentAmount: amount,
            transactionAmount: readOnly(amount),
            currency: readOnly(ref('currency')),
            type: readOnly(text),
            docNumber: readOnly(text),
          }),
        },
        other: rows('other', {entity: ref('entity'), amount, account, paymentMethod, refNum: text}),
        cashBack: rows('cashback', {amount, account}),
      },
    },
  ),
  recordSchema(
    'check',
    {...HEADER, account, entity: ref('entity'), userTotal: readOnly(amount), status: statusOf('check')},
    {
      ...TRANSACTION,
      title: 'Check',
      sublists: {expense: {...rows('expense', {amount, account}), key: 'line', custom: 'column'}},
    },
  ),
  recordSchema(
    'currencyRevaluation',
    {...HEADER, entity: readOnly(ref('entity')), status: statusOf('currencyRevaluation')},
    {group: 'transaction', title: 'Currency Revaluation', custom: 'body'},
  ),
]

/** Everything after the order that moves money, beside its bill. */
export const moneyRecords = [...customers, ...returns, ...bank]
