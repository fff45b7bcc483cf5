import {describe, expect, test} from 'vitest'

import {RejectedError} from '../../../src/lib/core/errors.ts'
import {decimalOf} from '../../../src/lib/core/money.ts'
import type {SalesOrder} from '../../../src/lib/netsuite/types.ts'
import {planOrder, skusOf} from '../../../src/lib/plan/orders.ts'
import type {OrderRules} from '../../../src/lib/plan/types.ts'
import type {ShopifyOrder} from '../../../src/lib/shopify/types.ts'
import {
  code,
  items,
  line,
  order,
  refund,
  refunded,
  rules,
  shipped,
  shippingLine,
  suiteTax,
  tax,
  usd,
} from './orders-of-shopify.ts'

function plan(from: ShopifyOrder, by: OrderRules = rules): SalesOrder {
  const planned = planOrder(from, by, items)
  if (planned.kind === 'skipped') throw new Error(planned.reason)
  return planned.salesOrder
}

/** "key item quantity amount" of every line. */
function lines({lines: all}: SalesOrder): string[] {
  return all.map(({key, item, quantity, amount}) => `${key} ${item.id} ${quantity ?? '-'} ${decimalOf(amount)}`)
}

function refusal(from: ShopifyOrder, by: OrderRules = rules): RejectedError {
  try {
    plan(from, by)
  } catch (error) {
    if (error instanceof RejectedError) return error
    throw error
  }
  throw new Error('the order was planned')
}

const cap = line({
  id: 'gid://shopify/LineItem/112',
  sku: 'CAP',
  title: 'Cap',
  variantTitle: null,
  unitPrice: usd('10.00'),
})

describe('the head of a sales order', () => {
  test('carries the keys of the Shopify order: external ID, reference, custom fields', () => {
    expect(plan(order())).toMatchObject({
      externalId: 'SHOPIFY:ORDER:5001',
      entity: {externalId: 'SHOPIFY:CUSTOMER:77'},
      otherRefNum: '#1001',
      memo: 'Shopify #1001',
      email: 'ann.lee@example.com',
      customFields: {custbody_tieout_order_id: '5001', custbody_tieout_order_name: '#1001'},
      currency: {id: '1'},
      subsidiary: {id: '1'},
      location: {id: '1'},
      status: 'pendingFulfillment',
      terms: null,
    })
  })

  test.each([
    ['an evening in New York that is the next day in UTC', '2026-11-21T04:59:59Z', 'America/New_York', '2026-11-20'],
    ['midnight in New York itself', '2026-11-21T05:00:00Z', 'America/New_York', '2026-11-21'],
    ['the last hour before the clocks go forward', '2026-03-08T04:30:00Z', 'America/New_York', '2026-03-07'],
    ['the first midnight of summer time', '2026-03-09T04:00:00Z', 'America/New_York', '2026-03-09'],
    ['the repeated hour when the clocks go back', '2026-11-01T05:30:00Z', 'America/New_York', '2026-11-01'],
    ['a morning in Auckland that is the day before in UTC', '2026-12-31T11:00:00Z', 'Pacific/Auckland', '2027-01-01'],
  ])('is dated by the zone of the contract: %s', (_, processedAt, timeZone, day) => {
    expect(plan(order({processedAt}), {...rules, timeZone}).tranDate).toBe(day)
  })

  test("a company's purchase order number is the reference, its payment terms are NetSuite's", () => {
    const planned = plan(order({poNumber: ' PO-7 ', paymentTerms: 'Net 30'}))

    expect([planned.otherRefNum, planned.terms]).toEqual(['PO-7', {id: '2'}])
  })
})

