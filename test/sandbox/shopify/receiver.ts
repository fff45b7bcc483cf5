import {createHmac} from 'node:crypto'
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

import {company} from '../../../src/sandbox/company.ts'
import {ask, at} from './support.ts'

export type Received = Readonly<{
  path: string
  topic: string
  webhookId: string
  eventId: string
  headers: IncomingMessage['headers']
  bytes: Buffer
  body: unknown
  /** The connection's remote port, which tells whether connections are reused. */
  port: number
}>

export type Receiver = Readonly<{
  url: string
  received: Received[]
  /** Replaces how requests are answered; at first with 200. */
  answer: (by: (response: ServerResponse, one: Received) => void) => void
  /** Resolves when so many requests have come in. Rejects after 5 seconds. */
  count: (wanted: number) => Promise<readonly Received[]>
  stop: () => Promise<void>
}>

/** A listener as an app would run it, which keeps what it gets. */
export async function receive(): Promise<Receiver> {
  const received: Received[] = []
  let answer: (response: ServerResponse, one: Received) => void = (response) => response.writeHead(200).end()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const bytes = Buffer.concat(chunks)
      const header = (name: string) => String(request.headers[name])
      const one: Received = {
        path: request.url ?? '',
        topic: header('x-shopify-topic'),
        webhookId: header('x-shopify-webhook-id'),
        eventId: header('x-shopify-event-id'),
        headers: request.headers,
        bytes,
        body: JSON.parse(bytes.toString('utf8')) as unknown,
        port: request.socket.remotePort ?? 0,
      }
      received.push(one)
      answer(response, one)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    answer: (by) => {
      answer = by
    },
    count: async (wanted) => {
      await eventually(
        () => received.length >= wanted,
        () => `${received.length} of ${wanted} webhooks came`,
      )
      return received
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Resolves as soon as something holds. Rejects after 5 seconds, unless told otherwise, with what is the matter. */
export async function eventually(
  holds: () => boolean | Promise<boolean>,
  matter: () => string,
  withinMs = 5000,
): Promise<void> {
  const end = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(matter())
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

export function isGenuine({bytes, headers}: Received): boolean {
  const wanted = createHmac('sha256', company.shopify.webhookSecret).update(bytes).digest('base64')
  return headers['x-shopify-hmac-sha256'] === wanted
}

export const CREATE = `mutation Subscribe($topic: WebhookSubscriptionTopic!, $input: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $input) {
    webhookSubscription { id topic uri } userErrors { field message }
  }
}`

/** Subscribes and gives the global id. Throws when that is refused. */
export async function subscribe(shop: string, topic: string, uri: string, change: object = {}): Promise<string> {
  const {body} = await ask(shop, CREATE, {topic, input: {uri, format: 'JSON', ...change}})
  const id = at(body, 'data.webhookSubscriptionCreate.webhookSubscription.id')
  if (typeof id !== 'string') throw new Error(JSON.stringify(body))
  return id
}
