import {afterAll, beforeAll, describe, expect, test} from 'vitest'

import {generateOrders} from '../../../src/sandbox/orders/generate.ts'
import {GATEWAYS} from '../../../src/sandbox/orders/tenders.ts'
import {playTraffic} from '../../../src/sandbox/orders/traffic.ts'
import type {SandboxShopify} from '../../../src/sandbox/shopify/server.ts'
import {list, type Doc} from './sums.ts'
import {ask, at, control, document, start} from './support.ts'

const from = new Date('2026-11-01T05:00:00Z')
const to = new Date('2026-11-22T05:00:00Z')
const made = [...generateOrders({seed: 5, count: 1500, from, to})] as Doc[]

const MONEY = '{ shopMoney { amount } presentmentMoney { amount currencyCode } }'
const QUERY = `query Money($id: ID!, $capturable: Boolean, $open: Boolean) { order(id: $id) { displayFinancialStatus
  totalReceivedSet ${MONEY} totalRefundedSet ${MONEY} totalOutstandingSet ${MONEY} totalCapturableSet ${MONEY}
  totalCashRoundingAdjustment { paymentSet ${MONEY} } paymentGatewayNames
  transactions(capturable: $capturable, manuallyResolvable: $open) { id kind status gateway formattedGateway
    manualPaymentGateway test createdAt processedAt amountSet ${MONEY} amountRoundingSet ${MONEY} errorCode
    parentTransaction { id } settlementCurrency settlementCurrencyRate fees { amount { amount currencyCode } type }
    currencyExchangeAdjustment { adjustment { amount } } order { name } }
  refunds { return { name status } duties { amountSet ${MONEY} originalDuty { id } } transactions(first: 5) { nodes { id } } } } }`

let shop: SandboxShopify
beforeAll(async () => {
  shop = await start({now: () => to})
  for (const order of made) shop.orders.put(order)
})
afterAll(() => shop.stop())

async function money(order: Doc, variables: Doc = {}): Promise<unknown> {
  const {body} = await ask(shop.url, QUERY, {id: `gid://shopify/Order/${String(order.id)}`, ...variables})
  expect(at(body, 'errors')).toBeUndefined()
  return at(body, 'data.order')
}

const moves = (order: Doc) => list(order, 'transactions').map((one) => `${String(one.kind)} ${String(one.status)}`)
const find = (fits: (order: Doc) => boolean) => made.find(fits) as Doc