describe('lines', () => {
  test('stand at full price, each followed by its discount with the codes that gave it', () => {
    const discounts = [code('4.00'), {...code('1.50', 'Loyalty'), kind: 'automatic'} as const]
    const planned = plan(order({lines: [line({quantity: 2, discounts}), cap], total: '44.50'}))

    expect(lines(planned)).toEqual(['111 1201 2 40.00', '111:discount 9001 - -5.50', '112 1202 1 10.00'])
    expect(planned.lines.map(({description}) => description)).toEqual([
      'Organic Tee - M',
      'Discount SUMMER10, Loyalty',
      'Cap',
    ])
  })

  test('carry the discounted amount where the contract says net', () => {
    const discounted = order({lines: [line({quantity: 2, discounts: [code('4.00')]})], total: '36.00'})

    expect(lines(plan(discounted, {...rules, discounts: 'net'}))).toEqual(['111 1201 2 36.00'])
  })

  test('with the same SKU stay two lines', () => {
    const planned = plan(order({lines: [line(), line({id: 'gid://shopify/LineItem/113'})], total: '40.00'}))

    expect(lines(planned)).toEqual(['111 1201 1 20.00', '113 1201 1 20.00'])
  })

  test('without a SKU, or with a blank one, take the item for custom lines', () => {
    const planned = plan(
      order({lines: [line({sku: null}), line({id: 'gid://shopify/LineItem/113', sku: ' '})], total: '40.00'}),
    )

    expect(lines(planned)).toEqual(['111 9006 1 20.00', '113 9006 1 20.00'])
  })

  test('that sell a gift card take the liability item whatever their SKU, which nobody needs to know', () => {
    const sold = order({lines: [line({sku: 'NOBODY-KNOWS', isGiftCard: true})]})

    expect(lines(plan(sold))).toEqual(['111 9005 1 20.00'])
    expect(skusOf(sold)).toEqual([])
  })

  test('of a free order stand at full price and full discount', () => {
    const free = plan(order({lines: [line({discounts: [code('20.00', 'FREE')]})], total: '0.00'}))

    expect(lines(free)).toEqual(['111 1201 1 20.00', '111:discount 9001 - -20.00'])
    expect(free.total.minor).toBe(0n)
  })

  test('ask for each SKU once, without the space around it', () => {
    expect(skusOf(order({lines: [line(), line({sku: ' TEE-M '}), cap]}))).toEqual(['TEE-M', 'CAP'])
    expect(lines(plan(order({lines: [line({sku: ' TEE-M '})]})))).toEqual(['111 1201 1 20.00'])
  })
})

describe('which orders are left out', () => {
  test('test orders, unless the contract pushes them', () => {
    expect(planOrder(order({test: true}), rules, items)).toEqual({kind: 'skipped', reason: 'TEST_ORDER'})
    const pushed = {...rules, orders: {...rules.orders, test: 'push'} as const}
    expect(plan(order({test: true}), pushed).externalId).toBe('SHOPIFY:ORDER:5001')
  })

  test('cancelled orders where the contract skips them, but not one that NetSuite already holds', () => {
    const skipping = {...rules, orders: {...rules.orders, cancelled: 'skip'} as const}
    const cancelled = order({cancelledAt: '2026-11-21T00:00:00Z'})

    expect(planOrder(cancelled, skipping, items)).toEqual({kind: 'skipped', reason: 'CANCELLED_ORDER'})
    expect(plan({...cancelled, netsuiteId: '7001'}, skipping).lines[0]?.isClosed).toBe(true)
  })
})

