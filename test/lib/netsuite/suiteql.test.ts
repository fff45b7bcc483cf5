import {afterEach, describe, expect, test} from 'vitest'

import {allOf, clientFor, playNetSuite, restError} from './playing-netsuite.ts'

const stops: (() => void)[] = []
afterEach(() => stops.splice(0).forEach((stop) => stop()))

type Asked = {q: string; params?: string[]}
type Row = Record<string, unknown>

/** A SuiteQL that answers rows as a test says. */
async function querying(answer: (asked: Asked, offset: number) => Row[] | {rows: Row[]; hasMore: boolean}) {
  const server = await playNetSuite(({body, path}, response) => {
    const offset = Number(new URL(path, 'http://x').searchParams.get('offset'))
    const given = answer(JSON.parse(body) as Asked, offset)
    const {rows, hasMore} = Array.isArray(given) ? {rows: given, hasMore: false} : given
    const items = rows.map((row) => ({links: [], ...row}))
    response.end(JSON.stringify({links: [], count: items.length, hasMore, offset, totalResults: items.length, items}))
  })
  stops.push(server.stop)
  const asked = () => server.seen.map(({body}) => JSON.parse(body) as Asked)
  return {...clientFor(server.url), server, asked}
}

async function refusing(detail: string, status = 400) {
  const server = await playNetSuite((_, response) => {
    response.writeHead(status).end(restError(status, 'INVALID_PARAMETER', detail))
  })
  stops.push(server.stop)
  return {...clientFor(server.url), server}
}

const item = (id: number, more: Row = {}) => ({
  id: String(id),
  itemid: `SKU-${id}`,
  itemtype: 'InvtPart',
  isinactive: 'F',
  ...more,
})

describe('items', () => {
  test('are read by key to the last page, and the end of a full page is not the end', async () => {
    const all = Array.from({length: 2000}, (_, i) => item(i + 1))
    const {netsuite, asked} = await querying(({params}) =>
      all.filter(({id}) => Number(id) > Number(params?.[0])).slice(0, 1000),
    )
    const read = await allOf(netsuite.queries.items())

    expect(read.flat().map(({id}) => id)).toEqual(all.map(({id}) => id))
    expect(asked().map(({params}) => params)).toEqual([['0'], ['1000'], ['2000']])
    expect(asked()[0]?.q).toMatch(/ORDER BY i\.id ASC FETCH FIRST 1000 ROWS ONLY$/)
  })

  test('keep what is inactive, marked, and what is null, missing, whatever the case of the column', async () => {
    const {netsuite} = await querying(() => [{ID: 5, ItemId: 'P : C', ITEMTYPE: 'Kit', isinactive: 'T', upccode: null}])
    const [page] = await allOf(netsuite.queries.items('4'))

    expect(page).toEqual([
      {id: '5', itemId: 'P : C', fullName: null, upc: null, itemType: 'Kit', isInactive: true, modified: ''},
    ])
  })

  test('none at all is a missing permission where the table looks empty', async () => {
    const {netsuite} = await querying(({q}) => (q.includes('COUNT') ? [{n: '0'}] : []))

    await expect(allOf(netsuite.queries.items())).rejects.toMatchObject({code: 'NETSUITE_PERMISSION_MISSING'})
  })

  test('none at all is a query that timed out where the table is not empty', async () => {
    const {netsuite} = await querying(({q}) => (q.includes('COUNT') ? [{n: '143'}] : []))

    await expect(allOf(netsuite.queries.items())).rejects.toMatchObject({code: 'NETSUITE_QUERY_EMPTY'})
  })

  test('are found by name, then by UPC, then as child of a matrix; each once', async () => {
    const {netsuite, asked} = await querying(({q}) => {
      if (q.includes('i.itemid IN')) return [item(1)]
      if (q.includes('upccode IN')) return [item(2, {itemid: 'other', upccode: 'SKU-2'})]
      return [item(3, {itemid: 'Parent : SKU-3'}), item(9, {itemid: 'Parent : SKUx3'})]
    })
    const found = await netsuite.queries.itemsBySku(['SKU-1', 'SKU-2', 'SKU-3', 'SKU-1'])

    expect(found.map(({id}) => id)).toEqual(['1', '2', '3'])
    expect(asked()).toHaveLength(3)
  })

  test('that are all found by name cost one request', async () => {
    const {netsuite, asked} = await querying(() => [item(1), item(2)])
    await netsuite.queries.itemsBySku(['SKU-1', 'SKU-2'])

    expect(asked()).toHaveLength(1)
    expect(asked()[0]?.params).toHaveLength(10)
  })
})

describe('lists of values', () => {
  test('are cut at a thousand, of few fixed sizes, and hold each value once', async () => {
    const {netsuite, asked} = await querying(() => [])
    const ids = Array.from({length: 1201}, (_, i) => `SHOPIFY:ORDER:${i}`)
    await netsuite.queries.ordersByExternalId([...ids, ...ids])

    expect(asked().map(({params}) => params?.length)).toEqual([1000, 1000])
    expect(new Set(asked().flatMap(({params}) => params ?? []))).toEqual(new Set(ids))
    expect(asked()[0]?.q.match(/\?/g)).toHaveLength(1000)
  })

  test('of nothing ask nothing', async () => {
    const {netsuite, asked} = await querying(() => [])

    expect(await netsuite.queries.customersByEmail([])).toEqual([])
    expect(asked()).toEqual([])
  })

  test('with more rows than a page are read to the end', async () => {
    const {netsuite} = await querying((_, offset) => {
      const row = {id: String(offset), externalid: 'x', entityid: 'e'}
      return {rows: [row], hasMore: offset < 2000}
    })

    expect(await netsuite.queries.customersByExternalId(['x'])).toHaveLength(3)
  })
})

