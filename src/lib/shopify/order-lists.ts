import {documents, type HintNode} from './documents.ts'
import {laterPages} from './paging.ts'
import type {Transport} from './transport-types.ts'
import type {OrderHint} from './types.ts'

/** The time by which orders are chosen and sorted. */
type OrderTime = 'created' | 'processed' | 'updated'

export type OrderFilter = Readonly<{
  by: OrderTime
  /** The first moment that counts. */
  since?: Date | null | undefined
  /** The first moment that no longer counts. */
  until?: Date | null | undefined
  /** A further filter in Shopify's search syntax, e.g. "financial_status:paid". */
  query?: string | undefined
  /** Orders a page, at most 250. */
  pageSize?: number | undefined
}>

const FIELDS = {
  created: {filter: 'created_at', sortKey: 'CREATED_AT', of: (node: HintNode) => node.createdAt},
  processed: {filter: 'processed_at', sortKey: 'PROCESSED_AT', of: (node: HintNode) => node.processedAt},
  updated: {filter: 'updated_at', sortKey: 'UPDATED_AT', of: (node: HintNode) => node.updatedAt},
} as const

/** Shopify ends a list at 25,000 objects (shopify.dev, "Pagination"); before that a new list begins where this one stands. */
const LIST_DEPTH = 24_000
/** Names in one search. */
const NAMES_AT_ONCE = 50
const MAX_PAGE = 250

/**
 * Lists orders in the order of the chosen time, a page at a time. An order that changes while it is listed by `updated`
 * may come twice, none is left out. Orders older than 60 days are silently absent without the scope read_all_orders.
 * Throws RejectedError SHOPIFY_FILTER_IGNORED where Shopify does not understand the filter.
 */
export async function* listOrders(
  transport: Transport,
  filter: OrderFilter,
  signal?: AbortSignal,
  depth = LIST_DEPTH,
): AsyncGenerator<readonly OrderHint[]> {
  let from: string | null = filter.since ? seconds(filter.since) : null
  let atFrom = new Set<string>()
  for (;;) {
    let listed = 0
    let last: string | null = null
    let atLast = new Set<string>()
    for await (const nodes of listFrom(transport, filter, from, signal)) {
      listed += nodes.length
      for (const node of nodes) {
        const time = FIELDS[filter.by].of(node)
        if (time !== last) atLast = new Set()
        last = time
        atLast.add(node.id)
      }
      // The search may know an older time than the order itself shows, so the last of a page can be ahead of its place.
      if (filter.by === 'updated') [last, atLast] = [earliest(nodes) ?? last, new Set()]
      const fresh = nodes.filter((node) => !atFrom.has(node.id))
      if (fresh.length > 0) yield fresh.map(({id, name, updatedAt}) => ({id, name, updatedAt}))
      if (listed >= depth && last !== from) break
    }
    if (listed < depth || last === from || last === null) return
    from = last
    atFrom = atLast
  }
}

function earliest(nodes: readonly HintNode[]): string | null {
  return nodes.reduce<string | null>(
    (least, {updatedAt}) => (least === null || updatedAt < least ? updatedAt : least),
    null,
  )
}

async function* listFrom(
  transport: Transport,
  filter: OrderFilter,
  from: string | null,
  signal?: AbortSignal,
): AsyncGenerator<readonly HintNode[]> {
  const {sortKey} = FIELDS[filter.by]
  const query = searchOf(filter, from)
  const first = Math.min(MAX_PAGE, filter.pageSize ?? MAX_PAGE)
  const read = async (after: string | null) => {
    const {data} = await transport.send(documents.orderHints, {query, first, after, sortKey}, signal)
    return data.orders
  }
  const page = await read(null)
  yield page.nodes
  for await (const later of laterPages(documents.orderHints.operation, page, read)) yield later.nodes
}

/** Timestamps are quoted: Shopify reads an unquoted one as two fields, without an error. */
function searchOf({by, until, query}: OrderFilter, from: string | null): string {
  const {filter} = FIELDS[by]
  const terms = query === undefined || query.trim() === '' ? [] : [`(${query})`]
  if (from !== null) terms.push(`${filter}:>='${from}'`)
  if (until) terms.push(`${filter}:<'${seconds(until)}'`)
  return terms.join(' ')
}

/** Shopify keeps whole seconds, so a bound within a second is the next whole one: 23:59:59.999 still includes 23:59:59. */
function seconds(at: Date): string {
  return new Date(Math.ceil(at.getTime() / 1000) * 1000).toISOString().replace('.000Z', 'Z')
}

/**
 * The orders that bear exactly one of these names ("#1001"). Shopify's search by name also finds similar names; they are
 * left out. A name that nobody bears gives nothing, a name that several orders bear gives them all.
 */
export async function findOrdersByName(
  transport: Transport,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<OrderHint[]> {
  const asked = new Set(names)
  const all = [...asked]
  const found: OrderHint[] = []
  for (let at = 0; at < all.length; at += NAMES_AT_ONCE) {
    const part = all.slice(at, at + NAMES_AT_ONCE)
    const query = part.map((name) => `name:${quoted(name)}`).join(' OR ')
    for await (const nodes of listFrom(transport, {by: 'created', query}, null, signal)) {
      const hits = nodes.filter(({name}) => asked.has(name))
      found.push(...hits.map(({id, name, updatedAt}) => ({id, name, updatedAt})))
    }
  }
  return found
}

/** A text as a quoted term of the search syntax. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, (char) => `\\${char}`)}'`
}