describe('units', () => {
  const pair = (change: Partial<Omit<ShopifyOrder, 'total'>>, current = 1) =>
    order({
      lines: [line({quantity: 2, currentQuantity: current, taxLines: [tax('2.50')]}), cap],
      totalTax: usd('2.50'),
      total: '52.50',
      ...change,
    })

  test('of a cancelled order all stand, closed, and so do its charges', () => {
    const cancelled = plan(
      pair(
        {
          cancelledAt: '2026-11-21T00:00:00Z',
          refunds: [refund(refunded({amount: '40.00', taxes: '2.50', quantity: 2}))],
          currentTotal: usd('0.00'),
        },
        0,
      ),
    )

    expect(lines(cancelled)).toEqual(['111 1201 2 40.00', '112 1202 1 10.00', 'tax:state-tax:6.25 9008 1 2.50'])
    expect(cancelled.lines.every((each) => each.isClosed)).toBe(true)
  })

  test('cancelled before shipping leave the order with the amounts that Shopify refunded', () => {
    const refunds = [refund(refunded({amount: '20.01', taxes: '1.24'}))]
    const planned = plan(pair({refunds, currentTotal: usd('31.25')}))

    expect(lines(planned)).toEqual(['111 1201 1 19.99', '112 1202 1 10.00', 'tax:state-tax:6.25 9008 1 1.26'])
    expect(decimalOf(planned.total)).toBe('31.25')
  })

  test('that came back stay on the order: their refund is a document of its own', () => {
    const refunds = [refund(refunded({amount: '20.00', taxes: '1.25', restockType: 'RETURN'}))]
    const planned = plan(pair({refunds, fulfillments: [shipped(2)], currentTotal: usd('31.25')}))

    expect(lines(planned)[0]).toBe('111 1201 2 40.00')
    expect(decimalOf(planned.total)).toBe('52.50')
  })

  test.each([
    ['shipped before it was refunded', [shipped(2)], 'PARTIALLY_FULFILLED', '111 1201 2 40.00'],
    ['refunded while nothing had shipped', [], 'UNFULFILLED', '111 1201 1 20.00'],
    ['that no fulfilment carries though all has shipped', [shipped(1)], 'FULFILLED', '111 1201 1 20.00'],
    [
      'refunded after a fulfilment that failed',
      [{...shipped(2), status: 'FAILURE'}],
      'UNFULFILLED',
      '111 1201 1 20.00',
    ],
  ])('refunded without restocking: one %s', (_, fulfillments, fulfillmentStatus, first) => {
    const refunds = [refund(refunded({amount: '20.00', taxes: '1.25', restockType: 'NO_RESTOCK'}))]
    const planned = plan(pair({refunds, fulfillments, fulfillmentStatus, currentTotal: usd('31.25')}))

    expect(lines(planned)[0]).toBe(first)
  })

  test('edited out vanish with their line, and what replaced them stands', () => {
    const gone = line({currentQuantity: 0, discounts: [code('2.00')]})
    const edited = order({lines: [gone, cap], total: '28.00', currentTotal: usd('10.00')})

    expect(lines(plan(edited))).toEqual(['112 1202 1 10.00'])
    expect(decimalOf(plan(edited).total)).toBe('10.00')
  })

  test('edited out of a line take their exact share, so that no cent is lost', () => {
    const three = line({quantity: 3, currentQuantity: 2, unitPrice: usd('10.00'), discounts: [code('0.01')]})
    const edited = order({lines: [three], total: '29.99', currentTotal: usd('19.99')})

    expect(lines(plan(edited))).toEqual(['111 1201 2 20.00', '111:discount 9001 - -0.01'])
  })

  test('that were all refunded before shipping leave the order as it was, closed', () => {
    const refunds = [
      refund(refunded({amount: '40.00', taxes: '2.50', quantity: 2}), refunded({lineId: cap.id, amount: '10.00'})),
    ]
    const emptied = pair({refunds, currentTotal: usd('0.00')}, 0)
    const planned = plan({...emptied, lines: emptied.lines.map((each) => ({...each, currentQuantity: 0}))})

    expect(lines(planned)[0]).toBe('111 1201 2 40.00')
    expect(planned.lines.every((each) => each.isClosed)).toBe(true)
    expect(decimalOf(planned.total)).toBe('52.50')
  })

  test('removed and returned together: the total less what never shipped', () => {
    const refunds = [
      refund(refunded({amount: '20.00', taxes: '1.25'})),
      refund(refunded({lineId: cap.id, amount: '10.00', restockType: 'RETURN'})),
    ]
    const base = pair({refunds, fulfillments: [shipped(1, cap.id)], currentTotal: usd('21.25')})
    const planned = plan({
      ...base,
      lines: base.lines.map((each) => (each.sku === 'CAP' ? {...each, currentQuantity: 0} : each)),
    })

    expect(lines(planned).slice(0, 2)).toEqual(['111 1201 1 20.00', '112 1202 1 10.00'])
    expect(decimalOf(planned.total)).toBe('31.25')
  })

  test('cancelled before shipping are told apart from money given back, which does not change the order', () => {
    const refunds = [refund(refunded({amount: '20.00', taxes: '1.25'})), refund()]
    const planned = plan(pair({refunds, currentTotal: usd('26.25')}))

    expect(decimalOf(planned.total)).toBe('31.25')
    expect(lines(planned).some((each) => each.startsWith('rounding'))).toBe(false)
  })

  test('edited out are told apart from shipping given back', () => {
    const edited = order({
      lines: [line({quantity: 2, currentQuantity: 1})],
      shippingLines: [shippingLine('5.00')],
      refunds: [{...refund(), shipping: [{amount: usd('5.00'), tax: usd('0.00')}]}],
      total: '45.00',
      currentTotal: usd('20.00'),
    })

    expect(decimalOf(plan(edited).total)).toBe('25.00')
  })

  test('are not touched by a refund of money only', () => {
    const refunds = [{...refund(), shipping: [{amount: usd('5.00'), tax: usd('0.00')}]}]
    const planned = plan(
      order({shippingLines: [shippingLine('5.00')], refunds, total: '25.00', currentTotal: usd('17.00')}),
    )

    expect(decimalOf(planned.total)).toBe('25.00')
  })
})

