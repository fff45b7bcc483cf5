import {decimalOf, money, parseMoney} from '../../../src/lib/core/money.ts'
import type {PostingRecord} from '../../../src/lib/netsuite/posting-types.ts'
import type {Ref} from '../../../src/lib/netsuite/types.ts'
import {planLife} from '../../../src/lib/plan/life.ts'
import type {LifePlan, LifeRules} from '../../../src/lib/plan/life-types.ts'
import {planOrder} from '../../../src/lib/plan/orders.ts'
import {postingsOf} from '../../../src/lib/plan/postings.ts'
import type {OrderRules} from '../../../src/lib/plan/types.ts'
import type {ShopifyTransaction} from '../../../src/lib/shopify/money-types.ts'
import type {ShopifyFulfillment, ShopifyOrder, ShopifyRefund} from '../../../src/lib/shopify/types.ts'
import {items, rules, usd} from './orders-of-shopify.ts'

/** The accounts of the example company by their numbers, so that a posting reads like the ledger. */
export const life: LifeRules = {
  gateways: {
    shopify_payments: {account: {kind: 'undeposited'}, paymentMethod: '1'},
    paypal: {account: {kind: 'account', id: '1020'}, paymentMethod: '2'},
    cash: {account: {kind: 'account', id: '1030'}, paymentMethod: null},
    gift_card: {account: {kind: 'account', id: '2200'}, paymentMethod: null},
    shopify_store_credit: {account: {kind: 'account', id: '2210'}, paymentMethod: null},
  },
  payments: 'deposit',
  fulfillments: {from: 'shopify', locations: {}},
  billing: 'invoice',
  refunds: {mode: 'push', restock: 'receipt', adjustmentItem: '9010'},
  undepositedFunds: '1010',
  closedPeriod: 'next_open',
  payouts: {
    banks: {USD: '1000'},
    transit: '1005',
    fees: '6000',
    types: {
      'DISPUTE_*': '1310',
      CHARGEBACK_FEE: '6010',
      'RESERVED_FUNDS*': '1300',
      'CUSTOMS_DUTY*': '2320',
      'SHIPPING_LABEL*': '6030',
      BILLING_DEBIT: '6040',
      ANOMALY_CREDIT: '6090',
      TAX_ADJUSTMENT_DEBIT: '2310',
    },
    fx: '7000',
    linesPerDeposit: 2000,
  },
}

/** Minutes after the order was placed, as an instant. */
export const after = (minutes: number) => new Date(Date.parse('2026-11-20T15:00:00Z') + minutes * 60_000).toISOString()

export const gid = (kind: string, id: number) => `gid://shopify/${kind}/${id}`

/** A sale of 20.00 through Shopify Payments at the moment of the order. */
export function paid(amount: string, change: Partial<ShopifyTransaction> = {}): ShopifyTransaction {
  return {
    id: gid('OrderTransaction', 901),
    kind: 'SALE',
    status: 'SUCCESS',
    gateway: 'shopify_payments',
    isManual: false,
    test: false,
    amount: usd(amount),
    rounding: null,
    createdAt: after(0),
    processedAt: after(0),
    parentId: null,
    ...change,
  }
}

export function shipped(minutes: number, units: Readonly<Record<number, number>>, id = 701): ShopifyFulfillment {
  const lines = Object.entries(units).map(([line, quantity]) => ({lineId: gid('LineItem', Number(line)), quantity}))
  return {id: gid('Fulfillment', id), status: 'SUCCESS', createdAt: after(minutes), lines}
}

/** A refund of transaction 902, which gives back transaction 901. */
export function givenBack(change: Partial<ShopifyRefund> = {}): ShopifyRefund {
  const transactionIds = [gid('OrderTransaction', 902)]
  return {id: gid('Refund', 801), createdAt: after(500), lines: [], shipping: [], transactionIds, ...change}
}

export function repaid(amount: string, change: Partial<ShopifyTransaction> = {}): ShopifyTransaction {
  return paid(amount, {
    id: gid('OrderTransaction', 902),
    kind: 'REFUND',
    createdAt: after(500),
    processedAt: after(500),
    parentId: gid('OrderTransaction', 901),
    ...change,
  })
}

export type Contract = Readonly<{order?: OrderRules; life?: LifeRules; written?: Parameters<typeof planLife>[4]}>

export function lifeOf(from: ShopifyOrder, contract: Contract = {}): LifePlan {
  const by = contract.order ?? rules
  const plan = planOrder(from, by, items)
  if (plan.kind === 'skipped') throw new Error(plan.reason)
  return planLife(from, plan.salesOrder, by, contract.life ?? life, contract.written)
}

/** What stands behind the items of the example company. */
const ITEMS: Readonly<Record<string, string>> = {
  '1200': '4000',
  '1201': '4000',
  '1202': '4000',
  '9001': '4100',
  '9002': '2330',
  '9003': '2320',
  '9004': '4000',
  '9005': '2200',
  '9006': '4000',
  '9007': '6060',
  '9008': '2300',
  '9009': '2310',
  '9010': '4900',
}

