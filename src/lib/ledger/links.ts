import {RejectedError} from '../core/errors.ts'
import {chunked} from './rows.ts'
import type {Db, Link, Subject, Tx} from './types.ts'

type Row = {record_type: string; shop: string; shopify_id: string; external_id: string; netsuite_id: string}

/** Buyers may share a customer of NetSuite (a guest and an account, two shops); every other record belongs to one fact. */
const SHARED: ReadonlySet<string> = new Set(['customer'])

/** Links of these Shopify ids of a shop, by Shopify id. */
export async function findLinks(
  db: Db | Tx,
  recordType: string,
  shop: string,
  shopifyIds: readonly string[],
): Promise<Map<string, Link>> {
  const links = await find(db, {record_type: recordType, shop}, 'shopify_id', shopifyIds)
  return new Map(links.map((link) => [link.shopifyId, link]))
}

/** Links to these records of NetSuite. A customer may have several. */
export async function findLinksByNetSuiteId(db: Db | Tx, recordType: string, ids: readonly string[]): Promise<Link[]> {
  return find(db, {record_type: recordType}, 'netsuite_id', ids)
}

/** Links under these external IDs, by external ID. */
export async function findLinksByExternalId(
  db: Db | Tx,
  recordType: string,
  externalIds: readonly string[],
): Promise<Map<string, Link>> {
  const links = await find(db, {record_type: recordType}, 'external_id', externalIds)
  return new Map(links.map((link) => [link.externalId, link]))
}

/**
 * Adds links; the same link again is fine. Gives those that contradict what stands there, and leaves that as it is.
 * Links that are added in one statement are in one order everywhere, so that two transactions cannot deadlock.
 */
export async function addLinks(tx: Tx, links: readonly Link[]): Promise<Link[]> {
  const contradicted: Link[] = []
  const unique = [...new Map(links.map((link) => [JSON.stringify(link), link])).entries()]
  const sorted = unique.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, link]) => link)
  for (const part of chunked(sorted)) {
    const added = await tx('links').insert(part.map(rowOf)).onConflict().ignore().returning('external_id')
    // The indexes keep out what contradicts, so where everything was added nothing does.
    if (added.length === part.length) continue
    for (const [recordType, ofType] of Map.groupBy(part, (link) => link.recordType)) {
      const held = await heldBeside(tx, recordType, ofType)
      contradicted.push(...ofType.filter((link) => held.some((other) => contradicts(link, other))))
    }
  }
  return contradicted
}

/** The same for callers who know that it holds. Throws RejectedError LINK_CONTRADICTED. */
export async function saveLinks(tx: Tx, links: readonly Link[]): Promise<void> {
  const [link] = await addLinks(tx, links)
  if (link === undefined) return
  throw new RejectedError('LINK_CONTRADICTED', contradictionOf(link), {
    hint: 'one of two records is a duplicate: compare both, then tieout jobs:retry --relink',
    subject: `${link.shop}/${link.shopifyId}`,
  })
}

/** What is wrong with a link that addLinks gave back, for people. */
export function contradictionOf(link: Link): string {
  const ids = `Shopify ${link.shopifyId}, NetSuite ${link.netsuiteId}, external ID ${link.externalId}`
  return `the ledger links one of these to another record: ${link.recordType} ${ids}`
}

/** Forgets the links of these subjects for one record type: the records are looked for anew. Gives how many there were. */
export async function dropLinks(db: Db | Tx, recordType: string, subjects: readonly Subject[]): Promise<number> {
  let dropped = 0
  for (const part of chunked(subjects)) {
    const pairs = part.map((subject) => [
      subject.slice(0, subject.indexOf('/')),
      subject.slice(subject.indexOf('/') + 1),
    ])
    dropped += await db('links').where({record_type: recordType}).whereIn(['shop', 'shopify_id'], pairs).delete()
  }
  return dropped
}

async function find(db: Db | Tx, where: Partial<Row>, column: keyof Row, values: readonly string[]): Promise<Link[]> {
  const links: Link[] = []
  for (const part of chunked([...new Set(values)])) {
    const rows = await db<Row>('links').select('*').where(where).whereIn(column, part)
    links.push(...rows.map(linkOf))
  }
  return links
}

async function heldBeside(tx: Tx, recordType: string, links: readonly Link[]): Promise<Link[]> {
  const rows = await tx<Row>('links')
    .select('*')
    .where('record_type', recordType)
    .andWhere((either) => {
      void either
        .whereIn(
          ['shop', 'shopify_id'],
          links.map((link) => [link.shop, link.shopifyId]),
        )
        .orWhereIn(
          'external_id',
          links.map((link) => link.externalId),
        )
        .orWhereIn(
          'netsuite_id',
          links.map((link) => link.netsuiteId),
        )
    })
  return rows.map(linkOf)
}

/** True when the two cannot both hold: they share one side and differ in another. */
function contradicts(link: Link, held: Link): boolean {
  const sameShopify = link.shop === held.shop && link.shopifyId === held.shopifyId
  const sameExternal = link.externalId === held.externalId
  const sameNetSuite = link.netsuiteId === held.netsuiteId
  if (sameShopify && sameExternal && sameNetSuite) return false
  return sameShopify || sameExternal || (sameNetSuite && !SHARED.has(link.recordType))
}

function rowOf(link: Link): Row {
  return {
    record_type: link.recordType,
    shop: link.shop,
    shopify_id: link.shopifyId,
    external_id: link.externalId,
    netsuite_id: link.netsuiteId,
  }
}

function linkOf(row: Row): Link {
  return {
    recordType: row.record_type,
    shop: row.shop,
    shopifyId: row.shopify_id,
    externalId: row.external_id,
    netsuiteId: row.netsuite_id,
  }
}
