import {describe, expect, test} from 'vitest'

import {payoutSelection} from '../../../src/lib/sync/payout-select.ts'
import {pushPayouts} from '../../../src/lib/sync/payouts.ts'
import {dying, letTimePass, type Moment} from '../../support/crash.ts'
import {accountId} from '../../../src/sandbox/netsuite/seed-accounts.ts'
import {line} from '../../simulation/order.ts'
import {start} from '../../support/command.ts'
import {depsOf, world, type World} from '../../support/world.ts'
import {balances, booked, issued, moved, moveTo, paid, payOut, push, rewrite, type Line} from './payout-shop.ts'

const charge = (id: number, amount: string, fee = '0.00'): Line => ({type: 'CHARGE', amount, fee, order: `#${id}`})
const other = (type: string, amount: string, fee = '0.00'): Line => ({type, amount, fee})

/** A shop whose orders are in NetSuite. */
async function shopWith(...orders: readonly unknown[]): Promise<World> {
  const shop = await world({books: true})
  await shop.postOrders(orders, true)
  const {counts} = await shop.push()
  expect(counts).toMatchObject({parked: 0, retry: 0})
  return shop
}

/** What a payout of these lines does to NetSuite's general ledger. */
async function posted(shop: World, lines: readonly Line[]): Promise<Record<string, string>> {
  const before = await balances(shop)
  await payOut(shop, lines)
  const report = await push(shop)
  expect(report.counts, JSON.stringify(report.payouts)).toMatchObject({written: 1, parked: 0, waits: 0})
  return moved(before, await balances(shop))
}

