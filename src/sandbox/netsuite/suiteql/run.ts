import pg from 'pg'

import {inTransaction} from './database.ts'
import {BadQuery, UNSUPPORTED} from './tokens.ts'
import {type Translated, unknownIdentifier} from './translate.ts'

export type Page = Readonly<{limit: number; offset: number}>

/** Rows that one statement can give (NetSuite help section_157909186990). */
const CAP = 100_000
const TIMEOUT_MS = 60_000

const TIMESTAMP = 1114
const NUMERIC = 1700
const BOOLEAN = 16

/** Values as the service sends them: text; days as the account shows them, numbers in their shortest form. */
const types = {
  getTypeParser: (oid: number) => (text: string) => {
    if (oid === TIMESTAMP) return shownDate(text)
    if (oid === NUMERIC) return text.includes('.') ? text.replace(/\.?0+$/, '') : text
    return oid === BOOLEAN ? (text === 't' ? 'T' : 'F') : text
  },
}

/** 'YYYY-MM-DD hh:mm:ss' → 'M/D/YYYY': an unformatted date loses its time. */
function shownDate(text: string): string {
  const [year = '', month = '', day = ''] = text.slice(0, 10).split('-')
  return `${Number(month)}/${Number(day)}/${year}`
}

/** Runs one translated statement and gives one page. Throws BadQuery where Postgres refuses it. */
export async function runQuery(
  pool: pg.Pool,
  query: Translated,
  params: readonly string[],
  {limit, offset}: Page,
  now: string,
): Promise<unknown> {
  const settings = `SET LOCAL statement_timeout = ${TIMEOUT_MS}; SET LOCAL sandbox.now = '${now}'`
  try {
    return await inTransaction(pool, `BEGIN READ ONLY; ${settings}`, async (client) => {
      // An empty text is no value, as in Oracle.
      const values = params.map((value) => (value === '' ? null : value))
      await client.query({text: `DECLARE page NO SCROLL CURSOR FOR ${query.sql}`, values})
      const skipped = offset === 0 ? 0 : ((await client.query(`MOVE FORWARD ${offset} IN page`)).rowCount ?? 0)
      const {rows, fields} = await client.query<(string | null)[]>({
        text: `FETCH ${limit} FROM page`,
        rowMode: 'array',
        types,
      } as never)
      const rest = rows.length < limit ? 0 : ((await client.query(`MOVE FORWARD ${CAP} IN page`)).rowCount ?? 0)
      return pageBody(
        rows,
        fields.map((field) => field.name.toLowerCase()),
        {limit, offset},
        skipped + rows.length + rest,
      )
    })
  } catch (error) {
    throw refused(error, query)
  }
}

function pageBody(
  rows: readonly (string | null)[][],
  names: readonly string[],
  {offset}: Page,
  total: number,
): unknown {
  const items = rows.map((row) => {
    const item: Record<string, unknown> = {links: []}
    for (const [at, name] of names.entries()) {
      const value = row[at]
      // Fields without a value are left out; names with "$" are the stand-in's own.
      if (value !== null && value !== undefined && value !== '' && !name.includes('$')) item[name] = value
    }
    return item
  })
  const totalResults = Math.min(total, CAP)
  return {links: [], count: items.length, hasMore: offset + items.length < totalResults, items, offset, totalResults}
}

/** Postgres's refusal in the words of the query service; what is not the statement's fault goes on as it is. */
function refused(error: unknown, {aliases}: Translated): unknown {
  if (!(error instanceof pg.DatabaseError)) return error
  const {code = '', message} = error
  const column = /column "?([\w.$]+)"? (?:of relation .* )?does not exist/.exec(message)?.[1]
  if (code === '42703') return new BadQuery(unknownIdentifier(column?.split('.').at(-1) ?? message, aliases))
  const table = /(?:missing FROM-clause entry for table|relation) "([^"]+)"/.exec(message)?.[1]
  if (code === '42P01') return new BadQuery(unknownIdentifier(table ?? message, aliases))
  // Classes 42 (syntax, types, names), 22 (values) and 0A (not supported) are faults of the statement.
  return /^(42|22|0A)/.test(code) ? new BadQuery(UNSUPPORTED) : error
}
