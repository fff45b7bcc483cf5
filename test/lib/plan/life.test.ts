import {describe, expect, test} from 'vitest'

import type {RejectedError} from '../../../src/lib/core/errors.ts'
import {postingsOf} from '../../../src/lib/plan/postings.ts'
import type {LifeRules} from '../../../src/lib/plan/life-types.ts'
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
import {code, line, order, refunded, rules, shippingLine, suiteTax, tax, usd} from './orders-of-shopify.ts'

/** Three tees of 20.00, shipping 5.00, paid by card. */
function tees(change: Parameters<typeof order>[0] = {}): ShopifyOrder {
  return order({
    lines: [line({quantity: 3})],
    shippingLines: [shippingLine('5.00')],
    total: '65.00',
    transactions: [paid('65.00')],
    ...change,
  })
}

function refusal(from: ShopifyOrder, contract: Contract = {}): RejectedError {
  try {
    lifeOf(from, contract)
  } catch (error) {
    return error as RejectedError
  }
  throw new Error('it was not refused')
}

const withLife = (change: Partial<LifeRules>): Contract => ({life: {...life, ...change}})
const RETURN = 'RETURN' as const

describe('payments', () => {
  test('authorisations, voids, failures and tests move no money; what is pending is named', () => {
    const {records, waiting} = lifeOf(
      tees({
        transactions: [
          paid('65.00', {kind: 'AUTHORIZATION'}),
          paid('65.00', {kind: 'VOID', id: gid('OrderTransaction', 902)}),
          paid('65.00', {status: 'FAILURE', id: gid('OrderTransaction', 903)}),
          paid('65.00', {test: true, id: gid('OrderTransaction', 904)}),
          paid('65.00', {status: 'PENDING', gateway: 'paypal', id: gid('OrderTransaction', 905)}),
        ],
      }),
    )

    expect(records).toEqual([])
    expect(waiting).toEqual([
      {what: 'the sale gid://shopify/OrderTransaction/905 by paypal', why: 'Shopify says PENDING'},
    ])
  })

  test('cash that was handed back as change is not received', () => {
    const change = paid('35.00', {kind: 'CHANGE', id: gid('OrderTransaction', 902), gateway: 'cash'})
    const from = tees({
      transactions: [paid('100.00', {gateway: 'cash'}), {...change, parentId: gid('OrderTransaction', 901)}],
    })

    expect(accountsOf(from)).toEqual({'1030': '65.00', '2100': '-65.00'})
  })

  test('a payment after a part was billed settles that part, and the rest waits on the order', () => {
    const from = tees({
      transactions: [paid('65.00', {processedAt: after(150)})],
      fulfillments: [shipped(100, {111: 1})],
    })

    expect(told(lifeOf(from).records)).toEqual([
      'itemFulfillment SHOPIFY:FULFILLMENT:701',
      'invoice SHOPIFY:INVOICE:701 25.00',
      'customerDeposit SHOPIFY:TRANSACTION:901 65.00',
      'depositApplication SHOPIFY:TRANSACTION:901:APPLIED',
    ])
    expect(accountsOf(from)).toEqual({'1010': '65.00', '2100': '-40.00', '4000': '-20.00', '4300': '-5.00'})
  })

  test('where the contract says so, no money is written, and NetSuite bills', () => {
    const from = tees({fulfillments: [shipped(100, {111: 3})]})

    expect(told(lifeOf(from, withLife({payments: 'off', billing: 'netsuite'})).records)).toEqual([
      'itemFulfillment SHOPIFY:FULFILLMENT:701',
    ])
  })
})

