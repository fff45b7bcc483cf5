import {decimalOf, equals, format, subtract, zero, type Money} from '../core/money.ts'
import type {PostingQueries, PostingRow} from '../netsuite/posting-ports.ts'
import type {ShopRules} from '../plan/life-types.ts'
import {postingId} from '../plan/posting-ids.ts'
import type {ShopifyPayout} from '../shopify/money-types.ts'
import type {Shopify} from '../shopify/client.ts'
import {amountIn, currencyOf, openAccount, type Account, type OrdersReport} from './report.ts'
import type {Days} from './window.ts'

type PayoutDeps = Readonly<{
  shopify: Pick<Shopify, 'payouts'>
  queries: Pick<PostingQueries, 'postingsByExternalId' | 'postingsByDate'>
  rules: ShopRules
}>

/** The number of the payout in the external ID of a record that moves the bank; parts stand on the transit account. */
const OF_BANK = /^SHOPIFY:PAYOUT:(\d+)(:W|:FAILED)?$/

/**
 * Compares the payouts that were issued in a window with what NetSuite brought to the bank for them: deposits less checks must
 * be the net of each that is PAID, and nothing of any other. Then looks for bank records of the window whose payout Shopify
 * does not know.
 */
export async function reconcilePayouts(deps: PayoutDeps, days: Days): Promise<OrdersReport> {
  const account = openAccount(days)
  const seen = new Set<string>()
  for await (const page of deps.shopify.payouts.list({since: days.since})) {
    const issued = page.filter(({issuedAt}) => Date.parse(issuedAt) < days.until.getTime())
    for (const {legacyId} of issued) seen.add(legacyId)
    const ids = issued.flatMap(({id}) => [postingId.payout(id), postingId.withdrawal(id), postingId.failedPayout(id)])
    const rows = ids.length === 0 ? [] : await deps.queries.postingsByExternalId(ids)
    const byPayout = Map.groupBy(rows, ({externalId}) => payoutOf(externalId))
    for (const payout of issued) compare(account, deps, payout, byPayout.get(payout.legacyId) ?? [])
  }
  await noteExtra(account, deps, days, seen)
  return account.close()
}

function payoutOf(externalId: string): string | undefined {
  return OF_BANK.exec(externalId)?.[1]
}

function compare(account: Account, {rules}: PayoutDeps, payout: ShopifyPayout, rows: readonly PostingRow[]): void {
  const {report} = account
  const {net, status} = payout
  if (status !== 'PAID' && rows.length === 0) {
    report.skipped += 1
    return
  }
  const owed = status === 'PAID' ? net : zero(net.currency)
  const held = rows.map((row) => movedBy(rules, row))
  const isOneCurrency = held.every(({currency}) => currency === net.currency)
  const banked = {...zero(net.currency), minor: held.reduce((sum, {minor}) => sum + minor, 0n)}
  report.compared += 1
  account.sum(owed, banked)
  if (rows.length > 0 && isOneCurrency && equals(owed, banked)) {
    report.matched += 1
    return
  }
  account.note({
    order: `payout ${payout.legacyId}`,
    externalId: postingId.payout(payout.id),
    netsuiteId: rows[0]?.id ?? null,
    reason: rows.length === 0 ? 'MISSING_IN_NETSUITE' : 'TOTAL',
    shopify: decimalOf(owed),
    netsuite: rows.length === 0 ? null : decimalOf(banked),
    currency: net.currency,
    detail: rows.length === 0 ? 'no deposit has this external ID' : gapOf(owed, banked, isOneCurrency, status),
  })
}

function gapOf(owed: Money, banked: Money, isOneCurrency: boolean, status: string): string {
  if (!isOneCurrency) return `a record is in another currency than ${owed.currency}`
  return `${status}: differs by ${format(subtract(owed, banked))}`
}

/** A deposit brings its total to the bank, a check takes it away. */
function movedBy({currencies}: ShopRules, {type, total, currencyId}: PostingRow): Money {
  const amount = amountIn(currencyOf(currencies, currencyId), total ?? '0')
  return type === 'check' ? {...amount, minor: -amount.minor} : amount
}

async function noteExtra(
  account: Account,
  {shopify, queries, rules}: PayoutDeps,
  {from, to}: Days,
  seen: ReadonlySet<string>,
): Promise<void> {
  for await (const page of queries.postingsByDate(from, to, 'SHOPIFY:PAYOUT:')) {
    for (const row of page) {
      const id = payoutOf(row.externalId)
      // The day of a record may be another one than that of its payout: a closed period moves it.
      if (id === undefined || seen.has(id) || (await shopify.payouts.get(id)) !== null) continue
      const held = movedBy(rules, row)
      account.sum(zero(held.currency), held)
      account.note({
        order: row.tranId ?? row.externalId,
        externalId: row.externalId,
        netsuiteId: row.id,
        reason: 'MISSING_IN_SHOPIFY',
        shopify: null,
        netsuite: decimalOf(held),
        currency: held.currency,
        detail: `this ${row.type} names a payout that Shopify does not know`,
      })
    }
  }
}