test('customers are asked for by e-mail in lower case and by the digits of a phone', async () => {
  const {netsuite, asked} = await querying(() => [])
  await netsuite.queries.customersByEmail(['Jane@Example.COM'])
  await netsuite.queries.customersByPhone(['+1 (555) 010-9999'])

  expect(asked().map(({params}) => params)).toEqual([['jane@example.com'], ['15550109999']])
  expect(asked()[1]?.q).toContain("TRANSLATE(c.phone, '0123456789 -.()+/', '0123456789') IN (?)")
})

test('orders of a window are read by key, and a prefix with a wildcard in it finds nothing else', async () => {
  const row = (id: number, externalid: string) => ({
    id: String(id),
    externalid,
    foreigntotal: '.5',
    statuskey: 'SalesOrd:B',
  })
  const {netsuite, asked} = await querying(() => [row(1, 'A_B:1'), row(2, 'AXB:2')])
  const pages = await allOf(netsuite.queries.ordersByDate('2026-11-01', '2026-11-30', 'A_B:'))

  expect(pages.flat()).toMatchObject([{externalId: 'A_B:1', total: '0.5', statusKey: 'SalesOrd:B'}])
  expect(asked()[0]?.q).toContain("TO_DATE('2026-11-01', 'YYYY-MM-DD')")
})

test('postings are asked for by external ID, each of its type, its total without the sign of NetSuite’s header', async () => {
  const row = (id: number, type: string, more: Row = {}) => ({id: String(id), type, externalid: `X:${id}`, ...more})
  const {netsuite, asked} = await querying(() => [
    row(1, 'CustDep', {foreigntotal: '83.16', statuskey: 'CustDep:A', currency: '1', trandate: '2026-11-20'}),
    row(2, 'CustCred', {foreigntotal: '-1.0E7', tranid: 'CM2'}),
    row(3, 'ItemShip'),
    row(4, 'Journal'),
  ])
  const rows = await netsuite.queries.postingsByExternalId(['X:1', 'X:2', 'X:3'])

  expect(rows.map(({type, id, total}) => [type, id, total])).toEqual([
    ['customerDeposit', '1', '83.16'],
    ['creditMemo', '2', '10000000'],
    ['itemFulfillment', '3', null],
  ])
  expect(rows[0]).toMatchObject({statusKey: 'CustDep:A', currencyId: '1', tranDate: '2026-11-20', tranId: null})
  expect(asked()[0]?.q).toContain("'CustRfnd', 'Deposit', 'Check')")
})

test('postings of a window are read by key to the last page', async () => {
  const all = Array.from({length: 1200}, (_, i) => ({id: String(i + 1), type: 'CustInvc', externalid: `A_B:${i + 1}`}))
  const {netsuite, asked} = await querying(({params}) =>
    all.filter(({id}) => Number(id) > Number(params?.[1])).slice(0, 1000),
  )
  const pages = await allOf(netsuite.queries.postingsByDate('2026-11-01', '2026-11-30', 'A_B:'))

  expect(pages.flat().map(({id}) => id)).toEqual(all.map(({id}) => id))
  expect(asked().map(({params}) => params)).toEqual([
    ['A_B:%', '0'],
    ['A_B:%', '1000'],
  ])
})

test('nothing but a day and a table name is ever written into a statement', async () => {
  const {netsuite, asked} = await querying(() => [])

  await expect(netsuite.queries.existing('item WHERE 1=1 --', ['1'])).rejects.toThrow(RangeError)
  await expect(allOf(netsuite.queries.ordersByDate("2026-11-01') --", '2026-11-30', 'x'))).rejects.toThrow()
  expect(asked()).toEqual([])
})

test('the request says that it is transient, as NetSuite wants it', async () => {
  const {netsuite, server} = await querying(() => [{id: '1'}])

  expect(await netsuite.queries.existing('location', ['1', '2'])).toEqual(new Set(['1']))
  expect(server.seen[0]?.headers['prefer']).toBe('transient')
})

const start = 'Invalid search query. Detailed unprocessed description follows. '
test.each([
  ["Search error occurred: Unknown identifier 'custbody_tieout'. Available identifiers are: {t=transaction}.", 'QUERY_FIELD_UNKNOWN', 'custbody_tieout'],
  ['Invalid search type: shipitem.', 'QUERY_REFUSED', 'shipitem'],
  ["Search error occurred: Record 'customer' was not found.", 'NETSUITE_PERMISSION_MISSING', 'customer'],
  ['Search error occurred: Invalid or unsupported search.', 'QUERY_REFUSED', 'unsupported'],
])('%s', async (detail, code, named) => {
  const {netsuite, server} = await refusing(start + detail)

  await expect(netsuite.queries.raw('SELECT x FROM y')).rejects.toMatchObject({
    code,
    message: expect.stringContaining(named) as string,
  })
  expect(server.seen).toHaveLength(1)
}) // prettier-ignore
