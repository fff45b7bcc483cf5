import type {Clock} from '../core/clock.ts'
import {findItems, saveItems} from '../ledger/items.ts'
import type {Db} from '../ledger/types.ts'
import type {CachedItem} from '../ledger/types.ts'
import type {ItemRow, QueryPort} from '../netsuite/types.ts'
import type {ItemBook, ItemMatch} from '../plan/types.ts'

/** An item that was read longer ago than this is asked for again: it may have become inactive. */
const FRESH_MS = 15 * 60_000
/** A SKU that NetSuite did not know is not asked for again for so long by the same client: every batch of a run meets it. */
const UNKNOWN_MS = 30_000
const UNKNOWN_MOST = 10_000
/** When each unknown SKU was asked for, by client; gone with the client. */
const unknownTo = new WeakMap<QueryPort, Map<string, number>>()

/**
 * Resolves SKUs to items of NetSuite from the ledger's cache; what it does not know, or knows from too long ago, is asked in one request.
 * A SKU is the item's name (after the last " : " of a matrix child) or its UPC.
 */
export async function itemBook(db: Db, queries: QueryPort, clock: Clock, skus: readonly string[]): Promise<ItemBook> {
  const now = clock.now()
  const cached = await findItems(db, skus)
  const fresh = cached.filter((item) => now.getTime() - item.readAt.getTime() < FRESH_MS)
  const known = new Set(fresh.map((item) => item.sku))
  const unknown = unknownTo.get(queries) ?? new Map<string, number>()
  unknownTo.set(queries, unknown)
  if (unknown.size > UNKNOWN_MOST) unknown.clear()
  const isUnknown = (sku: string) => now.getTime() - (unknown.get(sku) ?? -Infinity) < UNKNOWN_MS
  const missing = skus.filter((sku) => !known.has(sku) && !isUnknown(sku))
  if (missing.length === 0) return bookOf(fresh)
  const wanted = new Set(missing)
  const asked = (await queries.itemsBySku(missing)).flatMap((row) =>
    skusOfItem(row)
      .filter((sku) => wanted.has(sku))
      .map((sku) => cachedItem(row, sku, now)),
  )
  await saveItems(db, asked, missing)
  const found = new Set(asked.map((item) => item.sku))
  for (const sku of missing) if (!found.has(sku)) unknown.set(sku, now.getTime())
  return bookOf([...fresh, ...asked])
}

function cachedItem(row: ItemRow, sku: string, readAt: Date): CachedItem {
  return {netsuiteId: row.id, sku, itemType: row.itemType, isInactive: row.isInactive, readAt}
}

/** The SKUs under which an item may be asked for: its name, in full and without its parents, and its UPC. */
function skusOfItem(row: ItemRow): string[] {
  const name = row.itemId.split(' : ').at(-1)?.trim() ?? row.itemId
  return [...new Set([row.itemId, name, ...(row.upc === null ? [] : [row.upc])])]
}

/** Several active items of one SKU are ambiguous; an inactive one counts only where no active one is. */
function bookOf(items: readonly CachedItem[]): ItemBook {
  const bySku = Map.groupBy(items, (item) => item.sku)
  return new Map([...bySku].map(([sku, hits]) => [sku, matchOf(hits)]))
}

function matchOf(hits: readonly CachedItem[]): ItemMatch {
  const active = [...new Set(hits.filter((item) => !item.isInactive).map((item) => item.netsuiteId))]
  const [id] = active
  if (id === undefined) return {kind: 'found', id: hits[0]?.netsuiteId ?? '', isInactive: true}
  return active.length === 1 ? {kind: 'found', id, isInactive: false} : {kind: 'ambiguous', ids: active}
}
