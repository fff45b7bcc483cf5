import {afterEach, beforeEach, expect, test} from 'vitest'

import {startNetSuite, type NetSuiteOptions, type SandboxNetSuite} from '../../../src/sandbox/netsuite/server.ts'
import {call, control, order, type Reply} from './client.ts'

let netsuite: SandboxNetSuite

async function open(options: Partial<NetSuiteOptions> = {}): Promise<void> {
  await netsuite?.stop()
  netsuite = await startNetSuite({port: 0, ...options})
}
beforeEach(() => open())
afterEach(() => netsuite.stop())

const post = (externalId: string): Promise<Reply> =>
  call(netsuite.url, 'POST', 'record/v1/salesOrder', {body: order({externalId})})
const fault = (rule: unknown): Promise<unknown> => control(netsuite.url, 'POST', 'faults', rule)
const held = async (): Promise<Record<string, unknown>[]> => control(netsuite.url, 'GET', 'records/salesOrder')

type Stats = {
  mostInFlight: number
  refusals: number
  requests: number
  byOperation: Record<string, Record<string, number>>
}
const stats = (): Promise<Stats> => control(netsuite.url, 'GET', 'stats')

test('no more requests than the limit are in flight; the others are refused and not done', async () => {
  await open({concurrency: 3, latencyMs: 500})

  const replies = await Promise.all(Array.from({length: 8}, (_, i) => post(`O:${i}`)))

  const refused = replies.filter(({status}) => status === 429)
  expect(refused).toHaveLength(5)
  expect(refused[0]?.body['o:errorDetails'][0]).toEqual({
    detail: 'Concurrent request limit exceeded. Request blocked.',
    'o:errorCode': 'CONCURRENCY_LIMIT_EXCEEDED',
  })
  expect(await held()).toHaveLength(3)
  expect(await stats()).toMatchObject({mostInFlight: 3, refusals: 5})
})

test('one pool serves all channels', async () => {
  await open({concurrency: 1, latencyMs: 100})
  const soap = fetch(`${netsuite.url}/services/NetSuitePort_2025_2`, {
    method: 'POST',
    headers: {soapaction: '"getServerTime"'},
    body: '<x/>',
  })
  await new Promise((resolve) => setTimeout(resolve, 30))

  expect((await post('O:1')).status).toBe(429)
  expect((await soap).status).toBe(500)
  const rest = post('O:2')
  await new Promise((resolve) => setTimeout(resolve, 30))
  const blocked = await fetch(`${netsuite.url}/services/NetSuitePort_2025_2`, {
    method: 'POST',
    headers: {soapaction: '"get"'},
    body: '<x/>',
  })
  expect(await blocked.text()).toContain('WS_REQUEST_BLOCKED')
  expect((await rest).status).toBe(204)
})

test('a client that keeps to the limit is never refused', async () => {
  await open({concurrency: 2, latencyMs: 2})
  const worker = async (name: string): Promise<void> => {
    for (let i = 0; i < 20; i++) expect((await post(`${name}:${i}`)).status).toBe(204)
  }

  await Promise.all([worker('a'), worker('b')])

  expect(await stats()).toMatchObject({mostInFlight: 2, refusals: 0})
})

test('a lost reply and a cut one leave the record behind, a reset does not', async () => {
  await fault([
    {kind: 'lost-reply', match: {externalId: 'O:lost'}},
    {kind: 'cut', match: {externalId: 'O:cut', operation: 'GET salesOrder'}},
    {kind: 'reset', match: {externalId: 'O:reset'}},
  ])

  await expect(post('O:lost')).rejects.toThrow()
  await expect(post('O:reset')).rejects.toThrow()
  expect((await post('O:cut')).status).toBe(204)
  await expect(call(netsuite.url, 'GET', 'record/v1/salesOrder/eid:O:cut')).rejects.toThrow()
  expect((await held()).map((record) => record['externalId'])).toEqual(['O:lost', 'O:cut'])
})

test('proxies, maintenance, revoked tokens, a wrong clock, broken JSON', async () => {
  const struck = async (rule: Record<string, unknown>): Promise<Reply> => {
    await control(netsuite.url, 'DELETE', 'faults')
    await fault({count: 1, ...rule})
    return call(netsuite.url, 'GET', 'record/v1/salesOrder')
  }

  expect(await struck({kind: 'html'})).toMatchObject({status: 200, text: expect.stringContaining('<!DOCTYPE html>')})
  expect(await struck({kind: 'maintenance'})).toMatchObject({status: 503})
  expect(await struck({kind: 'login'})).toMatchObject({status: 401})
  expect(await struck({kind: 'clock-skew'})).toMatchObject({status: 401})
  expect(await struck({kind: 'clock-skew', ms: 60_000})).toMatchObject({status: 200})
  expect(await struck({kind: 'concurrency'})).toMatchObject({status: 429})
  await expect(struck({kind: 'malformed'})).rejects.toThrow(SyntaxError)
  expect((await call(netsuite.url, 'GET', 'record/v1/salesOrder')).status).toBe(200)
})

test('a delay holds its slot', async () => {
  await fault({kind: 'delay', ms: 120, count: 1})
  const started = performance.now()
  await post('O:1')

  expect(performance.now() - started).toBeGreaterThan(115)
})

test('faults that cannot be are named', async () => {
  expect(await fault({kind: 'earthquake'})).toMatchObject({error: expect.stringContaining('lost-reply') as string})
  expect(await fault({kind: 'html', probability: 2})).toMatchObject({
    error: expect.stringContaining('probability') as string,
  })
})

test('with one seed the same requests meet the same faults', async () => {
  const outcomes = async (): Promise<number[]> => {
    await open({seed: 7})
    await fault({kind: 'maintenance', probability: 0.5})
    const statuses: number[] = []
    for (let i = 0; i < 12; i++) statuses.push((await post(`O:${i}`)).status)
    return statuses
  }
  const first = await outcomes()

  expect(new Set(first)).toEqual(new Set([204, 503]))
  expect(await outcomes()).toEqual(first)
})

test('records are shown with total and currency, edited by hand, and reset', async () => {
  await post('O:1')
  const [shown] = await held()
  expect(shown).toMatchObject({
    externalId: 'O:1',
    total: '48.00',
    currency: 'USD',
    status: 'B',
    lines: {item: [{key: '1'}]},
  })

  await control(netsuite.url, 'PATCH', 'records/salesOrder/eid:O:1', {memo: 'by hand'})
  expect((await held())[0]).toMatchObject({memo: 'by hand', total: '48.00'})
  await control(netsuite.url, 'POST', 'records/salesOrder', order({externalId: 'O:2'}))
  expect(await held()).toHaveLength(2)
  expect(await stats()).toMatchObject({requests: 1})

  await control(netsuite.url, 'POST', 'reset')
  expect(await held()).toEqual([])
  expect(await stats()).toMatchObject({requests: 0})
  expect((await post('O:1')).status).toBe(204)
})

test('requests are counted by channel and operation', async () => {
  await post('O:1')
  await post('O:1')

  expect((await stats()).byOperation).toMatchObject({'rest POST salesOrder': {requests: 2, failures: 1}})
})

test('the trial balance lists every account, and sales orders move none', async () => {
  await post('O:1')
  const accounts = await control<Record<string, string>[]>(netsuite.url, 'GET', 'gl')

  expect(accounts.map(({account}) => account)).toContain('1100')
  expect(new Set(accounts.map(({balance}) => balance))).toEqual(new Set(['0.00']))
})
