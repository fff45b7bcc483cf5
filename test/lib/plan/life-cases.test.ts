import {expect, test} from 'vitest'

import type {ShopifyOrder} from '../../../src/lib/shopify/types.ts'
import {
  accountsOf,
  after,
  gid,
  givenBack,
  life,
  lifeOf,
  paid,
  repaid,
  shipped,
  told,
  type Contract,
} from './lives-of-orders.ts'
import {code, line, order, refunded, rules, shippingLine, tax, usd} from './orders-of-shopify.ts'

/*
 * Everyday lives of orders and what the accounts hold at their end (positive: debit). Accounts of the example company:
 * 1010 undeposited funds, 1020 PayPal, 1030 till, 1100 receivables, 2100 customer deposits, 2200 gift cards, 2210 store
 * credit, 2300 tax, 2310 marketplace tax, 2320 duties, 2330 tips, 4000 sales, 4100 discounts, 4300 shipping, 4900 refund
 * adjustments, 6060 rounding. Accounts that are zero are left out.
 */

const second = (change = {}) => line({id: gid('LineItem', 112), sku: 'CAP', ...change})

const simple = order({
  lines: [line({quantity: 2, unitPrice: usd('40.00'), discounts: [code('8.00')], taxLines: [tax('5.76')]})],
  shippingLines: [shippingLine('5.00', {taxLines: [tax('0.40')]})],
  totalTax: usd('6.16'),
  total: '83.16',
  transactions: [paid('83.16')],
  fulfillments: [shipped(100, {111: 2})],
})

const noTax = (total: string, change: Partial<ShopifyOrder> = {}) =>
  order({
    lines: [line({unitPrice: usd(total)})],
    transactions: [paid(total)],
    fulfillments: [shipped(100, {111: 1})],
    ...change,
    total,
  })

const plusTax = (price: string, taxes: string, total: string, change: Partial<ShopifyOrder> = {}) =>
  noTax(total, {lines: [line({unitPrice: usd(price), taxLines: [tax(taxes)]})], totalTax: usd(taxes), ...change})

const split = plusTax('50.00', '4.00', '54.00', {
  transactions: [paid('34.00'), paid('20.00', {id: gid('OrderTransaction', 903), gateway: 'gift_card'})],
})

const returned = (amount: string, taxes = '0.00') => refunded({amount, taxes, restockType: 'RETURN'})

function refundOf(from: ShopifyOrder, given: string, change: Parameters<typeof givenBack>[0] = {}): ShopifyOrder {
  return {...from, transactions: [...(from.transactions ?? []), repaid(given)], refunds: [givenBack(change)]}
}

const adjustment = (amount: string) => [{amount: usd(amount), tax: usd('0.00'), reason: 'REFUND_DISCREPANCY'}]

type Case = readonly [name: string, order: ShopifyOrder, accounts: Record<string, string>, contract?: Contract]

