import {RejectedError} from '../../core/errors.ts'
import {answerMalformed, saysDuplicate, statusOfRejected} from '../faults.ts'
import type {Hosts} from '../hosts.ts'
import type {RecordTable, RecordType, Values} from '../records/fields.ts'
import type {Ref, WriteStatus} from '../types.ts'
import type {RestAnswer, RestPort, RestRequest} from './client.ts'
import {cutLists, decodeBody} from './decode.ts'
import {encodeBody} from './encode.ts'
import {jsonText} from './json.ts'

type Read = Readonly<{id: string; externalId: string | null; values: Values}>

/** The record that a transform starts from. */
type Source = Readonly<{type: RecordType; id: string}>

export type RestRecords = Readonly<{
  /** With `from` the record is made from that one by a transform. */
  add(table: RecordTable, externalId: string, values: Values, from?: Source | null): Promise<WriteStatus>
  update(table: RecordTable, id: string, values: Values): Promise<WriteStatus>
  read(table: RecordTable, ref: Ref): Promise<Read | null>
}>

/** A misspelled property is an error and not a warning that nobody reads. */
const STRICT = {'X-NetSuite-PropertyNameValidation': 'Error'}

/** Records over the REST record service, one a request (its batches are asynchronous only). */
export function restRecords(rest: RestPort, hosts: Hosts): RestRecords {
  const read = async (table: RecordTable, ref: Ref): Promise<Read | null> => {
    const answer = await rest.request({
      channel: 'rest',
      operation: `GET ${table.type}`,
      records: 1,
      write: false,
      method: 'GET',
      url: `${hosts.records}/${table.type}/${pathOf(ref)}${hasParts(table) ? '?expandSubResources=true' : ''}`,
      expected: [404],
    })
    return answer.status === 404 ? null : readOf(table, answer)
  }
  return {
    read,
    add: async (table, externalId, values, from = null) => {
      const start = from === null ? '' : `${from.type}/${pathOf({id: from.id})}/!transform/`
      const outcome = await writing(rest, externalId, () => {
        const body = {externalId, ...encodeBody(table, values, externalId, false)}
        return write('POST', table, `${hosts.records}/${start}${table.type}`, body, externalId)
      })
      if (outcome.outcome !== 'refused' || !mayBeDuplicate(outcome.code, outcome.message)) return outcome
      // The text for a taken external ID is not documented, and "already exists" is also said of names: look by eid.
      const held = await read(table, {externalId})
      return held === null ? outcome : {outcome: 'duplicate', requestId: outcome.requestId}
    },
    update: (table, id, values) => {
      return writing(rest, id, () => {
        const lists = table.fields.flatMap((field) => {
          return field.kind === 'list' && field.rest !== null && values[field.name] !== undefined ? [field.rest] : []
        })
        // Without `replace` the lines would be merged with those that are held.
        const query = lists.length === 0 ? '' : `?replace=${lists.join(',')}`
        const body = encodeBody(table, values, id, true)
        return write('PATCH', table, `${hosts.records}/${table.type}/${pathOf({id})}${query}`, body, id)
      })
    },
  }
}

function write(method: 'POST' | 'PATCH', table: RecordTable, url: string, body: unknown, subject: string): RestRequest {
  return {
    channel: 'rest',
    operation: `${method} ${table.type}`,
    records: 1,
    write: true,
    method,
    url,
    headers: STRICT,
    body: JSON.stringify(body),
    subject,
  }
}

/** One write and what became of it; what cannot be encoded is refused like by NetSuite. */
async function writing(rest: RestPort, subject: string, make: () => RestRequest): Promise<WriteStatus> {
  let request: RestRequest
  try {
    request = make()
  } catch (error) {
    if (error instanceof RejectedError) return statusOfRejected(error)
    throw error
  }
  const {refusal, headers, requestId} = await rest.request(request)
  if (refusal !== null) return {outcome: 'refused', code: refusal.code ?? '', message: refusal.message, requestId}
  if (request.method === 'PATCH') return {outcome: 'saved', id: subject, warnings: [], requestId}
  const id = /\/([^/?]+)\/?(\?.*)?$/.exec(headers['location'] ?? '')?.[1]
  if (id === undefined) throw answerMalformed(request.operation, true, 'it names no Location of the record')
  return {outcome: 'saved', id, warnings: [], requestId}
}

/** Lists and sub-records come only where they are asked for. */
function hasParts({fields}: RecordTable): boolean {
  return fields.some(({kind}) => kind === 'list' || kind === 'record')
}

function mayBeDuplicate(code: string, message: string): boolean {
  return saysDuplicate(code, message) || /already exists/i.test(message)
}

function pathOf(ref: Ref): string {
  return 'id' in ref ? encodeURIComponent(ref.id) : `eid:${encodeURIComponent(ref.externalId)}`
}

function readOf(table: RecordTable, answer: RestAnswer): Read {
  const body = answer.body
  const id = body === null ? null : jsonText(body['id'])
  if (body === null || id === null) throw answerMalformed(`GET ${table.type}`, false, 'it is no record')
  const cut = cutLists(table.fields, body)
  if (cut.length > 0) throw answerMalformed(`GET ${table.type}`, false, `its list ${cut.join(', ')} is cut`)
  return {id, externalId: jsonText(body['externalId']), values: decodeBody(table.fields, body)}
}