describe('shipments', () => {
  test('are written with the location of the contract, their tracking and the lines they leave', () => {
    const fulfillment = {
      ...shipped(100, {111: 1}),
      locationId: gid('Location', 70),
      tracking: [{number: '1Z', company: 'UPS', url: null}],
    }
    const from = tees({
      lines: [line({quantity: 3}), line({id: gid('LineItem', 112), sku: 'CAP', unitPrice: usd('0.00')})],
      fulfillments: [fulfillment],
    })
    const by = withLife({fulfillments: {from: 'shopify', locations: {'70': '5'}}})
    const [shipment] = lifeOf(from, by).records.filter(({type}) => type === 'itemFulfillment')

    expect(shipment).toMatchObject({
      tranDate: '2026-11-20',
      lines: [{key: '111', quantity: 1, amount: null, location: {id: '5'}}],
      openKeys: ['112'],
      packages: [{trackingNumber: '1Z', description: 'UPS'}],
    })
    expect(refusal(from, withLife({fulfillments: {from: 'shopify', locations: {'71': '5'}}})).code).toBe(
      'LOCATION_UNMAPPED',
    )
  })

  test('gift cards and what needs no shipping are billed and never shipped', () => {
    const from = tees({
      lines: [
        line({quantity: 3}),
        line({id: gid('LineItem', 112), isGiftCard: true, requiresShipping: false, unitPrice: usd('50.00')}),
        line({id: gid('LineItem', 113), sku: 'CAP', requiresShipping: false, unitPrice: usd('10.00')}),
      ],
      total: '125.00',
      transactions: [paid('125.00')],
      fulfillments: [shipped(1, {112: 1}, 700), shipped(100, {111: 3})],
    })

    expect(told(lifeOf(from).records)).toEqual([
      'customerDeposit SHOPIFY:TRANSACTION:901 125.00',
      'invoice SHOPIFY:INVOICE:ORDER:5001 50.00',
      'itemFulfillment SHOPIFY:FULFILLMENT:701',
      'invoice SHOPIFY:INVOICE:701 75.00',
    ])
  })

  test('one that is still open is named, one that was cancelled before NetSuite had it is nothing', () => {
    const fulfillments = ['OPEN', 'CANCELLED'].map((status, i) => ({...shipped(100, {111: 1}, 701 + i), status}))
    const {records, waiting} = lifeOf(tees({fulfillments}))

    expect(told(records)).toEqual(['customerDeposit SHOPIFY:TRANSACTION:901 65.00'])
    expect(waiting).toEqual([{what: 'the fulfilment gid://shopify/Fulfillment/701', why: 'Shopify says OPEN'}])
  })

  test('under SuiteTax a bill states its taxes, and all bills together those of the order', () => {
    const from = tees({
      lines: [line({quantity: 3, taxLines: [tax('3.76')]})],
      totalTax: usd('3.76'),
      total: '68.76',
      transactions: [paid('68.76')],
      fulfillments: [shipped(100, {111: 1}), shipped(200, {111: 2}, 702)],
    })
    const bills = lifeOf(from, {order: suiteTax}).records.filter(({type}) => type === 'invoice')

    expect(bills).toMatchObject([
      {taxDetails: [{lineKey: '111', basis: {minor: 2000n}, amount: {minor: 125n}}], total: {minor: 2625n}},
      {taxDetails: [{lineKey: '111', basis: {minor: 4000n}, amount: {minor: 251n}}], total: {minor: 4251n}},
    ])
  })
})

