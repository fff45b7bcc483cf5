/**
 * The statements of Tieout. Rules they keep (NetSuite help section_157909186990, article_0824094533): `?` for every
 * value, IN lists of few fixed sizes so that the server can reuse its plans, paging by key with ORDER BY … ASC and
 * never by offset, TO_CHAR around every date (unformatted ones come in the user's format), BUILTIN.CF around a
 * status, and nothing that Oracle calls unsupported.
 */
const item = `SELECT i.id, i.itemid, i.fullname, i.upccode, i.itemtype, NVL(i.isinactive, 'F') AS isinactive,
  TO_CHAR(i.lastmodifieddate, 'YYYY-MM-DD HH24:MI:SS') AS modified
FROM item i`

const sellable = `i.itemtype IN ('InvtPart', 'Assembly', 'Kit', 'NonInvtPart', 'Service', 'OthCharge', 'GiftCert')
  AND NVL(i.matrixtype, 'CHILD') = 'CHILD'`

const order = `SELECT t.id, t.externalid, t.tranid, BUILTIN.CF(t.status) AS statuskey, t.foreigntotal, t.currency,
  TO_CHAR(t.trandate, 'YYYY-MM-DD') AS trandate,
  TO_CHAR(t.lastmodifieddate, 'YYYY-MM-DD HH24:MI:SS') AS modified
FROM transaction t
WHERE t.type = 'SalesOrd'`

/** Types of the transaction table; CashRfnd and CustRfnd are named so by searches, and not documented for SuiteQL. */
const posting = `SELECT t.id, t.type, t.externalid, t.tranid, BUILTIN.CF(t.status) AS statuskey, t.foreigntotal,
  t.currency, TO_CHAR(t.trandate, 'YYYY-MM-DD') AS trandate
FROM transaction t
WHERE t.type IN ('CustDep', 'CustPymt', 'ItemShip', 'CustInvc', 'CashSale', 'DepAppl', 'RtnAuth', 'ItemRcpt',
  'CustCred', 'CashRfnd', 'CustRfnd', 'Deposit', 'Check')`

const customer = `SELECT c.id, c.externalid, c.entityid, c.companyname, c.email, c.phone,
  NVL(c.isinactive, 'F') AS isinactive
FROM customer c`

/**
 * The phone as digits. Marks without a counterpart in the second list are dropped; no '' is needed, which Oracle
 * takes for null.
 */
const digits = "TRANSLATE(c.phone, '0123456789 -.()+/', '0123456789')"

export const statements = {
  itemPage: `${item} WHERE i.id > ? AND ${sellable} ORDER BY i.id ASC FETCH FIRST 1000 ROWS ONLY`,
  itemCount: 'SELECT COUNT(*) AS n FROM item',
  itemsByName: (list: string) => `${item} WHERE i.itemid IN (${list}) AND ${sellable} ORDER BY i.id ASC`,
  itemsByUpc: (list: string) => `${item} WHERE i.upccode IN (${list}) AND ${sellable} ORDER BY i.id ASC`,
  /** Matrix children may carry their parent's name: "Parent : Child". */
  itemsByEnding: (count: number) => {
    const any = Array.from({length: count}, () => 'i.itemid LIKE ?').join(' OR ')
    return `${item} WHERE (${any}) AND ${sellable} ORDER BY i.id ASC`
  },
  ordersByExternalId: (list: string) => `${order} AND t.externalid IN (${list}) ORDER BY t.id ASC`,
  /** Days are written into the text: whether TO_DATE takes a parameter over REST is not documented. */
  orderPage: (from: string, to: string) => `${order}
  AND t.trandate >= TO_DATE('${day(from)}', 'YYYY-MM-DD') AND t.trandate <= TO_DATE('${day(to)}', 'YYYY-MM-DD')
  AND t.externalid LIKE ? AND t.id > ?
ORDER BY t.id ASC FETCH FIRST 1000 ROWS ONLY`,
  postingsByExternalId: (list: string) => `${posting} AND t.externalid IN (${list}) ORDER BY t.id ASC`,
  postingPage: (from: string, to: string) => `${posting}
  AND t.trandate >= TO_DATE('${day(from)}', 'YYYY-MM-DD') AND t.trandate <= TO_DATE('${day(to)}', 'YYYY-MM-DD')
  AND t.externalid LIKE ? AND t.id > ?
ORDER BY t.id ASC FETCH FIRST 1000 ROWS ONLY`,
  /** Periods of a month that take receivables; whether one is open is a flag of three (accountingperiod, Records Catalog). */
  openPeriods: `SELECT TO_CHAR(p.startdate, 'YYYY-MM-DD') AS startdate FROM accountingperiod p
WHERE p.isposting = 'T' AND p.isquarter = 'F' AND p.isyear = 'F' AND NVL(p.isadjust, 'F') = 'F'
  AND NVL(p.closed, 'F') = 'F' AND NVL(p.alllocked, 'F') = 'F' AND NVL(p.arlocked, 'F') = 'F'
  AND p.startdate > TO_DATE(?, 'YYYY-MM-DD')
ORDER BY p.id ASC FETCH FIRST 1000 ROWS ONLY`,
  customersByExternalId: (list: string) => `${customer} WHERE c.externalid IN (${list}) ORDER BY c.id ASC`,
  customersByEmail: (list: string) => `${customer} WHERE LOWER(c.email) IN (${list}) ORDER BY c.id ASC`,
  customersByPhone: (list: string) => `${customer} WHERE ${digits} IN (${list}) ORDER BY c.id ASC`,
  customersByCompany: (list: string) => `${customer} WHERE LOWER(c.companyname) IN (${list}) ORDER BY c.id ASC`,
  existing: (table: string, list: string) =>
    `SELECT x.id FROM ${name(table)} x WHERE x.id IN (${list}) ORDER BY x.id ASC`,
} as const

/** The only texts that are written into statements; anything else would be a way in. Throws RangeError. */
function day(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new RangeError(`${JSON.stringify(text)} is not a day`)
  return text
}

function name(table: string): string {
  if (!/^[a-z][a-z0-9_]*$/i.test(table)) throw new RangeError(`${JSON.stringify(table)} is not a table`)
  return table
}
