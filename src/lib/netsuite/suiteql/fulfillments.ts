import {chunks} from '../../core/concurrent.ts'
import type {ChangedShipment, HeldShipment, ShipmentQueries} from '../shipment-types.ts'
import {plainNumber} from '../records/numbers.ts'
import {inLists} from './port.ts'
import {column, PAGE, type Row, type RunQuery} from './run.ts'

/**
 * Item fulfilments stand in the table of transactions; the order that one was made from is known on its main line only,
 * and its status is compared through BUILTIN.CF (NetSuite help article_1029114514).
 */
const SHIPMENTS = `FROM transaction f
INNER JOIN transactionline m ON m.transaction = f.id AND m.mainline = 'T'
INNER JOIN transaction so ON so.id = m.createdfrom
WHERE f.type = 'ItemShip' AND so.type = 'SalesOrd'`

/** Times are written into the text: whether TO_DATE takes a parameter over REST is not documented. */
const changedPage = (since: string) => `SELECT f.id, so.externalid AS orderid,
  TO_CHAR(f.lastmodifieddate, 'YYYY-MM-DD HH24:MI:SS') AS modified
${SHIPMENTS} AND so.externalid LIKE ? AND f.lastmodifieddate >= TO_DATE('${time(since)}', 'YYYY-MM-DD HH24:MI:SS')
  AND f.id > ?
ORDER BY f.id ASC FETCH FIRST 1000 ROWS ONLY`

const ofOrders = (list: string) => `SELECT f.id, f.externalid, f.tranid, BUILTIN.CF(f.status) AS statuskey,
  so.id AS salesorder, so.externalid AS orderid
${SHIPMENTS} AND so.externalid IN (${list})
ORDER BY f.id ASC`

/**
 * Units of each line. A fulfilment holds its cost as twin lines, which are left out; the key is read from the line of
 * the sales order, because a column field need not be shown on fulfilments.
 */
const linesOf = (field: string, list: string) => `SELECT l.transaction, l.id AS lineid, l.quantity, l.location,
  k.previousdoc, k.previousline, sl.${script(field)} AS linekey
FROM transactionline l
INNER JOIN previoustransactionlinelink k ON k.nextdoc = l.transaction AND k.nextline = l.id AND k.linktype = 'ShipRcpt'
INNER JOIN transactionline sl ON sl.transaction = k.previousdoc AND sl.id = k.previousline
WHERE l.transaction IN (${list}) AND l.mainline = 'F' AND l.item IS NOT NULL AND NVL(l.iscogs, 'F') = 'F'
ORDER BY l.uniquekey ASC`

/** Every form of package ends here: UPS, FedEx and USPS have sublists of their own on the record. */
const numbersOf = (list: string) => `SELECT m.transaction, n.trackingnumber
FROM trackingnumbermap m
INNER JOIN trackingnumber n ON n.id = m.trackingnumber
WHERE m.transaction IN (${list})
ORDER BY m.transaction ASC, n.id ASC`

const methodsOf = (list: string) => `SELECT l.transaction, l.shipmethod FROM transactionline l
WHERE l.transaction IN (${list}) AND l.shipmethod IS NOT NULL
ORDER BY l.uniquekey ASC`

const deletedSince = (since: string) => `SELECT r.recordid FROM deletedrecord r
WHERE r.deleteddate >= TO_DATE('${time(since)}', 'YYYY-MM-DD HH24:MI:SS')
  AND r.recordid > ?
ORDER BY r.recordid ASC FETCH FIRST 1000 ROWS ONLY`

/** Fulfilments read at once: each has several lines, and a statement gives at most 100,000 rows. */
const AT_ONCE = 200

/** Named questions by SuiteQL about item fulfilments. @param lineField column field that keeps the key of a line */
export function shipmentQueries(run: RunQuery, lineField: string | null): ShipmentQueries {
  return {
    changed: (since, prefix) => changedPages(run, since, prefix),
    deletedSince: (since) => deletedIds(run, since),
    ofOrders: async (externalIds) => {
      const heads = await inLists(run, 'shipmentsOfOrders', AT_ONCE, ofOrders, externalIds)
      const held: HeldShipment[] = []
      for (const part of chunks(heads, AT_ONCE)) held.push(...(await completed(run, part, lineField)))
      return held
    },
  }
}

async function* changedPages(run: RunQuery, since: string, prefix: string): AsyncGenerator<readonly ChangedShipment[]> {
  let last = '0'
  for (;;) {
    const {rows} = await run('shipmentsChanged', changedPage(since), [`${prefix}%`, last])
    // "_" in a prefix matches any character there, so the prefix is checked here.
    const changed = rows
      .map((row) => ({id: column(row, 'id'), order: column(row, 'orderid'), modified: column(row, 'modified')}))
      .filter(({order}) => order.startsWith(prefix))
    if (changed.length > 0) yield changed
    const end = rows.at(-1)
    if (rows.length < PAGE || end === undefined) return
    last = column(end, 'id')
  }
}

async function deletedIds(run: RunQuery, since: string): Promise<string[]> {
  const ids: string[] = []
  for (;;) {
    const {rows} = await run('deletedRecords', deletedSince(since), [ids.at(-1) ?? '0'])
    ids.push(...rows.map((row) => column(row, 'recordid')))
    if (rows.length < PAGE) return ids
  }
}

/** Heads of fulfilments with their lines, numbers and ship methods. */
async function completed(run: RunQuery, heads: readonly Row[], lineField: string | null): Promise<HeldShipment[]> {
  if (heads.length === 0 || lineField === null) return []
  const ids = heads.map((row) => column(row, 'id'))
  const orders = heads.map((row) => column(row, 'salesorder'))
  const lines = await inLists(run, 'shipmentLines', AT_ONCE, (list) => linesOf(lineField, list), ids)
  const numbers = await inLists(run, 'trackingNumbers', AT_ONCE, numbersOf, ids)
  const methods = await inLists(run, 'shipMethods', AT_ONCE * 2, methodsOf, [...ids, ...orders])
  const methodOf = (id: string) => methods.find((row) => row['transaction'] === id)?.['shipmethod'] ?? null
  return heads.map((row) => {
    const id = column(row, 'id')
    const own = (other: Row) => other['transaction'] === id
    return {
      id,
      externalId: row['externalid'] ?? null,
      tranId: row['tranid'] ?? null,
      order: column(row, 'orderid'),
      isShipped: row['statuskey'] === 'ItemShip:C',
      shipMethodId: methodOf(id) ?? methodOf(column(row, 'salesorder')),
      tracking: [...new Set(numbers.filter(own).map((each) => column(each, 'trackingnumber')))],
      lines: [...new Map(lines.filter(own).map((line) => [column(line, 'lineid'), line])).values()].map(lineOf),
    }
  })
}

/** Units are negative on a fulfilment: they leave the stock. */
function lineOf(row: Row): HeldShipment['lines'][number] {
  const quantity = Math.abs(Number(plainNumber(row['quantity'] ?? '') ?? '0'))
  return {key: row['linekey'] ?? null, quantity, locationId: row['location'] ?? null}
}

/** The only texts that are written into these statements; anything else would be a way in. Throws RangeError. */
function time(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text)) throw new RangeError(`${JSON.stringify(text)} is no time`)
  return text
}

function script(field: string): string {
  if (!/^custcol[a-z0-9_]+$/.test(field)) throw new RangeError(`${JSON.stringify(field)} is no column field`)
  return field
}
