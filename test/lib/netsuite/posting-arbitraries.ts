import fc from 'fast-check'

import type {
  BankDeposit,
  Bill,
  CashRefund,
  Check,
  CreditMemo,
  CustomerDeposit,
  CustomerPayment,
  CustomerRefund,
  DepositApplication,
  ItemFulfillment,
  ItemReceipt,
  MoneyAccount,
  PostingLine,
  PostingRecord,
  ReturnAuthorization,
} from '../../../src/lib/netsuite/posting-types.ts'
import type {Ref} from '../../../src/lib/netsuite/types.ts'
import {amount, day, id, orNull, taxDetail, text} from './arbitraries.ts'

/** Keys that the lines of every source in these tests bear. */
export const KEYS = ['11', '11:discount', '12', 'tip', '13']
/** An external ID that no record has. */
export const NOWHERE = 'SHOPIFY:NOWHERE'

const money = amount('USD')
const idText = id.map((one) => one.id)
const ref: fc.Arbitrary<Ref> = fc.oneof(
  id,
  fc.integer({min: 1, max: 20}).map((n) => ({externalId: `SHOPIFY:SOURCE:${n}`})),
)
const account: fc.Arbitrary<MoneyAccount> = fc.oneof(
  fc.constant({kind: 'undeposited' as const}),
  idText.map((one) => ({kind: 'account' as const, id: one})),
)
const line: fc.Arbitrary<PostingLine> = fc.record({
  key: fc.constantFrom(...KEYS),
  item: id,
  quantity: orNull(fc.integer({min: 0, max: 1000})),
  amount: orNull(money),
  description: orNull(text),
  location: orNull(id),
  taxCode: orNull(id),
})
const lines = fc.uniqueArray(line, {minLength: 1, maxLength: 4, selector: ({key}) => key})
const applies = fc.array(fc.record({to: ref, amount: money}), {maxLength: 3})
const accountLines = fc.array(fc.record({accountId: idText, amount: money, memo: orNull(text)}), {maxLength: 3})

/** Under legacy tax there are no details at all. */
function taxed<T extends Bill | CreditMemo | CashRefund>(record: fc.Arbitrary<T>): fc.Arbitrary<T> {
  const details = orNull(fc.array(taxDetail('USD'), {maxLength: 2}))
  return fc.tuple(record, details).map(([one, taxDetails]) => (taxDetails === null ? one : {...one, taxDetails}))
}

const header = {
  externalId: fc.integer({min: 1}).map((value) => `SHOPIFY:POSTING:${value}`),
  tranDate: day,
  memo: orNull(text),
  customFields: fc.dictionary(fc.constantFrom('custbody_order_id', 'custbody_payout_id'), text),
}
const payment = {
  customer: ref,
  subsidiary: orNull(id),
  currency: id,
  account,
  paymentMethod: orNull(id),
  payment: money,
}
const credit = {
  entity: ref,
  subsidiary: orNull(id),
  currency: id,
  lines,
  shipMethod: orNull(id),
  shippingCost: orNull(money),
  total: money,
}
const from = <T extends string>(...types: T[]) => orNull(fc.record({type: fc.constantFrom(...types), ref}))

const customerDeposit: fc.Arbitrary<CustomerDeposit> = fc.record({
  type: fc.constant('customerDeposit' as const),
  ...header,
  ...payment,
  salesOrder: orNull(ref),
})
const customerPayment: fc.Arbitrary<CustomerPayment> = fc.record({
  type: fc.constant('customerPayment' as const),
  ...header,
  ...payment,
  applies,
})
const itemFulfillment: fc.Arbitrary<ItemFulfillment> = fc.record({
  type: fc.constant('itemFulfillment' as const),
  ...header,
  salesOrder: ref,
  shipMethod: orNull(id),
  lines,
  packages: fc.array(fc.record({trackingNumber: orNull(text), description: orNull(text)}), {maxLength: 3}),
})
const bill: fc.Arbitrary<Bill> = fc.record({
  type: fc.constantFrom('invoice' as const, 'cashSale' as const),
  ...header,
  salesOrder: ref,
  account: orNull(account),
  paymentMethod: orNull(id),
  lines,
  shippingCost: orNull(money),
  total: money,
})
const depositApplication: fc.Arbitrary<DepositApplication> = fc.record({
  type: fc.constant('depositApplication' as const),
  ...header,
  deposit: ref,
  applies,
})
const returnAuthorization: fc.Arbitrary<ReturnAuthorization> = fc.record({
  type: fc.constant('returnAuthorization' as const),
  ...header,
  salesOrder: ref,
  lines,
  total: money,
})
const itemReceipt: fc.Arbitrary<ItemReceipt> = fc.record({
  type: fc.constant('itemReceipt' as const),
  ...header,
  returnAuthorization: ref,
  lines: fc.tuple(lines, fc.boolean()).map(([all, restock]) => all.map((one) => ({...one, restock}))),
})
const creditMemo: fc.Arbitrary<CreditMemo> = fc.record({
  type: fc.constant('creditMemo' as const),
  ...header,
  ...credit,
  createdFrom: from('invoice', 'returnAuthorization'),
  applies,
})
const cashRefund: fc.Arbitrary<CashRefund> = fc.record({
  type: fc.constant('cashRefund' as const),
  ...header,
  ...credit,
  createdFrom: from('cashSale', 'returnAuthorization'),
  accountId: idText,
  paymentMethod: orNull(id),
})
const customerRefund: fc.Arbitrary<CustomerRefund> = fc.record({
  type: fc.constant('customerRefund' as const),
  ...header,
  customer: ref,
  subsidiary: orNull(id),
  currency: id,
  accountId: idText,
  paymentMethod: orNull(id),
  credits: fc.array(fc.record({creditMemo: ref, amount: money}), {maxLength: 3}),
  deposits: fc.array(fc.record({deposit: ref, amount: money}), {maxLength: 3}),
  total: money,
})
const bankDeposit: fc.Arbitrary<BankDeposit> = fc.record({
  type: fc.constant('deposit' as const),
  ...header,
  accountId: idText,
  currency: id,
  payments: fc.array(
    fc.record({
      type: fc.constantFrom('customerDeposit' as const, 'customerRefund' as const, 'cashSale' as const),
      ref,
      amount: money,
    }),
    {maxLength: 4},
  ),
  other: accountLines,
  cashBack: accountLines,
  total: money,
})
const check: fc.Arbitrary<Check> = fc.record({
  type: fc.constant('check' as const),
  ...header,
  accountId: idText,
  currency: id,
  expenses: accountLines,
  total: money,
})

/** Any record that the plan can state. */
export const posting: fc.Arbitrary<PostingRecord> = fc.oneof(
  customerDeposit, customerPayment, itemFulfillment, taxed(bill), depositApplication, returnAuthorization, itemReceipt,
  taxed(creditMemo), taxed(cashRefund), customerRefund, bankDeposit, check,
) // prettier-ignore

/** Records of one call, each under an external ID of its own. */
export const postings = fc.uniqueArray(posting, {maxLength: 12, selector: ({externalId}) => externalId})
