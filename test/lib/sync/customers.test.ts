import {describe, expect, test} from 'vitest'

import {address, order} from '../../simulation/order.ts'
import {parkedCodes} from '../../simulation/tied-out.ts'
import {world, type World} from '../../support/world.ts'

const account = (id: number, email: string, more: Record<string, unknown> = {}) => ({
  email,
  customer: {id, email, first_name: 'Ada', last_name: `Buyer ${id}`, ...more},
})
const guest = (email: string) => ({email, customer: null})

async function ours(shop: World): Promise<(string | null)[]> {
  return (await shop.customers()).map(({externalId}) => externalId).filter((id) => id !== null)
}

async function entities(shop: World): Promise<Set<unknown>> {
  const held = (await shop.salesOrders()) as unknown as {entity: {id: string}}[]
  return new Set(held.map(({entity}) => entity.id))
}

test('one buyer with many orders, as account and as guest, in any spelling, becomes one customer', async () => {
  const shop = await world()
  const spellings = ['ada@example.com', 'Ada@Example.com', 'ADA@EXAMPLE.COM']
  // 150 orders are several batches side by side; the buyer is in each of them.
  const orders = Array.from({length: 150}, (_, i) => {
    const email = spellings[i % 3] ?? ''
    return order(2000 + i, i % 2 === 0 ? account(77, email) : guest(email))
  })
  await shop.postOrders(orders, true)

  const report = await shop.push()

  expect(report.counts).toMatchObject({written: 150})
  expect(await ours(shop)).toHaveLength(1)
  expect((await entities(shop)).size).toBe(1)
})

test('two runs at once that meet the same new buyers, one as accounts and one as guests, create each once', async () => {
  const shop = await world({latencyMs: 30})
  const ids = Array.from({length: 12}, (_, i) => 3000 + i)
  await shop.postOrders(
    ids.flatMap((id) => [order(id, account(id, `b${id}@example.com`)), order(id + 500, guest(`b${id}@example.com`))]),
    true,
  )

  await Promise.all([shop.push(...ids.map((id) => `#${id}`)), shop.push(...ids.map((id) => `#${id + 500}`))])

  expect(await shop.salesOrders()).toHaveLength(24)
  expect(await ours(shop)).toHaveLength(12)
})

test('a customer whose reply was lost is found, not made again', async () => {
  const shop = await world()
  await shop.postOrders([order(1, account(1, 'a@example.com')), order(2, account(2, 'b@example.com'))], true)
  await shop.fault('netsuite', {kind: 'lost-reply', match: {channel: 'rest', recordType: 'customer'}, count: 2})

  const report = await shop.push()

  expect(report.counts).toMatchObject({written: 2})
  expect((await ours(shop)).toSorted()).toEqual(['SHOPIFY:CUSTOMER:1', 'SHOPIFY:CUSTOMER:2'])
})

describe('whom NetSuite holds already', () => {
  const person = (lastName: string, more: Record<string, unknown> = {}) => ({
    isPerson: true,
    firstName: 'Ada',
    lastName,
    subsidiary: {id: '1'},
    ...more,
  })

  test('is found by external ID first, then by e-mail', async () => {
    const shop = await world()
    await shop.edit('POST', 'customer', person('One', {externalId: 'SHOPIFY:CUSTOMER:1', email: 'other@example.com'}))
    await shop.edit('POST', 'customer', person('Two', {email: 'TWO@example.com'}))
    await shop.edit('POST', 'customer', person('Not one', {email: 'one@example.com'}))
    await shop.postOrders([order(1, account(1, 'one@example.com')), order(2, account(2, 'two@example.com'))], true)
    const before = (await shop.customers()).length

    await shop.push()

    const names = new Map((await shop.customers()).map((held) => [held.id, held['lastName']]))
    const buyers = ((await shop.salesOrders()) as unknown as {externalId: string; entity: {id: string}}[]).map(
      ({externalId, entity}) => [externalId, names.get(entity.id)],
    )
    expect(Object.fromEntries(buyers)).toEqual({'SHOPIFY:ORDER:1': 'One', 'SHOPIFY:ORDER:2': 'Two'})
    expect(await shop.customers()).toHaveLength(before)
  })

  test('several of one address are not guessed, unless only one of them is active', async () => {
    const shop = await world()
    for (const name of ['One', 'Two']) await shop.edit('POST', 'customer', person(name, {email: 'many@example.com'}))
    await shop.edit('POST', 'customer', person('Old', {email: 'few@example.com', isInactive: true}))
    await shop.edit('POST', 'customer', person('New', {email: 'few@example.com'}))
    await shop.edit('POST', 'customer', person('Gone', {email: 'gone@example.com', isInactive: true}))
    const buyers = ['many', 'few', 'gone'].map((name, i) => order(i + 1, account(i + 1, `${name}@example.com`)))
    await shop.postOrders([...buyers, order(9)], true)

    const report = await shop.push()

    expect(report.counts).toMatchObject({written: 2, parked: 2})
    expect(await parkedCodes(shop)).toEqual({'#1': 'CUSTOMER_AMBIGUOUS', '#3': 'CUSTOMER_INACTIVE'})
  })
})

test('a buyer who cannot be written parks all of the buyer’s orders, and nobody else’s', async () => {
  const shop = await world()
  const bad = account(1, 'bad@example.com', {last_name: 'a\u0007b'})
  const plain = {billing_address: address(), shipping_address: address()}
  await shop.postOrders([order(1, {...bad, ...plain}), order(2, {...bad, ...plain}), order(3)], true)

  const report = await shop.push()

  expect(report.counts).toMatchObject({written: 1, parked: 2})
  expect(Object.keys(await parkedCodes(shop)).toSorted()).toEqual(['#1', '#2'])
})

test('a customer that was deleted in NetSuite is found or made anew; one that became inactive waits for a person', async () => {
  const shop = await world()
  const buyer = (id: number, of: number) => order(id, account(of, `b${of}@example.com`))
  await shop.postOrders([buyer(1, 1), buyer(2, 2)], true)
  await shop.push()
  const held = new Map((await shop.customers()).map(({externalId, id}) => [externalId, id]))
  // NetSuite deletes no customer with transactions; one that was merged into another is gone as well.
  for (const {id} of await shop.salesOrders()) await shop.edit('DELETE', `salesOrder/${id}`)
  await shop.edit('DELETE', `customer/${held.get('SHOPIFY:CUSTOMER:1')}`)
  await shop.edit('PATCH', `customer/${held.get('SHOPIFY:CUSTOMER:2')}`, {isInactive: true})
  await shop.postOrders([buyer(3, 1), buyer(4, 2), order(5)], true)

  await shop.push('#3', '#4', '#5')
  const again = await shop.push('#3')

  expect(again.counts).toMatchObject({written: 1})
  expect(await parkedCodes(shop)).toEqual({'#4': 'CUSTOMER_INACTIVE'})
  expect((await shop.salesOrders()).map(({externalId}) => externalId).toSorted()).toEqual(['SHOPIFY:ORDER:3', 'SHOPIFY:ORDER:5'])
}) // prettier-ignore