describe('tax', () => {
  const two = order({
    lines: [
      line({taxLines: [tax('1.25'), tax('0.20', {title: 'City Tax', rate: '0.01'})]}),
      {...cap, taxLines: [tax('0.63')]},
    ],
    shippingLines: [shippingLine('5.00', {taxLines: [tax('0.31')]})],
    totalTax: usd('2.39'),
    total: '37.39',
  })

  test('under legacy tax is one line a title and rate, every line non-taxable', () => {
    const planned = plan(two)

    expect(lines(planned).slice(2)).toEqual(['tax:city-tax:1 9008 1 0.20', 'tax:state-tax:6.25 9008 1 2.19'])
    expect(planned.lines.map(({description}) => description).slice(2)).toEqual(['City Tax 1 %', 'State Tax 6.25 %'])
    expect(planned.lines.every((each) => each.taxCode?.id === '-8')).toBe(true)
    expect([planned.shippingTaxCode, planned.taxDetails]).toEqual([{id: '-8'}, null])
  })

  test('keeps its line keys when Shopify lists the lines the other way round', () => {
    const keys = (from: ShopifyOrder) => lines(plan(from)).filter((each) => each.startsWith('tax:'))

    expect(keys({...two, lines: two.lines.toReversed()})).toEqual(keys(two))
  })

  test('under SuiteTax is a detail of its line or of shipping, with basis and rate', () => {
    const mapped = {
      ...suiteTax,
      tax: {
        mode: 'suitetax',
        taxes: {'State Tax': {taxType: '101', taxCode: '201'}},
        fallback: {taxType: '1', taxCode: '2'},
      },
    } as const
    const planned = plan(two, mapped)

    const details = planned.taxDetails?.map((each) => [
      each.lineKey,
      each.taxCode.id,
      decimalOf(each.basis),
      each.rate,
      decimalOf(each.amount),
    ])
    expect(details).toEqual([
      ['111', '201', '20.00', '6.25', '1.25'],
      ['111', '2', '20.00', '1', '0.20'],
      ['112', '201', '10.00', '6.25', '0.63'],
      [null, '201', '5.00', '6.25', '0.31'],
    ])
    expect(planned.lines.every((each) => each.taxCode === null)).toBe(true)
    expect([planned.shippingTaxCode, planned.lines.length]).toEqual([null, 2])
  })

  test('without a mapping under SuiteTax is refused by its title, and by nothing else', () => {
    const refused = refusal(two, suiteTax)

    expect([refused.code, refused.message]).toEqual([
      'TAX_UNMAPPED',
      'the contract maps no SuiteTax code for the tax "City Tax"',
    ])
    expect(refused.hint).toContain('tax.taxes')
  })

  test('of which Shopify states no rate gets the rate that its amounts amount to', () => {
    const unrated = order({
      lines: [line({taxLines: [tax('1.25', {rate: null})]})],
      totalTax: usd('1.25'),
      total: '21.25',
    })

    expect(plan(unrated, suiteTax).taxDetails?.[0]?.rate).toBe('6.25')
    expect(plan(unrated).lines[1]).toMatchObject({key: 'tax:state-tax', description: 'State Tax'})
  })

  test('that lies in the price is taken out of the item and its discount in one proportion', () => {
    const vat = tax('3.00', {title: 'VAT', rate: '0.2'})
    const included = order({
      lines: [line({discounts: [code('2.00')], taxLines: [vat]})],
      taxesIncluded: true,
      totalTax: usd('3.00'),
      total: '18.00',
    })

    expect(lines(plan(included))).toEqual(['111 1201 1 16.67', '111:discount 9001 - -1.67', 'tax:vat:20 9008 1 3.00'])
  })

  test('that lies in the price but has no tax lines is refused, not booked as revenue', () => {
    const silent = order({taxesIncluded: true, totalTax: usd('3.33')})

    expect(refusal(silent).code).toBe('ORDER_TOTAL_MISMATCH')
    expect(refusal(silent).message).toBe("the tax lines sum to 0.00 USD where Shopify's tax of the order is 3.33 USD")
  })

  test('of nothing needs no mapping', () => {
    const zero = order({lines: [line({taxLines: [tax('0.00', {title: 'Zero'})]})]})

    expect(plan(zero, suiteTax).taxDetails).toEqual([])
    expect(lines(plan(zero, {...rules, items: {...rules.items, tax: null}}))).toEqual(['111 1201 1 20.00'])
  })

  test("a marketplace's tax goes to its own item, or with ours where the contract names none", () => {
    const marketplace = order({
      lines: [line({taxLines: [tax('1.25', {channelLiable: true})]})],
      totalTax: usd('1.25'),
      total: '21.25',
    })
    const ours = {...rules, items: {...rules.items, marketplaceTax: null}}

    expect(lines(plan(marketplace))[1]).toBe('tax:marketplace:state-tax:6.25 9009 1 1.25')
    expect(lines(plan(marketplace, suiteTax))[1]).toBe('tax:marketplace:state-tax:6.25 9009 1 1.25')
    expect(lines(plan(marketplace, ours))[1]).toBe('tax:state-tax:6.25 9008 1 1.25')
  })

  test('of which Shopify does not know who owes it is ours', () => {
    const taxLines = [tax('1.25', {channelLiable: null})]
    const unknown = order({lines: [line({taxLines})], totalTax: usd('1.25'), total: '21.25'})

    expect(lines(plan(unknown))[1]).toBe('tax:state-tax:6.25 9008 1 1.25')
  })
})

