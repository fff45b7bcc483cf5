import fc from 'fast-check'
import {describe, expect, test} from 'vitest'

import {POSTING_TYPES} from '../../src/lib/netsuite/posting-types.ts'
import {goingTogether} from '../../src/lib/sync/life.ts'
import {drainOrders, queueOrders} from '../../src/lib/sync/orders.ts'
import {newReport} from '../../src/lib/sync/report.ts'
import {dying, letTimePass, type Moment} from '../support/crash.ts'
import {depsOf, world, type World} from '../support/world.ts'
import {parkedCodes} from './tied-out.ts'

type Held = Readonly<{
  externalId: string | null
  total: string | null
  tranDate: string
  memo?: string
  payment?: string
}>
type Balance = Readonly<{account: string; debit: string; credit: string; balance: string}>
type Two = Readonly<{shop_money: Readonly<{amount: string}>}>
type Money = Readonly<{id: number; parent_id: number | null; kind: string; status: string; amount_set: Two; amount_rounding_set?: Two | null}> // prettier-ignore
type Paid = Readonly<{id: number; test: boolean; transactions?: readonly Money[]}>

async function records(shop: World, type: string): Promise<Held[]> {
  return (await (await fetch(`${shop.netsuiteUrl}/_sandbox/records/${type}`)).json()) as Held[]
}

async function balances(shop: World): Promise<Map<string, Balance>> {
  const rows = (await (await fetch(`${shop.netsuiteUrl}/_sandbox/gl`)).json()) as Balance[]
  return new Map(rows.map((row) => [row.account, row]))
}

const cents = (text: string) => Math.round(Number(text) * 100)
const sum = (amounts: readonly number[]) => amounts.reduce((a, b) => a + b, 0)

/** The sales and captures that moved money, as the shop's documents have them: in cash what was left in the till. */
async function received(shop: World): Promise<Map<string, number>> {
  const orders = (await shop.documents()) as unknown as Paid[]
  const moved = orders
    .filter((order) => !order.test)
    .flatMap((order) => order.transactions ?? [])
    .filter(({status}) => status === 'success')
  const of = (set: Two | null | undefined) => cents(set?.shop_money.amount ?? '0')
  return new Map(
    moved
      .filter(({kind}) => ['sale', 'capture'].includes(kind))
      .map(({id, amount_set: amount, amount_rounding_set: rounding}) => {
        const change = moved.filter((one) => one.kind === 'change' && one.parent_id === id).map((one) => of(one.amount_set)) // prettier-ignore
        return [`SHOPIFY:TRANSACTION:${id}`, of(amount) + of(rounding) - sum(change)]
      }),
  )
}

/** Every payment of Shopify stands in NetSuite once and in its amount; no record stands there twice; the ledger balances. */
async function expectBooked(shop: World, why = ''): Promise<void> {
  const payments = [...(await records(shop, 'customerDeposit')), ...(await records(shop, 'customerPayment'))]
  const ofOrders = payments.filter(({externalId}) => /^SHOPIFY:TRANSACTION:\d+$/.test(externalId ?? ''))
  const held = new Map(ofOrders.map((one) => [one.externalId ?? '', cents(one.payment ?? '')]))
  expect(held, why).toEqual(await received(shop))
  expect(ofOrders.length, why).toBe(held.size)
  const all = (await Promise.all(POSTING_TYPES.map((type) => records(shop, type)))).flat()
  const ids = all.flatMap(({externalId}) => externalId ?? [])
  expect(new Set(ids).size, why).toBe(ids.length)
  const gl = [...(await balances(shop)).values()]
  expect(sum(gl.map(({debit}) => cents(debit))), why).toBe(sum(gl.map(({credit}) => cents(credit))))
}

/** As a contract does it that keeps to sales orders; customers and orders are there then, and nothing that follows. */
async function pushSalesOrders(shop: World): Promise<void> {
  const app = await shop.open()
  const deps = depsOf(app)
  const {life} = deps.rules
  const off = {...life, payments: 'off', billing: 'netsuite', refunds: {...life.refunds, mode: 'off'}, fulfillments: {...life.fulfillments, from: 'off'}} as const // prettier-ignore
  await queueOrders(deps, 'hand', await hintsOf(shop))
  await drainOrders({...deps, rules: {...deps.rules, life: off}}, newReport(app.runId), all)
  await app.close('done')
}

