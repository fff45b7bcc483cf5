import type {Clock} from '../core/clock.ts'
import {RejectedError, RetryableError, type SyncError} from '../core/errors.ts'
import {gid, legacyId} from '../core/ids.ts'
import {retrying} from '../core/retry.ts'
import {orderNode, orderNodeWithMoney, type OrderNode} from './answers.ts'
import type {BatchSize, Sizing} from './batch-size.ts'
import {documents} from './documents.ts'
import {malformedBy} from './envelope.ts'
import {readOrderParts} from './order-parts.ts'
import {needsDetail, toOrder} from './order-shape.ts'
import type {Transport} from './transport-types.ts'
import type {ShopifyOrder} from './types.ts'

/**
 * What reading one order of several gave. null: deleted, or not visible to the app (older than 60 days without
 * read_all_orders). An error: this order alone could not be read; a RetryableError may go away by itself.
 */
export type OrderReading = ShopifyOrder | null | SyncError

/** `sizing` belongs to one kind of reading: one with money costs more. */
type Reader = Readonly<{transport: Transport; clock: Clock; sizing: Sizing; money: boolean}>

/** Lines in the first reading of an order; orders with more are completed by pages of 250. */
const FIRST_LINES = 10
/** By node, the cost grows with each order; by search it grows far slower, so only few are read by node. */
const FEW = 4
/** How often an order that changes under our hands is read anew. */
const CHANGING_ATTEMPTS = 4

/** "5001" or "gid://shopify/Order/5001" → the global id. Throws RejectedError SHOPIFY_ID_MALFORMED. */
export function orderGid(id: string): string {
  return gid('Order', /^\d+$/.test(id) ? id : legacyId(id))
}

/**
 * Reads orders, complete, in the order of the question; with their money where the reader is for that. Several at once
 * are found by a search for their ids, whose cost grows sub-linearly with their number; what the search does not find (it
 * lags behind) is read by node, which is the authority on what exists. Faults of one order, or of completing it, stay
 * with that order; those of the first readings, of credentials and of settings are thrown.
 */
