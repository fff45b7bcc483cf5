import {moneyOf} from '../amounts.ts'
import {utc} from '../document.ts'
import type {PaymentsBook} from './book.ts'
import {netOf, type Dispute, type Line, type Payout} from './lines.ts'

type Mapped = Readonly<Record<string, unknown>>

/** What Shopify calls the things of its balance. */
export const GLOBAL = {
  account: 'gid://shopify/ShopifyPaymentsAccount/1',
  bank: 'gid://shopify/ShopifyPaymentsBankAccount/',
  payout: 'gid://shopify/ShopifyPaymentsPayout/',
  line: 'gid://shopify/ShopifyPaymentsBalanceTransaction/',
  dispute: 'gid://shopify/ShopifyPaymentsDispute/',
} as const

const SINCE = '2025-01-01T00:00:00Z'

const COUNTRIES: Readonly<Record<string, string>> = {USD: 'US', CAD: 'CA', GBP: 'GB', EUR: 'DE', JPY: 'JP'}

export function mapBankAccount(currency: string, payouts: unknown): Mapped {
  return {
    id: GLOBAL.bank + String(20_000_000_001 + Object.keys(COUNTRIES).indexOf(currency)),
    accountNumberLastDigits: '6789',
    bankName: 'SANDBOX BANK',
    country: COUNTRIES[currency] ?? 'US',
    createdAt: SINCE,
    currency,
    status: 'VERIFIED',
    payouts,
  }
}

/** A payout as the type ShopifyPaymentsPayout; `bankAccount` is the account of its currency. */
export function mapPayout(payout: Payout, book: PaymentsBook, bankAccount: Mapped): Mapped {
  const {id, currency, net, issuedAt, status} = payout
  const lines = () => book.linesOf(id)
  return {
    __typename: 'ShopifyPaymentsPayout',
    id: GLOBAL.payout + id,
    legacyResourceId: id,
    bankAccount,
    externalTraceId: status === 'SCHEDULED' ? null : `TRACE${id}`,
    gross: () =>
      moneyOf(
        lines().reduce((sum, line) => sum + line.amount, 0n),
        currency,
      ),
    issuedAt: utc(issuedAt),
    net: moneyOf(net, currency),
    status,
    transactionType: net < 0n ? 'WITHDRAWAL' : 'DEPOSIT',
    summary: () => summary(lines(), currency),
  }
}

/** The parts of a payout's summary, each the lines of some types; all other types are adjustments. */
const PARTS: readonly (readonly [gross: string, fee: string, types: RegExp])[] = [
  ['chargesGross', 'chargesFee', /^CHARGE$/],
  ['refundsFeeGross', 'refundsFee', /^REFUND$/],
  ['reservedFundsGross', 'reservedFundsFee', /^RESERVED_FUNDS/],
  ['retriedPayoutsGross', 'retriedPayoutsFee', /^TRANSFER_/],
  ['advanceGross', 'advanceFees', /^ADVANCE/],
]

function summary(lines: readonly Line[], currency: string): Mapped {
  const sums: Record<string, bigint> = {adjustmentsGross: 0n, adjustmentsFee: 0n, usdcRebateCreditAmount: 0n}
  for (const [gross, fee] of PARTS) Object.assign(sums, {[gross]: 0n, [fee]: 0n})
  for (const line of lines) {
    const [gross = 'adjustmentsGross', fee = 'adjustmentsFee'] =
      PARTS.find(([, , types]) => types.test(line.type)) ?? []
    sums[gross] = (sums[gross] ?? 0n) + line.amount
    sums[fee] = (sums[fee] ?? 0n) + line.fee
  }
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, moneyOf(sum, currency)]))
}

/** A line as the type ShopifyPaymentsBalanceTransaction. */
export function mapLine(line: Line, book: PaymentsBook): Mapped {
  const {id, type, currency, amount, fee, order, orderTransactionId, payoutId} = line
  const payout = payoutId === null ? null : book.payout(payoutId)
  return {
    __typename: 'ShopifyPaymentsBalanceTransaction',
    id: GLOBAL.line + id,
    type,
    amount: moneyOf(amount, currency),
    fee: moneyOf(fee, currency),
    net: moneyOf(netOf(line), currency),
    transactionDate: utc(line.at),
    test: line.test,
    sourceId: line.sourceId,
    sourceOrderTransactionId: orderTransactionId,
    sourceType: line.sourceType,
    adjustmentReason: line.reason,
    adjustmentsOrders: [],
    associatedOrder: order === null ? null : {id: `gid://shopify/Order/${order.id}`, name: order.name},
    associatedPayout: {
      id: payout === null ? null : GLOBAL.payout + payout.id,
      status: payout?.status ?? 'PENDING',
    },
  }
}

/** A dispute as the type ShopifyPaymentsDispute; `order` finds the order that it is about. */
export function mapDispute(dispute: Dispute, order: unknown): Mapped {
  const {id, amount, currency, initiatedAt, finalizedOn, status, type, reason} = dispute
  return {
    __typename: 'ShopifyPaymentsDispute',
    id: GLOBAL.dispute + id,
    legacyResourceId: id,
    amount: moneyOf(amount, currency),
    evidenceDueBy: utc(new Date(initiatedAt.getTime() + 10 * 86_400_000)),
    evidenceSentOn: null,
    finalizedOn: finalizedOn === null ? null : utc(finalizedOn),
    initiatedAt: utc(initiatedAt),
    order,
    reasonDetails: {reason, networkReasonCode: reason === 'FRAUDULENT' ? '10.4' : null},
    status,
    type,
  }
}
