import {expect, test} from 'vitest'

import {decimalOf} from '../../../src/lib/core/money.ts'
import type {SalesOrder} from '../../../src/lib/netsuite/types.ts'
import {planOrder} from '../../../src/lib/plan/orders.ts'
import type {OrderRules} from '../../../src/lib/plan/types.ts'
import type {ShopifyOrder} from '../../../src/lib/shopify/types.ts'
import {items, line, order, rules, shippingLine, tax, usd} from './orders-of-shopify.ts'

/*
 * Orders of everyday accounting, as their sales orders. The accounts behind the items are those of the example company:
 * 4000 sales, 2200 gift cards, 2300 tax, 2310 marketplace tax, 2320 duties, 2330 tips, 4300 shipping.
 */
const ACCOUNTS: Readonly<Record<string, string>> = {
  '1201': '4000',
  '1202': '4000',
  '9002': '2330',
  '9003': '2320',
  '9005': '2200',
  '9008': '2300',
  '9009': '2310',
}

/** What billing the order will credit, by account. */
function credits(from: ShopifyOrder, by: OrderRules = rules): Record<string, string> {
  const plan = planOrder(from, by, items)
  if (plan.kind === 'skipped') throw new Error(plan.reason)
  const {lines, shippingCost}: SalesOrder = plan.salesOrder
  const sums = new Map<string, bigint>()
  for (const {item, amount} of lines) {
    const account = ACCOUNTS[item.id] ?? item.id
    sums.set(account, (sums.get(account) ?? 0n) + amount.minor)
  }
  if (shippingCost !== null) sums.set('4300', shippingCost.minor)
  const {currency} = plan.salesOrder.total
  return Object.fromEntries([...sums].map(([account, minor]) => [account, decimalOf({minor, currency})]))
}

test('a gift card sold for 100.00 is a liability, and nothing of it is revenue', () => {
  expect(credits(order({lines: [line({isGiftCard: true, unitPrice: usd('100.00')})], total: '100.00'}))).toEqual({
    '2200': '100.00',
  })
})

test('an order paid in EUR 92.00 is booked at the USD 101.20 of the shop, or in EUR where the contract says so', () => {
  const both = (shop: string, paid: string) => ({shop: usd(shop).shop, presentment: usd(paid, 'EUR').shop})
  const total = both('101.20', '92.00')
  const abroad = {
    ...order({presentmentCurrency: 'EUR', lines: [line({unitPrice: total})]}),
    total,
    currentTotal: total,
    totalTax: both('0', '0'),
    tip: both('0', '0'),
  }

  expect(credits(abroad)).toEqual({'4000': '101.20'})
  expect(credits(abroad, {...rules, book: 'presentment'})).toEqual({'4000': '92.00'})
})

test('a tip of 3.00 on 20.00 and 1.60 of tax is owed to the staff', () => {
  const tipped = order({
    lines: [line({taxLines: [tax('1.60')]})],
    totalTax: usd('1.60'),
    tip: usd('3.00'),
    total: '24.60',
  })

  expect(credits(tipped)).toEqual({'4000': '20.00', '2300': '1.60', '2330': '3.00'})
})

test('duties of 12.50 collected at checkout are owed to customs', () => {
  const duties = [{id: 'gid://shopify/Duty/1', price: usd('12.50'), taxLines: []}]
  const abroad = order({
    lines: [line({unitPrice: usd('100.00'), duties})],
    shippingLines: [shippingLine('15.00')],
    total: '127.50',
  })

  expect(credits(abroad)).toEqual({'4000': '100.00', '4300': '15.00', '2320': '12.50'})
})

test('prices that include 20 % are booked net: 19.99 and 4.95 with 3.33 and 0.83 of tax inside', () => {
  const gbp = (text: string) => usd(text, 'GBP')
  const vat = (text: string) => tax('0', {title: 'VAT', rate: '0.2', price: gbp(text)})
  const included = {
    ...order({
      currency: 'GBP',
      presentmentCurrency: 'GBP',
      taxesIncluded: true,
      lines: [line({unitPrice: gbp('19.99'), taxLines: [vat('3.33')]})],
      shippingLines: [shippingLine('0', {price: gbp('4.95'), discountedPrice: gbp('4.95'), taxLines: [vat('0.83')]})],
      totalTax: gbp('4.16'),
      tip: gbp('0'),
    }),
    total: gbp('24.94'),
    currentTotal: gbp('24.94'),
    currentTotalTax: gbp('4.16'),
  }

  expect(credits(included)).toEqual({'4000': '16.66', '4300': '4.12', '2300': '4.16'})
})

test('tax that the marketplace owes is kept apart from ours', () => {
  const taxLines = [tax('4.00', {rate: '0.08', channelLiable: true})]
  const sold = order({lines: [line({unitPrice: usd('50.00'), taxLines})], totalTax: usd('4.00'), total: '54.00'})

  expect(credits(sold)).toEqual({'4000': '50.00', '2310': '4.00'})
})