const CASES: readonly Case[] = [
  [
    '1 a card order that ships',
    simple,
    {'1010': '83.16', '2300': '-6.16', '4000': '-80.00', '4100': '8.00', '4300': '-5.00'},
  ],
  [
    '2 two captures, each with its shipment',
    order({
      lines: [
        line({unitPrice: usd('60.00'), taxLines: [tax('4.20')]}),
        second({unitPrice: usd('40.00'), taxLines: [tax('2.80')]}),
      ],
      shippingLines: [shippingLine('6.00', {taxLines: [tax('0.42')]})],
      totalTax: usd('7.42'),
      total: '113.42',
      transactions: [
        paid('113.42', {id: gid('OrderTransaction', 900), kind: 'AUTHORIZATION'}),
        paid('70.62', {kind: 'CAPTURE', processedAt: after(100), parentId: gid('OrderTransaction', 900)}),
        paid('42.80', {id: gid('OrderTransaction', 902), kind: 'CAPTURE', processedAt: after(200)}),
      ],
      fulfillments: [shipped(100, {111: 1}), shipped(200, {112: 1}, 702)],
    }),
    {'1010': '113.42', '2300': '-7.42', '4000': '-100.00', '4300': '-6.00'},
  ],
  ['3 a gift card and a card', split, {'1010': '34.00', '2200': '20.00', '2300': '-4.00', '4000': '-50.00'}],
  [
    '3d the same returned in full, to both',
    {
      ...split,
      transactions: [
        ...(split.transactions ?? []),
        repaid('34.00'),
        repaid('20.00', {
          id: gid('OrderTransaction', 904),
          gateway: 'gift_card',
          parentId: gid('OrderTransaction', 903),
        }),
      ],
      refunds: [
        givenBack({
          lines: [returned('50.00', '4.00')],
          transactionIds: [gid('OrderTransaction', 902), gid('OrderTransaction', 904)],
        }),
      ],
    },
    {},
  ],
  [
    '4 PayPal',
    noTax('60.00', {transactions: [paid('60.00', {gateway: 'paypal'})]}),
    {'1020': '60.00', '4000': '-60.00'},
  ],
  [
    '5 a gift card sold is billed when it is paid',
    noTax('100.00', {lines: [line({isGiftCard: true, unitPrice: usd('100.00')})], fulfillments: []}),
    {'1010': '100.00', '2200': '-100.00'},
  ],
  [
    '6 cancelled before shipping',
    refundOf(noTax('48.60', {fulfillments: [], cancelledAt: after(400)}), '48.60', {
      lines: [refunded({amount: '48.60'})],
    }),
    {},
  ],
  [
    '7 one of two units returned',
    refundOf(simple, '38.88', {lines: [returned('36.00', '2.88')]}),
    {'1010': '44.28', '2300': '-3.28', '4000': '-40.00', '4100': '4.00', '4300': '-5.00'},
  ],
  [
    '8 shipping given back',
    refundOf(simple, '5.40', {shipping: [{amount: usd('5.00'), tax: usd('0.40')}]}),
    {'1010': '77.76', '2300': '-5.76', '4000': '-80.00', '4100': '8.00'},
  ],
  [
    '9 an amount given back',
    refundOf(simple, '10.00', {adjustments: adjustment('-10.00')}),
    {'1010': '73.16', '2300': '-6.16', '4000': '-80.00', '4100': '8.00', '4300': '-5.00', '4900': '10.00'},
  ],
  [
    '9 a restocking fee kept',
    refundOf(simple, '28.88', {lines: [returned('36.00', '2.88')], adjustments: adjustment('10.00')}),
    {'1010': '54.28', '2300': '-3.28', '4000': '-40.00', '4100': '4.00', '4300': '-5.00', '4900': '-10.00'},
  ],
  [
    '10 an exchange that costs 15.12 more',
    order({
      lines: [
        line({unitPrice: usd('36.00'), taxLines: [tax('2.88')], currentQuantity: 0}),
        second({unitPrice: usd('50.00'), taxLines: [tax('4.00')]}),
      ],
      totalTax: usd('6.88'),
      total: '92.88',
      currentTotal: usd('54.00'),
      transactions: [paid('38.88'), paid('15.12', {id: gid('OrderTransaction', 903), processedAt: after(501)})],
      refunds: [givenBack({lines: [returned('36.00', '2.88')], transactionIds: [], returnId: gid('Return', 1)})],
      fulfillments: [shipped(100, {111: 1}), shipped(600, {112: 1}, 702)],
    }),
    {'1010': '54.00', '2300': '-4.00', '4000': '-50.00'},
  ],
  [
    '16 a tip',
    plusTax('20.00', '1.60', '24.60', {tip: usd('3.00')}),
    {'1010': '24.60', '2300': '-1.60', '2330': '-3.00', '4000': '-20.00'},
  ],
  [
    '17 duties',
    noTax('127.50', {
      lines: [line({unitPrice: usd('100.00'), duties: [{id: gid('Duty', 1), price: usd('12.50'), taxLines: []}]})],
      shippingLines: [shippingLine('15.00')],
    }),
    {'1010': '127.50', '2320': '-12.50', '4000': '-100.00', '4300': '-15.00'},
  ],
  [
    '18 cash rounded up at the till',
    plusTax('9.51', '0.48', '9.99', {transactions: [paid('9.99', {gateway: 'cash', rounding: usd('0.01')})]}),
    {'1030': '10.00', '2300': '-0.48', '4000': '-9.51', '6060': '-0.01'},
    {life: {...life, billing: 'cashSale'}},
  ],
  [
    '18 cash rounded up at the till, by deposit and invoice',
    plusTax('9.51', '0.48', '9.99', {transactions: [paid('9.99', {gateway: 'cash', rounding: usd('0.01')})]}),
    {'1030': '10.00', '2300': '-0.48', '4000': '-9.51', '6060': '-0.01'},
  ],
  [
    '18 cash rounded down when it is given back',
    {
      ...plusTax('4.78', '0.24', '5.02', {
        transactions: [paid('5.02', {gateway: 'cash'}), repaid('5.02', {gateway: 'cash', rounding: usd('-0.02')})],
      }),
      refunds: [givenBack({lines: [returned('4.78', '0.24')]})],
    },
    {'1030': '0.02', '6060': '-0.02'},
    {life: {...life, billing: 'cashSale'}},
  ],
  [
    '20 net 30, paid 20 days after it shipped',
    noTax('1000.00', {paymentTerms: 'Net 30', transactions: [paid('1000.00', {processedAt: after(28_800)})]}),
    {'1010': '1000.00', '4000': '-1000.00'},
  ],
  [
    '20 net 30, not paid yet',
    noTax('1000.00', {paymentTerms: 'Net 30', transactions: []}),
    {'1100': '1000.00', '4000': '-1000.00'},
  ],
  [
    '21 a cash sale at the till',
    plusTax('30.00', '2.40', '32.40', {transactions: [paid('32.40', {gateway: 'cash'})]}),
    {'1030': '32.40', '2300': '-2.40', '4000': '-30.00'},
    {life: {...life, billing: 'cashSale'}},
  ],
  [
    '22 a return refunded to store credit',
    {
      ...plusTax('36.00', '2.88', '38.88'),
      transactions: [paid('38.88'), repaid('38.88', {gateway: 'shopify_store_credit', parentId: null})],
      refunds: [givenBack({lines: [returned('36.00', '2.88')]})],
    },
    {'1010': '38.88', '2210': '-38.88'},
  ],
  [
    '22 an order paid with store credit',
    noTax('25.00', {transactions: [paid('25.00', {gateway: 'shopify_store_credit'})]}),
    {'2210': '25.00', '4000': '-25.00'},
  ],
  [
    '24 tax that the marketplace owes',
    noTax('54.00', {
      lines: [line({unitPrice: usd('50.00'), taxLines: [tax('4.00', {channelLiable: true})]})],
      totalTax: usd('4.00'),
    }),
    {'1010': '54.00', '2310': '-4.00', '4000': '-50.00'},
  ],
  [
    '25 a refund that failed after it was written',
    {
      ...refundOf(simple, '10.00', {adjustments: adjustment('-10.00')}),
      transactions: [paid('83.16'), repaid('10.00', {status: 'FAILURE'})],
    },
    {
      '1010': '83.16',
      '2100': '-10.00',
      '2300': '-6.16',
      '4000': '-80.00',
      '4100': '8.00',
      '4300': '-5.00',
      '4900': '10.00',
    },
    {written: new Map([['SHOPIFY:REFUND:801:902', 'customerRefund']])},
  ],
]

