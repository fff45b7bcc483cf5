import type {HeldPosting, PostingRecord, PostingType} from '../posting-types.ts'
import type {Ref} from '../types.ts'
import {checkTable, checkValues, depositTable, depositValues} from './bank-deposit.ts'
import {billValues, cashSaleTable, invoiceTable} from './bill.ts'
import {cashRefundTable, cashRefundValues} from './cash-refund.ts'
import {creditMemoTable, creditMemoValues} from './credit-memo.ts'
import {customerDepositTable, customerDepositValues} from './customer-deposit.ts'
import {customerPaymentTable, customerPaymentValues} from './customer-payment.ts'
import {customerRefundTable, customerRefundValues} from './customer-refund.ts'
import {depositApplicationTable, depositApplicationValues} from './deposit-application.ts'
import {idAt, textAt, type RecordTable, type Values} from './fields.ts'
import {itemFulfillmentTable, itemFulfillmentValues} from './fulfillment.ts'
import type {LineRules} from './posting-fields.ts'
import {itemReceiptTable, itemReceiptValues, returnAuthorizationTable, returnAuthorizationValues} from './returns.ts'
import type {Known, SourceType} from './sources.ts'

/** Tables in the order in which records of one call are written: what others refer to comes first. */
export const postingTables: Readonly<Record<PostingType, RecordTable>> = {
  customerDeposit: customerDepositTable,
  itemFulfillment: itemFulfillmentTable,
  invoice: invoiceTable,
  cashSale: cashSaleTable,
  customerPayment: customerPaymentTable,
  depositApplication: depositApplicationTable,
  returnAuthorization: returnAuthorizationTable,
  itemReceipt: itemReceiptTable,
  creditMemo: creditMemoTable,
  cashRefund: cashRefundTable,
  customerRefund: customerRefundTable,
  deposit: depositTable,
  check: checkTable,
}

/** A posting as values to add. Throws RejectedError NETSUITE_REFERENCE_MISSING or NETSUITE_LINE_MISSING. */
export function postingValues(record: PostingRecord, known: Known, rules: LineRules): Values {
  switch (record.type) {
    case 'customerDeposit':
      return customerDepositValues(record)
    case 'customerPayment':
      return customerPaymentValues(record, known)
    case 'depositApplication':
      return depositApplicationValues(record, known)
    case 'itemFulfillment':
      return itemFulfillmentValues(record, known, rules)
    case 'invoice':
    case 'cashSale':
      return billValues(record, known, rules)
    case 'returnAuthorization':
      return returnAuthorizationValues(record, known, rules)
    case 'itemReceipt':
      return itemReceiptValues(record, known, rules)
    case 'creditMemo':
      return creditMemoValues(record, known, rules)
    case 'cashRefund':
      return cashRefundValues(record, known, rules)
    case 'customerRefund':
      return customerRefundValues(record, known)
    case 'deposit':
      return depositValues(record, known)
    case 'check':
      return checkValues(record)
  }
}

/** A record that must be known before another one can be encoded: its lines, or only its internal id. */
export type Need =
  Readonly<{what: 'lines'; type: SourceType; ref: Ref}> | Readonly<{what: 'id'; type: PostingType; ref: Ref}>

/** What must be known to encode a record. */
export function needsOf(record: PostingRecord): Need[] {
  const invoices = (applies: readonly Readonly<{to: Ref}>[]) => applies.map(({to}) => id('invoice', to))
  switch (record.type) {
    case 'customerDeposit':
    case 'check':
      return []
    case 'customerPayment':
      return invoices(record.applies)
    case 'depositApplication':
      return [id('customerDeposit', record.deposit), ...invoices(record.applies)]
    case 'itemFulfillment':
    case 'invoice':
    case 'cashSale':
    case 'returnAuthorization':
      return [lines('salesOrder', record.salesOrder)]
    case 'itemReceipt':
      return [lines('returnAuthorization', record.returnAuthorization)]
    case 'creditMemo':
      return [...madeFrom(record.createdFrom), ...invoices(record.applies)]
    case 'cashRefund':
      return madeFrom(record.createdFrom)
    case 'customerRefund':
      return [
        ...record.credits.map(({creditMemo}) => id('creditMemo', creditMemo)),
        ...record.deposits.map(({deposit}) => id('customerDeposit', deposit)),
      ]
    case 'deposit':
      return record.payments.map(({type, ref}) => id(type, ref))
  }
}

const id = (type: PostingType, ref: Ref): Need => ({what: 'id', type, ref})
const lines = (type: SourceType, ref: Ref): Need => ({what: 'lines', type, ref})
const madeFrom = (from: Readonly<{type: SourceType; ref: Ref}> | null) =>
  from === null ? [] : [lines(from.type, from.ref)]

/** Records that REST makes by a transform; the others it adds, naming the record that they are made from. */
export function transformSource(record: PostingRecord): Readonly<{type: SourceType; ref: Ref}> | null {
  if (record.type === 'itemFulfillment') return {type: 'salesOrder', ref: record.salesOrder}
  if (record.type === 'itemReceipt') return {type: 'returnAuthorization', ref: record.returnAuthorization}
  return null
}

/** What REST calls the status of types that have none, where SOAP has no field for it. */
const NO_STATUS = 'Undefined'

/** A posting as read, from the values of either channel. */
export function heldPosting(
  type: PostingType,
  recordId: string,
  externalId: string | null,
  values: Values,
): HeldPosting {
  const undeposited = values['undepFunds']
  const status = textAt(values, 'status') ?? textAt(values, 'shipStatus')
  return {
    type,
    id: recordId,
    externalId,
    tranId: textAt(values, 'tranId'),
    tranDate: textAt(values, 'tranDate') ?? '',
    total: textAt(values, 'total') ?? textAt(values, 'payment'),
    currencyId: idAt(values, 'currency'),
    accountId: idAt(values, 'account'),
    undeposited: typeof undeposited === 'boolean' ? undeposited : null,
    status: status === NO_STATUS ? null : status,
  }
}
