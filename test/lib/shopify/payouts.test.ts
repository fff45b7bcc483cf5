import {afterEach, beforeEach, expect, test} from 'vitest'

import {CredentialError} from '../../../src/lib/core/errors.ts'
import {decimalOf} from '../../../src/lib/core/money.ts'
import type {BalanceTransaction, ShopifyPayout} from '../../../src/lib/shopify/money-types.ts'
import {DEFAULT_SCOPES} from '../../../src/sandbox/shopify/scopes.ts'
import {answered, clientOf, startScriptedShop} from './scripted-shop.ts'
import {documentsOf, type Played, playShop} from './sandbox-shop.ts'

let played: Played
beforeEach(async () => {
  played = await playShop()
})
afterEach(() => played.stop())

type Line = {type: string; amount: string; fee?: string; order?: string}
type Shown = {
  id: string
  net: string
  status: string
  transactionType: string
  lines: Readonly<Record<'id' | 'type' | 'amount' | 'fee' | 'net', string>>[]
}

/** Makes a payout of these lines in the sandbox. */
async function pay(lines: readonly Line[], change: Record<string, unknown> = {}): Promise<Shown> {
  const init = {method: 'POST', body: JSON.stringify({lines, ...change})}
  const reply = await fetch(`${played.shop.url}/_sandbox/payouts`, init)
  const said = (await reply.json()) as {payouts: Shown[]}
  if (!reply.ok) throw new Error(JSON.stringify(said))
  const [payout] = said.payouts
  if (payout === undefined) throw new Error('no payout was made')
  return payout
}

async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const found: T[] = []
  for await (const page of pages) found.push(...page)
  return found
}

const FEES = [
  {type: 'CHARGEBACK_FEE', amount: '-15.00', fee: '0.00'},
  {type: 'SHIPPING_LABEL', amount: '-7.35', fee: '0.00'},
]

test('payouts come by the time of issue, from the asked moment on, in the asked state', async () => {
  await pay(FEES, {issuedAt: '2026-11-03T00:00:00Z'})
  await pay([{type: 'ADJUSTMENT', amount: '20.00', fee: '0.00'}], {issuedAt: '2026-11-02T00:00:00Z'})
  await pay(FEES, {issuedAt: '2026-11-01T00:00:00Z'})
  await pay(FEES, {issuedAt: '2026-11-04T00:00:00Z', status: 'FAILED'})
  const since = new Date('2026-11-02T00:00:00Z')

  const payouts = await all(played.client.payouts.list({since}))
  const paid = await all(played.client.payouts.list({since, status: 'PAID'}))

  const byHand = payouts.filter(({issuedAt}) => issuedAt < '2026-11-05').map(rowOf)
  expect(byHand).toEqual([
    '2026-11-02 PAID DEPOSIT 20.00',
    '2026-11-03 PAID WITHDRAWAL -22.35',
    '2026-11-04 FAILED WITHDRAWAL -22.35',
  ])
  expect(paid.map(rowOf)).toEqual(payouts.filter(({status}) => status === 'PAID').map(rowOf))
})

function rowOf({issuedAt, status, transactionType, net}: ShopifyPayout): string {
  return [issuedAt.slice(0, 10), status, transactionType, decimalOf(net)].join(' ')
}

test('a payout is found by its number and by its global id; one that does not exist is null', async () => {
  const {id} = await pay(FEES)

  const [byNumber, byId] = await Promise.all(
    [id, `gid://shopify/ShopifyPaymentsPayout/${id}`].map((one) => played.client.payouts.get(one)),
  )

  expect(byNumber).toMatchObject({legacyId: id, transactionType: 'WITHDRAWAL'})
  expect(byId).toEqual(byNumber)
  expect(await played.client.payouts.get('4711')).toBeNull()
})

