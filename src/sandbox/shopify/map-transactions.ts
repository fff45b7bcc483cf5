import {
  bag,
  fromPresentment,
  fromShop,
  mills,
  minus,
  moneyOf,
  nothing,
  ofSet,
  pair,
  total,
  type Currencies,
  type Pair,
} from './amounts.ts'
import {flag, globalId, instant, legacyId, object, text} from './document.ts'
import type {Json} from './json.ts'
import {mapLocation} from './map-people.ts'
import {RATE, settle, SHOPIFY_PAYMENTS} from './payments/settlement.ts'

type Mapped = Readonly<Record<string, unknown>>

/** What a transaction points at. */
type TransactionContext = Readonly<{
  order: () => Mapped
  transaction: (id: string | null) => Mapped | null
  currencies: Currencies
}>

/** A transaction's plain `amount` is in its own `currency`, mostly the customer's. */
export function transactionAmount(transaction: Json, currencies: Currencies): Pair {
  const set = ofSet(object(transaction, 'amount_set'))
  const amount = mills(transaction.amount) ?? 0n
  const isShops = text(transaction, 'currency') === currencies.shop
  return set ?? (isShops ? fromShop(amount, currencies) : fromPresentment(amount, currencies))
}

export function isSuccess(transaction: Json, ...kinds: readonly string[]): boolean {
  return text(transaction, 'status') === 'success' && kinds.includes(text(transaction, 'kind') ?? '')
}

/** What customers paid by these transactions: sales and captures, less change. */
export function receivedBy(transactions: readonly Json[], currencies: Currencies): Pair {
  const sum = (...kinds: readonly string[]) =>
    total(transactions.filter((one) => isSuccess(one, ...kinds)).map((one) => transactionAmount(one, currencies)))
  return minus(sum('sale', 'capture'), sum('change'))
}

/** What is left to capture of an authorisation. */
export function leftToCapture(authorization: Json, all: readonly Json[], currencies: Currencies): Pair {
  if (!isSuccess(authorization, 'authorization')) return nothing
  const children = all.filter((one) => text(one, 'parent_id') === legacyId(authorization))
  if (children.some((one) => isSuccess(one, 'void'))) return nothing
  const captured = children.filter((one) => isSuccess(one, 'capture')).map((one) => transactionAmount(one, currencies))
  return minus(transactionAmount(authorization, currencies), total(captured))
}

export function isCapturable(one: Json, all: readonly Json[], currencies: Currencies): boolean {
  return leftToCapture(one, all, currencies).presentment > 0n
}

/** A manual payment that nobody has confirmed yet. */
export function isResolvable(one: Json, all: readonly Json[]): boolean {
  return text(one, 'status') === 'pending' && all.every((other) => text(other, 'parent_id') !== legacyId(one))
}

/** A transaction as the type OrderTransaction. */
export function mapTransaction(doc: Json, {order, transaction, currencies}: TransactionContext): Mapped {
  const rounding = pair(doc, 'amount_rounding', currencies)
  const amount = transactionAmount(doc, currencies)
  const kind = (text(doc, 'kind') ?? 'sale').toUpperCase()
  const status = (text(doc, 'status') ?? 'success').toUpperCase()
  const unsettled = ofSet(object(doc, 'total_unsettled_set')) ?? (status === 'PENDING' ? amount : nothing)
  return {
    __typename: 'OrderTransaction',
    id: globalId(doc, 'OrderTransaction'),
    kind,
    status,
    gateway: text(doc, 'gateway'),
    formattedGateway: FORMATTED[text(doc, 'gateway') ?? ''] ?? text(doc, 'gateway'),
    manualPaymentGateway: flag(doc, 'manual_payment_gateway'),
    manuallyCapturable: kind === 'AUTHORIZATION' && status === 'SUCCESS',
    multiCapturable: kind === 'AUTHORIZATION' && isCard(doc),
    paymentId: text(doc, 'payment_id'),
    accountNumber: isCard(doc) ? '•••• •••• •••• 4242' : null,
    authorizationExpiresAt: instant(doc, 'authorization_expires_at'),
    test: flag(doc, 'test'),
    createdAt: instant(doc, 'created_at') ?? instant(doc, 'processed_at') ?? order().createdAt,
    processedAt: instant(doc, 'processed_at'),
    errorCode: text(doc, 'error_code')?.toUpperCase() ?? null,
    location: mapLocation(text(doc, 'location_id')),
    amountSet: bag(amount, currencies),
    amountRoundingSet: rounding === null ? null : bag(rounding, currencies),
    totalUnsettledSet: bag(unsettled, currencies),
    parentTransaction: () => transaction(text(doc, 'parent_id')),
    ...mapSettlement(doc, amount, currencies),
    order,
  }
}

const FORMATTED: Readonly<Record<string, string>> = {
  [SHOPIFY_PAYMENTS]: 'Shopify Payments',
  paypal: 'PayPal',
  gift_card: 'Gift Card',
  shopify_store_credit: 'Store Credit',
  cash: 'Cash',
}

function isCard(doc: Json): boolean {
  return text(doc, 'gateway') === SHOPIFY_PAYMENTS
}

/** What Shopify Payments took of a payment, and how it converted it; other gateways say nothing. */
function mapSettlement(doc: Json, amount: Pair, currencies: Currencies): Mapped {
  const moves = isSuccess(doc, 'sale', 'capture', 'refund') && isCard(doc)
  if (!moves)
    return {fees: [], settlementCurrency: null, settlementCurrencyRate: null, currencyExchangeAdjustment: null}
  const isRefund = text(doc, 'kind') === 'refund'
  const {currency, amount: settled, fee, isConverted} = settle(amount, currencies, isRefund)
  const id = legacyId(doc) ?? '0'
  return {
    fees: isRefund ? [] : [feeOf(id, fee, currency)],
    settlementCurrency: currency,
    settlementCurrencyRate: isConverted ? (Number(settled) / Number(amount.presentment)).toFixed(6) : '1.0',
    currencyExchangeAdjustment: !isConverted
      ? null
      : {
          id: `gid://shopify/CurrencyExchangeAdjustment/${id}`,
          adjustment: moneyOf(settled - amount.shop, currency),
          originalAmountSet: moneyOf(amount.shop, currency),
          finalAmountSet: moneyOf(settled, currency),
        },
  }
}

function feeOf(id: string, fee: bigint, currency: string): Mapped {
  return {
    id: `gid://shopify/TransactionFee/${id}`,
    amount: moneyOf(fee, currency),
    flatFee: moneyOf(RATE.flat, currency),
    flatFeeName: 'Per transaction fee',
    rate: RATE.rate,
    rateName: 'Shopify Payments',
    taxAmount: moneyOf(0n, currency),
    type: 'processing_fee',
  }
}
