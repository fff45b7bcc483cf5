import {assert} from '../core/assert.ts'
import {parseMoney} from '../core/money.ts'
import type {Subject} from '../ledger/types.ts'
import type {HeldMoney, MoneyKind} from '../plan/payout-lines.ts'
import type {BalanceTransaction, ShopifyPayout} from '../shopify/money-types.ts'
import type {PushDeps} from './push.ts'
import {ordersOf} from './select.ts'

/** A record of an order's money, as a payout takes it. `subject`: the order that it belongs to, where the ledger knows. */
export type MoneyRecord = HeldMoney & Readonly<{externalId: string; netsuiteId: string; subject: Subject | null}>

/** One charge or refund of a payout. */
export type Wanted = Readonly<{line: BalanceTransaction; transaction: string; kind: MoneyKind}>

/** Records in one statement; NetSuite takes 1,000 values in a list (NetSuite help article_0824094533). */
const LIST = 500

/**
 * What records in another currency bring to a bank account in the base currency: the worth that they were booked with, which
 * stands in undeposited funds (NetSuite help section_N1542431). Towards an account in any other currency they stay as they are.
 */
export async function inBankCurrency(
  {netsuite, rules}: PushDeps,
  {net}: ShopifyPayout,
  records: readonly MoneyRecord[],
): Promise<readonly MoneyRecord[]> {
  const abroad = records.filter(({amount}) => amount.currency !== net.currency)
  const {undepositedFunds} = rules.life
  if (abroad.length === 0 || undepositedFunds === null) return records
  const base = await netsuite.queries.raw("SELECT c.id FROM currency c WHERE c.isbasecurrency = 'T'")
  if (!base.some(({id}) => id === rules.currencies[net.currency])) return records
  const worth = new Map<string, string>()
  for (let i = 0; i < abroad.length; i += LIST) {
    const ids = abroad.slice(i, i + LIST).map(({netsuiteId}) => plainId(netsuiteId))
    const rows = await netsuite.queries.raw(
      `SELECT tal.transaction AS id, SUM(NVL(tal.debit, 0) - NVL(tal.credit, 0)) AS worth FROM transactionaccountingline tal
WHERE tal.transaction IN (${ids.join(', ')}) AND tal.account = ${plainId(undepositedFunds)} AND tal.posting = 'T'
GROUP BY tal.transaction ORDER BY tal.transaction ASC`,
    )
    for (const {id = '', worth: held = ''} of rows) worth.set(id, held.replace('-', ''))
  }
  return records.map((record) => {
    const held = worth.get(record.netsuiteId)
    return held === undefined ? record : {...record, amount: parseMoney(held, net.currency)}
  })
}

/** Ids are written into the statement: nothing else may be. */
function plainId(id: string): string {
  assert(/^\d+$/.test(id), `${JSON.stringify(id)} is no internal id`)
  return id
}

/**
 * The records of each charge or refund, with the currency in which its customer paid. Only where the amounts differ is that
 * asked of Shopify: where they agree it decides nothing.
 */
export async function withPresentment(
  {shopify}: PushDeps,
  {net}: ShopifyPayout,
  wanted: readonly Wanted[],
  recordsOf: (one: Wanted) => readonly MoneyRecord[],
): Promise<ReadonlyMap<string, readonly MoneyRecord[]>> {
  const odd = wanted.filter((one) => differs(one.line, recordsOf(one)))
  const ids = [...new Set(odd.flatMap(({line}) => line.orderId ?? []))]
  const orders = ids.length === 0 ? [] : ordersOf(await shopify.getOrders(ids))
  const currencies = new Map(orders.map(({id, presentmentCurrency}) => [id, presentmentCurrency]))
  return new Map(
    wanted.map((one) => {
      const presentmentCurrency = currencies.get(one.line.orderId ?? '') ?? net.currency
      const records = recordsOf(one).map((record) => ({...record, presentmentCurrency}))
      return [keyOf(one), records]
    }),
  )
}

/** What names a charge or refund within a payout. */
export function keyOf({kind, transaction}: Pick<Wanted, 'kind' | 'transaction'>): string {
  return `${kind} ${transaction}`
}

function differs({amount}: BalanceTransaction, records: readonly HeldMoney[]): boolean {
  if (records.length === 0) return false
  const minor = records.reduce((sum, record) => sum + record.amount.minor, 0n)
  const settled = amount.minor < 0n ? -amount.minor : amount.minor
  return minor !== settled || records.some((record) => record.amount.currency !== amount.currency)
}
