import {afterEach, expect, test} from 'vitest'

import {allOf, clientFor, playNetSuite, restError} from './playing-netsuite.ts'

const stops: (() => void)[] = []
afterEach(() => stops.splice(0).forEach((stop) => stop()))

type Asked = Readonly<{q: string; params?: readonly string[]}>
type Row = Record<string, unknown>

/** A NetSuite that answers statements, and takes every change of a record. */
async function playing(answer: (asked: Asked) => Row[]) {
  const server = await playNetSuite(({method, body}, response) => {
    if (method === 'PATCH') return void response.writeHead(204).end()
    const items = answer(JSON.parse(body) as Asked).map((row) => ({links: [], ...row}))
    response.end(JSON.stringify({links: [], count: items.length, hasMore: false, offset: 0, totalResults: items.length, items})) // prettier-ignore
  })
  stops.push(server.stop)
  return {...clientFor(server.url), server}
}

const SINCE = '2026-11-24 08:00:00'

test('what changed is read by key to the last page, and times go back as NetSuite wrote them', async () => {
  const all = Array.from({length: 1001}, (_, i) => ({
    id: String(i + 1),
    orderid: `SHOPIFY:ORDER:${i}`,
    modified: SINCE,
  }))
  const asked: Asked[] = []
  const {netsuite} = await playing((question) => {
    asked.push(question)
    return all.filter(({id}) => Number(id) > Number(question.params?.[1])).slice(0, 1000)
  })

  const pages = await allOf(netsuite.shipments.changed(SINCE, 'SHOPIFY:ORDER:'))

  expect(pages.flat()).toHaveLength(1001)
  expect(pages[0]?.[0]).toEqual({id: '1', order: 'SHOPIFY:ORDER:0', modified: SINCE})
  expect(asked.map(({params}) => params)).toEqual([['SHOPIFY:ORDER:%', '0'], ['SHOPIFY:ORDER:%', '1000']]) // prettier-ignore
  expect(asked[0]?.q).toContain(`f.lastmodifieddate >= TO_DATE('${SINCE}', 'YYYY-MM-DD HH24:MI:SS')`)
})

test('a fulfilment is read with its units, numbers and ship method, and each line once', async () => {
  const {netsuite} = await playing(({q}) => {
    if (q.includes('trackingnumbermap')) return [{transaction: '9', trackingnumber: '1Z'}, {transaction: '9', trackingnumber: '1Z'}] // prettier-ignore
    if (q.includes('l.shipmethod IS NOT NULL')) return [{transaction: '5', shipmethod: '8001'}]
    if (q.includes('previoustransactionlinelink')) {
      const line = {transaction: '9', lineid: '1', quantity: '-2', location: '1', linekey: '10010'}
      return [line, line, {...line, lineid: '2', quantity: '-1.0E0', linekey: undefined}]
    }
    return [{id: '9', tranid: 'IF9', statuskey: 'ItemShip:C', salesorder: '5', orderid: 'SHOPIFY:ORDER:1'}]
  })

  const held = await netsuite.shipments.ofOrders(['SHOPIFY:ORDER:1'])

  expect(held).toEqual([
    {
      id: '9', externalId: null, tranId: 'IF9', order: 'SHOPIFY:ORDER:1', isShipped: true, shipMethodId: '8001', tracking: ['1Z'],
      lines: [{key: '10010', quantity: 2, locationId: '1'}, {key: null, quantity: 1, locationId: '1'}],
    },
  ]) // prettier-ignore
})

test('a fulfilment gets its external ID, and nothing else of it is touched', async () => {
  const {netsuite, server} = await playing(() => [])

  const status = await netsuite.shipments.name('9', 'SHOPIFY:FULFILLMENT:88')

  expect(status).toMatchObject({outcome: 'saved', id: '9'})
  expect(server.seen.at(-1)).toMatchObject({method: 'PATCH', body: '{"externalId":"SHOPIFY:FULFILLMENT:88"}'})
  expect(server.seen.at(-1)?.path).toMatch(/\/itemFulfillment\/9$/)
})

test('nothing but a time gets into a statement', async () => {
  const {netsuite} = await playing(() => [])

  await expect(netsuite.shipments.deletedSince("2026' OR 1=1 --")).rejects.toThrow(RangeError)
})

test('a role that may not see deleted records is told from an empty answer', async () => {
  const server = await playNetSuite((_, response) => {
    response.writeHead(400).end(restError(400, 'INVALID_PARAMETER', "Record 'deletedrecord' was not found."))
  })
  stops.push(server.stop)

  const asked = clientFor(server.url).netsuite.shipments.deletedSince(SINCE)

  await expect(asked).rejects.toMatchObject({code: 'NETSUITE_PERMISSION_MISSING'})
})
