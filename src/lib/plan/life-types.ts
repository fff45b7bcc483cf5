import type {PostingRecord} from '../netsuite/posting-types.ts'
import type {OrderRules} from './types.ts'

/**
 * Where the money of a gateway stands in NetSuite until it reaches the bank: undeposited funds for what a payout brings,
 * a clearing account of type Bank for what another provider pays out, a liability for gift cards and store credit.
 */
export type GatewayRule = Readonly<{
  account: Readonly<{kind: 'undeposited'}> | Readonly<{kind: 'account'; id: string}>
  /** Payment method of NetSuite; null: none is named. */
  paymentMethod: string | null
}>

/**
 * The part of the contract that decides what becomes of an order after its sales order: payments, fulfilments, bills,
 * refunds, payouts. All ids are NetSuite internal ids, as text.
 */
export type LifeRules = Readonly<{
  /** Gateway of Shopify ("shopify_payments", "paypal", "gift_card", "shopify_store_credit", "cash", …). One that is missing parks. */
  gateways: Readonly<Record<string, GatewayRule>>
  /** off: money is not written to NetSuite by us. */
  payments: 'deposit' | 'off'
  /** shopify: what Shopify shipped becomes an item fulfilment; netsuite: NetSuite ships, and tells Shopify; off: neither. */
  fulfillments: Readonly<{
    from: 'shopify' | 'netsuite' | 'off'
    /** Global or legacy id of a Shopify location → location of NetSuite. */
    locations: Readonly<Record<string, string>>
    /** Where NetSuite ships: id of a ship method → carrier as Shopify spells it ("UPS"). */
    carriers?: Readonly<Record<string, string>> | undefined
    /** Shopify mails the customer when we tell it of a shipment or of another tracking number; false unless said. */
    notify?: boolean | undefined
    /** A fulfilment that NetSuite takes back: cancelled in Shopify too, or a person decides (unless said). */
    withdrawn?: 'cancel' | 'park' | undefined
  }>
  /** invoice: what shipped is billed, deposits are applied; cashSale: likewise, paid on the spot; netsuite: billed there. */
  billing: 'invoice' | 'cashSale' | 'netsuite'
  refunds: Readonly<{
    mode: 'push' | 'off'
    /** receipt: goods that came back enter stock by a return authorization and an item receipt. */
    restock: 'receipt' | 'none'
    /** Item of money given back beyond lines and shipping, or kept; null: such a refund is parked. */
    adjustmentItem: string | null
  }>
  /** Account of type Undeposited Funds: refunds name it by its id. */
  undepositedFunds: string | null
  /** What happens to an event of a closed period: the first day of the next open one, or a person decides. */
  closedPeriod: 'next_open' | 'park'
  payouts: Readonly<{
    /** ISO 4217 → bank account that receives payouts of that currency. */
    banks: Readonly<Record<string, string>>
    /** Payouts on their way back, negative ones, and those in several deposits. */
    transit: string | null
    /** Fees of charges and refunds. */
    fees: string | null
    /** Type of balance transaction, or a prefix that ends with * → account. A type without one blocks its payout. */
    types: Readonly<Record<string, string>>
    /** Difference between the booked and the settled amount of a payment in another currency. */
    fx: string | null
    /** Largest number of payments in one deposit. */
    linesPerDeposit: number
  }>
}>

/** Everything that the contract says of one shop: its orders, and what becomes of them. */
export type ShopRules = OrderRules & Readonly<{life: LifeRules}>

/** What NetSuite should hold of an order beside its sales order, parents before children. */
export type LifePlan = Readonly<{
  records: readonly PostingRecord[]
  /** What has not happened yet and needs nobody: a pending transaction, a fulfilment on hold. */
  waiting: readonly Readonly<{what: string; why: string}>[]
}>
