import {flag, list, text} from '../shopify/document.ts'
import type {Json} from '../shopify/json.ts'
import {amountIn} from './money.ts'
import {ofDebit, rowOfType, type Item, type RowKey} from './rows.ts'
import type {Movement} from './shop.ts'

/** Movements of an order's money (Shopify: ShopifyPaymentsTransactionType). */
const OF_ORDERS: ReadonlySet<string> = new Set(['CHARGE', 'REFUND', 'REFUND_FAILURE'])
/** A payout that came back, inside the next one. */
const RETURNED: ReadonlySet<string> = new Set(['TRANSFER_FAILURE', 'TRANSFER_REFUND', 'TRANSFER_CANCEL'])
const BACK: ReadonlySet<string> = new Set(['FAILED', 'CANCELED'])
const SHOPIFY_PAYMENTS = 'shopify_payments'

/** What the account of Shopify Payments says. */
export type Account = Readonly<{
  payouts: readonly Json[]
  balance: readonly Json[]
  movements: readonly Movement[]
  /** Ids of the payouts of which NetSuite holds the bank deposit. */
  posted: ReadonlySet<string>
}>

/** The rows of payouts: money at the bank and on its way back, and what of the balance no booked payout holds. */
export function accountItems(account: Account): Item[] {
  return [...account.payouts.flatMap((payout) => payoutItems(payout, account)), ...undeposited(account)]
}

function payoutItems(payout: Json, {posted, movements}: Account): Item[] {
  const [id, currency, status] = ['id', 'currency', 'status'].map((key) => text(payout, key) ?? '')
  const of = `payout ${id ?? ''}`
  const item = (row: RowKey, amount: bigint): Item => ({row, currency: currency ?? '', amount, of})
  const net = amountIn(payout, 'net')
  const items = [
    ...(status === 'PAID' ? [item('bank', net)] : []),
    ...(BACK.has(status ?? '') ? [item('transit', net)] : []),
  ]
  if (!posted.has(id ?? '')) return items
  const booked = Map.groupBy(movements, (one) => one.id)
  return [...items, ...list(payout, 'lines').flatMap((line) => lineItems(line, booked, item))]
}

type MakeItem = (row: RowKey, amount: bigint) => Item

function lineItems(line: Json, booked: ReadonlyMap<string, readonly Movement[]>, item: MakeItem): Item[] {
  const [type, amount, fee] = [text(line, 'type') ?? '', amountIn(line, 'amount'), amountIn(line, 'fee')]
  if (flag(line, 'test')) return []
  if (OF_ORDERS.has(type)) {
    const [movement] = booked.get(text(line, 'orderTransactionId') ?? '') ?? []
    const settled = amount < 0n === (movement?.amount ?? amount) < 0n ? movement?.amount : -(movement?.amount ?? 0n)
    // Settled for less than was booked at the day's rate: a loss of exchange.
    return [item('fees', fee), item('other', (settled ?? amount) - amount)]
  }
  if (RETURNED.has(type)) return [item('transit', -amount)]
  const row = rowOfType(type)
  const fees: RowKey = /^(DISPUTE|CHARGEBACK)_/.test(type) ? 'disputeFees' : 'fees'
  // What Shopify takes is a debit.
  return [item(row, ofDebit(row, -amount)), item(fees, fee)]
}

/** Payments and refunds by Shopify Payments that stand in no booked payout; those without a line in the balance as well. */
function undeposited({balance, movements, posted}: Account): Item[] {
  const lines = Map.groupBy(
    balance.filter((line) => OF_ORDERS.has(text(line, 'type') ?? '')),
    (line) => text(line, 'orderTransactionId') ?? '',
  )
  return movements
    .filter(({gateway}) => gateway === SHOPIFY_PAYMENTS)
    .flatMap(({id, order, currency, amount, isDone}) => {
      const own = lines.get(id) ?? []
      const open = own.filter((line) => !posted.has(text(line, 'payoutId') ?? ''))
      const signs = own.length === 0 && isDone ? [1n] : open.map((line) => (text(line, 'type') === 'REFUND_FAILURE' ? -1n : 1n)) // prettier-ignore
      return signs.map((sign) => ({row: 'undeposited' as const, currency, amount: amount * sign, of: order}))
    })
}