describe('the transactions of orders', () => {
  test('a month shows every way to pay: cards at once, later, in parts or refused; vouchers; cash; by hand', () => {
    const all = made.flatMap((order) => list(order, 'transactions'))
    for (const gateway of Object.values(GATEWAYS)) {
      if (gateway === GATEWAYS.bankDeposit) continue
      expect(all.some((one) => one.gateway === gateway), gateway).toBe(true) // prettier-ignore
    }
    for (const kind of ['authorization', 'capture', 'sale', 'void', 'change', 'refund'])
      expect(all.some((one) => one.kind === kind), kind).toBe(true) // prettier-ignore
    for (const status of ['success', 'pending', 'failure'])
      expect(all.some((one) => one.status === status), status).toBe(true) // prettier-ignore
    expect(all.some((one) => one.currency === 'CAD' && one.amount_rounding !== null)).toBe(true)
    const several = made.filter((order) => new Set(list(order, 'transactions').map((one) => one.gateway)).size > 1)
    expect(several.some((order) => list(order, 'refunds').length > 0)).toBe(true)
    expect(made.some((order) => order.financial_status === 'pending' && list(order, 'transactions').length === 0)).toBe(
      true,
    )
  })

  test('the Admin API tells them as they are, each with what it belongs to', async () => {
    for (const order of made.slice(0, 60)) {
      const answer = await money(order)
      const nodes = at(answer, 'transactions') as Doc[]
      const told = nodes.map((one) => ({
        id: Number(/\d+$/.exec(one.id as string)?.[0]),
        kind: (one.kind as string).toLowerCase(),
        gateway: one.gateway,
        amount: Number(at(one, 'amountSet.presentmentMoney.amount')),
        parent: Number(/\d+$/.exec((at(one, 'parentTransaction.id') ?? '0') as string)?.[0]),
      }))
      const held = list(order, 'transactions').map(({id, kind, gateway, amount, parent_id}) => ({
        id,
        kind,
        gateway,
        amount: Number(amount),
        parent: Number(parent_id ?? 0),
      }))
      expect(told).toEqual(held)
    }
  })

  test('a card in the currency of the shop tells its fee, another also its conversion, and other gateways neither', async () => {
    const isCard = (order: Doc, currency: string) =>
      order.presentment_currency === currency && moves(order)[0] === 'sale success' && order.test === false &&
      list(order, 'transactions')[0]?.gateway === 'shopify_payments' // prettier-ignore
    const home = await money(find((order) => isCard(order, 'USD')))
    const paid = Number(at(home, 'transactions.0.amountSet.shopMoney.amount'))
    expect(Number(at(home, 'transactions.0.fees.0.amount.amount'))).toBeCloseTo(paid * 0.029 + 0.3, 1)
    expect(at(home, 'transactions.0')).toMatchObject({settlementCurrency: 'USD', currencyExchangeAdjustment: null})
    const abroad = await money(find((order) => isCard(order, 'EUR')))
    expect(Number(at(abroad, 'transactions.0.currencyExchangeAdjustment.adjustment.amount'))).toBeLessThan(0)
    const other = await money(find((order) => list(order, 'transactions')[0]?.gateway === 'paypal'))
    expect(at(other, 'transactions.0')).toMatchObject({fees: [], settlementCurrency: null})
  })

  test('a refund names its return, its duties and its transactions', async () => {
    const back = await money(
      find((order) => at(order, 'refunds.0.return') !== null && list(order, 'refunds').length > 0),
    )
    expect(at(back, 'refunds.0.return')).toMatchObject({status: 'CLOSED'})
    const ids = (at(back, 'transactions') as Doc[]).filter(({kind}) => kind === 'REFUND').map(({id}) => id)
    expect((at(back, 'refunds.0.transactions.nodes') as Doc[]).map(({id}) => id)).toEqual(ids)
    const abroad = find((order) => list(order, 'refunds').some((refund) => list(refund, 'duties').length > 0))
    const duty = at(await money(abroad), 'refunds.0.duties.0.originalDuty.id')
    const line = list(abroad, 'line_items').flatMap((one) => list(one, 'duties'))
    expect(line.map((one) => one.admin_graphql_api_id)).toContain(duty)
  })

  test('change is not kept, and rounded cash tells what it was rounded by', async () => {
    const changed = await money(find((order) => moves(order).includes('change success')))
    const amounts = (at(changed, 'transactions') as Doc[]).map((one) => Number(at(one, 'amountSet.shopMoney.amount')))
    const received = Number(at(changed, 'totalReceivedSet.shopMoney.amount'))
    expect(received).toBeCloseTo((amounts[0] ?? 0) - (amounts[1] ?? 0), 6)
    const rounded = await money(
      find((order) => list(order, 'transactions').some((one) => one.amount_rounding !== null)),
    )
    const exact = Number(at(rounded, 'transactions.0.amountSet.presentmentMoney.amount'))
    const by = Number(at(rounded, 'transactions.0.amountRoundingSet.presentmentMoney.amount'))
    expect(Math.round((exact + by) * 100) % 5).toBe(0)
    expect(Number(at(rounded, 'totalCashRoundingAdjustment.paymentSet.presentmentMoney.amount'))).toBe(by)
  })

  test('an order without transactions has one sale of what was received, which its refunds give back', async () => {
    const refund = {id: 93, kind: 'refund', status: 'success', amount: '4.00', currency: 'USD', gateway: 'paypal'}
    const order = document(7001, {payment_gateway_names: ['paypal'], refunds: [{id: 81, transactions: [refund]}]})
    await control(shop.url, 'POST', 'orders', order)
    const told = at(await money(order), 'transactions') as Doc[]
    expect(told.map(({kind, gateway}) => `${String(kind)} ${String(gateway)}`)).toEqual([
      'SALE paypal',
      'REFUND paypal',
    ])
    expect(at(told, '1.parentTransaction.id')).toBe(at(told, '0.id'))
  })
})

