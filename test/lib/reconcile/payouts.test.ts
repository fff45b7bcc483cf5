import {expect, test} from 'vitest'

import {reconcilePayouts} from '../../../src/lib/reconcile/payouts.ts'
import type {OrdersReport} from '../../../src/lib/reconcile/report.ts'
import {daysOf} from '../../../src/lib/reconcile/window.ts'
import {world, type World} from '../../support/world.ts'
import {moveTo, paid, payOut, push} from '../sync/payout-shop.ts'

async function reconcile(shop: World): Promise<OrdersReport> {
  const app = await shop.open()
  try {
    const {shopify, netsuite, rules} = app.remotes()
    const days = daysOf({from: '2026-11-01', to: '2026-11-30'}, rules.timeZone, app.clock.now())
    return await reconcilePayouts({shopify, queries: netsuite.queries, rules}, days)
  } finally {
    await app.close('done')
  }
}

const charge = (id: number, amount: string) => ({type: 'CHARGE', amount, fee: '0.00', order: `#${id}`})

test('payouts tie out with the bank, and each that does not is named', async () => {
  const shop = await world({books: true})
  await shop.postOrders([paid(1001, '120.00', {isRefunded: true}), paid(1002, '80.00'), paid(1003, '50.00'), paid(1004, '20.00')], true) // prettier-ignore
  await shop.push()
  await payOut(shop, [charge(1001, '120.00')])
  await payOut(shop, [charge(1002, '80.00'), {type: 'REFUND', amount: '-120.00', order: '#1001'}])
  const failing = await payOut(shop, [charge(1003, '50.00')])
  await push(shop)
  const all = await reconcile(shop)
  await moveTo(shop, failing, 'FAILED')
  const late = await payOut(shop, [charge(1004, '20.00')])
  await shop.edit('POST', 'deposit', {
    externalId: 'SHOPIFY:PAYOUT:777', tranDate: '2026-11-24', account: {id: '1'}, other: {items: [{account: {id: '31'}, amount: 5}]},
  }) // prettier-ignore
  const before = await reconcile(shop)
  await push(shop)
  const after = await reconcile(shop)

  expect(all).toMatchObject({compared: 3, matched: 3, variances: [], sums: [{shopify: '130.00', netsuite: '130.00'}]})
  expect(before.variances.map(({reason, externalId, shopify, netsuite}) => [reason, externalId, shopify, netsuite])).toEqual([
    ['TOTAL', `SHOPIFY:PAYOUT:${failing.id}`, '0.00', '50.00'],
    ['MISSING_IN_NETSUITE', `SHOPIFY:PAYOUT:${late.id}`, '20.00', null],
    ['MISSING_IN_SHOPIFY', 'SHOPIFY:PAYOUT:777', null, '5.00'],
  ])
  expect(after.variances).toMatchObject([{externalId: 'SHOPIFY:PAYOUT:777'}])
  expect(after.sums).toMatchObject([{currency: 'USD', shopify: '100.00', netsuite: '105.00', difference: '-5.00'}])
}) // prettier-ignore
