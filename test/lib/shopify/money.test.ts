import {afterEach, beforeEach, expect, test} from 'vitest'

import {CredentialError, SyncError} from '../../../src/lib/core/errors.ts'
import {decimalOf} from '../../../src/lib/core/money.ts'
import type {ShopifyTransaction} from '../../../src/lib/shopify/money-types.ts'
import type {MoneyBag, ShopifyOrder, ShopifyRefund} from '../../../src/lib/shopify/types.ts'
import {company} from '../../../src/sandbox/company.ts'
import {DEFAULT_SCOPES} from '../../../src/sandbox/shopify/scopes.ts'
import {answered, clientOf, startScriptedShop} from './scripted-shop.ts'
import {type Doc, documentsOf, orderWithLines, type Played, playShop} from './sandbox-shop.ts'

let played: Played
beforeEach(async () => {
  played = await playShop()
})
afterEach(() => played.stop())

function put(...documents: Doc[]): string[] {
  for (const document of documents) played.shop.orders.put(document)
  return documents.map(({id}) => String(id))
}

async function readAll(ids: readonly string[], options?: {money: boolean}): Promise<ShopifyOrder[]> {
  return (await played.client.getOrders(ids, options)).map(found)
}

function found(reading: ShopifyOrder | null | SyncError | undefined): ShopifyOrder {
  if (reading instanceof SyncError) throw reading
  if (!reading) throw new Error('the order was not found')
  return reading
}

type Part = Record<string, unknown>
const listOf = (document: Doc, name: string) => (document[name] ?? []) as Part[]

test('every movement of money of an order is read as its document states it, oldest first', async () => {
  const documents = documentsOf(150, 11)

  const orders = await readAll(put(...documents), {money: true})

  orders.forEach((order, at) => {
    const stated = listOf(documents[at] as Doc, 'transactions')
    const read = order.transactions ?? []
    expect(read.map(rowOf).toSorted()).toEqual(stated.map(rowOfDocument).toSorted())
    const times = read.map(({createdAt}) => Date.parse(createdAt))
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(new Set(read.map(({amount}) => amount.presentment.currency)).size).toBeLessThanOrEqual(1)
  })
  const all = orders.flatMap((order) => order.transactions ?? [])
  expect(new Set(all.map(({kind}) => kind)).size).toBeGreaterThan(2)
  expect(all.some(({parentId}) => parentId !== null)).toBe(true)
})

