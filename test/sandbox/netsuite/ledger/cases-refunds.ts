import {accountId} from '../../../../src/sandbox/netsuite/seed-accounts.ts'
import {type Case, kept} from './cases-sales.ts'
import {creditMemo, deposit, line, made, order, payout, refund, saved, sold} from './world.ts'

export const refunds: Readonly<Record<string, Case>> = {
  '6': {
    title: 'cancelled before shipping and refunded in full; the fee stays',
    run(world) {
      const ordered = order(world, [line.product('48.60')])
      const paid = deposit(world, ordered, '48.60')
      world.engine.update('salesOrder', {id: ordered.id}, {lines: {item: [{key: '1', fields: {isClosed: true}}]}})
      const back = refund(world, paid, '48.60')
      const other = sold(world, [line.product('100.00')], '100.00')
      payout(world, [paid, back, other], {'6000': '4.91'})
    },
    accounts:
      '1000: 95.09 | – = +95.09 · 1010: 48.60 + 100.00 + 48.60 | 48.60 + 48.60 + 100.00 = 0.00 · 1100: 48.60 + 100.00 | 48.60 + 100.00 = 0.00 · 2100: 48.60 + 100.00 | 48.60 + 100.00 = 0.00 · 4000: – | 100.00 = -100.00 · 6000: 4.91 | – = +4.91.',
  },
  '7': {
    title: 'one of two units returned to stock',
    after: ['1'],
    run(world) {
      const lines = [{fields: {orderLine: '1', quantity: '1', amount: '40.00', price: {id: '-1'}, location: {id: '1'}}}]
      const authorized = made(world, kept(world, '1 ordered'), 'returnAuthorization', {}, lines)
      made(world, authorized, 'itemReceipt')
      const credit = made(world, authorized, 'creditMemo', {}, [
        {fields: {orderLine: '1', quantity: '1', amount: '40.00', price: {id: '-1'}}},
        line.discount('-4.00'),
        line.tax('2.88'),
      ])
      refund(world, credit, '38.88')
    },
    accounts:
      '1010: – | 38.88 = -38.88 · 1100: 38.88 | 38.88 = 0.00 · 1200: 15.00 | – = +15.00 · 2300: 2.88 | – = +2.88 · 4000: 40.00 | – = +40.00 · 4100: – | 4.00 = -4.00 · 5000: – | 15.00 = -15.00.',
  },
  '8': {
    title: 'shipping refunded with its tax',
    after: ['1'],
    run(world) {
      const fields = {shipMethod: {id: '8001'}, shippingCost: '5.00'}
      refund(world, creditMemo(world, [line.tax('0.40')], fields), '5.40')
    },
    accounts: '1010: – | 5.40 = -5.40 · 1100: 5.40 | 5.40 = 0.00 · 2300: 0.40 | – = +0.40 · 4300: 5.00 | – = +5.00.',
  },
  '9': {
    title: 'an amount refunded without goods',
    after: ['1'],
    run(world) {
      refund(world, creditMemo(world, [line.adjustment('10.00')]), '10.00')
    },
    accounts: '1010: – | 10.00 = -10.00 · 1100: 10.00 | 10.00 = 0.00 · 4900: 10.00 | – = +10.00.',
  },
  '10': {
    title: 'an exchange for a dearer item',
    run(world) {
      sold(world, [line.product('36.00'), line.tax('2.88')], '38.88')
      const credit = creditMemo(world, [line.product('36.00'), line.tax('2.88')])
      const ordered = order(world, [line.product('50.00'), line.tax('4.00')])
      deposit(world, ordered, '15.12')
      const billed = made(world, ordered, 'invoice')
      const row = {key: billed.id, fields: {apply: true, amount: '38.88'}}
      const applied = world.engine.update('creditMemo', {id: credit.id}, {lines: {apply: [row]}})
      if (!applied.ok) throw new Error(applied.message)
    },
    accounts:
      '1010: 38.88 + 15.12 | – = +54.00 · 1100: 38.88 + 54.00 | 38.88 + 38.88 + 15.12 = 0.00 · 2100: 38.88 + 15.12 | 38.88 + 15.12 = 0.00 · 2300: 2.88 | 2.88 + 4.00 = -4.00 · 4000: 36.00 | 36.00 + 50.00 = -50.00.',
  },
  '18': {
    title: 'a sale and a refund in cash, rounded to five cents in Canada',
    run(world) {
      const fields = {entity: {id: '500'}, account: {id: accountId('1030')}, undepFunds: false}
      saved(world, {
        type: 'cashSale',
        fields: {...fields, tranDate: '2026-11-03'},
        lines: {item: [line.product('9.51'), line.tax('0.48'), line.rounding('0.01')]},
      })
      saved(world, {
        type: 'cashRefund',
        fields: {entity: {id: '500'}, account: {id: accountId('1030')}, tranDate: '2026-11-06'},
        lines: {item: [line.product('4.78'), line.tax('0.24'), line.rounding('-0.02')]},
      })
    },
    accounts:
      '1030: 10.00 | 5.00 = +5.00 · 2300: 0.24 | 0.48 = -0.24 · 4000: 4.78 | 9.51 = -4.73 · 6060: – | 0.01 + 0.02 = -0.03.',
  },
  '19': {
    title: 'prices that include the tax',
    run(world) {
      sold(world, [line.product('16.66'), line.tax('4.16')], '24.94', {shipping: '4.12'})
    },
    accounts:
      '1010: 24.94 | – = +24.94 · 1100: 24.94 | 24.94 = 0.00 · 2100: 24.94 | 24.94 = 0.00 · 2300: – | 4.16 = -4.16 · 4000: – | 16.66 = -16.66 · 4300: – | 4.12 = -4.12.',
  },
  '20': {
    title: 'net 30: billed when shipped, paid later',
    run(world) {
      const billed = made(world, order(world, [line.product('1000.00')], undefined, {terms: {id: '2'}}), 'invoice')
      made(world, billed, 'customerPayment', {undepFunds: true, tranDate: '2026-11-24'})
    },
    accounts: '1010: 1,000.00 | – = +1,000.00 · 1100: 1,000.00 | 1,000.00 = 0.00 · 4000: – | 1,000.00 = -1,000.00.',
  },
  '21': {
    title: 'a sale at the till with its cost, banked',
    run(world) {
      saved(world, {
        type: 'cashSale',
        fields: {entity: {id: '500'}, account: {id: accountId('1030')}, undepFunds: false, tranDate: '2026-11-03'},
        lines: {item: [line.cap('30.00'), line.tax('2.40')]},
      })
      payout(world, [], {}, {'1030': '32.40'})
    },
    accounts:
      '1000: 32.40 | – = +32.40 · 1030: 32.40 | 32.40 = 0.00 · 1200: – | 12.00 = -12.00 · 2300: – | 2.40 = -2.40 · 4000: – | 30.00 = -30.00 · 5000: 12.00 | – = +12.00.',
  },
  '22': {
    title: 'store credit: refunded to it, given as goodwill, spent',
    run(world) {
      sold(world, [line.product('36.00'), line.tax('2.88')], '38.88')
      refund(world, creditMemo(world, [line.product('36.00'), line.tax('2.88')]), '38.88', '2210')
      refund(world, creditMemo(world, [line.goodwill('10.00')]), '10.00', '2210')
      sold(world, [line.product('25.00')], '25.00', {account: '2210'})
    },
    accounts:
      '1010: 38.88 | – = +38.88 · 1100: 38.88 + 38.88 + 10.00 + 25.00 | 38.88 + 38.88 + 10.00 + 25.00 = 0.00 · 2100: 38.88 + 25.00 | 38.88 + 25.00 = 0.00 · 2210: 25.00 | 38.88 + 10.00 = -23.88 · 2300: 2.88 | 2.88 = 0.00 · 4000: 36.00 | 36.00 + 25.00 = -25.00 · 4900: 10.00 | – = +10.00.',
  },
  '25': {
    title: 'a refund that failed: its money stands in the customer\u2019s deposits again',
    run(world) {
      refund(world, creditMemo(world, [line.adjustment('10.00')]), '10.00')
      deposit(world, null, '10.00')
    },
    accounts:
      '1010: 10.00 | 10.00 = 0.00 · 1100: 10.00 | 10.00 = 0.00 · 2100: – | 10.00 = -10.00 · 4900: 10.00 | – = +10.00.',
  },
}
