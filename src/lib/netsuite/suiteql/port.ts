import {chunks} from '../../core/concurrent.ts'
import {CredentialError, RetryableError} from '../../core/errors.ts'
import {plainNumber} from '../records/numbers.ts'
import {isSendable} from '../records/text.ts'
import type {CustomerRow, ItemRow, OrderRow, QueryPort} from '../types.ts'
import {column, PAGE, type Row, type RunQuery} from './run.ts'
import {statements} from './statements.ts'

/** Sizes of IN lists; NetSuite takes 1000 (help article_0824094533), and a list is filled up with its last value. */
const LIST_SIZES = [1, 10, 50, 200, 1000]
/** A function on the column scans the table, so fewer values go into one statement. */
const SCAN_LIST = 100
const LIKE_LIST = 50
/** SuiteQL gives no more than this of one statement. */
const ROWS_MAX = 100_000

/** Named questions by SuiteQL. Lists are split, pages followed; nothing is cut. */
export function queryPort(run: RunQuery): QueryPort {
  const customers = (name: string, size: number, statement: (list: string) => string, values: readonly string[]) =>
    inLists(run, name, size, statement, values).then((rows) => rows.map(customerRow))
  return {
    items: (afterId = '0') => itemPages(run, afterId),
    itemsBySku: (skus) => itemsBySku(run, skus),
    ordersByExternalId: async (ids) =>
      (await inLists(run, 'ordersByExternalId', 1000, statements.ordersByExternalId, ids)).map(orderRow),
    ordersByDate: (from, to, prefix) => orderPages(run, from, to, prefix),
    customersByExternalId: (ids) => customers('customersByExternalId', 1000, statements.customersByExternalId, ids),
    customersByEmail: (emails) =>
      customers('customersByEmail', SCAN_LIST, statements.customersByEmail, emails.map(lower)),
    customersByPhone: (phones) =>
      customers('customersByPhone', SCAN_LIST, statements.customersByPhone, phones.map(digitsOf)),
    customersByCompany: (names) =>
      customers('customersByCompany', SCAN_LIST, statements.customersByCompany, names.map(lower)),
    existing: async (table, ids) => {
      const rows = await inLists(run, `existing ${table}`, 1000, (list) => statements.existing(table, list), ids)
      return new Set(rows.map((row) => column(row, 'id')))
    },
    raw: (statement, params = []) => all(run, 'query', statement, params),
  }
}

const lower = (text: string): string => text.toLowerCase()
const digitsOf = (phone: string): string => phone.replace(/\D/g, '')

/** Every page of a statement whose answer may be longer than one. */
async function all(run: RunQuery, name: string, statement: string, params: readonly string[]): Promise<Row[]> {
  const rows: Row[] = []
  for (let offset = 0; offset < ROWS_MAX; offset += PAGE) {
    const page = await run(name, statement, params, offset)
    rows.push(...page.rows)
    if (!page.hasMore) return rows
  }
  throw new RangeError(`${name} has more than ${ROWS_MAX} rows; narrow the statement`)
}

/**
 * One statement for each part of the values, each part filled up to a fixed size. What no record can hold (U+0000 in a
 * SKU) is not asked: one such value would have the whole statement refused.
 */
export async function inLists(
  run: RunQuery,
  name: string,
  size: number,
  statement: (list: string) => string,
  values: readonly string[],
): Promise<Row[]> {
  const rows: Row[] = []
  for (const part of chunks([...new Set(values)].filter(isSendable), size)) {
    const filled = fill(part)
    rows.push(...(await all(run, name, statement(filled.map(() => '?').join(', ')), filled)))
  }
  return rows
}

function fill(values: readonly string[]): string[] {
  const size = LIST_SIZES.find((candidate) => candidate >= values.length) ?? values.length
  const last = values.at(-1) ?? ''
  return [...values, ...Array.from({length: size - values.length}, () => last)]
}