describe('shipping', () => {
  test('is a cost and a method of the head, discounts taken off', () => {
    const planned = plan(order({shippingLines: [shippingLine('5.00', {discountedPrice: usd('3.00')})], total: '23.00'}))

    expect([planned.shipMethod, planned.shippingCost?.minor]).toEqual([{id: '8001'}, 300n])
  })

  test('in several lines is summed under the first method; removed lines do not count', () => {
    const shippingLines = [
      shippingLine('9.00', {title: 'Nobody knows', isRemoved: true}),
      shippingLine('5.00', {title: 'Express'}),
      shippingLine('2.00'),
    ]
    const planned = plan(order({shippingLines, total: '36.00', currentTotal: usd('27.00')}))

    expect([planned.shipMethod, planned.shippingCost?.minor]).toEqual([{id: '8002'}, 700n])
  })

  test('that is not there has neither cost nor method', () => {
    const planned = plan(order())

    expect([planned.shipMethod, planned.shippingCost, planned.shippingTaxCode]).toEqual([null, null, null])
  })

  test('of an unmapped title is refused by name, unless the contract has a fallback', () => {
    const drone = order({shippingLines: [shippingLine('5.00', {title: 'constructor'})], total: '25.00'})
    const fallback = {...rules, shipping: {...rules.shipping, fallback: '8003'}}

    expect(refusal(drone).code).toBe('SHIPPING_UNMAPPED')
    expect(refusal(drone).message).toContain('"constructor"')
    expect(plan(drone, fallback).shipMethod).toEqual({id: '8003'})
  })
})