describe('the worked cases of a payout end with their T-accounts in NetSuite', () => {
  test('charges, refunds, disputes, reserves, labels, duties and withheld tax', async () => {
    const shop = await shopWith(
      paid(1001, '83.16'), paid(1002, '48.60', {isRefunded: true}), paid(1003, '100.00'), paid(1004, '300.00'),
      paid(1005, '1000.00'), paid(1006, '200.00'), paid(1007, '127.50'), paid(1008, '54.00'),
    ) // prettier-ignore
    const refund = {type: 'REFUND', amount: '-48.60', order: '#1002'}

    const cases = {
      '1': await posted(shop, [charge(1001, '83.16', '2.71')]),
      '6': await posted(shop, [charge(1002, '48.60', '1.71'), refund, charge(1003, '100.00', '3.20')]),
      '11 opened': await posted(shop, [charge(1004, '300.00', '9.00'), other('DISPUTE_WITHDRAWAL', '-100.00', '15.00')]),
      '11 won': await posted(shop, [other('DISPUTE_REVERSAL', '100.00', '-15.00')]),
      '12 held': await posted(shop, [charge(1005, '1000.00', '29.30'), other('RESERVED_FUNDS', '-200.00')]),
      '12 released': await posted(shop, [other('RESERVED_FUNDS_WITHDRAWAL', '200.00')]),
      '17': await posted(shop, [charge(1007, '127.50', '4.00'), other('CUSTOMS_DUTY', '-12.50')]),
      '23': await posted(shop, [
        charge(1006, '200.00', '6.10'), other('SHIPPING_LABEL', '-7.85'), other('SHIPPING_LABEL_ADJUSTMENT', '-0.65'),
        other('BILLING_DEBIT', '-29.00'), other('ANOMALY_CREDIT', '1.25'),
      ]),
      '24': await posted(shop, [charge(1008, '54.00', '1.87'), other('TAX_ADJUSTMENT_DEBIT', '-4.00')]),
    } // prettier-ignore

    expect(cases).toEqual({
      '1': {'1000': '80.45', '1010': '-83.16', '6000': '2.71'},
      '6': {'1000': '95.09', '1010': '-100.00', '6000': '4.91'},
      '11 opened': {'1000': '176.00', '1010': '-300.00', '1310': '100.00', '6000': '9.00', '6010': '15.00'},
      '11 won': {'1000': '115.00', '1310': '-100.00', '6010': '-15.00'},
      '12 held': {'1000': '770.70', '1010': '-1000.00', '1300': '200.00', '6000': '29.30'},
      '12 released': {'1000': '200.00', '1300': '-200.00'},
      '17': {'1000': '111.00', '1010': '-127.50', '2320': '12.50', '6000': '4.00'},
      '23': {'1000': '157.65', '1010': '-200.00', '6000': '6.10', '6030': '8.50', '6040': '29.00', '6090': '-1.25'},
      '24': {'1000': '48.13', '1010': '-54.00', '2310': '4.00', '6000': '1.87'},
    })
    expect(await balances(shop)).not.toHaveProperty('1010')
  })

  test('13: a payout that fails after it was booked is taken back by a check, and its money comes in the next', async () => {
    const shop = await shopWith(paid(1001, '500.00'), paid(1002, '300.00'))
    const before = await balances(shop)
    const first = await payOut(shop, [charge(1001, '500.00', '14.80')])
    await push(shop)
    await moveTo(shop, first, 'FAILED')

    const failed = await push(shop)
    const between = moved(before, await balances(shop))
    await payOut(shop, [charge(1002, '300.00', '9.00'), other('TRANSFER_FAILURE', '485.20')])
    await push(shop)

    expect(failed.counts).toMatchObject({written: 1})
    expect(between).toEqual({'1005': '485.20', '1010': '-500.00', '6000': '14.80'})
    expect(moved(before, await balances(shop))).toEqual({'1000': '776.20', '1010': '-800.00', '6000': '23.80'})
    expect(await booked(shop)).toContain(`check SHOPIFY:PAYOUT:${first.id}:FAILED 485.20`)
    expect((await push(shop)).counts).toMatchObject({written: 0, unchanged: 2})
  })

  test('13: a payout that failed before anybody booked it waits in transit for the payout that brings its money', async () => {
    const shop = await shopWith(paid(1001, '500.00'), paid(1002, '300.00'))
    const before = await balances(shop)
    const payout = await payOut(shop, [charge(1001, '500.00', '14.80')], {status: 'SCHEDULED'})

    const open = await push(shop)
    await moveTo(shop, payout, 'FAILED')
    const failed = await push(shop, payout.id)

    expect(open.counts).toMatchObject({open: 1, written: 0})
    expect(failed.counts).toMatchObject({written: 1})
    expect(await booked(shop)).toEqual([`deposit SHOPIFY:PAYOUT:${payout.id}:TRANSIT 485.20`])
    expect(moved(before, await balances(shop))).toEqual({'1005': '485.20', '1010': '-500.00', '6000': '14.80'})
    await payOut(shop, [charge(1002, '300.00', '9.00'), other('TRANSFER_FAILURE', '485.20')])
    await push(shop)
    expect(moved(before, await balances(shop))).toEqual({'1000': '776.20', '1010': '-800.00', '6000': '23.80'})
    expect((await push(shop)).counts).toMatchObject({written: 0})
  })

  test('14: a payout that is taken from the bank is a deposit of zero and a check', async () => {
    const shop = await shopWith(paid(1001, '120.00', {isRefunded: true}), paid(1002, '80.00'))
    await payOut(shop, [charge(1001, '120.00', '3.78')])
    await push(shop)
    const lines = [charge(1002, '80.00', '2.62'), {type: 'REFUND', amount: '-120.00', order: '#1001'}]

    expect(await posted(shop, lines)).toEqual({'1000': '-42.62', '1010': '40.00', '6000': '2.62'})
    expect((await booked(shop)).map((one) => one.replace(/\d{12}/, 'n'))).toEqual([
      'deposit SHOPIFY:PAYOUT:n 116.22',
      'deposit SHOPIFY:PAYOUT:n 0.00',
      'check SHOPIFY:PAYOUT:n:W 42.62',
    ])
  })

  test('15: a payment in another currency settles at another rate, and the difference is a difference of exchange', async () => {
    const abroad = {
      shop_money: {amount: '101.20', currency_code: 'USD'},
      presentment_money: {amount: '92.00', currency_code: 'EUR'},
    }
    const [sale] = (paid(1001, '101.20') as {transactions: object[]}).transactions
    const shop = await shopWith(
      paid(1001, '101.20', {presentment_currency: 'EUR', total_price_set: abroad, transactions: [{...sale, amount_set: abroad}]}),
    ) // prettier-ignore

    expect(await posted(shop, [charge(1001, '100.74', '4.73')])).toEqual({
      '1000': '96.01',
      '1010': '-101.20',
      '6000': '4.73',
      '6090': '0.46',
    })
  })

  describe('15b: an order that is booked in the currency of the customer', () => {
    const euro = {
      shop_money: {amount: '92.00', currency_code: 'USD'},
      presentment_money: {amount: '92.00', currency_code: 'EUR'},
    }

    async function abroad(): Promise<World> {
      const [sale] = (paid(1001, '92.00') as {transactions: object[]}).transactions
      const shop = await world({books: true})
      rewrite(shop, 'book: shop', 'book: presentment')
      rewrite(shop, /bank: \{.*\}/, `bank: {USD: "1", EUR: "${accountId('1003')}"}`)
      const transactions = [{...sale, currency: 'EUR', amount_set: euro}]
      await shop.postOrders([paid(1001, '92.00', {presentment_currency: 'EUR', transactions})], true)
      expect((await shop.push()).counts).toMatchObject({written: 1})
      return shop
    }

    test('settles on the bank of the shop with what it is worth there, at the rate of the day that it was booked', async () => {
      const shop = await abroad()

      expect(await posted(shop, [charge(1001, '100.74', '4.73')])).toEqual({
        '1000': '96.01',
        '1010': '-101.20',
        '6000': '4.73',
        '6090': '0.46',
      })
    })

    test('settles on a bank of its own currency, to the cent', async () => {
      const shop = await abroad()

      const euros = {type: 'CHARGE', amount: '92.00', fee: '3.00', currency: 'EUR', transaction: '10010'}

      expect(await posted(shop, [euros])).toEqual({
        '1003': '97.90',
        '1010': '-101.20',
        '6000': '3.30',
      })
    })
  })

  test('a payment that several cash sales share comes in as all of them, once all are there', async () => {
    const shop = await world({books: true})
    rewrite(shop, 'billing: invoice', 'billing: cash_sale')
    const lines = [line(10_010, {quantity: 2, current_quantity: 2, price: '10.00'})]
    const parcel = (id: number) => ({id, status: 'success', created_at: '2026-11-21T10:00:00-05:00', location_id: 70_000_000_001, line_items: [{id: 10_010, quantity: 1}]}) // prettier-ignore
    const bought = {line_items: lines, total_line_items_price: '20.00'}
    await shop.postOrders(
      [paid(1001, '20.00', {...bought, fulfillments: [parcel(81)], fulfillment_status: 'partial'})],
      true,
    )
    await shop.push()
    const {id} = await payOut(shop, [charge(1001, '20.00', '0.88')])

    const early = await push(shop)
    await shop.postOrders([paid(1001, '20.00', {...bought, fulfillments: [parcel(81), parcel(82)], fulfillment_status: 'fulfilled', updated_at: '2026-11-22T10:00:00-05:00'})]) // prettier-ignore
    await shop.push()
    const late = await push(shop)

    expect(early.counts).toMatchObject({waits: 1})
    expect(late.counts, JSON.stringify(late.payouts)).toMatchObject({written: 1})
    expect(await booked(shop)).toEqual([`deposit SHOPIFY:PAYOUT:${id} 19.12`])
    expect(await balances(shop)).not.toHaveProperty('1010')
  })

  test('a payout of more payments than one deposit takes reaches the bank as one line', async () => {
    const orders = [1001, 1002, 1003, 1004, 1005]
    const shop = await world({books: true})
    rewrite(shop, '    payouts:\n', '    payouts:\n      lines_per_deposit: 2\n')
    await shop.postOrders(orders.map((id) => paid(id, '10.00')), true) // prettier-ignore
    await shop.push()
    const {id} = await payOut(shop, orders.map((one) => charge(one, '10.00', '0.59'))) // prettier-ignore

    const report = await push(shop)

    expect(report.counts).toMatchObject({written: 1})
    expect(await booked(shop)).toEqual([
      `deposit SHOPIFY:PAYOUT:${id}:1 20.00`,
      `deposit SHOPIFY:PAYOUT:${id}:2 20.00`,
      `deposit SHOPIFY:PAYOUT:${id}:3 10.00`,
      `deposit SHOPIFY:PAYOUT:${id} 47.05`,
    ])
    expect(await balances(shop)).toMatchObject({'1000': '47.05', '6000': '2.95'})
    expect(await balances(shop)).not.toHaveProperty('1005')
  })
})

