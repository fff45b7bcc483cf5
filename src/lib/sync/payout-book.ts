import {legacyId} from '../core/ids.ts'
import {parseMoney, type Money} from '../core/money.ts'
import {moneyOfOrders, moneyUnder, type KnownMoney} from '../ledger/known-money.ts'
import type {Subject} from '../ledger/types.ts'
import type {PostingRow} from '../netsuite/posting-ports.ts'
import {moneyKindOf, type HeldMoney, type MoneyKind, type PayoutBook} from '../plan/payout-lines.ts'
import {postingId} from '../plan/posting-ids.ts'
import type {BalanceTransaction, ShopifyPayout} from '../shopify/money-types.ts'
import {subjectOf} from './orders.ts'
import {inBankCurrency, keyOf, withPresentment, type MoneyRecord, type Wanted} from './payout-currency.ts'
import type {PushDeps} from './push.ts'

/** What NetSuite holds of the money of a payout. */
export type MoneyBook = Pick<PayoutBook, 'isBooked'> &
  Readonly<{money: (orderTransactionId: string, kind: MoneyKind) => readonly MoneyRecord[]}>

const PAYMENTS = ['customerDeposit', 'customerPayment'] as const
const OTHERS = ['cashSale', 'customerRefund', 'cashRefund'] as const
const TYPES: ReadonlySet<string> = new Set([...PAYMENTS, ...OTHERS])

/**
 * Finds what NetSuite holds of the money of a payout: by the ledger, which knows what was written for each order, then by
 * external ID in NetSuite, whose amounts count. Refunds and cash sales that the ledger does not know are not looked for: the
 * order that they belong to is queued, and its push adopts them.
 * @param isBooked whether the bank deposit of the payout is written
 */
export async function moneyBook(
  deps: PushDeps,
  payout: ShopifyPayout,
  lines: readonly BalanceTransaction[],
  isBooked: boolean,
): Promise<MoneyBook> {
  const wanted = lines.flatMap((line): Wanted[] => {
    const {orderTransactionId: transaction} = line
    const kind = moneyKindOf(line)
    return kind === undefined || transaction === null ? [] : [{line, transaction, kind}]
  })
  const known = await knownTo(deps, wanted)
  const asked = [...known.map(({externalId}) => externalId), ...wanted.flatMap(ownId)]
  const rows = asked.length === 0 ? [] : await deps.netsuite.queries.postingsByExternalId([...new Set(asked)])
  const records = await inBankCurrency(deps, payout, recordsOf(deps, payout, known, rows))
  const found = chosen(deps, wanted, records)
  const settled = await withPresentment(deps, payout, wanted, (one) => found.get(keyOf(one)) ?? [])
  return {isBooked, money: (transaction, kind) => settled.get(keyOf({transaction, kind})) ?? []}
}

/** The external ID that a transaction's own record has. Those of refunds name the refund, too, and cannot be told from here. */
function ownId({transaction, kind}: Wanted): string[] {
  if (kind === 'refund') return []
  return [kind === 'payment' ? postingId.transaction(transaction) : postingId.failedRefund(transaction)]
}

async function knownTo({ledger, shop}: PushDeps, wanted: readonly Wanted[]): Promise<KnownMoney[]> {
  const own = await moneyUnder(ledger.db, PAYMENTS, wanted.flatMap(ownId))
  const isKnown = new Set(own.map(({externalId}) => externalId))
  const orders = wanted.filter((one) => one.line.orderId !== null && !ownId(one).some((id) => isKnown.has(id)))
  const subjects = orders.map(({line}) => subjectOf(shop, line.orderId ?? ''))
  return [...own, ...(await moneyOfOrders(ledger.db, OTHERS, subjects))]
}

/** By external ID. What a query does not show may be there nevertheless (it lags behind): then the ledger's word stands. */
function recordsOf(
  {rules}: PushDeps,
  payout: ShopifyPayout,
  known: readonly KnownMoney[],
  rows: readonly PostingRow[],
): MoneyRecord[] {
  const records = new Map<string, MoneyRecord>()
  const {currency} = payout.net
  for (const {externalId, netsuiteId, recordType, amount, subject} of known) {
    const [figure = '', code = ''] = amount?.split(' ') ?? []
    const held = figure === '' ? null : parseMoney(figure, code)
    if (held !== null) records.set(externalId, moneyRecord(recordType, externalId, netsuiteId, held, subject, currency))
  }
  const codes = new Map(Object.entries(rules.currencies).map(([code, id]) => [id, code]))
  for (const {externalId, id, type, total, currencyId} of rows) {
    const code = codes.get(currencyId)
    if (total === null || code === undefined || !TYPES.has(type)) continue
    const subject = records.get(externalId)?.subject ?? null
    records.set(externalId, moneyRecord(type, externalId, id, parseMoney(total, code), subject, currency))
  }
  return [...records.values()]
}

function moneyRecord(
  type: string,
  externalId: string,
  netsuiteId: string,
  amount: Money,
  subject: Subject | null,
  presentmentCurrency: string,
): MoneyRecord {
  return {
    type: type as HeldMoney['type'],
    ref: {id: netsuiteId},
    netsuiteId,
    externalId,
    amount,
    subject,
    presentmentCurrency,
  }
}

/**
 * The records of each charge and refund: its own one, or the cash sales that share the payment. Maps keep this linear: a
 * payout may hold tens of thousands of lines.
 */
function chosen(
  {shop}: PushDeps,
  wanted: readonly Wanted[],
  records: readonly MoneyRecord[],
): ReadonlyMap<string, readonly MoneyRecord[]> {
  const byId = new Map(records.map((record) => [record.externalId, record]))
  const refunds = Map.groupBy(
    records.filter(({type}) => type === 'customerRefund' || type === 'cashRefund'),
    ({externalId}) => externalId.slice(externalId.lastIndexOf(':') + 1),
  )
  const sales = Map.groupBy(
    records.filter(({type}) => type === 'cashSale'),
    ({subject}) => subject,
  )
  const payments = Map.groupBy(
    wanted.filter(({kind}) => kind === 'payment'),
    ({line}) => line.orderId,
  )
  const of = (one: Wanted): readonly MoneyRecord[] => {
    const {line, transaction, kind} = one
    if (kind === 'refund') return refunds.get(legacyId(transaction)) ?? []
    const own = ownId(one).flatMap((id) => byId.get(id) ?? [])
    if (own.length > 0 || kind !== 'payment' || line.orderId === null) return own
    const isOnly = payments.get(line.orderId)?.length === 1
    return salesOf(line, sales.get(subjectOf(shop, line.orderId)) ?? [], isOnly)
  }
  return new Map(wanted.map((one) => [keyOf(one), of(one)]))
}

/** A cash sale that is still to come would leave the payout short: it waits until the sales are the payment. */
function salesOf({amount}: BalanceTransaction, sales: readonly MoneyRecord[], isOnly: boolean): readonly MoneyRecord[] {
  const sum = sales.reduce((total, sale) => total + sale.amount.minor, 0n)
  if (isOnly && sum === amount.minor) return sales
  return sales.filter((sale) => sale.amount.minor === amount.minor).slice(0, 1)
}
