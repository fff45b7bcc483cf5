import {depositApplication} from './applications.ts'
import {check, deposit} from './bank.ts'
import {cashSale, invoice} from './bills.ts'
import {itemFulfillment, itemReceipt, returnAuthorization} from './goods.ts'
import {customerDeposit, customerPayment} from './money-in.ts'
import {cashRefund, creditMemo, customerRefund} from './money-out.ts'
import type {Handler} from './posting-rules.ts'

const HANDLERS: Readonly<Record<string, Handler>> = {
  invoice,
  cashSale,
  itemFulfillment,
  customerDeposit,
  depositApplication,
  customerPayment,
  creditMemo,
  cashRefund,
  customerRefund,
  returnAuthorization,
  itemReceipt,
  deposit,
  check,
}

/** What a type of transaction does when it is saved; undefined for orders and what is no transaction. */
export function handlerOf(type: string): Handler | undefined {
  return HANDLERS[type]
}
