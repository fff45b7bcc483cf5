import {createServer} from 'node:net'
import type {AddressInfo} from 'node:net'

import {afterEach, describe, expect, test} from 'vitest'

import {order} from './arbitraries.ts'
import {
  addAnswer,
  clientFor,
  playNetSuite,
  restError,
  soapAnswer,
  soapFault,
  writeResponse,
} from './playing-netsuite.ts'

const stops: (() => void)[] = []
afterEach(() => stops.splice(0).forEach((stop) => stop()))

const time = soapAnswer(
  '<getServerTimeResponse xmlns="urn:m"><p:getServerTimeResult xmlns:p="urn:c"><p:status isSuccess="true"/><p:serverTime>2026-11-20T12:00:00.000-08:00</p:serverTime></p:getServerTimeResult></getServerTimeResponse>',
)

test('a server that is not there was never asked', async () => {
  const probe = createServer().listen(0)
  const {port} = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  const {netsuite, door} = clientFor(`http://127.0.0.1:${port}`)

  await expect(netsuite.salesOrders.add([order()])).rejects.toMatchObject({
    code: 'NETSUITE_UNREACHABLE',
    outcomeUnknown: false,
  })
  expect(door.taken).toBe(1)
})

describe('a reply that never comes', () => {
  test.each([
    ['because the connection breaks', (destroy: () => void) => destroy()],
    ['because the server is silent', () => undefined],
  ])('%s leaves the outcome of a write unknown, and it is not sent twice', async (_, fate) => {
    const server = await playNetSuite((_, response) => fate(() => response.destroy()))
    stops.push(server.stop)
    const {netsuite} = clientFor(server.url, {timeouts: {baseMs: 300, perRecordMs: 0}})

    await expect(netsuite.salesOrders.add([order()])).rejects.toMatchObject({
      code: 'NETSUITE_REPLY_LOST',
      outcomeUnknown: true,
    })
    expect(server.seen).toHaveLength(1)
  })

  test('to a read is nothing but time lost: it is asked again', async () => {
    let left = 2
    const server = await playNetSuite((_, response) => {
      if (left-- > 0) response.destroy()
      else response.end(time)
    })
    stops.push(server.stop)
    const {netsuite, notes} = clientFor(server.url)

    expect(await netsuite.serverTime()).toEqual(new Date('2026-11-20T20:00:00Z'))
    expect(notes.map(({outcome}) => outcome)).toEqual(['NETSUITE_REPLY_LOST', 'NETSUITE_REPLY_LOST', 'ok'])
  })
})

test('an answer that never ends is given up', async () => {
  const server = await playNetSuite((_, response) => {
    const more = () => {
      if (!response.destroyed) response.write('x'.repeat(65_536), () => setImmediate(more))
    }
    more()
  })
  stops.push(server.stop)
  const {netsuite} = clientFor(server.url, {maxAnswerBytes: 1_000_000})

  await expect(netsuite.salesOrders.add([order()])).rejects.toMatchObject({
    code: 'NETSUITE_ANSWER_MALFORMED',
    outcomeUnknown: true,
  })
})

test('a heavy query that fails unexpectedly is tried once more, and no oftener', async () => {
  const server = await playNetSuite((_, response) => {
    response.writeHead(500).end(restError(500, 'UNEXPECTED_ERROR', 'An unexpected error occurred.'))
  })
  stops.push(server.stop)
  const {netsuite} = clientFor(server.url)

  await expect(netsuite.queries.raw('SELECT 1 AS n FROM dual')).rejects.toMatchObject({outcomeUnknown: false})
  expect(server.seen).toHaveLength(2)
})

test('a wrong credential is used once and never again by itself', async () => {
  const server = await playNetSuite((_, response) => {
    response.writeHead(401).end(restError(401, 'INVALID_LOGIN', 'Invalid login attempt.'))
  })
  stops.push(server.stop)
  const {netsuite} = clientFor(server.url)

  await expect(netsuite.queries.raw('SELECT 1 AS n FROM dual')).rejects.toMatchObject({code: 'NETSUITE_LOGIN_REFUSED'})
  expect(server.seen).toHaveLength(1)
})

test('of many requests with a wrong credential one is sent, because five refusals lock the user', async () => {
  const server = await playNetSuite((_, response) => {
    response.writeHead(500).end(soapFault('invalidCredentialsFault', 'INVALID_LOGIN', 'Invalid login attempt.'))
  })
  stops.push(server.stop)
  const {netsuite} = clientFor(server.url)
  const asked = Array.from({length: 10}, (_, i) => netsuite.salesOrders.get([{id: String(i)}]))
  const ends = await Promise.allSettled(asked)

  expect(ends.every(({status}) => status === 'rejected')).toBe(true)
  expect(server.seen).toHaveLength(1)
})

test('a role that may not ask for the limit works with the smallest one', async () => {
  const server = await playNetSuite((_, response) => {
    const words = "Permission Violation: You need a higher level of the 'Setup' permission to access this page."
    response.writeHead(500).end(soapFault('insufficientPermissionFault', 'INSUFFICIENT_PERMISSION', words))
  })
  stops.push(server.stop)

  expect(await clientFor(server.url).netsuite.governance()).toMatchObject({limit: 5, accountLimit: null})
})