describe('tips', () => {
  const tipLine = line({
    id: 'gid://shopify/LineItem/114',
    sku: null,
    variantId: null,
    title: 'Trinkgeld',
    requiresShipping: false,
    unitPrice: usd('3.00'),
  })

  test('that Shopify shows as a line and as a tip are booked once', () => {
    const shown = order({lines: [line(), tipLine], tip: usd('3.00'), total: '23.00'})

    expect(lines(plan(shown))).toEqual(['111 1201 1 20.00', 'tip 9002 1 3.00'])
  })

  test('beside a custom line of the same amount are both booked', () => {
    const both = order({lines: [line(), tipLine], tip: usd('3.00'), total: '26.00'})

    expect(lines(plan(both))).toEqual(['111 1201 1 20.00', '114 9006 1 3.00', 'tip 9002 1 3.00'])
  })
})

test('duties and fees stand on lines of their own, with their taxes among the taxes', () => {
  const duties = [{id: 'gid://shopify/Duty/9', price: usd('4.00'), taxLines: [tax('0.25')]}]
  const fees = [
    {id: 'gid://shopify/AdditionalFee/8', name: 'Colorado delivery fee', price: usd('0.27'), taxLines: [tax('0.02')]},
  ]
  const planned = plan(order({lines: [line({duties})], fees, totalTax: usd('0.27'), total: '24.54'}))

  expect(lines(planned)).toEqual([
    '111 1201 1 20.00',
    '111:duty:9 9003 1 4.00',
    'fee:8 9004 1 0.27',
    'tax:state-tax:6.25 9008 1 0.27',
  ])
})

test('duties that the price includes are taken out of the item', () => {
  const duties = [{id: 'gid://shopify/Duty/9', price: usd('4.00'), taxLines: []}]

  expect(lines(plan(order({lines: [line({duties})], dutiesIncluded: true})))).toEqual([
    '111 1201 1 16.00',
    '111:duty:9 9003 1 4.00',
  ])
})

describe('currencies', () => {
  const abroad = order({
    currency: 'USD',
    presentmentCurrency: 'JPY',
    lines: [line({unitPrice: {shop: usd('20.00').shop, presentment: usd('3000', 'JPY').shop}})],
  })
  const bags = {
    total: {shop: usd('20.00').shop, presentment: usd('3000', 'JPY').shop},
    tip: {shop: usd('0').shop, presentment: usd('0', 'JPY').shop},
    totalTax: {shop: usd('0').shop, presentment: usd('0', 'JPY').shop},
  }
  const inYen = {...abroad, ...bags, currentTotal: bags.total, currentTotalTax: bags.totalTax}

  test("are the shop's or the customer's, by the contract, never mixed", () => {
    expect(plan(inYen)).toMatchObject({currency: {id: '1'}, total: {minor: 2000n, currency: 'USD'}})
    const paid = plan(inYen, {...rules, book: 'presentment'})
    expect(paid).toMatchObject({currency: {id: '5'}, total: {minor: 3000n, currency: 'JPY'}})
    expect(paid.lines[0]?.amount).toEqual({minor: 3000n, currency: 'JPY'})
  })

  test('without an id in the contract are refused by code', () => {
    const refused = refusal(inYen, {...rules, book: 'presentment', currencies: {USD: '1'}})

    expect([refused.code, refused.message]).toEqual([
      'CURRENCY_UNMAPPED',
      'the contract names no NetSuite currency for JPY',
    ])
  })
})