describe('a payout that cannot be booked yet', () => {
  test('waits for a payment that NetSuite does not hold, queues its order, and is written once that is there', async () => {
    const shop = await world({books: true})
    await shop.postOrders([paid(1001, '83.16'), paid(1002, '20.00')], true)
    await shop.push('1002')
    await payOut(shop, [charge(1001, '83.16', '2.71'), charge(1002, '20.00', '0.88')])

    const first = await push(shop)
    const held = await booked(shop)
    const orders = await start(shop.folder, ['jobs:list', '--json']).ended
    await start(shop.folder, ['orders:push', '--json']).ended
    const second = await push(shop)

    expect(first.counts).toMatchObject({waits: 1, written: 0})
    expect(first.payouts[0]).toMatchObject({code: 'PAYOUT_WAITS', waitsFor: [{order: '#1001', transaction: 'gid://shopify/OrderTransaction/10010'}]}) // prettier-ignore
    expect(held).toEqual([])
    expect(orders.stdout).toContain('/1001')
    expect(second.counts, JSON.stringify(second)).toMatchObject({written: 1, waits: 0})
  })

  test('is parked where a type has no account, the others flow, and it is written once the contract names one', async () => {
    const shop = await shopWith(paid(1001, '83.16'), paid(1002, '20.00'))
    const odd = await payOut(shop, [charge(1001, '83.16', '2.71'), other('MARKETS_PRO_CREDIT', '-5.00')])
    await payOut(shop, [charge(1002, '20.00', '0.88')])

    const first = await push(shop)
    const again = await push(shop)
    rewrite(shop, '      types:\n', '      types:\n        MARKETS_PRO_CREDIT: "31"\n')
    const retried = await start(shop.folder, ['jobs:retry', odd.id, '--note', 'account named', '--json']).ended
    const mended = await push(shop)

    expect(first.counts).toMatchObject({written: 1, parked: 1})
    expect(first.payouts.find(({outcome}) => outcome === 'parked')).toMatchObject({
      code: 'PAYOUT_TYPE_UNMAPPED',
      message: expect.stringContaining('payouts.types.MARKETS_PRO_CREDIT') as string,
    })
    expect(again.counts).toMatchObject({written: 0, parked: 1, unchanged: 1})
    expect(retried.code, retried.stdout).toBe(0)
    expect(mended.counts).toMatchObject({written: 1, parked: 0})
    expect(await booked(shop)).toContain(`deposit SHOPIFY:PAYOUT:${odd.id} 75.45`)
  })

  test('is parked, by the name of the payment, where another bank deposit holds it', async () => {
    const shop = await shopWith(paid(1001, '83.16'))
    const [payment] = (await (await fetch(`${shop.netsuiteUrl}/_sandbox/records/customerDeposit`)).json()) as {id: string}[]
    await shop.edit('POST', 'deposit', {account: {id: '1'}, payment: {items: [{deposit: true, id: Number(payment?.id)}]}})
    await payOut(shop, [charge(1001, '83.16', '2.71')])

    const report = await push(shop)

    expect(report.payouts).toMatchObject([{outcome: 'parked', code: 'PAYMENT_NOT_UNDEPOSITED'}])
    expect(report.payouts[0]?.message).toContain(`customerDeposit ${payment?.id}`)
  }) // prettier-ignore

  test('is parked where Shopify settled another amount than NetSuite holds', async () => {
    const shop = await shopWith(paid(1001, '83.16'))
    await payOut(shop, [charge(1001, '83.15', '2.71')])

    expect((await push(shop)).payouts).toMatchObject([{outcome: 'parked', code: 'PAYOUT_AMOUNT_DIFFERS'}])
    expect(await booked(shop)).toEqual([])
  })

  test('of a closed period goes to the next open one where the contract says so, and says it; else a person decides', async () => {
    const shop = await shopWith(paid(1001, '83.16'))
    const payout = await payOut(shop, [charge(1001, '83.16', '2.71')])
    await fetch(`${shop.netsuiteUrl}/_sandbox/periods`, {method: 'POST', body: JSON.stringify({date: '2026-11-24', closed: true})}) // prettier-ignore

    const parked = await push(shop)
    rewrite(shop, 'closed_period: park', 'closed_period: next_open')
    await start(shop.folder, ['jobs:retry', payout.id]).ended
    const moved = await push(shop)
    const again = await push(shop, payout.id)

    expect(parked.payouts).toMatchObject([{outcome: 'parked', code: 'NETSUITE_PERIOD_CLOSED'}])
    expect(moved.counts, JSON.stringify(moved.payouts)).toMatchObject({written: 1})
    expect(again.counts).toMatchObject({unchanged: 1})
    const [deposit] = (await (await fetch(`${shop.netsuiteUrl}/_sandbox/records/deposit`)).json()) as {tranDate: string; memo: string}[] // prettier-ignore
    expect(deposit).toMatchObject({memo: expect.stringContaining('2026-11-24') as string})
    expect(deposit?.tranDate.slice(0, 10)).toBe('2026-12-01')
  })

  test('is refused as a whole where the contract names no bank', async () => {
    const shop = await world({books: true})
    rewrite(shop, /bank: \{.*\}/, 'bank: {}')

    await expect(push(shop)).rejects.toMatchObject({code: 'PAYOUTS_OFF'})
  })
})

