import type {Fields} from '../../../../src/sandbox/netsuite/engine-types.ts'
import {checked, creditMemo, deposit, line, made, order, payout, refund, saved, sold, type World} from './world.ts'

/** A worked case: what is written, and the T-accounts that it must leave. */
export type Case = Readonly<{
  title: string
  /** Cases that have to stand in the books before. */
  after?: readonly string[]
  /** What has to be there and is not counted. */
  setup?: (world: World) => void
  run: (world: World) => void
  accounts: string
}>

/** The record that an earlier step kept under a name. */
export function kept(world: World, name: string): ReturnType<typeof order> {
  const record = world.kept.get(name)
  if (record === undefined) throw new Error(`nothing was kept as ${name}`)
  return record
}

export const sales: Readonly<Record<string, Case>> = {
  '1': {
    title: 'a card order through Shopify Payments, shipped, billed and paid out less its fee',
    run(world) {
      const ordered = order(world, [line.shirt('80.00', '2'), line.discount('-8.00'), line.tax('6.16')], '5.00')
      const paid = deposit(world, ordered, '83.16')
      const shipped = made(world, ordered, 'itemFulfillment')
      const billed = made(world, ordered, 'invoice')
      payout(world, [paid], {'6000': '2.71'})
      for (const [name, record] of Object.entries({ordered, paid, shipped, billed})) world.kept.set(`1 ${name}`, record)
    },
    accounts:
      '1000: 80.45 | – = +80.45 · 1010: 83.16 | 83.16 = 0.00 · 1100: 83.16 | 83.16 = 0.00 · 1200: – | 30.00 = -30.00 · 2100: 83.16 | 83.16 = 0.00 · 2300: – | 6.16 = -6.16 · 4000: – | 80.00 = -80.00 · 4100: 8.00 | – = +8.00 · 4300: – | 5.00 = -5.00 · 5000: 30.00 | – = +30.00 · 6000: 2.71 | – = +2.71.',
  },
  '2': {
    title: 'two partial captures, each billed with its own line',
    run(world) {
      const ordered = order(world, [line.product('60.00'), line.product('40.00'), line.tax('7.42')], '6.00')
      const of = (key: string, amount: string): Fields => ({orderLine: key, quantity: '1', amount, price: {id: '-1'}})
      deposit(world, ordered, '70.62')
      made(world, ordered, 'invoice', {shippingCost: '6.00'}, [
        {fields: of('1', '60.00')},
        {fields: {orderLine: '3', amount: '4.62', price: {id: '-1'}}},
      ])
      deposit(world, ordered, '42.80')
      made(world, ordered, 'invoice', {shippingCost: '0.00'}, [
        {fields: of('2', '40.00')},
        {fields: {orderLine: '3', amount: '2.80', price: {id: '-1'}}},
      ])
    },
    accounts:
      '1010: 70.62 + 42.80 | – = +113.42 · 1100: 70.62 + 42.80 | 70.62 + 42.80 = 0.00 · 2100: 70.62 + 42.80 | 70.62 + 42.80 = 0.00 · 2300: – | 4.62 + 2.80 = -7.42 · 4000: – | 60.00 + 40.00 = -100.00 · 4300: – | 6.00 = -6.00.',
  },
  '3': {
    title: 'split tender: card and gift card',
    run(world) {
      const ordered = order(world, [line.product('50.00'), line.tax('4.00')])
      deposit(world, ordered, '34.00')
      deposit(world, ordered, '20.00', '2200')
      world.kept.set('3 billed', made(world, ordered, 'invoice'))
    },
    accounts:
      '1010: 34.00 | – = +34.00 · 1100: 54.00 | 54.00 = 0.00 · 2100: 54.00 | 34.00 + 20.00 = 0.00 · 2200: 20.00 | – = +20.00 · 2300: – | 4.00 = -4.00 · 4000: – | 50.00 = -50.00.',
  },
  '3b': {
    title: 'the gift card redeemed through a clearing account of type Bank, swept by a check',
    setup(world) {
      const ordered = order(world, [line.product('50.00'), line.tax('4.00')])
      world.kept.set('3b ordered', ordered)
      world.kept.set('3b billed', made(world, ordered, 'invoice'))
    },
    run(world) {
      const card = deposit(world, kept(world, '3b ordered'), '20.00', '1025')
      checked(world, '1025', {'2200': '20.00'})
      const row = {key: kept(world, '3b billed').id, fields: {apply: true, amount: '20.00'}}
      saved(world, {
        type: 'depositApplication',
        fields: {deposit: {id: card.id}, tranDate: '2026-11-05'},
        lines: {apply: [row]},
      })
    },
    accounts:
      '1025: 20.00 | 20.00 = 0.00 · 1100: – | 20.00 = -20.00 · 2100: 20.00 | 20.00 = 0.00 · 2200: 20.00 | – = +20.00.',
  },
  '3c': {
    title: 'the gift card redeemed as a negative line of the bill',
    run(world) {
      const lines = [line.product('50.00'), line.tax('4.00'), line.giftCard('-20.00')]
      sold(world, lines, '34.00')
    },
    accounts:
      '1010: 34.00 | – = +34.00 · 1100: 34.00 | 34.00 = 0.00 · 2100: 34.00 | 34.00 = 0.00 · 2200: 20.00 | – = +20.00 · 2300: – | 4.00 = -4.00 · 4000: – | 50.00 = -50.00.',
  },
  '3d': {
    title: 'the split tender given back: one credit memo, one refund for each tender',
    after: ['3'],
    run(world) {
      const credit = creditMemo(world, [line.product('50.00'), line.tax('4.00')])
      refund(world, credit, '34.00')
      refund(world, credit, '20.00', '2200')
    },
    accounts:
      '1010: – | 34.00 = -34.00 · 1100: 34.00 + 20.00 | 54.00 = 0.00 · 2200: – | 20.00 = -20.00 · 2300: 4.00 | – = +4.00 · 4000: 50.00 | – = +50.00.',
  },
  '4': {
    title: 'a PayPal order, settled later less its fee',
    run(world) {
      sold(world, [line.product('60.00')], '60.00', {account: '1020'})
      payout(world, [], {'6000': '2.58'}, {'1020': '60.00'})
    },
    accounts:
      '1000: 57.42 | – = +57.42 · 1020: 60.00 | 60.00 = 0.00 · 1100: 60.00 | 60.00 = 0.00 · 2100: 60.00 | 60.00 = 0.00 · 4000: – | 60.00 = -60.00 · 6000: 2.58 | – = +2.58.',
  },
  '5': {
    title: 'a gift card sold is owed, not earned',
    run(world) {
      payout(world, [sold(world, [line.giftCard('100.00')], '100.00')], {'6000': '3.20'})
    },
    accounts:
      '1000: 96.80 | – = +96.80 · 1010: 100.00 | 100.00 = 0.00 · 1100: 100.00 | 100.00 = 0.00 · 2100: 100.00 | 100.00 = 0.00 · 2200: – | 100.00 = -100.00 · 6000: 3.20 | – = +3.20.',
  },
  '16': {
    title: 'a tip is owed to the staff',
    run(world) {
      const paid = sold(world, [line.product('20.00'), line.tax('1.60'), line.tip('3.00')], '24.60')
      payout(world, [paid], {'6000': '1.01'})
    },
    accounts:
      '1000: 23.59 | – = +23.59 · 1010: 24.60 | 24.60 = 0.00 · 1100: 24.60 | 24.60 = 0.00 · 2100: 24.60 | 24.60 = 0.00 · 2300: – | 1.60 = -1.60 · 2330: – | 3.00 = -3.00 · 4000: – | 20.00 = -20.00 · 6000: 1.01 | – = +1.01.',
  },
  '17': {
    title: 'duties collected at checkout and charged back in the payout',
    run(world) {
      const paid = sold(world, [line.product('100.00'), line.duty('12.50')], '127.50', {shipping: '15.00'})
      payout(world, [paid], {'6000': '4.00', '2320': '12.50'})
    },
    accounts:
      '1000: 111.00 | – = +111.00 · 1010: 127.50 | 127.50 = 0.00 · 1100: 127.50 | 127.50 = 0.00 · 2100: 127.50 | 127.50 = 0.00 · 2320: 12.50 | 12.50 = 0.00 · 4000: – | 100.00 = -100.00 · 4300: – | 15.00 = -15.00 · 6000: 4.00 | – = +4.00.',
  },
}
