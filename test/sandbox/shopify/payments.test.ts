import fc from 'fast-check'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'

import {generateOrders} from '../../../src/sandbox/orders/generate.ts'
import {Orders} from '../../../src/sandbox/shopify/orders.ts'
import {isTransfer, netOf, sumOfNets} from '../../../src/sandbox/shopify/payments/lines.ts'
import {Payments} from '../../../src/sandbox/shopify/payments/payments.ts'
import type {SandboxShopify} from '../../../src/sandbox/shopify/server.ts'
import {list, type Doc} from './sums.ts'
import {ask, at, control, document, start} from './support.ts'

let shop: SandboxShopify
beforeEach(async () => {
  shop = await start()
})
afterEach(() => shop.stop())

/** A shop's balance without a server, whose clock a test moves. */
function balance(from: string, payoutCurrencies: readonly string[] = [], seed = 1) {
  let now = new Date(from)
  const payments = new Payments({now: () => now, seed, currency: 'USD', payoutCurrencies, order: () => null})
  const orders = new Orders(
    () => now,
    (_before, after) => payments.orderWritten(after),
  )
  const until = (to: string) => {
    now = new Date(to)
    payments.book.advance()
  }
  return {payments, orders, until, book: payments.book}
}

/** An order that was paid by cards, in the shop's currency unless told otherwise. */
function paid(id: number, amounts: readonly string[], change: Doc = {}): Doc {
  const transactions = amounts.map((amount, i) => ({
    id: id * 10 + i,
    kind: amount.startsWith('-') ? 'refund' : 'sale',
    status: 'success',
    gateway: 'shopify_payments',
    amount: amount.replace('-', ''),
    currency: 'USD',
    processed_at: '2026-11-20T15:00:00Z',
  }))
  return document(id, {total_price: amounts[0], transactions, ...change})
}

async function payouts(): Promise<Doc[]> {
  return (await control(shop.url, 'GET', 'payouts')).body as Doc[]
}

const PAYOUTS = `query Payouts($query: String) { shopifyPaymentsAccount { activated balance { amount currencyCode }
  payouts(first: 10, query: $query, sortKey: ISSUED_AT) { nodes { id legacyResourceId issuedAt status transactionType
    net { amount currencyCode } bankAccount { currency }
    summary { chargesGross { amount } chargesFee { amount } refundsFeeGross { amount } retriedPayoutsGross { amount } } } } } }`

const LINES = `query Lines($query: String, $after: String) { shopifyPaymentsAccount {
  balanceTransactions(first: 2, after: $after, query: $query, hideTransfers: true) { nodes { type amount { amount }
    fee { amount } net { amount } sourceType sourceOrderTransactionId associatedOrder { id name }
    associatedPayout { id status } adjustmentReason test } pageInfo { hasNextPage endCursor } } } }`

