import {createHmac} from 'node:crypto'

import {flag} from '../document.ts'
import type {Json} from '../json.ts'
import {randomHex} from '../random.ts'
import type {Delivery} from './courier.ts'
import type {Subscription} from './subscriptions.ts'

export type Signing = Readonly<{
  /** The shop's domain. */
  domain: string
  apiVersion: string
  /** The app's client secret. */
  secret: string
  now: () => Date
  /** Decides ids; gives numbers from 0 to less than 1. */
  random: () => number
}>

type Event = Signing & Readonly<{topic: string; subject: string; orderId: string}>

/** What an event's deliveries share, and the delivery that a subscription gets. */
type Letter = Readonly<{payload: Json; to: (subscription: Subscription, body: Buffer) => Delivery}>

/**
 * Puts an event into deliveries. All of them share the Event-Id and the time; each has a Webhook-Id of its own, which its
 * retries keep (Shopify: webhooks, "Headers").
 */
export function addressed(event: Event, payload: Json): Letter {
  const {topic, subject, orderId, domain, apiVersion, random, secret} = event
  const shared = {
    'content-type': 'application/json',
    accept: '*/*',
    'user-agent': 'Shopify-Captain-Hook',
    'x-shopify-topic': topic,
    'x-shopify-shop-domain': domain,
    'x-shopify-api-version': apiVersion,
    'x-shopify-triggered-at': nanoseconds(event.now(), random),
    'x-shopify-event-id': uuid(random),
    ...(topic.startsWith('orders/')
      ? {'x-shopify-order-id': orderId, 'x-shopify-test': String(flag(payload, 'test'))}
      : {}),
  }
  const to = ({id, uri, name}: Subscription, body: Buffer): Delivery => {
    const webhookId = uuid(random)
    const headers = {
      ...shared,
      'x-shopify-webhook-id': webhookId,
      'x-shopify-hmac-sha256': signature(body, secret),
      ...(name === null ? {} : {'x-shopify-name': name}),
    }
    return {
      webhookId,
      subscriptionId: id,
      topic,
      subject,
      uri,
      headers,
      body,
      isForged: false,
      attempts: [],
      state: 'waiting',
      acknowledgedBefore: null,
    }
  }
  return {payload, to}
}

/** A stranger's copy: ids of its own, and a signature by a secret that is not the app's. */
export function forgeryOf(delivery: Delivery, random: () => number): Delivery {
  const webhookId = uuid(random)
  const headers = {
    ...delivery.headers,
    'x-shopify-webhook-id': webhookId,
    'x-shopify-event-id': uuid(random),
    'x-shopify-hmac-sha256': signature(delivery.body, `not the secret ${randomHex(random, 16)}`),
  }
  return {...delivery, webhookId, headers, isForged: true, attempts: []}
}

function signature(body: Buffer, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('base64')
}

function uuid(random: () => number): string {
  const [first, second, third, fourth, fifth] = [8, 4, 3, 3, 12].map((digits) => randomHex(random, digits))
  return `${first}-${second}-4${third}-a${fourth}-${fifth}`
}

/** 2026-11-24T12:00:00.027877041Z */
function nanoseconds(at: Date, random: () => number): string {
  const below = String(Math.floor(random() * 1_000_000)).padStart(6, '0')
  return at.toISOString().replace('Z', `${below}Z`)
}
