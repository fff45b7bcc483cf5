import type {Money} from '../core/money.ts'

/** As MoneyBag, which stands in a file that reads this one. */
type Both = Readonly<{shop: Money; presentment: Money}>

/** One movement of money on an order (OrderTransaction of the Admin API). Times are ISO 8601 in UTC. */
export type ShopifyTransaction = Readonly<{
  /** gid://shopify/OrderTransaction/1 */
  id: string
  /** AUTHORIZATION, CAPTURE, SALE, REFUND, VOID, CHANGE, EMV_AUTHORIZATION, SUGGESTED_REFUND: an open enumeration. */
  kind: string
  /** SUCCESS, PENDING, FAILURE, ERROR, AWAITING_RESPONSE, UNKNOWN: an open enumeration. */
  status: string
  /** "shopify_payments", "paypal", "gift_card", "manual", "cash", … */
  gateway: string
  /** True for payment methods that a merchant confirms by hand. */
  isManual: boolean
  test: boolean
  /** Positive for refunds too. */
  amount: Both
  /** Cash rounding that came on top of the amount; null where there is none. */
  rounding: Both | null
  createdAt: string
  processedAt: string | null
  /** The sale, capture or authorisation that it belongs to. */
  parentId: string | null
}>

/** A payout of Shopify Payments (ShopifyPaymentsPayout). Amounts are in the payout's currency. */
export type ShopifyPayout = Readonly<{
  /** gid://shopify/ShopifyPaymentsPayout/1 */
  id: string
  legacyId: string
  issuedAt: string
  /** SCHEDULED, IN_TRANSIT, PAID, FAILED, CANCELED: an open enumeration. */
  status: string
  /** DEPOSIT or WITHDRAWAL. */
  transactionType: string
  /** Positive where money reached the bank, negative where it was taken. */
  net: Money
  /** null: not read. */
  bankAccountId: string | null
  traceId: string | null
}>

/** One line of Shopify's balance (ShopifyPaymentsBalanceTransaction); net = amount − fee. */
export type BalanceTransaction = Readonly<{
  id: string
  legacyId: string
  /** CHARGE, REFUND, CHARGEBACK_FEE, …: an open enumeration of more than a hundred values. */
  type: string
  amount: Money
  fee: Money
  net: Money
  transactionDate: string
  /** The order that it belongs to, and the transaction there; null for fees, reserves and the like. */
  orderId: string | null
  orderName: string | null
  orderTransactionId: string | null
  /** What it comes from: charge, refund, dispute, adjustment, payout, …; null: not told. */
  sourceType: string | null
  adjustmentReason: string | null
  test: boolean
  /** The orders that an adjustment concerns, each with its share. */
  adjustedOrders?: readonly Readonly<{
    orderName: string
    orderTransactionId: string
    amount: Money
    fee: Money
    net: Money
  }>[]
}>
