import {afterEach, beforeEach, expect, test} from 'vitest'

import {answered, clientOf, startScriptedShop} from './scripted-shop.ts'
import {orderWithLines, type Played, playShop} from './sandbox-shop.ts'

let played: Played
beforeEach(async () => {
  played = await playShop()
})
afterEach(() => played.stop())

const gid = (id: number) => `gid://shopify/Order/${id}`

test('the NetSuite id stands on the order after it was set, also when it is set twice', async () => {
  const orders = Array.from({length: 60}, (_, n) => orderWithLines(1, 9000 + n))
  for (const order of orders) played.shop.orders.put(order)
  const ids = orders.map(({id}) => ({orderId: gid(id), netsuiteId: String(id * 2)}))

  expect(await played.client.setNetSuiteIds(ids)).toEqual(new Map())
  expect(await played.client.setNetSuiteIds(ids)).toEqual(new Map())

  expect(played.notes).toHaveLength(6)
  expect(await played.client.getOrder('9007')).toMatchObject({netsuiteId: '18014'})
})

test('an order that was deleted meanwhile does not keep the others from being written', async () => {
  for (const id of [9000, 9001, 9002]) played.shop.orders.put(orderWithLines(1, id))
  const ids = [9000, 4711, 9001, 4712, 9002].map((id) => ({orderId: gid(id), netsuiteId: '7'}))

  const errors = await played.client.setNetSuiteIds(ids)

  expect([...errors.keys()]).toEqual([gid(4711), gid(4712)])
  expect(errors.get(gid(4711))).toMatchObject({code: 'SHOPIFY_WRITE_REFUSED', subject: gid(4711)})
  for (const id of [9000, 9001, 9002]) expect(await played.client.getOrder(String(id))).toMatchObject({netsuiteId: '7'})
})

test('a refusal without a place is the error of all of them', async () => {
  const userErrors = [{code: 'INTERNAL_ERROR', elementIndex: null, field: null, message: 'no'}]
  const shop = await startScriptedShop(() => answered({metafieldsSet: {metafields: null, userErrors}}))

  const errors = await clientOf(shop).setNetSuiteIds([1, 2].map((id) => ({orderId: gid(id), netsuiteId: '7'})))
  await shop.stop()

  expect([...errors.keys()]).toEqual([gid(1), gid(2)])
  expect(shop.asked).toHaveLength(1)
})

test('a lost reply is simply sent again, for the ids are stated, not added', async () => {
  played.shop.orders.put(orderWithLines(1, 9000))
  await played.fault({kind: 'lost-reply', count: 1})

  expect(await played.client.setNetSuiteIds([{orderId: gid(9000), netsuiteId: '7'}])).toEqual(new Map())

  expect(played.notes.map((note) => note.outcome)).toEqual(['SHOPIFY_REPLY_LOST', 'ok'])
  expect(await played.client.getOrder('9000')).toMatchObject({netsuiteId: '7'})
})