test('whatever days of a shop bring, its bank ends with what Shopify paid out, to the cent', async () => {
  const shop = await world({orders: 60, days: 12, books: true, seed: 3})
  await shop.push()

  const report = await push(shop)

  const paidOut = (await issued(shop)).filter(({status}) => status === 'PAID')
  expect(paidOut.length).toBeGreaterThan(4)
  expect(report.counts, JSON.stringify(report.payouts)).toMatchObject({written: paidOut.length, waits: 0, parked: 0})
  expect(await booked(shop)).toHaveLength(paidOut.length)
  const cents = paidOut.reduce((sum, {net}) => sum + Math.round(Number(net) * 100), 0)
  expect((await balances(shop))['1000']).toBe((cents / 100).toFixed(2))
})

describe('a payout is booked once', () => {
  const watch = {signal: new AbortController().signal, onProgress: () => undefined}
  const chosen = payoutSelection({ids: [], since: '2000-01-01'})

  /** A run that dies at its nth request about postings. */
  async function dies(shop: World, moment: Moment): Promise<void> {
    const app = await shop.open()
    const deps = depsOf(app)
    const mortal = dying(deps, moment, () => app.ledger.close())
    try {
      const {getOrders, setNetSuiteIds} = mortal.shopify
      await pushPayouts({...deps, ...mortal, shopify: {...deps.shopify, getOrders, setNetSuiteIds}}, chosen, watch) // prettier-ignore
    } catch {
      await letTimePass(shop.databaseUrl)
    } finally {
      await app.close('done').catch(() => undefined)
    }
  }

  test('wherever a run dies', {timeout: 120_000}, async () => {
    const shop = await shopWith(paid(1001, '120.00', {isRefunded: true}), paid(1002, '80.00'))
    await payOut(shop, [{type: 'REFUND', amount: '-120.00', order: '#1001'}, charge(1002, '80.00', '2.62')])

    for (const moment of [1, 2, 3, 4].flatMap((call) => (['before', 'after'] as const).map((when) => ({call, when})))) {
      await dies(shop, moment)
    }
    await letTimePass(shop.databaseUrl)
    await push(shop)
    const last = await push(shop)

    expect(last.counts).toMatchObject({written: 0, unchanged: 1})
    expect((await booked(shop)).map((one) => one.replace(/\d{12}/, 'n'))).toEqual([
      'deposit SHOPIFY:PAYOUT:n 0.00',
      'check SHOPIFY:PAYOUT:n:W 42.62',
    ])
  })

  test('where the reply is lost', async () => {
    const shop = await shopWith(paid(1001, '83.16'))
    await payOut(shop, [charge(1001, '83.16', '2.71')])
    await shop.fault('netsuite', {kind: 'lost-reply', match: {recordType: 'deposit'}, count: 1})

    const report = await push(shop)

    expect(report.counts, JSON.stringify(report.payouts)).toMatchObject({written: 1})
    expect(await booked(shop)).toHaveLength(1)
  })

  test('by a second run, which asks NetSuite nothing', async () => {
    const shop = await shopWith(paid(1001, '83.16'))
    await payOut(shop, [charge(1001, '83.16', '2.71')])
    await push(shop)
    const before = (await shop.stats('netsuite')).requests

    const report = await push(shop)

    expect(report.counts).toMatchObject({written: 0, unchanged: 1})
    expect((await shop.stats('netsuite')).requests).toBe(before)
  })

  test('one at a time: a second run ends at once', async () => {
    const shop = await shopWith(paid(1001, '83.16'))
    await payOut(shop, [charge(1001, '83.16', '2.71')])
    await shop.fault('netsuite', {kind: 'delay', ms: 1500, match: {recordType: 'deposit'}})

    const first = push(shop)
    await expect.poll(async () => (await shop.stats('netsuite')).inFlight).toBeGreaterThan(0)
    await expect(push(shop)).rejects.toMatchObject({code: 'ALREADY_RUNNING', exitCode: 11})

    expect((await first).counts).toMatchObject({written: 1})
  })
})

test('each line is followed to its order and record, and the order tells its bank deposit', async () => {
  const shop = await shopWith(paid(1001, '83.16'))
  const {id} = await payOut(shop, [charge(1001, '83.16', '2.71'), other('SHIPPING_LABEL', '-5.00')])
  await push(shop)

  const shown = JSON.parse((await start(shop.folder, ['payouts:show', id, '--json']).ended).stdout) as object
  const {stdout: trace} = await start(shop.folder, ['orders:trace', '#1001', '--json']).ended

  expect(shown).toMatchObject({
    payout: id, state: 'written', net: '75.45 USD',
    records: [{type: 'deposit', externalId: `SHOPIFY:PAYOUT:${id}`, total: '75.45'}],
    lines: [
      {type: 'CHARGE', order: '#1001', account: 'undeposited funds', fee: '2.71 USD', records: [{type: 'customerDeposit', externalId: 'SHOPIFY:TRANSACTION:10010'}]},
      {type: 'SHIPPING_LABEL', order: null, amount: '-5.00 USD', records: []},
    ],
  })
  expect(trace).toContain(`SHOPIFY:PAYOUT:${id}`)
}) // prettier-ignore
