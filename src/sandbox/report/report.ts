import {decimalOf} from '../shopify/amounts.ts'
import {text} from '../shopify/document.ts'
import {BASE, bookItems, currenciesOf, postedPayouts} from './books.ts'
import {accountItems} from './payouts.ts'
import {ROW_KEYS, ROWS, type Item, type RowKey} from './rows.ts'
import {bookedOrders, movementsOf, orderItems} from './shop.ts'
import {readSources, type Sources} from './sources.ts'

/** A row of the report: what both sides say of it in a currency, as decimal text, and where they differ. */
export type Identity = Readonly<{
  row: RowKey
  name: string
  /** Numbers of the accounts in which NetSuite keeps it. */
  accounts: readonly string[]
  currency: string
  shopify: string
  netsuite: string
  difference: string
  /** The orders and payouts that differ, the largest first; at most ten. They may also where the sums agree. */
  differing: readonly Readonly<{of: string; shopify: string; netsuite: string}>[]
}>

type Balance = Readonly<{account: string; name: string; debit: string; credit: string; balance: string}>

/** Whether the books agree: by Shopify's documents and NetSuite's general ledger, and by nothing of ours. */
export type SandboxReport = Readonly<{
  agrees: boolean
  orders: number
  payouts: Readonly<{paid: number; booked: number}>
  /** Journal entries, which nobody should have needed. */
  journals: number
  /** Revaluations that NetSuite made by itself. */
  revaluations: number
  /** External IDs that two records carry. */
  duplicates: readonly string[]
  identities: readonly Identity[]
  trialBalance: readonly Balance[]
  /** Sum of all debits less all credits. */
  outOfBalance: string
}>

/** Reads both platforms and compares them. Throws NoSandbox where one does not answer as a sandbox does. */
export async function reportOf(shopifyUrl: string, netsuiteUrl: string): Promise<SandboxReport> {
  return compare(await readSources(shopifyUrl, netsuiteUrl))
}

/** Compares what both platforms hold. */
export function compare(sources: Sources): SandboxReport {
  const {payouts, balance, records} = sources
  const posted = postedPayouts(sources)
  const orders = bookedOrders(sources.orders, currenciesOf(sources))
  const movements = orders.flatMap(movementsOf)
  const shop = [...orders.flatMap(orderItems), ...accountItems({payouts, balance, movements, posted})]
  const shipped = new Set(
    orders.flatMap(({doc, name}) => (text(doc, 'fulfillment_status') === 'fulfilled' ? name : [])),
  )
  const identities = identitiesOf(shop, bookItems(sources, shipped))
  const trialBalance = trialOf(sources)
  const rest = sources.trial.reduce((all, one) => all + Number(text(one, 'balance')), 0)
  const [duplicates, journals] = [duplicatesIn(sources), sources.journals.length]
  const outOfBalance = rest.toFixed(2).replace('-0.00', '0.00')
  return {
    agrees: identities.every((one) => one.differing.length === 0) && journals + duplicates.length === 0 && isZero(outOfBalance), // prettier-ignore
    orders: orders.length,
    payouts: {paid: payouts.filter((one) => text(one, 'status') === 'PAID').length, booked: posted.size},
    journals,
    revaluations: records.currencyRevaluation.length,
    duplicates,
    identities,
    trialBalance,
    outOfBalance,
  }
}

/** Whether a decimal text says nothing. */
function isZero(amount: string): boolean {
  return /^-?0(\.0+)?$/.test(amount)
}

const LISTED = 10

function identitiesOf(shop: readonly Item[], books: readonly Item[]): Identity[] {
  const byRow = (items: readonly Item[]) => Map.groupBy(items, (one) => one.row)
  const [ours, theirs] = [byRow(shop), byRow(books)]
  return ROW_KEYS.flatMap((row) => {
    const [left, right] = [ours.get(row) ?? [], theirs.get(row) ?? []]
    const found = [...new Set([...left, ...right].map((one) => one.currency))].toSorted()
    // A row of nothing is told as well: that there is no suspense is worth knowing.
    return (found.length > 0 ? found : [BASE]).map((currency) => {
      const own = (items: readonly Item[]) => items.filter((one) => one.currency === currency)
      return identity(row, currency, own(left), own(right))
    })
  })
}

function identity(row: RowKey, currency: string, shop: readonly Item[], books: readonly Item[]): Identity {
  const {name, accounts} = ROWS[row]
  const show = (amount: bigint) => decimalOf(amount, currency)
  const [left, right] = [shop, books].map(byOwner) as [Owned, Owned]
  const owners = [...new Set([...left.keys(), ...right.keys()])]
  const gap = (of: string) => (left.get(of) ?? 0n) - (right.get(of) ?? 0n)
  const size = (of: string) => (gap(of) < 0n ? -gap(of) : gap(of))
  const differing = owners.filter((of) => gap(of) !== 0n).toSorted((a, b) => Number(size(b) - size(a)))
  const [shopify, netsuite] = [sumOf(shop), sumOf(books)]
  return {
    row, name, accounts, currency,
    shopify: show(shopify),
    netsuite: show(netsuite),
    difference: show(shopify - netsuite),
    differing: differing
      .slice(0, LISTED)
      .map((of) => ({of, shopify: show(left.get(of) ?? 0n), netsuite: show(right.get(of) ?? 0n)})),
  } // prettier-ignore
}

type Owned = ReadonlyMap<string, bigint>

function byOwner(items: readonly Item[]): Owned {
  const sums = new Map<string, bigint>()
  for (const {of, amount} of items) sums.set(of, (sums.get(of) ?? 0n) + amount)
  return sums
}

function sumOf(items: readonly Item[]): bigint {
  return items.reduce((all, {amount}) => all + amount, 0n)
}

/** The accounts on which anything was posted. */
function trialOf({trial}: Sources): Balance[] {
  return trial
    .map((one) => {
      const [account, name, debit, credit, balance] = ['account', 'name', 'debit', 'credit', 'balance'].map((key) => text(one, key) ?? '') as [string, string, string, string, string] // prettier-ignore
      return {account, name, debit, credit, balance}
    })
    .filter(({debit, credit}) => !isZero(debit) || !isZero(credit))
    .toSorted((a, b) => a.account.localeCompare(b.account))
}

function duplicatesIn({records}: Sources): string[] {
  const ids = Object.values(records).flat().flatMap((one) => text(one, 'externalId') ?? []) // prettier-ignore
  return ids.filter((id, i) => ids.indexOf(id) !== i)
}
