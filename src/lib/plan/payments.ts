import {format} from '../core/money.ts'
import type {CustomerDeposit} from '../netsuite/posting-types.ts'
import type {ShopifyTransaction} from '../shopify/money-types.ts'
import {total} from './book.ts'
import {baseOf, gatewayOf, salesOrderRef, settle, timeOf, type Life, type LifeEvent} from './life-state.ts'
import {orderAt} from './order-at.ts'
import {postingId} from './posting-ids.ts'

/** OrderTransactionStatus of the Admin API: these may still become a success. A failure moved no money. */
export const OPEN: ReadonlySet<string> = new Set(['PENDING', 'AWAITING_RESPONSE', 'UNKNOWN'])

const RECEIVED: ReadonlySet<string> = new Set(['SALE', 'CAPTURE'])

/** The sales and captures that succeeded; authorisations and voids move no money, tests none that is real. */
export function receivedOf(transactions: readonly ShopifyTransaction[]): ShopifyTransaction[] {
  return transactions.filter(({kind, status, test}) => RECEIVED.has(kind) && status === 'SUCCESS' && !test)
}

/** What a transaction moved in cash: its amount, the cash rounding on top, less the change that was handed back. */
export function cashOf({planning, transactions}: Life, transaction: ShopifyTransaction): bigint {
  const {book} = planning
  const change = transactions.filter(
    ({kind, status, parentId, test}) =>
      kind === 'CHANGE' && status === 'SUCCESS' && parentId === transaction.id && !test,
  )
  const rounding = transaction.rounding === null ? 0n : book.of(transaction.rounding)
  return book.of(transaction.amount) + rounding - total(change.map(({amount}) => book.of(amount)))
}

/** Every payment that was received, in its time. Names those that are still open, and refuses more than the order's total. */
export function paymentEvents(life: Life): LifeEvent[] {
  const {transactions, planning, waiting} = life
  for (const {kind, status, gateway, id, test} of transactions) {
    if (RECEIVED.has(kind) && OPEN.has(status) && !test) {
      waiting.push({what: `the ${kind.toLowerCase()} ${id} by ${gateway}`, why: `Shopify says ${status}`})
    }
  }
  const received = receivedOf(transactions)
  const {book, order, faults} = planning
  const sum = total(received.map((transaction) => cashOf(life, transaction) - roundingOf(life, transaction)))
  if (sum > book.of(order.total)) {
    const [paid, charged] = [sum, book.of(order.total)].map((minor) => format(book.money(minor)))
    faults.push({code: 'PAYMENT_EXCEEDS_ORDER', what: `${paid ?? ''} was received for an order of ${charged ?? ''}`})
  }
  return received.map((transaction) => ({at: timeOf(transaction), rank: 0, apply: () => receive(life, transaction)}))
}

function roundingOf({planning}: Life, {rounding}: ShopifyTransaction): bigint {
  return rounding === null ? 0n : planning.book.of(rounding)
}

/**
 * Money that came before everything is billed is a deposit on the order, which NetSuite applies to the bills that follow
 * (NetSuite help section_N1296669); bills that are open already are settled with it by an application. Once everything
 * is billed it is a payment of those bills. What was written once stays of its type.
 */
function receive(life: Life, transaction: ShopifyTransaction): void {
  const {rules, now, written, records, bills, deposits} = life
  const rounding = roundingOf(life, transaction)
  const cash = cashOf(life, transaction)
  now.paid += cash - rounding
  now.rounding += rounding
  if (rules.payments === 'off' || rules.billing === 'cashSale') return
  const base = moneyOf(life, transaction)
  if (base === null) return
  const {externalId} = base
  const known = written.get(externalId)
  const isPayment = known === undefined ? isBilled(life, timeOf(transaction)) : known === 'customerPayment'
  if (isPayment) {
    const applies = settle(life, cash)
    records.push({...base, type: 'customerPayment', applies})
    return
  }
  records.push({...base, type: 'customerDeposit', salesOrder: salesOrderRef(life)})
  const open = total(bills.map((bill) => bill.open))
  const applied = rules.billing === 'invoice' ? (open < cash ? open : cash) : 0n
  deposits.push({transaction, externalId, left: cash - applied})
  if (applied <= 0n) return
  const applies = settle(life, applied)
  const application = baseOf(life, postingId.application(transaction.id), timeOf(transaction))
  records.push({...application, type: 'depositApplication', deposit: {externalId}, applies})
}

/** The members that a deposit and a payment share; null where the gateway has no rule. */
export function moneyOf(
  life: Life,
  transaction: ShopifyTransaction,
): Omit<CustomerDeposit, 'type' | 'salesOrder'> | null {
  const {salesOrder, planning} = life
  const rule = gatewayOf(life, transaction.gateway)
  if (rule === null) return null
  return {
    ...baseOf(life, postingId.transaction(transaction.id), timeOf(transaction)),
    customer: salesOrder.entity,
    subsidiary: salesOrder.subsidiary,
    currency: salesOrder.currency,
    account: rule.account,
    paymentMethod: rule.paymentMethod === null ? null : {id: rule.paymentMethod},
    payment: planning.book.money(cashOf(life, transaction)),
  }
}

/** True when every unit that was on the order at that time is billed. */
function isBilled(life: Life, at: string): boolean {
  if (life.rules.billing !== 'invoice' || life.bills.length === 0) return false
  const {units} = orderAt(life, at)
  return [...life.lines.values()].every(({key, billed}) => billed >= (units.get(key) ?? 0))
}