describe('a list', () => {
  test('of many orders goes in messages of the chosen size, each with its own passport', async () => {
    const server = await playNetSuite(({body}, response) => {
      const records = [...body.matchAll(/externalId="SHOPIFY:ORDER:(\d+)"/g)]
      response.end(addAnswer(...records.map((record) => writeResponse({id: record[1] ?? ''}))))
    })
    stops.push(server.stop)
    const {netsuite, notes} = clientFor(server.url, {listSize: 20})
    const orders = Array.from({length: 45}, (_, i) => order({externalId: `SHOPIFY:ORDER:${i + 1}`}))
    const statuses = await netsuite.salesOrders.add(orders)

    expect(statuses.map((status) => (status.outcome === 'saved' ? status.id : ''))).toEqual(
      orders.map((_, i) => String(i + 1)),
    )
    expect(notes.map(({records}) => records)).toEqual([20, 20, 5])
  })

  test('that NetSuite finds too long, or cannot read, is halved down to the order at fault', async () => {
    const server = await playNetSuite(({body}, response) => {
      const records = [...body.matchAll(/externalId="SHOPIFY:ORDER:(\d+)"/g)].map((match) => match[1] ?? '')
      if (records.includes('3')) {
        return void response.writeHead(500).end(soapFault('exceededRequestSizeFault', 'USER_ERROR', 'too large'))
      }
      response.end(addAnswer(...records.map((id) => writeResponse({id}))))
    })
    stops.push(server.stop)
    const {netsuite} = clientFor(server.url)
    const orders = [1, 2, 3, 4, 5].map((n) => order({externalId: `SHOPIFY:ORDER:${n}`}))

    expect((await netsuite.salesOrders.add(orders)).map(({outcome}) => outcome)).toEqual([
      'saved', 'saved', 'refused', 'saved', 'saved',
    ]) // prettier-ignore
  })
})

describe('reading orders', () => {
  const line = (n: number) =>
    `<q:item><q:line>${n}</q:line><q:item internalId="1001"/><q:amount>1.2345678E7</q:amount><q:quantity>2.0</q:quantity>` +
    `<q:isClosed>true</q:isClosed><q:customFieldList><z:customField scriptId="custcol_line_key" internalId="9" xsi:type="z:StringCustomFieldRef"><z:value>key-${n}</z:value></z:customField></q:customFieldList></q:item>`
  const record = (id: string, lines: string) =>
    `<readResponse><z:status isSuccess="true"/><record internalId="${id}" externalId="SHOPIFY:ORDER:${id}" xsi:type="q:SalesOrder">` +
    `<q:itemList>${lines}</q:itemList><q:total>43.5</q:total><q:memo><![CDATA[<?xml version="1.0"?> & more]]></q:memo>` +
    `<q:tranDate>2026-11-20T00:00:00.000-08:00</q:tranDate><q:orderStatus>_partiallyFulfilled</q:orderStatus>` +
    `<q:entity internalId="500"/><q:currency internalId="1"/></record></readResponse>`
  const absent = (code: string) =>
    `<readResponse><z:status isSuccess="false"><z:statusDetail type="ERROR"><z:code>${code}</z:code><z:message>That record does not exist.</z:message></z:statusDetail></z:status></readResponse>`
  const declared = 'xmlns="urn:m" xmlns:z="urn:c" xmlns:q="urn:s"'

  test('works with any prefix, any order of elements, one line or several, and keeps text as it is', async () => {
    const list = record('1', line(1)) + absent('RCRD_DSNT_EXIST') + record('3', line(1) + line(4))
    const body = soapAnswer(
      `<getListResponse ${declared}><readResponseList><z:status isSuccess="true"/>${list}</readResponseList></getListResponse>`,
    )
    const server = await playNetSuite((_, response) => void response.end(body))
    stops.push(server.stop)
    const {netsuite} = clientFor(server.url)
    const [one, none, three] = await netsuite.salesOrders.get([{id: '1'}, {externalId: 'x'}, {id: '3'}])

    expect(none).toBeNull()
    expect(one).toMatchObject({
      id: '1',
      externalId: 'SHOPIFY:ORDER:1',
      status: 'D',
      tranDate: '2026-11-20',
      total: '43.5',
      memo: '<?xml version="1.0"?> & more',
      shippingCost: '0',
    })
    expect(one?.lines).toEqual([
      {line: '1', key: 'key-1', itemId: '1001', quantity: '2', amount: '12345678', description: null, locationId: null, taxCodeId: null, isClosed: true},
    ]) // prettier-ignore
    expect(three?.lines.map(({line}) => line)).toEqual(['1', '4'])
  })

  test('a record that was not asked for is never taken for the one that was', async () => {
    const server = await playNetSuite((_, response) => {
      response.end(soapAnswer(`<getResponse ${declared}>${record('8', line(1))}</getResponse>`))
    })
    stops.push(server.stop)
    const {netsuite} = clientFor(server.url)

    await expect(netsuite.salesOrders.get([{id: '7'}])).rejects.toMatchObject({code: 'NETSUITE_ANSWER_MALFORMED'})
  })
})
