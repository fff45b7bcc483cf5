import {add, decimalOf, money, parseMoney, subtract, zero, type Money} from '../core/money.ts'
import type {Days} from './window.ts'

/**
 * One difference between the systems. Amounts are decimal texts of `currency`.
 * NOT_PLANNABLE: the order cannot be read or planned, so nothing can be said of what NetSuite should hold.
 * DUPLICATE: a sales order without our external ID that shows the number of an order of the shop.
 */
export type Variance = Readonly<{
  order: string
  externalId: string
  netsuiteId: string | null
  reason: 'MISSING_IN_NETSUITE' | 'MISSING_IN_SHOPIFY' | 'TOTAL' | 'FIELDS' | 'NOT_PLANNABLE' | 'DUPLICATE'
  shopify: string | null
  netsuite: string | null
  currency: string
  detail: string
}>

/** Sums by currency, over the orders that were compared; `difference` is Shopify's sum less NetSuite's. */
type CurrencySums = Readonly<{currency: string; shopify: string; netsuite: string; difference: string}>

export type OrdersReport = {
  from: string
  to: string
  compared: number
  matched: number
  skipped: number
  /** Orders with a field whose value a person decided to keep in NetSuite. */
  kept: number
  sums: CurrencySums[]
  variances: Variance[]
}

/** A report names at most this many variances; all are counted in the sums. */
const ROWS = 10_000

export type Account = Readonly<{
  report: OrdersReport
  note(variance: Variance): void
  /** Adds an order to the sums: what Shopify says, and what NetSuite holds. Each counts in its own currency. */
  sum(shopify: Money, netsuite: Money): void
  close(): OrdersReport
}>

/** Keeps the account of one comparison. */
export function openAccount({from, to}: Days): Account {
  const report: OrdersReport = {from, to, compared: 0, matched: 0, skipped: 0, kept: 0, sums: [], variances: []}
  const sums = new Map<string, {shopify: Money; netsuite: Money}>()
  const at = (currency: string) => {
    const sum = sums.get(currency) ?? {shopify: zero(currency), netsuite: zero(currency)}
    sums.set(currency, sum)
    return sum
  }
  return {
    report,
    note: (variance) => void (report.variances.length < ROWS && report.variances.push(variance)),
    sum: (shopify, netsuite) => {
      const [ours, theirs] = [at(shopify.currency), at(netsuite.currency)]
      ours.shopify = add(ours.shopify, shopify)
      theirs.netsuite = add(theirs.netsuite, netsuite)
    },
    close: () => {
      report.sums = [...sums].map(([currency, {shopify, netsuite}]) => ({
        currency,
        shopify: decimalOf(shopify),
        netsuite: decimalOf(netsuite),
        difference: decimalOf(subtract(shopify, netsuite)),
      }))
      return report
    },
  }
}

/** The ISO code of a currency of NetSuite by the contract; '' where the contract does not name it. */
export function currencyOf(currencies: Readonly<Record<string, string>>, id: string): string {
  return Object.entries(currencies).find(([, known]) => known === id)?.[0] ?? ''
}

/** An amount that NetSuite holds. Of a currency that the contract does not name it is taken as hundredths. */
export function amountIn(currency: string, text: string): Money {
  return currency === '' ? money(parseMoney(text, 'USD').minor, '') : parseMoney(text, currency)
}