export async function readOrders(
  reader: Reader,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<OrderReading[]> {
  const wanted = [...new Set(ids.map(orderGid))]
  const detail = reader.sizing.detailFirst()
  const first = await firstReadings(reader, wanted, detail, signal)
  const detailed = first.filter(({node}) => node !== null && needsDetail(node)).map(({id}) => id)
  reader.sizing.saw(first.length, detailed.length)
  const later = detail ? [] : await firstReadings(reader, detailed, true, signal)
  const again = new Map(later.map((reading) => [reading.id, reading]))
  const settled = await Promise.allSettled(
    first.map((reading) => finish(reader, again.get(reading.id) ?? reading, signal)),
  )
  const readings = new Map<string, OrderReading>()
  settled.forEach((result, at) => {
    if (result.status === 'rejected') throw result.reason
    readings.set(wanted[at] ?? '', result.value)
  })
  return ids.map((id) => readings.get(orderGid(id)) ?? null)
}

/** A first reading: its node, or null with the fault or for an order that is gone. */
type First = Readonly<{id: string; node: OrderNode | null; error?: SyncError}>

async function firstReadings(
  reader: Reader,
  ids: readonly string[],
  detail: boolean,
  signal?: AbortSignal,
): Promise<First[]> {
  const found = new Map<string, First>()
  const batch = detail ? reader.sizing.detailed : reader.sizing.plain
  for (let rest = ids; rest.length > FEW;) {
    const part = rest.slice(0, batch.size())
    rest = rest.slice(part.length)
    for (const first of await bySearch(reader, batch, part, detail, signal)) found.set(first.id, first)
  }
  const missing = ids.filter((id) => !found.has(id))
  for (let at = 0; at < missing.length; at += FEW) {
    for (const first of await byNode(reader, missing.slice(at, at + FEW), detail, signal)) found.set(first.id, first)
  }
  return ids.map((id) => found.get(id) ?? {id, node: null})
}

/** What a search does not give rightly is left to be read by node, where the wrong one shows. */
async function bySearch(
  {transport, money}: Reader,
  batch: BatchSize,
  ids: readonly string[],
  detail: boolean,
  signal?: AbortSignal,
): Promise<First[]> {
  const query = ids.map((id) => `id:${legacyId(id)}`).join(' OR ')
  const variables = {query, first: ids.length, lines: FIRST_LINES, detail}
  try {
    const document = money ? documents.ordersWithMoneyBySearch : documents.ordersBySearch
    const {data, cost} = await transport.send(document, variables, signal)
    batch.learn(ids.length, cost?.requested ?? null)
    const asked = new Set(ids)
    const read = data.orders.nodes.map((node) => parse(node, idOf(node), money))
    return read.filter(({id, error}) => asked.has(id) && error === undefined)
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error
    if (error.code === 'SHOPIFY_COST_EXCEEDED') batch.shrink()
    return []
  }
}

/** Orders by node; what went wrong for several is asked again one by one, so that only the wrong one is blamed. */
async function byNode(reader: Reader, ids: readonly string[], detail: boolean, signal?: AbortSignal): Promise<First[]> {
  const together = await nodesOf(reader, ids, detail, signal)
  if (ids.length === 1) return together
  const firsts: First[] = []
  for (const first of together) {
    firsts.push(...(first.error === undefined ? [first] : await nodesOf(reader, [first.id], detail, signal)))
  }
  return firsts
}

/** One request by node. When it is refused or answered wrongly, that is the fault of each of its orders. */
async function nodesOf(
  {transport, money}: Reader,
  ids: readonly string[],
  detail: boolean,
  signal?: AbortSignal,
): Promise<First[]> {
  try {
    const document = money ? documents.ordersWithMoneyById : documents.ordersById
    const {data} = await transport.send(document, {ids, lines: FIRST_LINES, detail}, signal)
    return ids.map((id, at) => {
      const node = data.nodes[at] ?? null
      return node === null ? {id, node} : parse(node, id, money)
    })
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error
    return ids.map((id) => ({id, node: null, error}))
  }
}

function idOf(node: unknown): string {
  const {id} = (node ?? {}) as {id?: unknown}
  return typeof id === 'string' ? id : ''
}

function parse(node: unknown, id: string, money: boolean): First {
  const parsed = (money ? orderNodeWithMoney : orderNode).safeParse(node)
  return parsed.success ? {id, node: parsed.data} : {id, node: null, error: malformedBy('Order', parsed.error, id)}
}

/** Completes a first reading. An order that changes meanwhile is read anew; other faults were retried already. */
async function finish(reader: Reader, first: First, signal?: AbortSignal): Promise<OrderReading> {
  const {clock, transport} = reader
  let next: First | null = first
  const read = async (): Promise<OrderReading> => {
    const {node, error} = next ?? (await readAnew(reader, first.id, signal))
    next = null
    if (error !== undefined) return error
    const parts = node === null ? null : await readOrderParts(transport, node, signal)
    return node === null || parts === null ? null : toOrder(node, parts)
  }
  try {
    return await retrying(clock, CHANGING_ATTEMPTS, () => read().catch(unlessChanging), signal)
  } catch (error) {
    return ofThisOrder(error)
  }
}

function unlessChanging(error: unknown): SyncError {
  if (error instanceof RetryableError && error.code === 'SHOPIFY_ORDER_CHANGING') throw error
  return ofThisOrder(error)
}

/** The error, where only its order is concerned; what concerns the whole shop, or is a bug, is thrown on. */
function ofThisOrder(error: unknown): SyncError {
  if (error instanceof RetryableError || error instanceof RejectedError) return error
  throw error
}

async function readAnew(reader: Reader, id: string, signal?: AbortSignal): Promise<First> {
  const [first] = await nodesOf(reader, [id], true, signal)
  return first ?? {id, node: null}
}