/** By item name, then what is left by UPC, then as the end of a matrix child's name. Each item once. */
async function itemsBySku(run: RunQuery, skus: readonly string[]): Promise<ItemRow[]> {
  const wanted = new Set(skus)
  const left = new Set(skus)
  const items = new Map<string, ItemRow>()
  const take = (rows: readonly Row[]) => {
    for (const item of rows.map(itemRow)) {
      const names = [item.itemId, item.itemId.split(' : ').at(-1) ?? '', item.upc ?? '']
      const found = names.filter((name) => wanted.has(name))
      if (found.length > 0) items.set(item.id, item)
      for (const sku of found) left.delete(sku)
    }
  }
  take(await inLists(run, 'itemsByName', 1000, statements.itemsByName, [...left]))
  take(await inLists(run, 'itemsByUpc', 1000, statements.itemsByUpc, [...left]))
  for (const part of chunks([...left].filter(isSendable), LIKE_LIST)) {
    const endings = part.map((sku) => `% : ${sku}`)
    take(await all(run, 'itemsByEnding', statements.itemsByEnding(endings.length), endings))
  }
  return [...items.values()]
}

async function* itemPages(run: RunQuery, afterId: string): AsyncGenerator<ItemRow[]> {
  let last = afterId
  for (;;) {
    const rows = (await run('items', statements.itemPage, [last])).rows.map(itemRow)
    if (rows.length === 0 && last === '0') await mustBeEmpty(run)
    if (rows.length > 0) yield rows
    if (rows.length < PAGE) return
    last = rows.at(-1)?.id ?? last
  }
}

/**
 * No item at all is more likely a missing permission or a time-out that passes for success (both answer 200 and no
 * rows) than an account without items. A second look at the table tells which.
 */
async function mustBeEmpty(run: RunQuery): Promise<never> {
  const {rows} = await run('itemCount', statements.itemCount)
  if (Number(rows[0]?.['n'] ?? 0) === 0) {
    throw new CredentialError('NETSUITE_PERMISSION_MISSING', 'the role sees no item at all', {
      hint: 'add the permission Lists > Items (view) to the role of the integration, then run doctor',
    })
  }
  throw new RetryableError('NETSUITE_QUERY_EMPTY', 'NetSuite answered no item although it holds some', {
    retryAfterMs: 30_000,
    hint: 'a query that timed out may answer nothing; it is asked again. If it stays, look at the types of the items',
  })
}

async function* orderPages(run: RunQuery, from: string, to: string, prefix: string): AsyncGenerator<OrderRow[]> {
  let last = '0'
  for (;;) {
    const {rows} = await run('ordersByDate', statements.orderPage(from, to), [`${prefix}%`, last])
    // "_" in a prefix matches any character there, so the prefix is checked here.
    const orders = rows.map(orderRow).filter((order) => order.externalId.startsWith(prefix))
    if (orders.length > 0) yield orders
    const end = rows.at(-1)
    if (rows.length < PAGE || end === undefined) return
    last = column(end, 'id')
  }
}

function itemRow(row: Row): ItemRow {
  return {
    id: column(row, 'id'),
    itemId: column(row, 'itemid'),
    fullName: row['fullname'] ?? null,
    upc: row['upccode'] ?? null,
    itemType: column(row, 'itemtype'),
    isInactive: row['isinactive'] === 'T',
    modified: row['modified'] ?? '',
  }
}

function orderRow(row: Row): OrderRow {
  return {
    id: column(row, 'id'),
    externalId: column(row, 'externalid'),
    tranId: row['tranid'] ?? null,
    statusKey: row['statuskey'] ?? '',
    total: plainNumber(row['foreigntotal'] ?? '0') ?? '0',
    currencyId: row['currency'] ?? '',
    tranDate: row['trandate'] ?? '',
    modified: row['modified'] ?? '',
  }
}

function customerRow(row: Row): CustomerRow {
  return {
    id: column(row, 'id'),
    externalId: row['externalid'] ?? null,
    entityId: row['entityid'] ?? '',
    companyName: row['companyname'] ?? null,
    email: row['email'] ?? null,
    phone: row['phone'] ?? null,
    isInactive: row['isinactive'] === 'T',
  }
}
