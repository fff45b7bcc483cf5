import type {MoneyAccount, PostingLine, PostingRecord, PostingType} from '../netsuite/posting-types.ts'
import type {CustomFields, Ref, SalesOrder} from '../netsuite/types.ts'
import type {ShopifyTransaction} from '../shopify/money-types.ts'
import type {ShopifyLine} from '../shopify/types.ts'
import {lookUp, type Planning} from './book.ts'
import {dayIn} from './header.ts'
import type {GatewayRule, LifePlan, LifeRules} from './life-types.ts'
import type {LineUnits} from './quantities.ts'
import type {TaxedCharge} from './tax-shares.ts'

/** How far a line of the sales order has come at a moment of its life, in units. */
export type LineProgress = {
  readonly line: ShopifyLine
  readonly key: string
  /** On the sales order. */
  readonly ordered: number
  readonly units: LineUnits
  shipped: number
  billed: number
  /** Credited out of the billed ones. */
  returned: number
  /** Billed ones that left the order and are credited. */
  dropped: number
}

/** Money of a customer deposit that no bill and no refund has taken yet, in the smallest unit. */
export type OpenDeposit = {readonly transaction: ShopifyTransaction; readonly externalId: string; left: bigint}

/** A bill, and what of it is not settled. `units` are the units of each line, by its key. */
type OpenBill = {readonly externalId: string; readonly units: ReadonlyMap<string, number>; open: bigint}

/** Part of a record that settles bills. */
export type Applies = readonly Readonly<{to: Ref; amount: PostingLine['amount'] & object}>[]

/** A credit that waits until bills are open to this amount. */
type WaitingCredit = Readonly<{
  needs: bigint
  emit: (applies: Applies, at: string) => void
  waiting: LifePlan['waiting'][number]
}>

/** What the life of an order is planned from, and where it stands while its events are taken in the order of time. */
export type Life = Readonly<{
  planning: Planning
  salesOrder: SalesOrder
  rules: LifeRules
  written: ReadonlyMap<string, PostingType>
  transactions: readonly ShopifyTransaction[]
  charges: readonly TaxedCharge[]
  /** By the global id of Shopify's line. */
  lines: ReadonlyMap<string, LineProgress>
  records: PostingRecord[]
  waiting: LifePlan['waiting'][number][]
  /** What bills took of each amount of the sales order. */
  taken: Map<string, bigint>
  deposits: OpenDeposit[]
  bills: OpenBill[]
  credits: WaitingCredit[]
  now: {
    /** Received, without cash rounding. */
    paid: bigint
    given: bigint
    /** Cash rounding that no bill carries yet. */
    rounding: bigint
    /** Shipping, tip, fees and rounding are billed. */
    isHeaderBilled: boolean
    /** Σ of the bills, without cash rounding and what left the order after it was billed. */
    billed: bigint
    /** Σ of the cash sales. */
    sold: bigint
  }
}>

/** Something that happened. Events are taken by time, then by rank: payments, shipments, bills of what needs no shipping, refunds. */
export type LifeEvent = Readonly<{at: string; rank: number; apply: () => void}>

type Base = Readonly<{externalId: string; tranDate: string; memo: string; customFields: CustomFields}>

/** What every record of an order has; the day is that of the event in the contract's zone. */
export function baseOf({planning, salesOrder}: Life, externalId: string, at: string): Base {
  const {order, rules} = planning
  return {
    externalId,
    tranDate: dayIn(rules.timeZone, at),
    memo: `Shopify ${order.name}`,
    customFields: salesOrder.customFields,
  }
}

export function salesOrderRef({salesOrder}: Life): Ref {
  return {externalId: salesOrder.externalId}
}

/** True for what a warehouse ships. */
export function isShippable(line: ShopifyLine): boolean {
  return line.requiresShipping && !line.isGiftCard
}

export function timeOf(transaction: ShopifyTransaction): string {
  return transaction.processedAt ?? transaction.createdAt
}

/** The rule of a gateway; null with a fault that gives the line to add. */
export function gatewayOf({rules, planning}: Life, gateway: string): GatewayRule | null {
  const rule = lookUp(rules.gateways, gateway)
  if (rule === undefined) {
    planning.faults.push({code: 'GATEWAY_UNMAPPED', what: `${JSON.stringify(gateway)} (gateways.${gateway})`})
  }
  return rule ?? null
}

/** The account by its id, as refunds name it: undeposited funds too (CustomerRefund and CashRefund have no flag for it). */
export function accountIdOf({rules, planning}: Life, account: MoneyAccount): string {
  if (account.kind === 'account') return account.id
  if (rules.undepositedFunds === null) {
    planning.faults.push({code: 'ACCOUNT_UNMAPPED', what: 'undeposited funds (accounts.undeposited_funds)'})
  }
  return rules.undepositedFunds ?? ''
}

/** Settles open bills with an amount, the oldest first. */
export function settle({bills, planning}: Life, amount: bigint): Applies {
  let left = amount
  const applies = []
  for (const bill of bills) {
    const part = left < bill.open ? left : bill.open
    if (part <= 0n) continue
    bill.open -= part
    left -= part
    applies.push({to: {externalId: bill.externalId}, amount: planning.book.money(part)})
  }
  return applies
}
