import {DateTime} from 'luxon'

import {UsageError} from '../core/errors.ts'
import {gid, legacyId} from '../core/ids.ts'
import type {Shopify} from '../shopify/client.ts'
import type {OrderReading} from '../shopify/orders.ts'
import type {OrderHint, ShopifyOrder} from '../shopify/types.ts'

/** Which orders an operator means: named ones, or those created in a window. Days and times as typed. */
export type Selection = Readonly<{
  names: readonly string[]
  since: string | null
  until: string | null
  limit: number | null
  /** Minutes that a sweep looks back behind the last one. */
  overlapMinutes: number
}>

/** Shopify's search learns of a change within seconds; this also bridges a bad hour of it without reading much twice. */
const OVERLAP_MINUTES = 10

type Asked = Readonly<{
  ids: readonly string[]
  since?: string | undefined
  until?: string | undefined
  limit?: number | undefined
  overlap?: number | undefined
}>

/** Checks what was typed, before anything is opened or sent. Throws UsageError FLAGS_INVALID that names every fault. */
export function selection(asked: Asked): Selection {
  const faults: string[] = []
  for (const id of asked.ids) {
    if (!/^(#.+|\d+|gid:\/\/shopify\/Order\/\d+)$/.test(id))
      faults.push(`${JSON.stringify(id)} is no order: give 5001, '#1001' or gid://shopify/Order/5001`)
  }
  if (asked.ids.length > 0 && (asked.since !== undefined || asked.until !== undefined))
    faults.push('orders and a window (--since, --until) exclude each other')
  for (const flag of ['since', 'until'] as const) {
    const text = asked[flag]
    if (text !== undefined && !DateTime.fromISO(text).isValid)
      faults.push(`--${flag} ${text} is no day or time such as 2026-11-01 or 2026-11-01T09:00`)
  }
  if (
    faults.length === 0 &&
    asked.since !== undefined &&
    asked.until !== undefined &&
    asked.since.slice(0, 10) > asked.until.slice(0, 10)
  )
    faults.push(`--since ${asked.since} is after --until ${asked.until}`)
  if (asked.limit !== undefined && asked.limit < 1) faults.push('--limit is at least 1')
  const isSweep = asked.ids.length === 0 && asked.since === undefined && asked.until === undefined
  if (asked.overlap !== undefined && !isSweep)
    faults.push('--overlap is for a sweep, without orders and without a window')
  if (faults.length > 0)
    throw new UsageError('FLAGS_INVALID', faults.join('\n'), {hint: 'see --help for the form of each flag'})
  return {
    names: asked.ids,
    since: asked.since ?? null,
    until: asked.until ?? null,
    limit: asked.limit ?? null,
    overlapMinutes: asked.overlap ?? OVERLAP_MINUTES,
  }
}

/** A day or time of the zone as an instant; as the end of a window a day counts in full, so the moment after it is given. */
export function instantOf(text: string | null, zone: string, edge: 'start' | 'end'): Date | undefined {
  if (text === null) return undefined
  const time = DateTime.fromISO(text, {zone})
  return (/^\d{4}-\d{2}-\d{2}$/.test(text) && edge === 'end' ? time.plus({days: 1}) : time).toJSDate()
}

/** True when the operator chose orders; without a choice a run sweeps: it queues what changed since the last sweep. */
export function isChosen(chosen: Selection): boolean {
  return chosen.names.length > 0 || chosen.since !== null || chosen.until !== null
}

/** The chosen orders, in pages, oldest first. Throws UsageError ORDER_UNKNOWN that names every one that Shopify does not know. */
export async function* chosenOrders(
  shopify: Shopify,
  chosen: Selection,
  zone: string,
): AsyncIterable<readonly OrderHint[]> {
  if (chosen.names.length > 0) {
    yield await namedOrders(shopify, chosen.names)
    return
  }
  let left = chosen.limit ?? Infinity
  for await (const page of shopify.listOrders({
    by: 'created',
    since: instantOf(chosen.since, zone, 'start'),
    until: instantOf(chosen.until, zone, 'end'),
  })) {
    yield page.slice(0, left)
    left -= page.length
    if (left <= 0) return
  }
}

async function namedOrders(shopify: Shopify, asked: readonly string[]): Promise<OrderHint[]> {
  const names = asked.filter((text) => text.startsWith('#'))
  const found = names.length === 0 ? [] : await shopify.findOrdersByName(names)
  const unknown = names.filter((name) => !found.some((order) => order.name === name))
  if (unknown.length > 0) {
    throw new UsageError('ORDER_UNKNOWN', `Shopify has no order ${unknown.join(', ')}`, {
      hint: 'look at the name in the Shopify admin; orders older than 60 days need the scope read_all_orders',
    })
  }
  const ids = asked
    .filter((text) => !text.startsWith('#'))
    .map((text) => (text.startsWith('gid:') ? legacyId(text) : text))
  return [...found, ...ids.map((id) => ({id: gid('Order', id), name: id, updatedAt: ''}))]
}

/** The orders that could be read. Those that were deleted or are faulty are left out; a push names them. */
export function ordersOf(readings: readonly OrderReading[]): ShopifyOrder[] {
  return readings.flatMap((reading) => (reading === null || reading instanceof Error ? [] : [reading]))
}
