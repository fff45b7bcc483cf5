import type {Case} from './cases-sales.ts'
import {checked, creditMemo, deposit, line, made, order, payout, refund, sold} from './world.ts'

export const payouts: Readonly<Record<string, Case>> = {
  '11': {
    title: 'a chargeback with its fee, won later',
    run(world) {
      payout(world, [sold(world, [line.product('100.00')], '100.00')], {'6000': '3.20'})
      payout(world, [sold(world, [line.product('300.00')], '300.00')], {
        '6000': '9.00',
        '1310': '100.00',
        '6010': '15.00',
      })
      payout(world, [], {}, {'1310': '100.00', '6010': '15.00'})
    },
    accounts:
      '1000: 96.80 + 176.00 + 115.00 | – = +387.80 · 1010: 100.00 + 300.00 | 100.00 + 300.00 = 0.00 · 1100: 100.00 + 300.00 | 100.00 + 300.00 = 0.00 · 1310: 100.00 | 100.00 = 0.00 · 2100: 100.00 + 300.00 | 100.00 + 300.00 = 0.00 · 4000: – | 100.00 + 300.00 = -400.00 · 6000: 3.20 + 9.00 | – = +12.20 · 6010: 15.00 | 15.00 = 0.00.',
  },
  '11b': {
    title: 'a chargeback lost: a deposit with a total of zero',
    run(world) {
      payout(world, [], {'6020': '100.00'}, {'1310': '100.00'})
    },
    accounts: '1310: – | 100.00 = -100.00 · 6020: 100.00 | – = +100.00.',
  },
  '12': {
    title: 'a reserve held and released',
    run(world) {
      payout(world, [sold(world, [line.product('1000.00')], '1000.00')], {'6000': '29.30', '1300': '200.00'})
      payout(world, [sold(world, [line.product('500.00')], '500.00')], {'6000': '14.80'}, {'1300': '200.00'})
    },
    accounts:
      '1000: 770.70 + 685.20 | – = +1,455.90 · 1010: 1,000.00 + 500.00 | 1,000.00 + 500.00 = 0.00 · 1100: 1,000.00 + 500.00 | 1,000.00 + 500.00 = 0.00 · 1300: 200.00 | 200.00 = 0.00 · 2100: 1,000.00 + 500.00 | 1,000.00 + 500.00 = 0.00 · 4000: – | 1,000.00 + 500.00 = -1,500.00 · 6000: 29.30 + 14.80 | – = +44.10.',
  },
  '13': {
    title: 'a payout that failed and came back inside a later one',
    run(world) {
      payout(world, [sold(world, [line.product('500.00')], '500.00')], {'6000': '14.80'})
      checked(world, '1000', {'1005': '485.20'})
      payout(world, [sold(world, [line.product('300.00')], '300.00')], {'6000': '9.00'}, {'1005': '485.20'})
    },
    accounts:
      '1000: 485.20 + 776.20 | 485.20 = +776.20 · 1005: 485.20 | 485.20 = 0.00 · 1010: 500.00 + 300.00 | 500.00 + 300.00 = 0.00 · 1100: 500.00 + 300.00 | 500.00 + 300.00 = 0.00 · 2100: 500.00 + 300.00 | 500.00 + 300.00 = 0.00 · 4000: – | 500.00 + 300.00 = -800.00 · 6000: 14.80 + 9.00 | – = +23.80.',
  },
  '14': {
    title: 'a payout below zero: a deposit of zero and a check',
    run(world) {
      payout(world, [sold(world, [line.product('120.00')], '120.00')], {'6000': '3.78'})
      const back = refund(world, creditMemo(world, [line.product('120.00')]), '120.00')
      const charge = sold(world, [line.product('80.00')], '80.00')
      payout(world, [charge, back], {'6000': '2.62'}, {'1005': '42.62'})
      checked(world, '1000', {'1005': '42.62'})
    },
    accounts:
      '1000: 116.22 | 42.62 = +73.60 · 1005: 42.62 | 42.62 = 0.00 · 1010: 120.00 + 80.00 + 120.00 | 120.00 + 120.00 + 80.00 = 0.00 · 1100: 120.00 + 120.00 + 80.00 | 120.00 + 120.00 + 80.00 = 0.00 · 2100: 120.00 + 80.00 | 120.00 + 80.00 = 0.00 · 4000: 120.00 | 120.00 + 80.00 = -80.00 · 6000: 3.78 + 2.62 | – = +6.40.',
  },
  '15': {
    title: 'sold in euro, booked in the shop\u2019s currency, settled for less',
    run(world) {
      payout(world, [sold(world, [line.product('101.20')], '101.20')], {'7000': '0.46', '6000': '4.73'})
    },
    accounts:
      '1000: 96.01 | – = +96.01 · 1010: 101.20 | 101.20 = 0.00 · 1100: 101.20 | 101.20 = 0.00 · 2100: 101.20 | 101.20 = 0.00 · 4000: – | 101.20 = -101.20 · 6000: 4.73 | – = +4.73 · 7000: 0.46 | – = +0.46.',
  },
  '15b': {
    title: 'the same booked in euro: the rates of deposit and invoice differ',
    run(world) {
      const ordered = order(world, [line.product('92.00')], undefined, {currency: {id: '4'}, exchangeRate: '1.12'})
      deposit(world, ordered, '92.00', undefined, {exchangeRate: '1.10'})
      made(world, ordered, 'invoice')
    },
    accounts:
      '1010: 101.20 | – = +101.20 · 1100: 103.04 | 101.20 + 1.84 = 0.00 · 2100: 101.20 | 101.20 = 0.00 · 4000: – | 103.04 = -103.04 · 7000: 1.84 | – = +1.84.',
  },
  '23': {
    title: 'shipping labels and adjustments in one payout',
    run(world) {
      const fees = {'6000': '6.10', '6030': '8.50', '6040': '29.00'}
      payout(world, [sold(world, [line.product('200.00')], '200.00')], fees, {'6090': '1.25'})
    },
    accounts:
      '1000: 157.65 | – = +157.65 · 1010: 200.00 | 200.00 = 0.00 · 1100: 200.00 | 200.00 = 0.00 · 2100: 200.00 | 200.00 = 0.00 · 4000: – | 200.00 = -200.00 · 6000: 6.10 | – = +6.10 · 6030: 8.50 | – = +8.50 · 6040: 29.00 | – = +29.00 · 6090: – | 1.25 = -1.25.',
  },
  '24': {
    title: 'marketplace tax withheld from the payout',
    run(world) {
      const paid = sold(world, [line.product('50.00'), line.marketplaceTax('4.00')], '54.00')
      payout(world, [paid], {'6000': '1.87', '2310': '4.00'})
    },
    accounts:
      '1000: 48.13 | – = +48.13 · 1010: 54.00 | 54.00 = 0.00 · 1100: 54.00 | 54.00 = 0.00 · 2100: 54.00 | 54.00 = 0.00 · 2310: 4.00 | 4.00 = 0.00 · 4000: – | 50.00 = -50.00 · 6000: 1.87 | – = +1.87.',
  },
  '24b': {
    title: 'a marketplace that keeps the tax itself',
    run(world) {
      sold(world, [line.product('50.00'), line.marketplaceTax('4.00'), line.marketplaceTax('-4.00')], '50.00')
    },
    accounts:
      '1010: 50.00 | – = +50.00 · 1100: 50.00 | 50.00 = 0.00 · 2100: 50.00 | 50.00 = 0.00 · 2310: 4.00 | 4.00 = 0.00 · 4000: – | 50.00 = -50.00.',
  },
}
