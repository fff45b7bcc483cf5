import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

import type {Clock} from '../../../src/lib/core/clock.ts'
import {createShopify, type Shopify, type ShopifySettings} from '../../../src/lib/shopify/client.ts'

export type Asked = Readonly<{
  path: string
  token: string
  operation: string
  variables: Record<string, unknown>
  body: string
}>

/** What the scripted shop does with one request: answers, or breaks the connection. */
export type Scripted =
  | Readonly<{json: unknown; status?: number; headers?: Record<string, string>}>
  | Readonly<{text: string; status?: number; headers?: Record<string, string>}>
  | Readonly<{cut: string}>
  | 'reset'
  | 'silence'

export type ScriptedShop = Readonly<{url: string; asked: Asked[]; stop(): Promise<void>}>

/** A server that answers each request as told, for answers that a well-behaved shop never gives. */
export async function startScriptedShop(
  answer: (asked: Asked, nth: number) => Scripted | Promise<Scripted>,
): Promise<ScriptedShop> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    void read(request).then(async (one) => {
      asked.push(one)
      play(await answer(one, asked.length), response)
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const {port} = server.address() as AddressInfo
  const stop = () =>
    new Promise<void>((done) => {
      server.closeAllConnections()
      server.close(() => done())
    })
  return {url: `http://127.0.0.1:${port}`, asked, stop}
}

async function read(request: IncomingMessage): Promise<Asked> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  const isJson = request.headers['content-type']?.includes('json') === true
  const {operationName = '', variables = {}} = isJson
    ? (JSON.parse(body) as {operationName?: string; variables?: Record<string, unknown>})
    : {}
  const token = String(request.headers['x-shopify-access-token'] ?? '')
  return {path: request.url ?? '', token, operation: operationName, variables, body}
}

function play(scripted: Scripted, response: ServerResponse): void {
  if (scripted === 'silence') return
  if (scripted === 'reset') {
    response.destroy()
    return
  }
  if ('cut' in scripted) {
    response.writeHead(200, {'content-type': 'application/json', 'content-length': scripted.cut.length * 2})
    response.write(scripted.cut, () => response.destroy())
    return
  }
  const body = 'text' in scripted ? scripted.text : JSON.stringify(scripted.json)
  const type = 'text' in scripted ? 'text/html' : 'application/json'
  response.writeHead(scripted.status ?? 200, {'content-type': type, ...PINNED, ...scripted.headers}).end(body)
}

const PINNED = {'x-shopify-api-version': '2026-10', 'x-request-id': 'req-1'}

/** Time that passes only by waiting; every wait is kept. */
export function patientClock(start = Date.parse('2026-11-24T12:00:00Z')): Clock & {slept: number[]} {
  let now = start
  const slept: number[] = []
  return {
    slept,
    now: () => new Date(now),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      slept.push(ms)
      await new Promise((done) => setImmediate(done))
      signal?.throwIfAborted()
      now += ms
    },
  }
}

export function clientOf(shop: {url: string}, change: Partial<ShopifySettings> = {}): Shopify {
  return createShopify({
    shop: 'tieout-demo.myshopify.com',
    apiUrl: shop.url,
    credentials: {kind: 'token', accessToken: 'shpat_secret'},
    clock: patientClock(),
    timeoutMs: 5000,
    ...change,
  })
}

/** An answer with data and a bucket of an Advanced shop. */
export function answered(data: unknown, cost = 10): {json: unknown} {
  return {json: {data, extensions: {cost: costOf(cost, cost, 3900)}}}
}

export function costOf(requested: number, actual: number | null, available: number) {
  return {
    requestedQueryCost: requested,
    actualQueryCost: actual,
    throttleStatus: {maximumAvailable: 4000.0, currentlyAvailable: available, restoreRate: 200.0},
  }
}

export const SHOP_INFO = {
  shop: {
    name: 'Tieout Demo',
    myshopifyDomain: 'tieout-demo.myshopify.com',
    currencyCode: 'USD',
    ianaTimezone: 'America/New_York',
    taxesIncluded: false,
    plan: {publicDisplayName: 'Advanced'},
  },
}
