import {describe, expect, test} from 'vitest'

import type {OrdersReport} from '../../../src/lib/reconcile/report.ts'
import {daysOf} from '../../../src/lib/reconcile/window.ts'
import {runReconcile} from '../../../src/reconcile-run.ts'
import {world, type World} from '../../support/world.ts'

type Held = Readonly<{id: string; externalId: string; tranDate: string; payment?: string; total?: string}>

async function booked(): Promise<World> {
  const shop = await world({orders: 16, days: 4, books: true, seed: 5})
  await shop.push()
  return shop
}

async function reconcile(
  shop: World,
  what: 'payments' | 'refunds',
  from = '2020-01-01',
  to?: string,
): Promise<OrdersReport> {
  const app = await shop.open()
  try {
    return await runReconcile(app, what, daysOf({from, to}, app.remotes().rules.timeZone, app.clock.now()))
  } finally {
    await app.close('done')
  }
}

async function records(shop: World, type: string): Promise<Held[]> {
  return (await (await fetch(`${shop.netsuiteUrl}/_sandbox/records/${type}`)).json()) as Held[]
}

const cents = (text: string | undefined) => Math.round(Number(text ?? '0') * 100)
const sum = (amounts: readonly number[]) => amounts.reduce((a, b) => a + b, 0)
const text = (minor: number) => (minor / 100).toFixed(2)

describe('what finance is told about the payments and refunds of a window', () => {
  test('books that agree: every record compared and matched, and the sums are those of NetSuite', async () => {
    const shop = await booked()

    const [payments, refunds] = [await reconcile(shop, 'payments'), await reconcile(shop, 'refunds')]

    const paid = text(sum((await records(shop, 'customerDeposit')).map(({payment}) => cents(payment))))
    const given = text(sum((await records(shop, 'customerRefund')).map(({total}) => cents(total))))
    expect(payments).toMatchObject({variances: [], matched: payments.compared})
    expect(payments.sums).toEqual([{currency: 'USD', shopify: paid, netsuite: paid, difference: '0.00'}])
    expect(refunds).toMatchObject({variances: [], matched: refunds.compared})
    expect(refunds.sums).toEqual([{currency: 'USD', shopify: given, netsuite: given, difference: '0.00'}])
    expect(refunds.compared).toBeGreaterThan(0)
  }, 60_000)

  test('days that are reconciled one by one add up to the whole, though orders are older than their payments', async () => {
    const shop = await booked()
    const days = [...new Set((await records(shop, 'customerDeposit')).map(({tranDate}) => tranDate))]

    const whole = await reconcile(shop, 'payments')
    const single = []
    for (const day of days) single.push(await reconcile(shop, 'payments', day, day))

    expect(days.length).toBeGreaterThan(2)
    expect(sum(single.map(({compared}) => compared))).toBe(whole.compared)
    expect(single.flatMap(({variances}) => variances)).toEqual([])
    expect(text(sum(single.flatMap(({sums}) => sums.map(({netsuite}) => cents(netsuite)))))).toBe(
      whole.sums[0]?.netsuite,
    )
  }, 60_000)

  test('a payment that NetSuite does not hold, one in another amount, and one that nobody made in Shopify', async () => {
    const shop = await booked()
    const applied = new Set(await appliedDeposits(shop))
    const free = (await records(shop, 'customerDeposit')).filter(({id}) => !applied.has(id))
    const [gone, changed, taken] = free
    if (gone === undefined || changed === undefined || taken === undefined) throw new Error('three deposits are open')
    await shop.edit('DELETE', `customerDeposit/${gone.id}`)
    await shop.edit('PATCH', `customerDeposit/${changed.id}`, {payment: 1})
    await shop.edit('PATCH', `customerDeposit/${taken.id}`, {externalId: 'SHOPIFY:TRANSACTION:999'})

    const {variances, sums} = await reconcile(shop, 'payments')

    const found = new Map(variances.map(({externalId, reason, netsuite}) => [externalId, [reason, netsuite]]))
    expect(found.get(gone.externalId)).toEqual(['MISSING_IN_NETSUITE', null])
    expect(found.get(changed.externalId)).toEqual(['TOTAL', '1.00'])
    expect(found.get(taken.externalId)).toEqual(['MISSING_IN_NETSUITE', null])
    expect(found.get('SHOPIFY:TRANSACTION:999')).toEqual(['MISSING_IN_SHOPIFY', text(cents(taken.payment))])
    expect(variances).toHaveLength(4)
    expect(sums[0]?.difference).toBe(text(cents(gone.payment) + cents(changed.payment) - 100))
  }, 60_000)

  test('a kind that the contract keeps out of NetSuite has nothing to compare, and says which line says so', async () => {
    const shop = await world({orders: 2, days: 1})

    await expect(reconcile(shop, 'refunds')).rejects.toMatchObject({code: 'KIND_OFF', exitCode: 10})
  })
})

/** Deposits of orders with a bill, and those that were refunded: something hangs on them. */
async function appliedDeposits(shop: World): Promise<string[]> {
  const orders = new Set((await records(shop, 'invoice')).map((bill) => createdFrom(bill)))
  const billed = (await records(shop, 'customerDeposit')).filter((one) => orders.has(createdFrom(one)))
  const applications = (await records(shop, 'depositApplication')) as readonly {deposit?: Readonly<{id: string}>}[]
  return [...billed.map(({id}) => id), ...applications.flatMap(({deposit}) => deposit?.id ?? [])]
}

function createdFrom(record: object): string {
  const {createdFrom: from, salesOrder} = record as Record<string, Readonly<{id: string}> | undefined>
  return (from ?? salesOrder)?.id ?? ''
}
