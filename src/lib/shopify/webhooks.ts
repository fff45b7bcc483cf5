import {createHmac, timingSafeEqual} from 'node:crypto'
import type {IncomingHttpHeaders} from 'node:http'

import {headOf} from './payload-head.ts'
import {orderIdIn} from './topics.ts'

/** What the headers of a delivery say. Source of the names: shopify.dev, "Webhooks", headers. */
export type Delivery = Readonly<{
  /** The same on every retry of a delivery. */
  webhookId: string
  topic: string
  shop: string
  /** The version that the payload was written in; null where the header is missing or malformed. */
  apiVersion: string | null
  /** When the event happened; null where the header is missing or malformed. */
  triggeredAt: Date | null
}>

/** What a delivery is about. `unreadable`: a topic of ours whose body names no order. */
export type Meaning =
  | Readonly<{kind: 'order'; id: string; name: string | null}>
  | Readonly<{kind: 'ignored'}>
  | Readonly<{kind: 'unreadable'; why: string}>

/**
 * Which of the live secrets signed these bytes, as an index; -1 for none of them. All are tried, each in constant time.
 * The signature is base64(HMAC-SHA256(raw body, secret)): shopify.dev, "Verify webhook deliveries".
 */
export function signedBy(body: Buffer, signature: string | undefined, secrets: readonly string[]): number {
  const given = Buffer.from(signature ?? '', 'base64')
  let found = -1
  for (const [i, secret] of secrets.entries()) {
    const expected = createHmac('sha256', secret).update(body).digest()
    const isEqual = given.length === expected.length && timingSafeEqual(given, expected)
    if (isEqual && found === -1) found = i
  }
  return found
}

const TOPIC = /^[a-z0-9_]+\/[a-z0-9_]+$/
const WEBHOOK_ID = /^[\x21-\x7e]{1,128}$/
const SHOP = /^[a-z0-9][a-z0-9-]*\.myshopify\.com$/
const VERSION = /^(\d{4}-\d{2}|unstable)$/
const TIME = /^\d{4}-\d{2}-\d{2}T[0-9:.]+(Z|[+-]\d{2}:\d{2})$/
const TOPIC_LENGTH_MAX = 100

/**
 * Reads the headers of an authentic delivery; gives the name of the first header without which it cannot be used.
 * Version and time are not needed to know what changed, so a delivery is not refused for them.
 */
export function deliveryOf(headers: IncomingHttpHeaders): Delivery | Readonly<{fault: string}> {
  const topic = text(headers, 'x-shopify-topic')?.toLowerCase() ?? ''
  const webhookId = text(headers, 'x-shopify-webhook-id') ?? ''
  const shop = text(headers, 'x-shopify-shop-domain')?.toLowerCase() ?? ''
  if (!TOPIC.test(topic) || topic.length > TOPIC_LENGTH_MAX) return {fault: 'X-Shopify-Topic'}
  if (!WEBHOOK_ID.test(webhookId)) return {fault: 'X-Shopify-Webhook-Id'}
  if (!SHOP.test(shop)) return {fault: 'X-Shopify-Shop-Domain'}
  const version = text(headers, 'x-shopify-api-version') ?? ''
  return {webhookId, topic, shop, apiVersion: VERSION.test(version) ? version : null, triggeredAt: timeOf(headers)}
}

/** An order's number as people see it; prefix and suffix are the merchant's. */
const NAME_LENGTH_MAX = 255

type Payload = Readonly<Record<string, unknown>>

/** Which order a delivery hints at. Only the id is taken: whoever works the order reads its present state. */
export function meaningOf(topic: string, body: Buffer): Meaning {
  const place = orderIdIn(topic)
  if (place === null) return {kind: 'ignored'}
  const isOfOrder = place === 'order'
  try {
    const head = isOfOrder ? headOf(body) : null
    if (head !== null) return {kind: 'order', id: head.id, name: head.name?.slice(0, NAME_LENGTH_MAX) ?? null}
    const json = body.toString('utf8')
    const payload: unknown = JSON.parse(json)
    if (!isObject(payload)) return {kind: 'unreadable', why: 'no JSON object'}
    const found = isOfOrder ? orderIn(payload) : payload['order_id']
    // Shopify's own samples have ids of 18 digits, which a JavaScript number rounds: read such a one as it is written.
    const isRounded = typeof found === 'number' && !Number.isSafeInteger(found)
    const id = String(isRounded ? writtenIn(json, isOfOrder) : found)
    if (!/^[1-9]\d{0,19}$/.test(id)) return {kind: 'unreadable', why: 'no order id'}
    const name = isOfOrder && typeof payload['name'] === 'string' ? payload['name'].slice(0, NAME_LENGTH_MAX) : null
    return {kind: 'order', id, name}
  } catch (error) {
    // A RangeError: nested too deeply for the second reading.
    if (error instanceof SyntaxError || error instanceof RangeError) return {kind: 'unreadable', why: 'no JSON'}
    throw error
  }
}

/** The id of the order in a payload of orders/*. orders/edited wraps its own: the id beside it is that of the edit. */
function orderIn(payload: Payload): unknown {
  const edit = payload['order_edit']
  if (isObject(edit)) return edit['order_id']
  const gid = payload['admin_graphql_api_id']
  const ofGid = typeof gid === 'string' ? /^gid:\/\/shopify\/Order\/(\d+)$/.exec(gid)?.[1] : undefined
  return ofGid ?? payload['order_id'] ?? payload['id']
}

type Reviver = (this: void, key: string, value: unknown, context: Readonly<{source?: string}>) => unknown

/** The same from a reading that keeps every number as it is written; ten times as slow as the first. */
function writtenIn(json: string, isOfOrder: boolean): unknown {
  const asWritten: Reviver = (_key, value, {source}) => (typeof value === 'number' ? source : value)
  const payload = JSON.parse(json, asWritten as Parameters<typeof JSON.parse>[1]) as Payload
  return isOfOrder ? orderIn(payload) : payload['order_id']
}

function isObject(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function timeOf(headers: IncomingHttpHeaders): Date | null {
  const value = text(headers, 'x-shopify-triggered-at') ?? ''
  const ms = TIME.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(ms) ? null : new Date(ms)
}

function text(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value.trim() : undefined
}
