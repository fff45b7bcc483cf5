import {company} from '../company.ts'
import {BALANCE_TYPES, GATEWAYS} from '../contract-books.ts'

/** What one side says of a row: an amount, in thousandths of its currency, and what it belongs to ("#1001", "payout 13"). */
export type Item = Readonly<{row: RowKey; currency: string; amount: bigint; of: string}>

type Row = Readonly<{name: string; accounts: readonly string[]}>

/**
 * What has to agree between Shopify and NetSuite's general ledger, and the accounts of the company in which NetSuite keeps
 * it. Debits are positive for assets and expenses, credits for liabilities and income.
 */
export const ROWS = {
  bank: {name: 'bank: payouts that were paid', accounts: ['1000', '1001', '1002', '1003']},
  transit: {name: 'payouts on their way back', accounts: ['1005']},
  undeposited: {name: 'undeposited funds: payments and refunds of no booked payout', accounts: ['1010']},
  paypal: {name: 'clearing of PayPal', accounts: ['1020']},
  manual: {name: 'clearing of manual payments', accounts: ['1021']},
  cash: {name: 'tills', accounts: ['1030']},
  payments: {name: 'payments received', accounts: []},
  refunds: {name: 'refunds paid', accounts: []},
  customers: {name: 'customers: paid less ordered (deposits less receivables)', accounts: ['2100', '1100']},
  sales: {name: 'product sales before discounts, less returns', accounts: ['4000']},
  discounts: {name: 'discounts', accounts: ['4100']},
  shipping: {name: 'shipping', accounts: ['4300']},
  tax: {name: 'sales tax', accounts: ['2300']},
  marketplaceTax: {name: 'tax that a marketplace pays', accounts: ['2310']},
  duties: {name: 'duties', accounts: ['2320']},
  tips: {name: 'tips', accounts: ['2330']},
  adjustments: {name: 'amounts given back beside lines and shipping', accounts: ['4900']},
  rounding: {name: 'cash rounding', accounts: ['6060']},
  giftCards: {name: 'gift cards: sold less used', accounts: ['2200']},
  storeCredit: {name: 'store credit: given less used', accounts: ['2210']},
  unbilled: {name: 'shipped and not billed', accounts: []},
  fees: {name: 'fees of payments', accounts: ['6000']},
  reserve: {name: 'reserve', accounts: ['1300']},
  disputes: {name: 'disputes, under review and lost', accounts: ['1310', '6020']},
  disputeFees: {name: 'fees of disputes', accounts: ['6010']},
  labels: {name: 'shipping labels', accounts: ['6030']},
  bills: {name: "Shopify's bills", accounts: ['6040']},
  other: {name: 'other credits, debits and exchange differences of payouts', accounts: ['6090']},
  loan: {name: 'loan of Shopify Capital', accounts: ['2400']},
  suspense: {name: 'suspense', accounts: ['1390']},
  gains: {name: 'realized and rounding gains and losses', accounts: ['7000', '7010']},
} as const satisfies Readonly<Record<string, Row>>

export type RowKey = keyof typeof ROWS

export const ROW_KEYS = Object.keys(ROWS) as RowKey[]

/** Rows whose balances are credits: their amounts are turned round, so that a credit is shown as positive. */
const CREDITS: ReadonlySet<RowKey> = new Set([
  ...([
    'customers',
    'sales',
    'shipping',
    'tax',
    'marketplaceTax',
    'duties',
    'tips',
    'giftCards',
    'storeCredit',
  ] as const),
  ...(['rounding', 'loan'] as const),
])

const BY_ACCOUNT = new Map<string, RowKey>(
  ROW_KEYS.flatMap((key) => ROWS[key].accounts.map((one) => [one, key] as const)),
)

/** The row of an account, by its number; undefined where nothing in Shopify answers to it. */
export function rowOf(account: string): RowKey | undefined {
  return BY_ACCOUNT.get(account)
}

/** What a debit of a row's accounts adds to the row. */
export function ofDebit(row: RowKey, debit: bigint): bigint {
  return CREDITS.has(row) ? -debit : debit
}

/** The row in which the money of a gateway stands. */
export function rowOfGateway(gateway: string): RowKey {
  const known = Object.hasOwn(GATEWAYS, gateway) ? GATEWAYS[gateway] : undefined
  if (known === undefined) return 'suspense'
  return known.account === null ? 'undeposited' : (rowOf(known.account) ?? 'suspense')
}

/** The row of a type of balance transaction that is no payment or refund: by its name, else by the longest beginning. */
export function rowOfType(type: string): RowKey {
  const fitting = Object.keys(BALANCE_TYPES).filter((key) => key === type || (key.endsWith('*') && type.startsWith(key.slice(0, -1)))) // prettier-ignore
  const [longest] = fitting.toSorted((a, b) => b.length - a.length)
  const account = longest === undefined ? undefined : BALANCE_TYPES[longest]
  return (account === undefined ? undefined : rowOf(account)) ?? 'suspense'
}

/** The row that a line of a sales order posts to once it is billed. */
export function rowOfItem(itemId: string): RowKey {
  const charge = Object.values(company.chargeItems).find(({id}) => id === itemId)
  return charge === undefined ? 'sales' : (rowOf(charge.account) ?? 'sales')
}
