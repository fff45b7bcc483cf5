import {expect, test, vi} from 'vitest'

import {start} from '../support/command.ts'
import {letTimePass} from '../support/crash.ts'
import {order} from '../simulation/order.ts'
import {setSource, ship, shippedUnits, shippingWorld, shown} from '../simulation/shipped.ts'

type Told = Readonly<{done: Readonly<Record<string, number>>; counts: Readonly<Record<string, number>>}>

test('a run that is killed while Shopify ships is ended by the next one, and nothing ships twice', async () => {
  const shop = await shippingWorld()
  await shop.postOrders([order(1001)], true)
  await shop.push()
  await ship(shop, 1001, [{key: '10010', quantity: 1}], ['1Z001'])
  await shop.fault('shopify', {kind: 'delay', match: {operation: 'CreateFulfillment'}, count: 1, delayMs: 1500})

  const first = start(shop.folder, ['fulfillments:pull'])
  const asked = async () => ((await shop.stats('shopify')) as unknown as {operations: object}).operations
  await vi.waitFor(async () => expect(await asked()).toHaveProperty('FulfillmentOrders'), {timeout: 20_000})
  await new Promise((resolve) => setTimeout(resolve, 700))
  first.process.kill('SIGKILL')
  await first.ended
  await vi.waitFor(async () => expect(await shown(shop, 1001)).toHaveLength(1), {timeout: 5_000})
  await letTimePass(shop.databaseUrl)
  const next = await start(shop.folder, ['fulfillments:pull', '--json']).ended
  const named = await start(shop.folder, ['fulfillments:pull', '#1001']).ended

  expect(next.code, next.stderr).toBe(0)
  expect((JSON.parse(next.stdout) as Told).done).toMatchObject({create: 0, adopt: 1, name: 1})
  expect(named, named.stderr).toMatchObject({code: 0, stdout: expect.stringContaining('1 orders unchanged')})
  expect(await shippedUnits(shop, 1001)).toEqual({10010: 1})
})

test('the contract is told where NetSuite does not ship, and a dry run shows what would be told', async () => {
  const shop = await shippingWorld('carriers: {"8001": UPS},')
  await shop.postOrders([order(1001)], true)
  await shop.push()
  await ship(shop, 1001, [{key: '10010', quantity: 2}], ['1Z001'])

  const dry = await start(shop.folder, ['fulfillments:pull', '--since', '2020-01-01', '--dry-run']).ended
  setSource(shop, 'shopify')
  const off = await start(shop.folder, ['fulfillments:pull']).ended

  expect(dry.code, dry.stderr).toBe(0)
  expect(dry.stdout).toMatch(/#1001: tell\n {2}ship 2 units of item fulfilment \S+ by UPS 1Z001\n1 would be told/)
  expect(await shown(shop, 1001)).toEqual([])
  expect(off.code).toBe(10)
  expect(off.stderr).toContain('fulfillments.from: shopify')
})
