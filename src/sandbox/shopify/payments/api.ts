import {connection, paginate, type PageArguments, type Position} from '../connection.ts'
import type {SearchWarning} from '../search-terms.ts'
import type {PaymentsBook} from './book.ts'
import {isTransfer, netOf, type Dispute, type Line, type Payout} from './lines.ts'
import {GLOBAL, mapBankAccount, mapDispute, mapLine, mapPayout} from './map.ts'
import {DISPUTE_FIELDS, lineFields, PAYOUT_FIELDS, searched} from './search.ts'
import {moneyOf} from '../amounts.ts'

type Mapped = Readonly<Record<string, unknown>>

/** What the account needs of a request. */
type AccountContext = Readonly<{
  searches: {path: readonly string[]; query: string; warnings: readonly SearchWarning[]}[]
  isSearchDebugged: boolean
}>

/** What the account needs of the shop. */
export type AccountParts = Readonly<{
  book: PaymentsBook
  currency: string
  payoutCurrencies: readonly string[]
  /** The order of a numeric id as the type Order. */
  order: (id: string) => unknown
}>

type Searchable = PageArguments & Readonly<{query?: string | null; sortKey?: string}>
type PayoutArguments = Searchable & Readonly<{transactionType?: string | null}>
type LineArguments = Searchable & Readonly<{hideTransfers?: boolean | null}>

/** The account of Shopify Payments as the type ShopifyPaymentsAccount, as of now. */
export function mapAccount(parts: AccountParts): Mapped {
  const {book, currency, payoutCurrencies} = parts
  book.advance()
  const currencies = [...new Set([currency, ...payoutCurrencies, ...book.payouts().map((one) => one.currency)])]
  const balances = book.balances()
  return {
    __typename: 'ShopifyPaymentsAccount',
    id: GLOBAL.account,
    activated: true,
    accountOpenerName: 'Sandbox Owner',
    balance: currencies.map((code) => moneyOf(balances.get(code) ?? 0n, code)),
    country: 'US',
    defaultCurrency: currency,
    onboardable: false,
    payoutSchedule: {interval: 'DAILY', monthlyAnchor: null},
    payoutStatementDescriptor: 'SHOPIFY',
    bankAccounts: connection(() => currencies.map((code) => bankAccount(code, parts))),
    payouts: (given: PayoutArguments, context: AccountContext) => payouts(given, context, parts, book.payouts()),
    balanceTransactions: (given: LineArguments, context: AccountContext) => lines(given, context, parts),
    disputes: (given: Searchable, context: AccountContext) => disputes(given, context, parts),
  }
}

function bankAccount(code: string, parts: AccountParts): Mapped {
  return mapBankAccount(code, (given: PayoutArguments, context: AccountContext) =>
    payouts(
      given,
      context,
      parts,
      parts.book.payouts().filter((one) => one.currency === code),
    ),
  )
}

function noted(field: string, query: string | null | undefined, {searches, isSearchDebugged}: AccountContext) {
  const warnings: SearchWarning[] = []
  const note = () => {
    if (typeof query === 'string' && (warnings.length > 0 || isSearchDebugged))
      searches.push({path: ['shopifyPaymentsAccount', field], query, warnings})
  }
  return {warnings, note}
}

/** Cuts a page out of subjects that are put into ascending order first. */
function page<S>(
  subjects: readonly S[],
  given: PageArguments,
  positionOf: (subject: S) => Position,
  map: (subject: S) => Mapped,
) {
  const keyed = subjects.toSorted((a, b) => {
    const [left, right] = [positionOf(a), positionOf(b)]
    return left.value < right.value ? -1 : left.value > right.value ? 1 : Number(left.id) - Number(right.id)
  })
  return paginate(keyed, given, positionOf, map)
}

function payouts(given: PayoutArguments, context: AccountContext, parts: AccountParts, all: readonly Payout[]) {
  const {query, sortKey, transactionType} = given
  const {warnings, note} = noted('payouts', query, context)
  const kind = ({net}: Payout) => (net < 0n ? 'WITHDRAWAL' : 'DEPOSIT')
  const found = searched(all, query, PAYOUT_FIELDS, warnings).filter(
    (one) => (transactionType ?? kind(one)) === kind(one),
  )
  note()
  const value = (one: Payout) => PAYOUT_SORTS[sortKey ?? 'ISSUED_AT']?.(one) ?? 0
  return page(
    found,
    given,
    (one) => ({value: value(one), id: one.id}),
    (one) => payout(one, parts),
  )
}

export function payout(one: Payout, parts: AccountParts): Mapped {
  return mapPayout(one, parts.book, bankAccount(one.currency, parts))
}

const PAYOUT_SORTS: Readonly<Record<string, (one: Payout) => number | string>> = {
  ISSUED_AT: ({issuedAt}) => issuedAt.getTime(),
  AMOUNT: ({net}) => Number(net),
  STATUS: ({status}) => status,
}

function lines({query, sortKey, hideTransfers, ...given}: LineArguments, context: AccountContext, parts: AccountParts) {
  const {book} = parts
  const {warnings, note} = noted('balanceTransactions', query, context)
  const payoutOf = ({payoutId}: Line) => (payoutId === null ? null : book.payout(payoutId))
  const found = searched(book.lines(), query, lineFields(payoutOf), warnings)
  note()
  const value = (one: Line) => LINE_SORTS[sortKey ?? 'PROCESSED_AT']?.(one) ?? 0
  return page(
    found.filter((one) => hideTransfers !== true || !isTransfer(one)),
    given,
    (one) => ({value: value(one), id: one.id}),
    (one) => mapLine(one, book),
  )
}

const LINE_SORTS: Readonly<Record<string, (one: Line) => number | string>> = {
  PROCESSED_AT: ({at}) => at.getTime(),
  AMOUNT: ({amount}) => Number(amount),
  FEE: ({fee}) => Number(fee),
  NET: (line) => Number(netOf(line)),
  ORDER_NAME: ({order}) => order?.name ?? '',
  TRANSACTION_TYPE: ({type}) => type,
}

function disputes({query, ...given}: Searchable, context: AccountContext, parts: AccountParts) {
  const {warnings, note} = noted('disputes', query, context)
  const found = searched(parts.book.disputes(), query, DISPUTE_FIELDS, warnings)
  note()
  return page(
    found,
    given,
    (one) => ({value: one.initiatedAt.getTime(), id: one.id}),
    (one) => dispute(one, parts),
  )
}

export function dispute(one: Dispute, {order}: AccountParts): Mapped {
  return mapDispute(one, () => order(one.order.id))
}
