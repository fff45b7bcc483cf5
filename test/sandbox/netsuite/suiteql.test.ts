import {afterAll, beforeAll, expect, inject, test} from 'vitest'

import {startNetSuite, type SandboxNetSuite} from '../../../src/sandbox/netsuite/server.ts'
import {call, control, idOf, order, query, type Reply} from './client.ts'

let netsuite: SandboxNetSuite
let orderId: string

beforeAll(async () => {
  // 18:30 in UTC is 13:30 in the account's zone.
  netsuite = await startNetSuite({
    port: 0,
    databaseUrl: inject('databaseUrl'),
    now: () => new Date('2026-11-20T18:30:45Z'),
    lockLogins: false,
  })
  const posted = await call(netsuite.url, 'POST', 'record/v1/salesOrder', {
    body: order({
      externalId: 'SHOPIFY:ORDER:5001',
      otherRefNum: 'PO 7',
      custbody_tieout_order_id: '5001',
      shipMethod: {id: '8001'},
      shippingCost: 5.5,
      item: {
        items: [
          {item: {id: '1001'}, quantity: 2, amount: 48, location: {id: '1'}, custcol_tieout_line_key: 'line-1'},
          {item: {id: '9001'}, amount: -4.8, custcol_tieout_line_key: 'line-1:discount'},
        ],
      },
    }),
    signing: {timestamp: Date.parse('2026-11-20T18:30:45Z') / 1000},
  })
  orderId = idOf(posted)
})
afterAll(() => netsuite.stop())

/** The account's clock stands still, so requests are signed for that second. */
async function ask(q: string, params?: string[], page = ''): Promise<Reply> {
  return call(netsuite.url, 'POST', `query/v1/suiteql${page}`, {
    body: {q, ...(params && {params})},
    headers: {prefer: 'transient'},
    signing: {timestamp: Date.parse('2026-11-20T18:30:45Z') / 1000},
  })
}
async function rows(q: string, params?: string[]): Promise<Record<string, unknown>[]> {
  const {status, body, text} = await ask(q, params)
  if (status !== 200) throw new Error(text)
  return body.items.map(({links: _links, ...row}: Record<string, unknown>) => row)
}
async function refusal(q: string, params?: string[]): Promise<string> {
  const {status, body} = await ask(q, params)
  expect(status).toBe(400)
  expect(body['o:errorDetails'][0]).toMatchObject({'o:errorQueryParam': 'q', 'o:errorCode': 'INVALID_PARAMETER'})
  return body['o:errorDetails'][0]?.['detail'] ?? ''
}

test('an order is found by its external id as soon as it is written, every value as text', async () => {
  const found = await rows(
    `SELECT t.id, t.type, t.recordtype, t.externalid, t.status, BUILTIN.CF(t.status) AS statusKey, t.foreigntotal, t.currency,
       t.otherrefnum, t.custbody_tieout_order_id, TO_CHAR(t.trandate, 'YYYY-MM-DD') AS day
     FROM transaction t WHERE t.externalid IN (?, ?) ORDER BY t.id ASC`,
    ['SHOPIFY:ORDER:5001', 'SHOPIFY:ORDER:5001'],
  )

  expect(found).toEqual([
    {
      id: orderId,
      type: 'SalesOrd',
      recordtype: 'salesorder',
      externalid: 'SHOPIFY:ORDER:5001',
      status: 'B',
      statuskey: 'SalesOrd:B',
      foreigntotal: '48.7',
      currency: '1',
      otherrefnum: 'PO 7',
      custbody_tieout_order_id: '5001',
      day: '2026-11-20',
    },
  ])
})

test('quantities and amounts of order lines are negative, the header is positive', async () => {
  const lines = await rows(
    `SELECT tl.linesequencenumber, tl.item, -1 * tl.quantity AS quantity, tl.foreignamount, tl.custcol_tieout_line_key AS key, tl.taxline
     FROM transactionline tl WHERE tl.transaction = ? AND NVL(tl.mainline, 'F') = 'F' ORDER BY tl.linesequencenumber ASC`,
    [orderId],
  )

  expect(lines).toMatchObject([
    {item: '1001', quantity: '2', foreignamount: '-48', key: 'line-1'},
    {item: '9001', foreignamount: '4.8', key: 'line-1:discount'},
    {item: '8001', foreignamount: '-5.5'},
  ])
  expect(lines[1]).not.toHaveProperty('quantity')
})

test('a bare comparison with the composite status matches nothing, BUILTIN.CF does', async () => {
  expect(await rows("SELECT id FROM transaction WHERE status = 'SalesOrd:B'")).toEqual([])
  expect(await rows("SELECT id FROM transaction WHERE BUILTIN.CF(status) = 'SalesOrd:B'")).toEqual([{id: orderId}])
})

