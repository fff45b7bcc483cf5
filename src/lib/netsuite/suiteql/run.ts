import {ConfigError} from '../../core/errors.ts'
import {answerMalformed} from '../faults.ts'
import type {Hosts} from '../hosts.ts'
import type {RestPort} from '../rest/client.ts'
import {isObject, jsonObjects, jsonText, type JsonObject} from '../rest/json.ts'
import {queryFault} from './faults.ts'

/** Column (in lower case) → text. A column that is null in a row is missing from it. */
export type Row = Readonly<Record<string, string>>

type Page = Readonly<{rows: Row[]; hasMore: boolean}>

/** Runs one statement with its `?` filled in order; `offset` must be a multiple of the page. */
export type RunQuery = (name: string, statement: string, params?: readonly string[], offset?: number) => Promise<Page>

/** Default and maximum of NetSuite (help section_156414087576). */
export const PAGE = 1000

/**
 * SuiteQL over REST. All values come as text and column names in lower case, which we do not rely on; nulls are left
 * out (NetSuite help section_157909186990). Throws QUERY_FIELD_UNKNOWN, QUERY_REFUSED and what errors of REST mean.
 */
export function suiteql(rest: RestPort, hosts: Hosts): RunQuery {
  return async (name, statement, params = [], offset = 0) => {
    const answer = await rest.request({
      channel: 'suiteql',
      operation: name,
      records: 0,
      write: false,
      method: 'POST',
      url: `${hosts.suiteql}?limit=${PAGE}&offset=${offset}`,
      // Without it NetSuite refuses the request.
      headers: {prefer: 'transient'},
      body: JSON.stringify(params.length === 0 ? {q: statement} : {q: statement, params}),
      fault: (detail) => queryFault(statement, detail.message),
    })
    const {body} = answer
    if (body === null || !Array.isArray(body['items'])) throw answerMalformed(name, false, 'it holds no items')
    return {rows: jsonObjects(body['items']).map(rowOf), hasMore: body['hasMore'] === true}
  }
}

function rowOf(item: JsonObject): Row {
  const row: Record<string, string> = {}
  for (const [column, value] of Object.entries(item)) {
    const text = isObject(value) ? null : jsonText(value)
    if (text !== null && column !== 'links') row[column.toLowerCase()] = text
  }
  return row
}

/** The value of a column that the statement makes never null. Throws ConfigError QUERY_REFUSED where it is missing. */
export function column(row: Row, name: string): string {
  const value = row[name]
  if (value !== undefined) return value
  throw new ConfigError('QUERY_REFUSED', `NetSuite answered a row without the column ${name}`, {
    hint: 'the role does not see the column; add the permission for the record type, then run doctor',
  })
}
