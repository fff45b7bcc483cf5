import {expect, test} from 'vitest'

import {scopesFor} from '../../../src/lib/ops/doctor-shopify.ts'
import {referencesOf} from '../../../src/lib/ops/references.ts'
import type {LifeRules, ShopRules} from '../../../src/lib/plan/life-types.ts'
import {rules} from '../plan/orders-of-shopify.ts'

const nothing: LifeRules = {
  gateways: {},
  payments: 'off',
  fulfillments: {from: 'off', locations: {}},
  billing: 'netsuite',
  refunds: {mode: 'off', restock: 'none', adjustmentItem: null},
  undepositedFunds: null,
  closedPeriod: 'park',
  payouts: {banks: {}, transit: null, fees: null, types: {}, fx: null, linesPerDeposit: 2000},
}

const named: LifeRules = {
  ...nothing,
  gateways: {
    shopify_payments: {account: {kind: 'undeposited'}, paymentMethod: '2'},
    paypal: {account: {kind: 'account', id: '4'}, paymentMethod: null},
  },
  fulfillments: {from: 'off', locations: {70000000001: '7'}},
  refunds: {mode: 'off', restock: 'none', adjustmentItem: '9010'},
  undepositedFunds: '3',
  payouts: {
    ...nothing.payouts,
    banks: {USD: '1'},
    transit: '2',
    fees: '31',
    fx: '39',
    types: {'SHIPPING_LABEL*': '34'},
  },
}

function keys(life: LifeRules, table: string): string[] {
  const shop: ShopRules = {...rules, life}
  const found = referencesOf(shop).find((one) => one.table === table)
  return (found?.ids ?? []).map(({id, key}) => `${key}=${id}`)
}

test('every account, item, location and payment method of the books is looked up in NetSuite, by its key', () => {
  expect(keys(named, 'account').toSorted()).toEqual([
    'accounts.bank.USD=1',
    'accounts.fees=31',
    'accounts.fx=39',
    'accounts.payout_transit=2',
    'accounts.undeposited_funds=3',
    'gateways.paypal.account=4',
    'payouts.types.SHIPPING_LABEL*=34',
  ])
  expect(keys(named, 'paymentmethod')).toEqual(['gateways.shopify_payments.payment_method=2'])
  expect(keys(named, 'item')).toContain('refunds.adjustment_item=9010')
  expect(keys(named, 'location')).toContain('fulfillments.locations.70000000001=7')
})

test('a contract without books asks NetSuite for no account and no payment method', () => {
  expect([keys(nothing, 'account'), keys(nothing, 'paymentmethod')]).toEqual([[], []])
})

test('the app needs further scopes only for what the contract switches on', () => {
  expect(scopesFor(nothing)).toEqual([])
  expect(scopesFor(named)).toEqual([])
  expect(scopesFor({...nothing, payments: 'deposit'})).toEqual(['read_returns', 'read_locations'])
  expect(scopesFor({...named, payments: 'deposit'})).toContain('read_shopify_payments_payouts')
  expect(scopesFor({...nothing, fulfillments: {from: 'netsuite', locations: {}}})).toContain(
    'write_merchant_managed_fulfillment_orders',
  )
})