describe('the balance', () => {
  test('a payout is the sum of its lines, a line its amount less its fee, and nothing is lost, whatever happens', () => {
    fc.assert(
      fc.property(fc.integer({min: 0, max: 100_000}), (seed) => {
        const {payments, orders, until, book} = balance('2026-11-01T00:00:00Z')
        payments.enliven()
        const [from, to] = [new Date('2026-11-01T05:00:00Z'), new Date('2026-11-20T05:00:00Z')]
        for (const one of generateOrders({seed, count: 120, from, to})) orders.put(one)
        until('2026-12-05T00:00:00Z')
        expect(book.payouts().length).toBeGreaterThan(5)
        for (const {id, net, currency} of book.payouts()) {
          expect(sumOfNets(book.linesOf(id))).toBe(net)
          expect(book.linesOf(id).every((line) => line.currency === currency)).toBe(true)
          const transfers = book.lines().filter((line) => line.payoutId === id && isTransfer(line))
          expect(transfers.map(netOf)).toEqual([-net])
        }
        expect(sumOfNets(book.lines())).toBe(sumOfNets(book.waiting()))
      }),
      {numRuns: 15},
    )
  })

  test('months of a lively shop show labels, bills, reserves, disputes and payouts that fail', () => {
    const types = new Set<string>()
    const [from, to] = [new Date('2026-10-01T05:00:00Z'), new Date('2026-10-30T05:00:00Z')]
    for (let seed = 1; seed <= 4; seed += 1) {
      const {payments, orders, until, book} = balance('2026-10-01T00:00:00Z', [], seed)
      payments.enliven()
      for (const one of generateOrders({seed, count: 150, from, to})) orders.put(one)
      for (let day = 2; day < 45; day += 1) until(new Date(Date.UTC(2026, 9, day)).toISOString())
      for (const {type} of book.lines()) types.add(type)
      for (const {finalizedOn, initiatedAt} of book.disputes())
        expect((finalizedOn ?? initiatedAt) >= initiatedAt).toBe(true)
    }
    expect([...types]).toEqual(
      expect.arrayContaining([
        'SHIPPING_LABEL',
        'BILLING_DEBIT',
        'ANOMALY_CREDIT',
        'RESERVED_FUNDS',
        'RESERVED_FUNDS_REVERSAL',
        'DISPUTE_WITHDRAWAL',
        'CHARGEBACK_FEE',
        'DISPUTE_REVERSAL',
        'TRANSFER_FAILURE',
      ]),
    )
  })

  test('it does not matter how often somebody looks', () => {
    const [from, to] = [new Date('2026-10-01T05:00:00Z'), new Date('2026-10-20T05:00:00Z')]
    const looked = (days: readonly number[]) => {
      const {payments, orders, until, book} = balance('2026-10-01T00:00:00Z')
      payments.enliven()
      for (const one of generateOrders({seed: 2, count: 100, from, to})) orders.put(one)
      for (const day of days) until(new Date(Date.UTC(2026, 9, day)).toISOString())
      return book.payouts()
    }
    expect(looked([40])).toEqual(looked([5, 6, 7, 12, 13, 30, 40]))
  })

  test('every card payment and refund of an order is in it once, and nothing of other gateways or test orders', () => {
    const {orders, book} = balance('2026-11-01T00:00:00Z')
    const [from, to] = [new Date('2026-11-01T05:00:00Z'), new Date('2026-11-20T05:00:00Z')]
    const made = [...generateOrders({seed: 4, count: 300, from, to})] as Doc[]
    for (const one of [...made, ...made]) orders.put(one)
    const moved = made
      .filter((order) => order.test !== true)
      .flatMap((order) => list(order, 'transactions'))
      .filter((one) => one.gateway === 'shopify_payments' && one.status === 'success')
      .filter((one) => ['sale', 'capture', 'refund'].includes(one.kind as string))
    expect(book.lines().map((line) => line.orderTransactionId)).toEqual(moved.map(({id}) => String(id)))
  })

  test('a fee is 2.9 % and 0.30, and a conversion costs 1.5 % more and settles at a rate of its own', () => {
    const {orders, book} = balance('2026-11-20T00:00:00Z')
    orders.put(paid(1, ['83.16', '-38.88']))
    const money = {shop_money: {amount: '101.20'}, presentment_money: {amount: '92.00'}}
    const [sale] = list(paid(2, ['92.00']), 'transactions')
    orders.put(paid(2, [], {presentment_currency: 'EUR', transactions: [{...sale, amount_set: money}]}))
    expect(book.lines().map(({amount, fee}) => [amount, fee])).toEqual([
      [83_160n, 2_710n],
      [-38_880n, 0n],
      [100_740n, 4_730n],
    ])
  })

  test('a currency with a bank account of its own is paid out as it came', () => {
    const {orders, book, until} = balance('2026-11-20T00:00:00Z', ['EUR'])
    const money = {shop_money: {amount: '101.20'}, presentment_money: {amount: '92.00'}}
    const [sale] = list(paid(2, ['92.00']), 'transactions')
    orders.put(paid(1, ['83.16']))
    orders.put(paid(2, [], {presentment_currency: 'EUR', transactions: [{...sale, amount_set: money}]}))
    until('2026-11-21T00:00:00Z')
    expect(book.payouts().map(({currency, net}) => [currency, net])).toEqual([
      ['USD', 80_450n],
      ['EUR', 89_030n],
    ])
  })

  test('what a day brought is paid two business days later', () => {
    const {orders, book, until} = balance('2026-11-20T00:00:00Z')
    orders.put(paid(1, ['83.16']))
    const seen = () => book.payouts().map(({status, issuedAt}) => `${status} ${issuedAt.toISOString().slice(0, 10)}`)
    until('2026-11-20T23:59:00Z')
    expect(seen()).toEqual([])
    until('2026-11-23T00:00:00Z')
    expect(seen()).toEqual(['SCHEDULED 2026-11-24'])
    expect(book.balances().get('USD')).toBe(80_450n)
    until('2026-11-24T10:00:00Z')
    expect(seen()).toEqual(['PAID 2026-11-24'])
    expect(book.balances().get('USD')).toBeUndefined()
  })

  test('a refund that did not arrive brings its money back', () => {
    const {orders, book} = balance('2026-11-20T00:00:00Z')
    const order = paid(1, ['50.00', '-10.00'])
    orders.put(order)
    const [sale, refund] = list(order, 'transactions')
    orders.put({...order, transactions: [sale, {...refund, status: 'failure'}]})
    orders.put({...order, transactions: [sale, {...refund, status: 'failure'}]})
    expect(book.lines().map(({type, amount}) => [type, amount])).toEqual([
      ['CHARGE', 50_000n],
      ['REFUND', -10_000n],
      ['REFUND_FAILURE', 10_000n],
    ])
  })
})