describe('an order whose charges do not sum to its total', () => {
  test('gets one visible rounding line within the limit of the contract', () => {
    expect(lines(plan(order({total: '20.02'})))).toEqual(['111 1201 1 20.00', 'rounding 9007 1 0.02'])
    expect(lines(plan(order({total: '19.98'})))).toEqual(['111 1201 1 20.00', 'rounding 9007 1 -0.02'])
  })

  test('gets it also where the tax of the order is not the sum of its tax lines', () => {
    const cents = order({lines: [line({taxLines: [tax('1.25')]})], totalTax: usd('1.26'), total: '21.26'})

    expect(lines(plan(cents)).slice(1)).toEqual(['tax:state-tax:6.25 9008 1 1.25', 'rounding 9007 1 0.01'])
  })

  test('is refused above the limit, with both figures', () => {
    expect(refusal(order({total: '20.03'})).message).toBe(
      'the charges sum to 20.00 USD, Shopify says 20.03 USD: a difference of 0.03 USD, no single charge is that large',
    )
  })

  test('is refused with the charge that is as large as the difference', () => {
    const tipped = order({tip: usd('3.00')})

    expect(refusal(tipped).code).toBe('ORDER_TOTAL_MISMATCH')
    expect(refusal(tipped).message).toContain('as much as the tip')
  })

  test('is refused within the limit too, where no item may carry the difference', () => {
    const without = {...rules, items: {...rules.items, rounding: null}}

    expect(refusal(order({total: '20.01'}), without).message).toContain('items.rounding')
  })

  test('is never rounded in a currency without decimals', () => {
    const yen = (text: string) => usd(text, 'JPY')
    const off = order({
      currency: 'JPY',
      presentmentCurrency: 'JPY',
      lines: [line({unitPrice: yen('2000')})],
      tip: yen('0'),
      totalTax: yen('0'),
      currentTotal: yen('2001'),
      currentTotalTax: yen('0'),
    })

    expect(refusal({...off, total: yen('2001')}).code).toBe('ORDER_TOTAL_MISMATCH')
  })
})

describe('what is unknown to the contract', () => {
  test.each([
    ['SKU_UNMAPPED', order({lines: [line({sku: 'NEW'})]}), '"NEW"'],
    ['SKU_AMBIGUOUS', order({lines: [line({sku: 'TWICE'})]}), '"TWICE" (ids 1204, 1205)'],
    ['ITEM_INACTIVE', order({lines: [line({sku: 'OLD'})]}), '"OLD" (id 1203)'],
    ['TERMS_UNMAPPED', order({paymentTerms: 'Net 45'}), '"Net 45"'],
  ])('is refused as %s by name', (expected, from, name) => {
    const refused = refusal(from)

    expect(refused.code).toBe(expected)
    expect(refused.message).toContain(name)
    expect(refused.subject).toBe('gid://shopify/Order/5001')
  })

  test('is told all at once', () => {
    const bad = order({
      lines: [
        line({sku: 'NEW'}),
        line({id: 'gid://shopify/LineItem/113', sku: 'NEWER'}),
        line({id: 'gid://shopify/LineItem/114', sku: 'NEW'}),
      ],
      tip: usd('3.00'),
      paymentTerms: 'Net 45',
      total: '63.00',
    })
    const refused = refusal(bad, {...rules, items: {...rules.items, tip: null}})

    expect(refused.code).toBe('SKU_UNMAPPED')
    expect(refused.message).toBe(
      'no NetSuite item carries the SKU "NEW", "NEWER"; the contract names no item for the tip of 3.00 USD ' +
        '(items.tip); the contract maps no payment terms for "Net 45"',
    )
    expect(refused.hint).toContain('terms in tieout.yaml')
  })

  test('an order without anything to write is refused before NetSuite does it cryptically', () => {
    expect(refusal(order({lines: [], total: '0.00'})).code).toBe('ORDER_EMPTY')
  })
})