test.each(CASES.map(([name, ...rest]) => ({name, rest})))('case $name', ({rest: [from, accounts, contract]}) => {
  expect(accountsOf(from, contract)).toEqual(accounts)
})

test('an order booked in the currency of the customer is paid and billed in it', () => {
  const both = (shop: string, paidIn: string) => ({shop: usd(shop).shop, presentment: usd(paidIn, 'EUR').shop})
  const total = both('101.20', '92.00')
  const zero = both('0', '0')
  const abroad = {
    ...noTax('101.20', {presentmentCurrency: 'EUR', lines: [line({unitPrice: total})], totalTax: zero, tip: zero}),
    transactions: [paid('0', {amount: total})],
    total,
    currentTotal: total,
  }

  expect(accountsOf(abroad)).toEqual({'1010': '101.20', '4000': '-101.20'})
  expect(accountsOf(abroad, {order: {...rules, book: 'presentment'}})).toEqual({'1010': '92.00', '4000': '-92.00'})
})

test('prices that include tax are billed net of it', () => {
  const gbp = (text: string) => usd(text, 'GBP')
  const vat = (text: string) => tax('0', {title: 'VAT', rate: '0.2', price: gbp(text)})
  const included = {
    ...noTax('24.94', {
      currency: 'GBP',
      presentmentCurrency: 'GBP',
      taxesIncluded: true,
      lines: [line({unitPrice: gbp('19.99'), taxLines: [vat('3.33')]})],
      shippingLines: [shippingLine('0', {price: gbp('4.95'), discountedPrice: gbp('4.95'), taxLines: [vat('0.83')]})],
      totalTax: gbp('4.16'),
      tip: gbp('0'),
    }),
    transactions: [paid('0', {amount: gbp('24.94')})],
    total: gbp('24.94'),
    currentTotal: gbp('24.94'),
  }

  expect(accountsOf(included)).toEqual({'1010': '24.94', '2300': '-4.16', '4000': '-16.66', '4300': '-4.12'})
})

test('the records of a life stand parents first, each under its own external ID', () => {
  const from = refundOf(simple, '38.88', {lines: [returned('36.00', '2.88')]})

  expect(told(lifeOf(from).records)).toEqual([
    'customerDeposit SHOPIFY:TRANSACTION:901 83.16',
    'itemFulfillment SHOPIFY:FULFILLMENT:701',
    'invoice SHOPIFY:INVOICE:701 83.16',
    'returnAuthorization SHOPIFY:REFUND:801:RMA 38.88',
    'itemReceipt SHOPIFY:REFUND:801:RECEIPT',
    'creditMemo SHOPIFY:REFUND:801 38.88',
    'customerRefund SHOPIFY:REFUND:801:902 38.88',
  ])
})
