import type {IncomingMessage} from 'node:http'

import type {Bucket} from './bucket.ts'
import {flag, legacyId, list, text, type OrderDocument} from './document.ts'
import {readFaults, strikesWebhooks, type Faults} from './faults.ts'
import {readBody, type HttpAnswer} from './http.ts'
import {isJson, parseExact} from './json.ts'
import {readTraffic, type LiveTraffic} from './live-traffic.ts'
import type {Tokens} from './oauth.ts'
import {
  addLines,
  changeDispute,
  makeDispute,
  makePayouts,
  movePayout,
  showDisputes,
  showLines,
  showPayouts,
} from './payments/control.ts'
import type {Shop} from './resolvers.ts'
import type {Stats} from './stats.ts'

/** What orders mention and the other side must know: the items that they sell, and currencies (ISO 4217). */
export type Known = Readonly<{
  skus: readonly Readonly<{sku: string; title: string; giftCard?: boolean}>[]
  currencies: readonly string[]
}>

export type ControlParts = Readonly<{
  shop: Shop
  faults: Faults
  stats: Stats
  bucket: Bucket
  tokens: Tokens
  traffic: LiveTraffic
  onKnown: (known: Known) => Promise<void>
}>

/**
 * Answers the sandbox's own endpoints under /_sandbox: stats, faults, reset, orders, payouts, traffic and webhooks.
 * A body that makes no sense is answered 400 with the reason.
 */
export async function answerControl(parts: ControlParts, request: IncomingMessage): Promise<HttpAnswer> {
  const {pathname, searchParams} = new URL(request.url ?? '/', 'http://localhost')
  const route = `${request.method ?? 'GET'} ${pathname.replace(/^\/_sandbox\//, '').replace(/\/$/, '')}`
  try {
    const removed = /^DELETE orders\/(\d+)$/.exec(route)?.[1]
    if (removed !== undefined) return removeOrder(parts, removed)
    const ended = /^DELETE faults\/([a-z-]+)$/.exec(route)?.[1]
    if (ended !== undefined) return endFaults(parts, ended)
    const money = await answerMoney(parts, route, request)
    if (money !== null) return money
    switch (route) {
      case 'GET stats':
        return done(statsOf(parts))
      case 'GET traffic':
        return done(parts.traffic.report())
      case 'POST traffic':
        parts.traffic.start(readTraffic(parseExact((await readBody(request)) || '{}')))
        return done(parts.traffic.report())
      case 'DELETE traffic':
        parts.traffic.stop()
        return done(parts.traffic.report())
      case 'POST faults':
        addFaults(parts, parseExact(await readBody(request)))
        return done({accepted: true})
      case 'DELETE faults':
        for (const faults of [parts.faults, parts.shop.webhooks.faults]) faults.clear()
        return done({accepted: true})
      case 'GET webhooks':
        return done(parts.shop.webhooks.show())
      case 'POST webhooks/flush':
        await parts.shop.webhooks.flush()
        return done(parts.shop.webhooks.report())
      case 'POST reset':
        reset(parts)
        return done({accepted: true})
      case 'GET orders':
        return done(parts.shop.orders.all().map((entry) => entry.document))
      case 'POST orders':
        return done(await putOrders(parts, parseExact(await readBody(request)), searchParams.get('known') === '1'))
      default:
        return {status: 404, body: {errors: 'Not Found'}}
    }
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof SyntaxError || error instanceof RangeError)) throw error
    return {status: 400, body: {errors: error.message}}
  }
}

/** The endpoints of Shopify's balance; null where the route is none of them. */
async function answerMoney({shop}: ControlParts, route: string, request: IncomingMessage): Promise<HttpAnswer | null> {
  const body = async () => parseExact((await readBody(request)) || '{}')
  const payout = /^PATCH payouts\/(\d+)$/.exec(route)?.[1]
  if (payout !== undefined) return done(movePayout(shop, payout, await body()))
  const dispute = /^PATCH disputes\/(\d+)$/.exec(route)?.[1]
  if (dispute !== undefined) return done(changeDispute(shop, dispute, await body()))
  switch (route) {
    case 'GET payouts':
      return done(showPayouts(shop))
    case 'POST payouts':
      return done(makePayouts(shop, await body()))
    case 'GET balance-transactions':
      return done(showLines(shop))
    case 'POST balance-transactions':
      return done(addLines(shop, await body()))
    case 'GET disputes':
      return done(showDisputes(shop))
    case 'POST disputes':
      return done(makeDispute(shop, await body()))
    default:
      return null
  }
}

function addFaults({shop, faults}: ControlParts, body: unknown): void {
  const rules = readFaults(body)
  shop.webhooks.faults.add(rules.filter(strikesWebhooks))
  faults.add(rules.filter((rule) => !strikesWebhooks(rule)))
}

function endFaults({shop, faults}: ControlParts, kind: string): HttpAnswer {
  for (const held of [faults, shop.webhooks.faults]) held.end(kind)
  return done({accepted: true})
}

function statsOf({stats, faults, shop, bucket, traffic}: ControlParts) {
  return {
    ...stats.report(),
    faults: faults.struck + shop.webhooks.faults.struck,
    orders: shop.orders.size,
    throttle: bucket.status(),
    webhooks: shop.webhooks.report(),
    traffic: traffic.report(),
  }
}

function done(body: unknown): HttpAnswer {
  return {status: 200, body}
}

/** Ends traffic; forgets orders, metafields, webhook subscriptions, faults, granted tokens and statistics; fills the bucket. */
function reset({shop, faults, stats, bucket, tokens, traffic}: ControlParts): void {
  for (const part of [
    traffic,
    shop.orders,
    shop.payments,
    shop.fulfilling,
    shop.metafields,
    shop.webhooks,
    faults,
    stats,
    tokens,
  ])
    part.clear()
  bucket.fill()
}

function removeOrder({shop}: ControlParts, id: string): HttpAnswer {
  return shop.orders.remove(id) ? done({removed: id}) : {status: 404, body: {errors: 'Not Found'}}
}

async function putOrders({shop, onKnown}: ControlParts, body: unknown, isKnown: boolean) {
  const documents: readonly unknown[] = Array.isArray(body) ? body : [body]
  const valid = documents.filter(isJson)
  if (valid.length < documents.length) throw new TypeError('an order is a JSON object')
  shop.payments.leave(valid.map((one) => legacyId(one) ?? ''))
  const ids = shop.orders.putAll(valid)
  if (isKnown) await onKnown(knownOf(valid))
  return {accepted: ids.length, ids}
}

/** The SKUs and currencies of orders, each once; a SKU's title is that of the first line that sells it. */
function knownOf(documents: readonly OrderDocument[]): Known {
  const skus = new Map<string, Known['skus'][number]>()
  const currencies = new Set<string>()
  for (const document of documents) {
    for (const key of ['currency', 'presentment_currency']) {
      const currency = text(document, key)
      if (currency !== null) currencies.add(currency)
    }
    for (const line of list(document, 'line_items')) {
      const sku = text(line, 'sku')
      if (sku === null || sku === '' || skus.has(sku)) continue
      const title = text(line, 'title') ?? sku
      skus.set(sku, flag(line, 'gift_card') ? {sku, title, giftCard: true} : {sku, title})
    }
  }
  return {skus: [...skus.values()], currencies: [...currencies]}
}