test('date-times stand in the zone of the account, and unformatted ones lose their time', async () => {
  const [row] = await rows(
    `SELECT TO_CHAR(t.lastmodifieddate, 'YYYY-MM-DD HH24:MI:SS') AS modified, t.lastmodifieddate AS bare,
       TO_CHAR(SYSDATE, 'YYYY-MM-DD') AS today
     FROM transaction t WHERE t.lastmodifieddate >= TO_DATE(?, 'YYYY-MM-DD HH24:MI:SS') AND t.id > ?`,
    ['2026-11-20 13:30:45', '0'],
  )

  expect(row).toEqual({modified: '2026-11-20 13:30:45', bare: '11/20/2026', today: '2026-11-20'})
  expect(
    await rows(
      "SELECT id FROM transaction WHERE lastmodifieddate > TO_DATE('2026-11-20 13:30:45', 'YYYY-MM-DD HH24:MI:SS')",
    ),
  ).toEqual([])
})

test('pages follow limit and offset, and the total is told', async () => {
  const first = await ask('SELECT id FROM item ORDER BY id ASC', [], '?limit=7&offset=0')
  const second = await ask('SELECT id FROM item ORDER BY id ASC', [], '?limit=7&offset=7')

  expect(first.body).toMatchObject({count: 7, hasMore: true, offset: 0})
  expect(Number(second.body.items[0]?.['id'])).toBeGreaterThan(Number(first.body.items[6]?.['id']))
  expect(second.body.totalResults).toBe(first.body.totalResults)
  expect((await ask('SELECT id FROM item', [], '?limit=7&offset=5')).status).toBe(400)
  expect((await ask('SELECT id FROM item', [], '?limit=1001')).status).toBe(400)
  const last = await ask("SELECT COUNT(*) AS n FROM item WHERE itemtype = 'InvtPart'")
  expect(last.body).toMatchObject({count: 1, hasMore: false, totalResults: 1})
  expect(Number(last.body.items[0]?.['n'])).toBeGreaterThan(20)
})

test('the header that makes queries transient is required', async () => {
  const reply = await call(netsuite.url, 'POST', 'query/v1/suiteql', {
    body: {q: 'SELECT id FROM item'},
    signing: {timestamp: Date.parse('2026-11-20T18:30:45Z') / 1000},
  })

  expect(reply.status).toBe(400)
  expect(reply.body['o:errorDetails'][0]?.['o:errorHeader']).toBe('Prefer')
})

test('errors speak as the query service does', async () => {
  expect(await refusal('SELECT t.custbody_gone FROM transaction t')).toBe(
    'Invalid search query. Detailed unprocessed description follows. Search error occurred: ' +
      "Unknown identifier 'custbody_gone'. Available identifiers are: {t=transaction}.",
  )
  expect(await refusal('SELECT createdfrom FROM transaction')).toContain("Unknown identifier 'createdfrom'")
  expect(await refusal('SELECT id FROM transactions')).toContain('Invalid search type: transactions.')
  expect(await refusal('SELECT id FROM transaction WHERE id = ?')).toContain('Invalid number of parameters')
})

test.each([
  'SELECT id FROM item LIMIT 5',
  'SELECT id FROM item WHERE ROWNUM < 5',
  'SELECT TOP 5 id FROM item',
  'WITH x AS (SELECT id FROM item) SELECT id FROM x',
  'SELECT LISTAGG(itemid) FROM item',
  'SELECT LEFT(itemid, 2) FROM item',
  'SELECT DISTINCT BUILTIN.DF(entity) FROM transaction',
  'SELECT id::text FROM item',
  'SELECT pg_sleep(1) FROM dual',
  'SELECT id FROM item; DROP TABLE item',
  'DELETE FROM item',
  'SELECT "pg_sleep"(1) FROM dual',
  'SELECT public.f(1) FROM dual',
  'SELECT i.id FROM (public.events e CROSS JOIN item i)',
  'SELECT id FROM item WHERE EXISTS (TABLE public.events)',
  'SELECT id FROM (VALUES (1)) v',
  "SELECT set_config('a', 'b', true) FROM dual",
  'SELECT * FROM item FOR UPDATE',
  'SELECT id FROM item WHERE itemid = $1',
  'SELEC id FROM item',
])('what SuiteQL does not know is refused: %s', async (q) => {
  expect(await refusal(q)).toMatch(/Invalid or unsupported search|Invalid search type/)
})

test('a list of more than 1,000 values is refused', async () => {
  const list = (length: number): string => Array.from({length}, (_, i) => i + 1).join(', ')

  expect(await refusal(`SELECT id FROM item WHERE id IN (${list(1001)})`)).toContain('Invalid or unsupported search')
  expect((await rows(`SELECT id FROM item WHERE id IN (${list(1000)})`)).length).toBe(0)
})