async function hintsOf(shop: World) {
  const orders = (await shop.documents()).filter((order) => !order.test)
  return orders.map((order) => ({id: `gid://shopify/Order/${order.id}`, name: order.name, updatedAt: ''}))
}

const push = ['orders:push', '--since', '2020-01-01', '--json'] as const
const ignore = {signal: new AbortController().signal, onProgress: () => undefined, patienceMs: 0}
const all = {...ignore, verify: false, subjects: null}

describe('what follows an order', () => {
  test('is booked with it: payments, shipments, bills, refunds; a second push writes nothing', async () => {
    const shop = await world({orders: 60, days: 10, books: true})

    const first = await shop.tieout(...push)
    const again = await shop.tieout(...push)
    const gl = await balances(shop)

    expect(first.code, first.stdout).toBe(0)
    expect((JSON.parse(again.stdout) as {requests: {netsuite: number}}).requests.netsuite).toBeLessThanOrEqual(1)
    await expectBooked(shop)
    expect((await records(shop, 'invoice')).length).toBeGreaterThan(5)
    expect((await records(shop, 'customerRefund')).length).toBeGreaterThan(2)
    expect(cents(gl.get('4000')?.balance ?? '')).toBeLessThan(0)
    expect(cents(gl.get('2350')?.balance ?? '0')).toBe(0)
  }, 120_000)

  test('is written once, wherever a run dies', {timeout: 240_000}, async () => {
    const shop = await world({orders: 8, days: 3, books: true, seed: 4})
    const hints = await hintsOf(shop)
    await pushSalesOrders(shop)
    let deaths = 0
    for (let call = 2; call <= 12; call++) {
      const app = await shop.open()
      await queueOrders(depsOf(app), 'hand', hints)
      const moment: Moment = {call, when: call % 3 === 0 ? 'before' : 'after'}
      const mortal = dying(depsOf(app), moment, () => app.ledger.close())
      const isDead = await drainOrders(mortal, newReport(app.runId), all).then(
        () => false,
        () => true,
      )
      if (isDead) deaths++
      else await app.close('done')
      await letTimePass(shop.databaseUrl)
    }
    await shop.push()

    expect(deaths).toBeGreaterThan(5)
    expect(await parkedCodes(shop)).toEqual({})
    await expectBooked(shop)
  })
})

describe('an event of a closed accounting period', () => {
  const close = (shop: World) =>
    fetch(`${shop.netsuiteUrl}/_sandbox/periods`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({date: new Date().toISOString().slice(0, 10), closed: true}),
    })

  test('waits for a person where the contract says so', async () => {
    const shop = await world({orders: 12, days: 1, books: true})
    await close(shop)

    await shop.push()

    expect(Object.values(await parkedCodes(shop))).toContain('NETSUITE_PERIOD_CLOSED')
    expect(await records(shop, 'customerDeposit')).toEqual([])
  }, 60_000)

  test('is booked on the first day of the next open one where the contract says that, and the memo tells', async () => {
    const shop = await world({orders: 12, days: 1, books: true})
    const file = `${shop.folder}/tieout.yaml`
    const {readFileSync, writeFileSync} = await import('node:fs')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/closed_period: \w+/, 'closed_period: next_open'))
    await close(shop)

    await shop.push()

    const deposits = await records(shop, 'customerDeposit')
    expect(await parkedCodes(shop)).toEqual({})
    expect(deposits.length).toBeGreaterThan(0)
    expect(deposits.filter(({tranDate}) => !tranDate.endsWith('-01'))).toEqual([])
    expect(deposits.filter(({memo}) => !memo?.includes('whose period is closed'))).toEqual([])
    await expectBooked(shop)
  }, 60_000)
})

test('records go together only as far as none of them is written before what it follows', () => {
  const type = fc.constantFrom(...POSTING_TYPES)
  fc.assert(
    fc.property(
      fc.array(
        type.map((one) => ({type: one})),
        {minLength: 1},
      ),
      (planned) => {
        const n = goingTogether(planned)
        const ranks = planned.map((record) => POSTING_TYPES.indexOf(record.type))
        expect(n).toBeGreaterThan(0)
        expect(ranks.slice(0, n)).toEqual(ranks.slice(0, n).toSorted((a, b) => a - b))
        if (n < planned.length) expect(ranks[n]).toBeLessThan(ranks[n - 1] ?? 0)
      },
    ),
  )
})
