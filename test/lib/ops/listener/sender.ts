import {createHmac, randomUUID} from 'node:crypto'

export const SHOP = 'test.myshopify.com'
export const SECRET = 'hush'

export type Sent = Readonly<{body?: string | Buffer; secret?: string; headers?: Record<string, string | undefined>}>

export const signature = (body: string | Buffer, secret = SECRET) =>
  createHmac('sha256', secret).update(body).digest('base64')

/** The headers of an authentic delivery. A test states only what it changes; undefined leaves a header out. */
export function headersOf({body = '', secret = SECRET, headers = {}}: Sent): Record<string, string> {
  const all: Record<string, string | undefined> = {
    'content-type': 'application/json',
    'x-shopify-topic': 'orders/create',
    'x-shopify-hmac-sha256': signature(body, secret),
    'x-shopify-shop-domain': SHOP,
    'x-shopify-api-version': '2026-10',
    'x-shopify-webhook-id': randomUUID(),
    'x-shopify-triggered-at': new Date().toISOString(),
    ...headers,
  }
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

export const order = (id: number | string) =>
  `{"id":${id},"admin_graphql_api_id":"gid://shopify/Order/${id}","name":"#${id}","note":"été"}`

/** Sends a delivery as Shopify does. */
export function post(url: string, sent: Sent = {}): Promise<Response> {
  const body = sent.body ?? order(5001)
  return fetch(`${url}/webhooks/shopify`, {
    method: 'POST',
    body: Buffer.from(body),
    headers: headersOf({...sent, body}),
  })
}