describe('refunds', () => {
  const back = (given: string, change: Parameters<typeof givenBack>[0] = {}, from: Parameters<typeof order>[0] = {}) =>
    tees({transactions: [paid('65.00'), repaid(given)], refunds: [givenBack(change)], ...from})

  test('a unit that never shipped is taken out of the deposit, one that came back out of a credit', () => {
    const from = back(
      '40.00',
      {
        lines: [refunded({amount: '20.00', restockType: 'CANCEL'}), refunded({amount: '20.00', restockType: RETURN})],
      },
      {
        lines: [line({quantity: 3, currentQuantity: 1})],
        currentTotal: usd('25.00'),
        fulfillments: [shipped(100, {111: 2})],
      },
    )
    const refund = lifeOf(from).records.find(({type}) => type === 'customerRefund')

    expect(refund).toMatchObject({
      credits: [{creditMemo: {externalId: 'SHOPIFY:REFUND:801'}, amount: {minor: 2000n}}],
      deposits: [{deposit: {externalId: 'SHOPIFY:TRANSACTION:901'}, amount: {minor: 2000n}}],
    })
    expect(accountsOf(from)).toEqual({'1010': '25.00', '4000': '-20.00', '4300': '-5.00'})
  })

  test('an amount given back before anything is billed comes off the bill that follows', () => {
    const adjustments = [{amount: usd('-10.00'), tax: usd('0.00'), reason: null}]
    const refund = {createdAt: after(50), adjustments}
    const open = lifeOf(back('10.00', refund))
    expect(told(open.records).at(-1)).toBe('customerRefund SHOPIFY:REFUND:801:902 10.00')
    expect(open.waiting).toHaveLength(1)

    const from = back('10.00', refund, {fulfillments: [shipped(100, {111: 3})]})
    expect(told(lifeOf(from).records).at(-1)).toBe('creditMemo SHOPIFY:REFUND:801:LATER 10.00')
    expect(accountsOf(from)).toEqual({'1010': '55.00', '4000': '-60.00', '4300': '-5.00', '4900': '10.00'})
  })

  test('goods that were not paid yet are credited against their invoice', () => {
    const from = back(
      '0',
      {lines: [refunded({amount: '20.00', restockType: RETURN})], transactionIds: []},
      {paymentTerms: 'Net 30', transactions: [], fulfillments: [shipped(100, {111: 3})]},
    )

    expect(accountsOf(from)).toEqual({'1100': '45.00', '4000': '-40.00', '4300': '-5.00'})
  })

  test('a pending one is credited, and its money waits', () => {
    const from = back(
      '0',
      {lines: [refunded({amount: '20.00', restockType: RETURN})]},
      {
        transactions: [paid('65.00'), repaid('20.00', {status: 'PENDING'})],
        fulfillments: [shipped(100, {111: 3})],
      },
    )
    const plan = lifeOf(from)

    expect(told(plan.records).at(-1)).toBe('creditMemo SHOPIFY:REFUND:801 20.00')
    expect(plan.waiting.map(({why}) => why)).toEqual(['Shopify says PENDING'])
  })

  test('goods that did not come back enter no stock, damaged ones are written off', () => {
    const line801 = refunded({amount: '20.00', restockType: 'NO_RESTOCK'})
    const from = (returnId: string | null) =>
      back(
        '20.00',
        {lines: [line801], returnId},
        {fulfillments: [shipped(100, {111: 3})], fulfillmentStatus: 'FULFILLED'},
      )
    const receipts = (plan: ReturnType<typeof lifeOf>) => plan.records.filter(({type}) => type === 'itemReceipt')

    expect(receipts(lifeOf(from(null)))).toEqual([])
    expect(receipts(lifeOf(from(gid('Return', 1))))).toMatchObject([
      {lines: [{key: '111', quantity: 1, restock: false}]},
    ])
  })

  test('a gift card that was billed and is given back is credited', () => {
    const card = line({isGiftCard: true, requiresShipping: false, unitPrice: usd('65.00'), currentQuantity: 0})
    const from = back('65.00', {lines: [refunded({amount: '65.00'})]}, {lines: [card], shippingLines: []})
    const written = new Map([['SHOPIFY:INVOICE:ORDER:5001', 'invoice' as const]])

    expect(told(lifeOf(from, {written}).records).at(-2)).toBe('creditMemo SHOPIFY:REFUND:801 65.00')
    expect(accountsOf(from, {written})).toEqual({})
    expect(accountsOf(from)).toEqual({})
  })

  test('a unit that a discount made free and that came back is credited with its price and its discount', () => {
    const free = line({quantity: 2, currentQuantity: 1, unitPrice: usd('20.00'), discounts: [code('40.00')]})
    const from = tees({
      lines: [free], shippingLines: [], total: '0.00', transactions: [], fulfillments: [shipped(100, {111: 2})],
      refunds: [givenBack({lines: [refunded({amount: '0.00', restockType: RETURN})]})],
    }) // prettier-ignore

    expect(lifeOf(from).records.find(({type}) => type === 'creditMemo')).toMatchObject({
      lines: [{amount: usd('20.00').shop}, {amount: usd('-20.00').shop}],
      total: usd('0.00').shop,
    })
    expect(accountsOf(from)).toEqual({'4000': '-20.00', '4100': '20.00'})
  })

  test('a credit of untaxed shipping alone has a line of nothing, because NetSuite takes no credit without a line', () => {
    const from = back('5.00', {shipping: [{amount: usd('5.00'), tax: usd('0.00')}]}, shippedTees)

    const credit = lifeOf(from).records.find(({type}) => type === 'creditMemo')
    expect(credit).toMatchObject({
      shippingCost: usd('5.00').shop,
      total: usd('5.00').shop,
      lines: [{item: {id: life.refunds.adjustmentItem}, amount: usd('0.00').shop}],
    })
    const without = withLife({refunds: {...life.refunds, adjustmentItem: null}})
    expect(refusal(from, without).message).toMatch(/refunds\.adjustment_item/)
  })
})

const shippedTees = {fulfillments: [shipped(100, {111: 3})]}
const returnOf = (amount: string) => ({lines: [refunded({amount, restockType: RETURN})]})

type Bad = readonly [name: string, code: string, says: RegExp, order: ShopifyOrder, contract?: Contract]