function rowOf({id, kind, status, gateway, amount, parentId}: ShopifyTransaction): string {
  const numbers = [id, parentId ?? ''].map((one) => one.replace(/^.*\//, ''))
  return [...numbers, kind, status, gateway, Number(decimalOf(amount.shop))].join(' ')
}

function rowOfDocument(document: Part): string {
  const {id, parent_id, kind, status, gateway, amount_set} = document
  const {shop_money} = amount_set as {shop_money: {amount: string}}
  const words = [kind, status].map((word) => String(word).toUpperCase())
  return [id, parent_id ?? '', ...words, gateway, Number(shop_money.amount)].join(' ')
}

test('reading money changes nothing else of an order, and without it nothing of money is asked or told', async () => {
  const ids = put(...documentsOf(120, 5))

  const plain = await readAll(ids)
  const before = new Set(played.notes.map((note) => note.operation))
  const withMoney = await readAll(ids, {money: true})

  expect(withMoney.map(withoutMoney)).toEqual(plain)
  expect([...before].filter((operation) => /Money|Life/.test(operation))).toEqual([])
})

/** What a plain reading would have given: it leaves out fulfilments of orders that are whole. */
function withoutMoney({transactions: _, refunds, fulfillments, ...order}: ShopifyOrder): ShopifyOrder {
  const isWhole =
    refunds.length === 0 &&
    order.lines.every((line) => line.currentQuantity >= line.quantity) &&
    order.shippingLines.every((line) => !line.isRemoved)
  const succeeded = isWhole ? [] : fulfillments.filter(({status}) => status === 'SUCCESS')
  return {
    ...order,
    refunds: refunds.map(({id, createdAt, lines, shipping}) => ({id, createdAt, lines, shipping})),
    fulfillments: succeeded.map(({id, status, lines}) => ({id, status, lines})),
  }
}

test('what a refund paid out is explained by its lines, shipping, duties and adjustments', async () => {
  const orders = await readAll(put(...documentsOf(250, 11)), {money: true})

  const refunded = orders.filter((order) => order.refunds.length > 0)
  expect(refunded.length).toBeGreaterThan(10)
  for (const order of refunded) {
    const transactions = new Map((order.transactions ?? []).map((one) => [one.id, one]))
    for (const refund of order.refunds) {
      const paid = (refund.transactionIds ?? []).map((id) => transactions.get(id))
      expect(paid, order.name).not.toContain(undefined)
      expect(paid.every((one) => one?.kind === 'REFUND')).toBe(true)
      const sent = paid.filter((one) => one?.status === 'SUCCESS' || one?.status === 'PENDING')
      const amount = sent.reduce((sum, one) => sum + (one?.amount.shop.minor ?? 0n), 0n)
      if (refund.returnId === null) expect(amount, order.name).toBe(explained(order, refund))
    }
  }
  expect(refunded.flatMap(({refunds}) => refunds.flatMap(({adjustments = []}) => adjustments)).length).toBeGreaterThan(
    0,
  )
})

/** The refund identity: an adjustment is positive where money was kept from the customer. */
function explained({taxesIncluded}: ShopifyOrder, refund: ShopifyRefund): bigint {
  const tax = (part: {tax: MoneyBag}) => (taxesIncluded ? 0n : part.tax.shop.minor)
  const lines = refund.lines.map((line) => line.subtotal.shop.minor + tax(line))
  const shipping = refund.shipping.map((line) => line.amount.shop.minor + tax(line))
  const duties = (refund.duties ?? []).map((duty) => duty.amount.shop.minor)
  const kept = (refund.adjustments ?? []).map((one) => -one.amount.shop.minor - one.tax.shop.minor)
  return [...lines, ...shipping, ...duties, ...kept].reduce((sum, part) => sum + part, 0n)
}

test('a fulfilment tells when, from where and in which packages it left', async () => {
  const documents = documentsOf(150, 11)

  const orders = await readAll(put(...documents), {money: true})

  const stated = documents.flatMap((document) => listOf(document, 'fulfillments'))
  const read = orders.flatMap((order) => order.fulfillments)
  expect(read.length).toBe(stated.length)
  expect(read.length).toBeGreaterThan(20)
  const byId = new Map(stated.map((one) => [`gid://shopify/Fulfillment/${String(one['id'])}`, one]))
  for (const {id, createdAt, locationId, tracking} of read) {
    const document = byId.get(id)
    expect(Date.parse(createdAt ?? '')).toBe(Date.parse(String(document?.['created_at'])))
    expect(locationId).toBe(`gid://shopify/Location/${String(document?.['location_id'])}`)
    expect(tracking?.map(({number}) => number)).toEqual(document?.['tracking_numbers'])
  }
})

test('a refund with more adjustments and transactions than a page arrives complete', async () => {
  const order = orderWithLines(3)
  put(order)
  const bag = {shopMoney: {amount: '1.0', currencyCode: 'USD'}}
  const adjustments = Array.from({length: 7}, () => ({amountSet: bag, taxAmountSet: bag, reason: 'REFUND_DISCREPANCY'}))
  const transactions = Array.from({length: 23}, (_, n) => ({id: `gid://shopify/OrderTransaction/${n}`}))
  const updatedAt = order['updated_at']
  const shop = await startScriptedShop(async ({operation, variables, body}) => {
    const {first, after} = variables as {first: number; after?: string}
    const node = {order: {updatedAt}}
    if (operation === 'RefundAdjustments')
      return answered({node: {...node, orderAdjustments: pageFrom(adjustments, first, after)}})
    if (operation === 'RefundTransactions')
      return answered({node: {...node, transactions: pageFrom(transactions, first, after)}})
    if (operation === 'OrderLife') {
      const refund = {
        id: 'gid://shopify/Refund/5',
        createdAt: updatedAt,
        refundLineItems: pageFrom([], first),
        refundShippingLines: pageFrom([], first),
        duties: [{amountSet: bag, originalDuty: {id: 'gid://shopify/Duty/9'}}],
        orderAdjustments: pageFrom(adjustments, 5),
        transactions: pageFrom(transactions, 10),
        return: {id: 'gid://shopify/Return/3'},
      }
      return answered({order: {updatedAt, refunds: [refund], fulfillments: []}})
    }
    const reply = (await forward(body)) as {data: {nodes: Record<string, unknown>[]}}
    for (const one of reply.data.nodes) one['refunds'] = [{id: 'gid://shopify/Refund/5'}]
    return {json: reply}
  })

  const [reading] = await clientOf(shop).getOrders(['8001'], {money: true})
  await shop.stop()

  const [refund] = found(reading).refunds
  expect(refund?.adjustments).toHaveLength(7)
  expect(refund?.transactionIds).toEqual(transactions.map(({id}) => id))
  expect(refund?.duties?.map(({dutyId}) => dutyId)).toEqual(['gid://shopify/Duty/9'])
  expect(refund?.returnId).toBe('gid://shopify/Return/3')
})

function pageFrom(nodes: readonly unknown[], size: number, after = '0') {
  const end = Number(after) + size
  return {nodes: nodes.slice(Number(after), end), pageInfo: {hasNextPage: end < nodes.length, endCursor: String(end)}}
}

async function forward(body: string): Promise<unknown> {
  const headers = {'content-type': 'application/json', 'x-shopify-access-token': company.shopify.accessToken}
  const reply = await fetch(`${played.shop.url}/admin/api/2026-10/graphql.json`, {method: 'POST', headers, body})
  return reply.json()
}

test('many orders with money come in few requests, and none costs more than Shopify allows', async () => {
  const ids = put(...Array.from({length: 120}, (_, n) => orderWithLines(3, 9000 + n)))

  await readAll(ids, {money: true})
  played.notes.length = 0
  await readAll(ids, {money: true})

  expect(played.notes.length).toBeLessThanOrEqual(4)
  for (const note of played.notes) expect(note.cost?.requested).toBeLessThan(1000)
})

test('an answer without the money that was asked for is malformed, not an order without payments', async () => {
  put(orderWithLines(3))
  const shop = await startScriptedShop(async ({body}) => {
    const reply = (await forward(body)) as {data: {nodes: Record<string, unknown>[]}}
    for (const one of reply.data.nodes) delete one['transactions']
    return {json: reply}
  })

  const [reading] = await clientOf(shop).getOrders(['8001'], {money: true})
  await shop.stop()

  expect(reading).toMatchObject({code: 'SHOPIFY_ANSWER_MALFORMED', message: expect.stringContaining('transactions')})
})

test('a scope that refunds need is named where the app lacks it', async () => {
  await played.stop()
  played = await playShop({}, {scopes: DEFAULT_SCOPES.filter((scope) => scope !== 'read_returns')})
  const ids = put(...documentsOf(150, 11).filter((document) => listOf(document, 'refunds').length > 0))

  const refused = played.client.getOrders(ids, {money: true})

  await expect(refused).rejects.toThrow(CredentialError)
  await expect(refused).rejects.toMatchObject({
    code: 'SHOPIFY_ACCESS_DENIED',
    hint: expect.stringContaining('read_returns'),
  })
})