function numberOf(account: string): string {
  const item = /^income of item (.*)$/.exec(account)?.[1]
  if (item !== undefined) return ITEMS[item] ?? account
  if (account === 'undeposited funds') return '1010'
  if (account === 'customer deposits') return '2100'
  if (account === 'receivables') return '1100'
  if (account === 'income of shipping') return '4300'
  return account.startsWith('tax code') ? '2300' : account.replace('account ', '')
}

/**
 * A ledger that takes records as NetSuite does: it applies the deposits of an order to its bills, and refuses what is
 * applied, credited or refunded beyond what is open. It shares nothing with the plan but the records.
 */
export class Ledger {
  readonly balances = new Map<string, bigint>()
  readonly #open = new Map<string, bigint>()
  readonly #linked: string[] = []
  #currency = 'USD'

  write(records: readonly PostingRecord[]): this {
    for (const record of records) {
      if (this.#open.has(record.externalId)) throw new Error(`${record.externalId} was written twice`)
      this.#settle(record)
      this.#post(record)
    }
    return this
  }

  /** Balances that are not zero, by account: positive where debits exceed credits. */
  accounts(): Record<string, string> {
    const rows = [...this.balances].filter(([, minor]) => minor !== 0n).toSorted()
    return Object.fromEntries(rows.map(([account, minor]) => [account, decimalOf(money(minor, this.#currency))]))
  }

  #post(record: PostingRecord): void {
    let sum = 0n
    for (const {account, debit, credit} of postingsOf(record)) {
      const minor = (debit?.minor ?? 0n) - (credit?.minor ?? 0n)
      this.#currency = (debit ?? credit)?.currency ?? this.#currency
      this.#move(numberOf(account), minor)
      sum += minor
    }
    if (sum !== 0n) throw new Error(`${record.externalId} does not balance: ${sum}`)
  }

  #move(account: string, minor: bigint): void {
    this.balances.set(account, (this.balances.get(account) ?? 0n) + minor)
  }

  #settle(record: PostingRecord): void {
    const name = record.externalId
    this.#open.set(name, 0n)
    if (record.type === 'customerDeposit') {
      this.#open.set(name, record.payment.minor)
      if (record.salesOrder !== null) this.#linked.push(name)
    } else if (record.type === 'customerPayment') {
      for (const {to, amount} of record.applies) this.#take(to, amount.minor)
    } else if (record.type === 'depositApplication') {
      for (const {to, amount} of record.applies) {
        this.#take(to, amount.minor)
        this.#take(record.deposit, amount.minor)
      }
    } else if (record.type === 'invoice') {
      this.#open.set(name, record.total.minor)
      this.#applyDeposits(name)
    } else if (record.type === 'creditMemo') {
      const applied = record.applies.reduce((sum, {amount}) => sum + amount.minor, 0n)
      for (const {to, amount} of record.applies) this.#take(to, amount.minor)
      if (applied > record.total.minor) throw new Error(`${name} settles more than it is`)
      this.#open.set(name, record.total.minor - applied)
    } else if (record.type === 'customerRefund') {
      for (const {creditMemo, amount} of record.credits) this.#take(creditMemo, amount.minor)
      for (const {deposit, amount} of record.deposits) this.#take(deposit, amount.minor)
      const sum = [...record.credits, ...record.deposits].reduce((all, {amount}) => all + amount.minor, 0n)
      if (sum !== record.total.minor) throw new Error(`${name} gives back other than what it takes`)
    }
  }

  #take(ref: Ref, minor: bigint): void {
    const name = 'externalId' in ref ? ref.externalId : ref.id
    const open = this.#open.get(name) ?? 0n
    if (minor <= 0n || minor > open) throw new Error(`${minor} is taken of ${name}, where ${open} is open`)
    this.#open.set(name, open - minor)
  }

  #applyDeposits(invoice: string): void {
    for (const deposit of this.#linked) {
      const [left, due] = [this.#open.get(deposit) ?? 0n, this.#open.get(invoice) ?? 0n]
      const part = left < due ? left : due
      if (part <= 0n) continue
      this.#take({externalId: deposit}, part)
      this.#take({externalId: invoice}, part)
      this.#move('2100', part)
      this.#move('1100', -part)
    }
  }
}

/** T-accounts after a life, without those that are zero. */
export function accountsOf(from: ShopifyOrder, contract: Contract = {}): Record<string, string> {
  return new Ledger().write(lifeOf(from, contract).records).accounts()
}

/** "customerDeposit SHOPIFY:TRANSACTION:901 83.16": one line a record. */
export function told(records: readonly PostingRecord[]): string[] {
  return records.map((record) => {
    const amount = 'payment' in record ? record.payment : 'total' in record ? record.total : null
    return [record.type, record.externalId, amount === null ? '' : decimalOf(amount)].join(' ').trim()
  })
}

export const amount = (text: string) => parseMoney(text, 'USD')
