import {chunked, storable} from './rows.ts'
import type {CachedItem, Db, Tx} from './types.ts'

type Row = {sku: string; netsuite_id: string; item_type: string; is_inactive: boolean; read_at: Date}

/**
 * Keeps items as just read from NetSuite. An item may stand under several SKUs (name and UPC), a SKU for several items.
 * What was cached for the SKUs in `asked`, and was not read now, is forgotten: the item was renamed or deleted.
 */
export async function saveItems(
  db: Db | Tx,
  items: readonly CachedItem[],
  asked: readonly string[] = [],
): Promise<void> {
  const unique = [...new Map(items.map((item) => [`${item.sku}\n${item.netsuiteId}`, item])).values()]
  const sorted = unique.sort((a, b) => (a.sku < b.sku ? -1 : a.sku > b.sku ? 1 : a.netsuiteId < b.netsuiteId ? -1 : 1))
  await db.transaction(async (tx) => {
    for (const part of chunked(asked.map(storable))) {
      const read = new Set(sorted.map((item) => `${item.sku}\n${item.netsuiteId}`))
      const rows = await tx<Row>('items').select('sku', 'netsuite_id').whereIn('sku', part)
      const gone = rows.filter((row) => !read.has(`${row.sku}\n${row.netsuite_id}`))
      const pairs = gone.map((row) => [row.sku, row.netsuite_id])
      if (pairs.length > 0) await tx('items').whereIn(['sku', 'netsuite_id'], pairs).delete()
    }
    for (const part of chunked(sorted))
      await tx<Row>('items').insert(part.map(rowOf)).onConflict(['sku', 'netsuite_id']).merge()
  })
}

/** Every cached item of these SKUs. */
export async function findItems(db: Db | Tx, skus: readonly string[]): Promise<CachedItem[]> {
  const items: CachedItem[] = []
  for (const part of chunked([...new Set(skus.map(storable))])) {
    const rows = await db<Row>('items').select('*').whereIn('sku', part)
    items.push(...rows.map(itemOf))
  }
  return items
}

/** When the cache was last written to; null while it is empty. */
export async function itemsReadAt(db: Db | Tx): Promise<Date | null> {
  const row = await db<Row>('items').max<{at: Date | null}>('read_at as at').first()
  return (row as {at: Date | null} | undefined)?.at ?? null
}

function rowOf(item: CachedItem): Row {
  const {netsuiteId, sku, itemType, isInactive, readAt} = item
  return {sku: storable(sku), netsuite_id: netsuiteId, item_type: itemType, is_inactive: isInactive, read_at: readAt}
}

function itemOf(row: Row): CachedItem {
  const {sku} = row
  return {netsuiteId: row.netsuite_id, sku, itemType: row.item_type, isInactive: row.is_inactive, readAt: row.read_at}
}