describe('payouts made by hand', () => {
  test('hold what waits: charges, refunds and their fees, as the Admin API tells page by page', async () => {
    await control(shop.url, 'POST', 'orders', [paid(5001, ['48.60', '-48.60']), paid(5002, ['100.00'])])
    expect(await payouts()).toEqual([])
    const {body} = await control(shop.url, 'POST', 'payouts')
    expect(at(body, 'payouts.0')).toMatchObject({net: '95.09', status: 'PAID', currency: 'USD'})
    const id = at(body, 'payouts.0.id') as string
    const account = at((await ask(shop.url, PAYOUTS, {query: "issued_at:>='2026-11-24T00:00:00Z'"})).body, 'data')
    expect(at(account, 'shopifyPaymentsAccount.payouts.nodes')).toEqual([
      {
        id: `gid://shopify/ShopifyPaymentsPayout/${id}`,
        legacyResourceId: id,
        issuedAt: '2026-11-24T12:00:00Z',
        status: 'PAID',
        transactionType: 'DEPOSIT',
        net: {amount: '95.09', currencyCode: 'USD'},
        bankAccount: {currency: 'USD'},
        summary: {
          chargesGross: {amount: '148.6'},
          chargesFee: {amount: '4.91'},
          refundsFeeGross: {amount: '-48.6'},
          retriedPayoutsGross: {amount: '0.0'},
        },
      },
    ])
    const page = async (after: unknown) => {
      const answer = await ask(shop.url, LINES, {query: `payments_transfer_id:${id}`, after})
      return at(answer.body, 'data.shopifyPaymentsAccount.balanceTransactions')
    }
    const first = await page(null)
    const second = await page(at(first, 'pageInfo.endCursor'))
    expect(at(first, 'nodes.0')).toEqual({
      type: 'CHARGE',
      amount: {amount: '48.6'},
      fee: {amount: '1.71'},
      net: {amount: '46.89'},
      sourceType: 'CHARGE',
      sourceOrderTransactionId: '50010',
      associatedOrder: {id: 'gid://shopify/Order/5001', name: '#5001'},
      associatedPayout: {id: `gid://shopify/ShopifyPaymentsPayout/${id}`, status: 'PAID'},
      adjustmentReason: null,
      test: false,
    })
    expect(at(first, 'nodes')).toHaveLength(2)
    expect(at(second, 'nodes')).toHaveLength(1)
    expect(at(second, 'pageInfo.hasNextPage')).toBe(false)
  })

  test('hold the lines that somebody lists: those of orders are taken from the balance, others are new', async () => {
    await control(shop.url, 'POST', 'orders', [paid(5001, ['200.00'])])
    const lines = [
      {type: 'CHARGE', amount: '200.00', fee: '6.10', order: '#5001'},
      {type: 'SHIPPING_LABEL', amount: '-7.85'},
      {type: 'BILLING_DEBIT', amount: '-29.00', reason: 'Plan'},
      {type: 'NEVER_SEEN', amount: '1.25'},
    ]
    const {body} = await control(shop.url, 'POST', 'payouts', {
      lines,
      issuedAt: '2026-11-23T09:00:00Z',
      status: 'SCHEDULED',
    })
    expect(at(body, 'payouts.0')).toMatchObject({net: '158.30', status: 'SCHEDULED', issuedAt: '2026-11-23T09:00:00Z'})
    expect(at(body, 'payouts.0.lines.0')).toMatchObject({
      order: {id: '5001', name: '#5001'},
      orderTransactionId: '50010',
    })
    const all = (await control(shop.url, 'GET', 'balance-transactions')).body as Doc[]
    expect(all.filter((line) => line.type === 'CHARGE')).toHaveLength(1)
  })

  test('an order without transactions brings the sale that stands for what was received', async () => {
    await control(shop.url, 'POST', 'orders', document(5003))
    const {body} = await control(shop.url, 'POST', 'payouts')
    expect(at(body, 'payouts.0.lines.0')).toMatchObject({amount: '24.00', fee: '1.00', orderTransactionId: '5003'})
  })

  test('one that fails comes back within the next', async () => {
    await control(shop.url, 'POST', 'orders', paid(5001, ['500.00']))
    const first = at((await control(shop.url, 'POST', 'payouts')).body, 'payouts.0.id') as string
    const failed = await control(shop.url, 'PATCH', `payouts/${first}`, {status: 'FAILED'})
    expect(failed.body).toMatchObject({status: 'FAILED', net: '485.20'})
    await control(shop.url, 'POST', 'orders', paid(5002, ['300.00']))
    const {body} = await control(shop.url, 'POST', 'payouts')
    expect(at(body, 'payouts.0.net')).toBe('776.20')
    const account = at((await ask(shop.url, PAYOUTS)).body, 'data.shopifyPaymentsAccount')
    expect(at(account, 'payouts.nodes.1.summary.retriedPayoutsGross.amount')).toBe('485.2')
    expect((await control(shop.url, 'PATCH', `payouts/${first}`, {status: 'PAID'})).status).toBe(400)
  })

  test('more refunds than charges are taken from the bank', async () => {
    await control(shop.url, 'POST', 'orders', [paid(5001, ['80.00']), paid(5002, ['-120.00'])])
    await control(shop.url, 'POST', 'payouts')
    const account = at((await ask(shop.url, PAYOUTS)).body, 'data.shopifyPaymentsAccount')
    expect(at(account, 'payouts.nodes.0')).toMatchObject({transactionType: 'WITHDRAWAL', net: {amount: '-42.62'}})
  })

  test('a chargeback takes the amount and a fee, and brings both back when it is won', async () => {
    await control(shop.url, 'POST', 'orders', paid(5001, ['100.00']))
    const opened = (await control(shop.url, 'POST', 'disputes', {order: 5001})).body
    expect(opened).toMatchObject({status: 'NEEDS_RESPONSE', type: 'CHARGEBACK', amount: '100.00'})
    const asked = `{ order(id: "gid://shopify/Order/5001") { disputes { status initiatedAs } }
      shopifyPaymentsAccount { disputes(first: 5, query: "status:needs_response") { nodes { amount { amount } order { name } } } } }`
    const data = at((await ask(shop.url, asked)).body, 'data')
    expect(at(data, 'order.disputes')).toEqual([{status: 'NEEDS_RESPONSE', initiatedAs: 'CHARGEBACK'}])
    expect(at(data, 'shopifyPaymentsAccount.disputes.nodes.0')).toEqual({
      amount: {amount: '100.0'},
      order: {name: '#5001'},
    })
    await control(shop.url, 'PATCH', `disputes/${at(opened, 'id') as string}`, {status: 'WON'})
    const lines = (await control(shop.url, 'GET', 'balance-transactions')).body as Doc[]
    expect(lines.map(({type, net}) => [type, net])).toEqual([
      ['CHARGE', '96.80'],
      ['DISPUTE_WITHDRAWAL', '-100.00'],
      ['CHARGEBACK_FEE', '-15.00'],
      ['DISPUTE_REVERSAL', '100.00'],
      ['CHARGEBACK_FEE_REFUND', '15.00'],
    ])
  })

  test('what makes no sense is refused with the reason', async () => {
    const tries: [string, string, unknown][] = [
      ['POST', 'payouts', {}],
      ['POST', 'payouts', {lines: [{type: 'CHARGE', amount: '1.00', order: '#404'}]}],
      ['POST', 'payouts', {lines: [{amount: '1.00'}]}],
      ['POST', 'payouts', {lines: [{type: 'CHARGE', amount: 'much'}], status: 'PAID'}],
      ['POST', 'payouts', {lines: [{type: 'CHARGE', amount: '1.00'}], status: 'LOST'}],
      ['PATCH', 'payouts/1', {status: 'PAID'}],
      ['POST', 'disputes', {order: 1}],
    ]
    for (const [method, path, body] of tries) {
      const answer = await control(shop.url, method, path, body)
      expect(answer.status, JSON.stringify(body)).toBe(400)
      expect(at(answer.body, 'errors')).toBeTruthy()
    }
  })

  test('without its scope the account, or only its payouts, are closed', async () => {
    const closed = await start({scopes: ['read_orders']})
    const half = await start({scopes: ['read_orders', 'read_shopify_payments_accounts']})
    const denied = await ask(closed.url, '{ shopifyPaymentsAccount { activated } }')
    expect(at(denied.body, 'errors.0.message')).toContain(
      'Access denied for shopifyPaymentsAccount field. Required access: `read_shopify_payments` or `read_shopify_payments_accounts` access scope.',
    )
    const partly = await ask(half.url, '{ shopifyPaymentsAccount { activated payouts(first: 1) { nodes { id } } } }')
    expect(at(partly.body, 'errors.0.extensions.code')).toBe('ACCESS_DENIED')
    await closed.stop()
    await half.stop()
  })
})