const BAD: readonly Bad[] = [
  ['the gateway is not in the contract', 'GATEWAY_UNMAPPED', /gateways\.klarna/, tees({transactions: [paid('65.00', {gateway: 'klarna'})]})], // prettier-ignore
  ['more was captured than charged', 'PAYMENT_EXCEEDS_ORDER', /65\.01 USD.*65\.00 USD/, tees({transactions: [paid('65.01')]})], // prettier-ignore
  ['more was shipped than ordered', 'FULFILLMENT_NOT_ON_ORDER', /4 of/, tees({fulfillments: [shipped(100, {111: 4})]})], // prettier-ignore
  ['the order is closed', 'FULFILLMENT_NOT_ON_ORDER', /closed/, tees({...shippedTees, cancelledAt: after(50)})],
  ['a shipped quantity is negative', 'QUANTITY_INVALID', /-1 of/, tees({fulfillments: [shipped(100, {111: -1})]})],
  ['a written shipment was cancelled', 'FULFILLMENT_CANCELLED', /SHOPIFY:FULFILLMENT:701/, tees({fulfillments: [{...shipped(100, {111: 3}), status: 'CANCELLED'}]}), {written: new Map([['SHOPIFY:FULFILLMENT:701', 'itemFulfillment']])}], // prettier-ignore
  ['more was given back than paid', 'REFUND_EXCEEDS_PAYMENT', /70\.00 USD.*65\.00 USD/, tees({...shippedTees, transactions: [paid('65.00'), repaid('70.00')], refunds: [givenBack(returnOf('70.00'))]})], // prettier-ignore
  ['a refund does not add up', 'REFUND_TOTAL_MISMATCH', /25\.00 USD.*20\.00 USD/, tees({...shippedTees, transactions: [paid('65.00'), repaid('25.00')], refunds: [givenBack(returnOf('20.00'))]})], // prettier-ignore
  ['a refund of a deposit names no payment', 'TRANSACTION_WITHOUT_PARENT', /SHOPIFY:REFUND:801:902/, tees({cancelledAt: after(400), transactions: [paid('65.00'), repaid('65.00', {parentId: null})], refunds: [givenBack({lines: [refunded({amount: '60.00', quantity: 3})], shipping: [{amount: usd('5.00'), tax: usd('0.00')}]})]})], // prettier-ignore
  ['an amount is given back without an item for it', 'CHARGE_UNMAPPED', /refunds\.adjustment_item/, tees({...shippedTees, transactions: [paid('65.00'), repaid('5.00')], refunds: [givenBack({adjustments: [{amount: usd('-5.00'), tax: usd('0.00'), reason: null}]})]}), withLife({refunds: {...life.refunds, adjustmentItem: null}})], // prettier-ignore
  ['a refund needs undeposited funds by their id', 'ACCOUNT_UNMAPPED', /accounts\.undeposited_funds/, tees({...shippedTees, transactions: [paid('65.00'), repaid('20.00')], refunds: [givenBack(returnOf('20.00'))]}), withLife({undepositedFunds: null})], // prettier-ignore
  ['a cash sale was paid into two accounts', 'CASH_SALE_UNFIT', /several accounts/, tees({...shippedTees, transactions: [paid('45.00'), paid('20.00', {id: gid('OrderTransaction', 903), gateway: 'cash'})]}), withLife({billing: 'cashSale'})], // prettier-ignore
]

test.each(BAD.map(([name, ...rest]) => ({name, rest})))('an order is refused where $name', ({rest}) => {
  const [code, says, from, contract] = rest
  const error = refusal(from, contract)

  expect(error.code).toBe(code)
  expect(error.message).toMatch(says)
  expect(error.subject).toBe('gid://shopify/Order/5001')
})

test('all that is wrong with an order is said at once', () => {
  const from = tees({
    transactions: [paid('70.00', {gateway: 'klarna'})],
    fulfillments: [shipped(100, {111: 4})],
  })

  expect(refusal(from).message).toMatch(/70\.00 USD.*klarna.*4 of/s)
})

test('the difference of a cent between a refund and its lines stands on a visible line', () => {
  const from = tees({
    ...shippedTees,
    transactions: [paid('65.00'), repaid('20.01')],
    refunds: [givenBack(returnOf('20.00'))],
  })

  expect(accountsOf(from)).toEqual({'1010': '44.99', '4000': '-40.00', '4300': '-5.00', '6060': '0.01'})
  expect(refusal(from, {order: {...rules, roundingLimit: '0'}}).code).toBe('REFUND_TOTAL_MISMATCH')
})

test('a dry run shows what NetSuite will post, as far as the plan knows', () => {
  const bill = lifeOf(tees(shippedTees)).records.find(({type}) => type === 'invoice')
  if (bill === undefined) throw new Error('there is no bill')

  expect(postingsOf(bill)).toEqual([
    {account: 'receivables', debit: usd('65.00').shop, credit: null},
    {account: 'income of item 1201', debit: null, credit: usd('60.00').shop},
    {account: 'income of shipping', debit: null, credit: usd('5.00').shop},
  ])
})