describe('traffic', () => {
  const states = async (shares: Doc, seed: number) => {
    const seen: Doc[] = []
    const store = {all: () => [], put: (one: Doc) => void seen.push(one), remove: () => true}
    const none = {edits: 0, cancellations: 0, ordersPerMinute: 600_000, orders: 6}
    await playTraffic(store, {...none, ...shares, seed}, new AbortController().signal)
    return seen
  }

  test('captures an authorised card in two parts', async () => {
    const [placed] = await states({captures: 1}, 2)
    const later = await states({captures: 1}, 2)
    const mine = later.filter((one) => one.id === placed?.id)
    expect(mine.map(({financial_status}) => financial_status)).toEqual(['authorized', 'partially_paid', 'paid'])
    expect(mine.map(moves)).toEqual([
      ['authorization success'],
      ['authorization success', 'capture success'],
      ['authorization success', 'capture success', 'capture success'],
    ])
    shop.orders.put(mine[0] as Doc)
    const open = await money(mine[0] as Doc, {capturable: true})
    expect(at(open, 'transactions')).toHaveLength(1)
    expect(at(open, 'totalCapturableSet')).toEqual(at(open, 'totalOutstandingSet'))
    shop.orders.put(mine[2] as Doc)
    expect(at(await money(mine[2] as Doc, {capturable: true}), 'transactions')).toEqual([])
  })

  test('what happened keeps its time, whatever happens later', async () => {
    let hour = 0
    const seen = new Map<string, string>()
    const store = {
      all: () => [],
      put: (order: Doc) => {
        for (const key of ['transactions', 'fulfillments', 'refunds']) {
          for (const one of list(order, key)) {
            const id = `${key}/${String(one.id)}`
            expect(one.created_at, id).toBe(seen.get(id) ?? one.created_at)
            seen.set(id, one.created_at as string)
          }
        }
      },
      remove: () => true,
    }
    const now = () => new Date(from.getTime() + (hour += 1) * 3_600_000)
    const shares = {edits: 0.2, cancellations: 0.1, captures: 0.2, shipments: 0.2, returns: 0.1, refunds: 0.2}
    await playTraffic(
      store,
      {...shares, ordersPerMinute: 600_000, orders: 60, seed: 4, now},
      new AbortController().signal,
    )
    expect(seen.size).toBeGreaterThan(100)
  })

  test('a bank deposit is awaited, then confirmed', async () => {
    const [order] = await states({latePayments: 1}, 3)
    shop.orders.put(order as Doc)
    const open = await money(order as Doc, {open: true})
    expect(at(open, 'transactions.0')).toMatchObject({kind: 'SALE', status: 'PENDING', manualPaymentGateway: true, gateway: 'Bank Deposit'}) // prettier-ignore
  })

  test('some refunds take their time, and some do not arrive', async () => {
    const last = (orders: Doc[]) => orders.map((order) => moves(order).at(-1))
    const found = new Set<unknown>()
    for (let seed = 1; seed < 6; seed += 1) {
      for (const one of last(await states({returns: 0.5, refunds: 0.5}, seed))) found.add(one)
    }
    expect(found).toContain('refund pending')
    expect(found).toContain('refund success')
    expect(found).toContain('refund failure')
  })
})