test('the lines of a payout are all there, over several pages, and sum to what reached the bank', async () => {
  const lines = Array.from({length: 620}, (_, n) => ({type: 'ADJUSTMENT', amount: `${n + 1}.17`, fee: '0.29'}))
  const payout = await pay([...lines, ...FEES])

  const read = await all(played.client.payouts.transactions(payout.id))

  const own = ({id, type, amount, fee, net}: BalanceTransaction) =>
    [id.replace(/^.*\//, ''), type, decimalOf(amount), decimalOf(fee), decimalOf(net)].join(' ')
  const stated = payout.lines.map(({id, type, amount, fee, net}) => [id, type, amount, fee, net].join(' '))
  expect(read.map(own).toSorted()).toEqual(stated.toSorted())
  expect(read).toHaveLength(622)
  const {net} = (await played.client.payouts.get(payout.id)) ?? {}
  expect(read.reduce((sum, line) => sum + line.net.minor, 0n)).toBe(net?.minor)
  for (const line of read) expect(line.net.minor).toBe(line.amount.minor - line.fee.minor)
  expect(new Set(played.notes.map((note) => note.outcome))).toEqual(new Set(['ok']))
})

test('the charges of a payout name the order and the very transaction that the order has', async () => {
  const documents = documentsOf(60, 11)
  for (const document of documents) played.shop.orders.put(document)
  const orders = await played.client.getOrders(
    documents.map(({id}) => String(id)),
    {money: true},
  )
  const known = new Map(
    orders.flatMap((order) =>
      order !== null && 'transactions' in order
        ? (order.transactions ?? []).map((one) => [one.id, order.id] as const)
        : [],
    ),
  )
  const reply = await fetch(`${played.shop.url}/_sandbox/payouts`, {method: 'POST', body: '{}'})
  const {payouts} = (await reply.json()) as {payouts: Shown[]}

  const read = (await Promise.all(payouts.map(({id}) => all(played.client.payouts.transactions(id))))).flat()

  const charges = read.filter(({type}) => type === 'CHARGE')
  expect(charges.length).toBeGreaterThan(0)
  for (const {orderId, orderTransactionId} of charges) expect(known.get(orderTransactionId ?? '')).toBe(orderId)
})

test('an adjustment of one order belongs to its transaction; of several, each is told with its share', async () => {
  const usd = (amount: string) => ({amount, currencyCode: 'USD'})
  const share = (n: number) => ({
    name: `#${n}`,
    orderTransactionId: String(n),
    amount: usd('3.00'),
    fees: usd('0.50'),
    net: usd('2.50'),
  })
  const node = (n: number, adjustmentsOrders: unknown[]) => ({
    id: `gid://shopify/ShopifyPaymentsBalanceTransaction/${n}`,
    type: 'CHARGE_ADJUSTMENT',
    test: false,
    amount: usd('6.00'),
    fee: usd('1.00'),
    net: usd('5.00'),
    transactionDate: '2026-11-02T00:00:00Z',
    sourceType: 'ADJUSTMENT',
    adjustmentReason: null,
    sourceOrderTransactionId: null,
    associatedOrder: null,
    adjustmentsOrders,
  })
  const shop = await startScriptedShop(() => {
    const nodes = [node(1, [share(11)]), node(2, [share(21), share(22)])]
    const balanceTransactions = {nodes, pageInfo: {hasNextPage: false, endCursor: null}}
    return answered({shopifyPaymentsAccount: {balanceTransactions}})
  })

  const [one, two] = await all(clientOf(shop).payouts.transactions('1'))
  await shop.stop()

  expect(one).toMatchObject({orderName: '#11', orderTransactionId: 'gid://shopify/OrderTransaction/11', orderId: null})
  expect(two).toMatchObject({orderName: null, orderTransactionId: null})
  expect(two?.adjustedOrders?.map(({orderName, net}) => [orderName, decimalOf(net)])).toEqual([
    ['#21', '2.50'],
    ['#22', '2.50'],
  ])
})

test('a shop without Shopify Payments has no payouts', async () => {
  const shop = await startScriptedShop(() => answered({shopifyPaymentsAccount: null}))

  const payouts = await all(clientOf(shop).payouts.list({since: new Date(0)}))
  await shop.stop()

  expect(payouts).toEqual([])
})

test('a scope that payouts need is named where the app lacks it', async () => {
  await played.stop()
  played = await playShop({}, {scopes: DEFAULT_SCOPES.filter((scope) => scope !== 'read_shopify_payments_payouts')})

  const refused = all(played.client.payouts.list({since: new Date(0)}))

  await expect(refused).rejects.toThrow(CredentialError)
  await expect(refused).rejects.toMatchObject({
    code: 'SHOPIFY_ACCESS_DENIED',
    hint: expect.stringContaining('read_shopify_payments_payouts'),
  })
})