test('no table of the database but those of the account can be read', async () => {
  expect(await refusal('SELECT relname FROM pg_class')).toContain('Invalid search type: pg_class')
  expect(await refusal('SELECT i.id FROM item i, pg_class c')).toContain('Invalid search type: pg_class')
  expect(await refusal('SELECT id FROM public.item')).toContain('Invalid search type: public')
})

test("the empty text is no value, and || takes missing parts as empty: Oracle's way", async () => {
  expect(await rows("SELECT COUNT(*) AS n FROM item WHERE itemid = ''")).toEqual([{n: '0'}])
  expect(await rows("SELECT NULL || 'a' || '' AS x FROM dual")).toEqual([{x: 'a'}])
  expect(await rows('SELECT SYSDATE - 1 AS y, SYSDATE - (SYSDATE - 2) AS d FROM dual')).toEqual([
    {y: '11/19/2026', d: '2'},
  ])
})

test('committed units lower what is available at their location', async () => {
  const found = await rows(
    `SELECT a.location, a.quantityonhand, a.quantitycommitted, a.quantityavailable FROM aggregateitemlocation a WHERE a.item = ?`,
    ['1001'],
  )

  expect(found).toEqual([{location: '1', quantityonhand: '400', quantitycommitted: '2', quantityavailable: '398'}])
})

test('items, prices, customers and lists are there for look-ups', async () => {
  expect(await rows('SELECT i.id, i.itemid, i.isinactive FROM item i WHERE i.itemid = ?', ['TEE-BLA-S'])).toEqual([
    {id: '1001', itemid: 'TEE-BLA-S', isinactive: 'F'},
  ])
  expect(await rows('SELECT p.unitprice FROM pricing p WHERE p.item = ? AND p.pricelevel = ?', ['1001', '1'])).toEqual([
    {unitprice: '24'},
  ])
  expect(await rows("SELECT c.entityid FROM customer c WHERE NVL(c.isinactive, 'F') = 'F'")).toEqual([
    {entityid: 'POS Walk-in'},
  ])
  expect(
    await rows("SELECT symbol, currencyprecision FROM currency WHERE symbol IN ('JPY', 'KWD') ORDER BY symbol ASC"),
  ).toEqual([
    {symbol: 'JPY', currencyprecision: '0'},
    {symbol: 'KWD', currencyprecision: '3'},
  ])
  expect(await rows("SELECT scriptid FROM customfield WHERE UPPER(scriptid) LIKE 'CUSTCOL%'")).toEqual([
    {scriptid: 'CUSTCOL_TIEOUT_LINE_KEY'},
  ])
  expect(
    await rows(
      "SELECT p.periodname FROM accountingperiod p WHERE p.startdate <= SYSDATE AND p.enddate >= SYSDATE AND p.closed = 'F'",
    ),
  ).toEqual([{periodname: 'Nov 2026'}])
  expect(await rows('SELECT BUILTIN.DF(t.entity) AS who, BUILTIN.DF(t.status) AS status FROM transaction t')).toEqual([
    {who: 'POS Walk-in POS Walk-in', status: 'Sales Order : Pending Fulfillment'},
  ])
})

test('a renamed custom field is unknown to queries', async () => {
  await control(netsuite.url, 'POST', 'faults', {kind: 'renamed-field', field: 'custbody_tieout_order_id'})

  expect(await refusal('SELECT t.custbody_tieout_order_id FROM transaction t')).toContain(
    "Unknown identifier 'custbody_tieout_order_id'",
  )
  await control(netsuite.url, 'DELETE', 'faults')
})

test('a deleted order leaves the tables and is remembered by its header', async () => {
  const outcome = netsuite.engine.add({
    type: 'salesOrder',
    fields: {entity: {id: '500'}},
    lines: {item: [{fields: {item: {id: '1001'}}}]},
  })
  if (!outcome.ok) throw new Error(outcome.message)
  expect(await rows('SELECT id FROM transaction WHERE id = ?', [outcome.id])).toHaveLength(1)

  netsuite.engine.delete('salesOrder', {id: outcome.id})

  expect(await rows('SELECT id FROM transaction WHERE id = ?', [outcome.id])).toEqual([])
  expect(await rows('SELECT id FROM transactionline WHERE transaction = ?', [outcome.id])).toEqual([])
  expect(await rows('SELECT type FROM deletedrecord WHERE recordid = ?', [outcome.id])).toEqual([{type: 'salesOrder'}])
})

test('without a database queries say so and everything else works', async () => {
  const bare = await startNetSuite({port: 0})

  const reply = await query(bare.url, 'SELECT id FROM item')
  expect(reply.status).toBe(500)
  expect(reply.body['o:errorDetails'][0]?.['detail']).toContain('database')
  expect((await call(bare.url, 'GET', 'record/v1/salesOrder')).status).toBe(200)
  await bare.stop()
})
