import {decimalOf, mills} from '../amounts.ts'
import {flag, legacyId, list, object, text} from '../document.ts'
import {isJson, printExact, type Json} from '../json.ts'
import {mapOrder} from '../map-order.ts'
import type {Metafield, Metafields} from '../metafields.ts'
import type {Entry} from '../orders.ts'
import type {Subscription} from './subscriptions.ts'

/** The body of a webhook about an order: its document with the present `updated_at`, without any transactions. */
export function orderPayload({document, createdAt, updatedAt}: Entry, timeZone: string): Json {
  const {transactions: _transactions, edited: _edited, ...order} = document
  const stated = Date.parse(text(document, 'updated_at') ?? '') || createdAt
  return stated === updatedAt ? order : {...order, updated_at: zoned(new Date(updatedAt), timeZone)}
}

/** A part of an order such as a refund or fulfilment, which names its order. */
export function partPayload(part: Json, {document}: Entry): Json {
  return {...part, order_id: document.id}
}

/**
 * The order's transactions by id, as documents. Where the order document lists none, what the Admin API answers for it is
 * written back into the form of a document.
 */
export function transactionsOf(entry: Entry, now: () => Date): ReadonlyMap<string, Json> {
  const {document} = entry
  const given = list(document, 'transactions')
  const all = given.length > 0 ? given : mappedTransactions(entry, now)
  return new Map(all.map((one) => [legacyId(one) ?? '', {...one, order_id: document.id}]))
}

function mappedTransactions({document, updatedAt}: Entry, now: () => Date): Json[] {
  const order = mapOrder(document, new Date(updatedAt).toISOString(), now)
  const read = order.transactions as (given: Json) => readonly Json[]
  return read({}).map((one) => {
    const money = object(object(one, 'amountSet') ?? {}, 'presentmentMoney') ?? {}
    const currency = text(money, 'currencyCode') ?? 'USD'
    const id = text(one, 'id') ?? ''
    return {
      id: Number(/\d+$/.exec(id)?.[0] ?? 0),
      admin_graphql_api_id: id,
      parent_id: null,
      kind: text(one, 'kind')?.toLowerCase() ?? 'sale',
      gateway: text(one, 'gateway'),
      status: text(one, 'status')?.toLowerCase() ?? 'success',
      amount: decimalOf(mills(money.amount) ?? 0n, currency),
      currency,
      test: flag(one, 'test'),
      created_at: text(one, 'createdAt'),
      processed_at: text(one, 'processedAt'),
      payment_id: text(one, 'paymentId'),
      manual_payment_gateway: flag(one, 'manualPaymentGateway'),
      error_code: null,
    }
  })
}

/** The payload as a subscription asks for it: with the metafields and only the fields that it names. */
export function fitted(payload: Json, subscription: Subscription, metafields: Metafields): Json {
  const {includeFields, metafieldNamespaces, metafields: wanted, topic} = subscription
  if (metafieldNamespaces.length + wanted.length === 0 || !topic.startsWith('ORDERS_')) {
    return includeFields.length === 0 ? payload : pick(payload, includeFields)
  }
  const kept = metafields
    .of(`gid://shopify/Order/${legacyId(payload) ?? ''}`)
    .filter(
      ({namespace, key}) =>
        metafieldNamespaces.includes(namespace) || wanted.some((one) => one.namespace === namespace && one.key === key),
    )
  const whole = {...payload, metafields: kept.map((one) => metafieldPayload(one, payload.id))}
  return includeFields.length === 0 ? whole : pick(whole, [...includeFields, 'metafields'])
}

function metafieldPayload({ownerType, ...one}: Metafield, ownerId: unknown): Json {
  return {
    id: Number(one.legacyResourceId),
    namespace: one.namespace,
    key: one.key,
    value: one.value,
    description: null,
    owner_id: ownerId,
    created_at: one.createdAt,
    updated_at: one.updatedAt,
    owner_resource: ownerType.toLowerCase(),
    type: one.type,
    admin_graphql_api_id: one.id,
  }
}

/** What `includeFields` leaves of a payload: the members at the paths, in lists those of each entry. */
function pick(payload: Json, fields: readonly string[]): Json {
  return Object.fromEntries(
    Object.keys(payload).flatMap((key) => {
      const inner = fields.filter((field) => field.startsWith(`${key}.`)).map((field) => field.slice(key.length + 1))
      if (fields.includes(key) || inner.length === 0) return fields.includes(key) ? [[key, payload[key]]] : []
      return [[key, within(payload[key], inner)]]
    }),
  )
}

function within(value: unknown, fields: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((entry) => within(entry, fields))
  return isJson(value) ? pick(value, fields) : value
}

const ESCAPES: Readonly<Record<string, string>> = {
  '/': '\\/',
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

/**
 * The bytes of a payload. Shopify's encoder escapes slashes and what is special in HTML, so whoever parses a body and
 * prints it again gets other bytes, and another signature.
 */
export function bytesOf(payload: Json): Buffer {
  return Buffer.from(printExact(payload).replaceAll(/[/<>&\u2028\u2029]/g, (one) => ESCAPES[one] ?? one))
}

/** A time in the zone of the shop, to the second, as documents write it: 2026-11-24T07:00:00-05:00. */
function zoned(at: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  })
  const local = format.format(at).replace(' ', 'T')
  const minutes = Math.round((Date.parse(`${local}Z`) - at.getTime()) / 60_000)
  const two = (part: number): string => String(Math.floor(part)).padStart(2, '0')
  const away = Math.abs(minutes)
  return `${local}${minutes < 0 ? '-' : '+'}${two(away / 60)}:${two(away % 60)}`
}
