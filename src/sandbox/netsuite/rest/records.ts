import type {Engine, RecordRef, StoredRecord, WriteOutcome} from '../engine-types.ts'
import type {RecordSchema} from '../schema/fields.ts'
import {schemaOf} from '../schema/registry.ts'
import type {State} from '../state.ts'
import {idOf, isTrue} from '../values.ts'
import {errorAnswer, failureAnswer, notFound, type RestAnswer} from './answer.ts'
import {BadContent, decodeRecord, parseBody, type RecordBody} from './decode.ts'
import {encodeLine, encodeLines, encodeRecord, type EncodeOptions, selfLink} from './encode.ts'
import {BadFilter, filtered} from './filter.ts'
import {metadataAnswer} from './metadata.ts'
import {transform} from './transform.ts'

export type RestRequest = Readonly<{
  method: string
  /** Segments after /services/rest/record/v1/, decoded. */
  path: readonly string[]
  query: URLSearchParams
  header(name: string): string | undefined
  body: string
}>

export type RecordsContext = Readonly<{
  engine: Engine
  state: State
  suiteTax: boolean
  /** 'http://host/services/rest/record/v1' */
  base: string
  /** Custom fields that the account no longer knows. */
  hidden: ReadonlySet<string>
}>

const MOST_PER_PAGE = 1000
const NOT_TAXABLE = '-8'

/** Answers one request to the REST record service. */
export function answerRecords(context: RecordsContext, request: RestRequest): RestAnswer {
  try {
    return routed(context, request)
  } catch (error) {
    if (error instanceof BadContent) return errorAnswer(400, error.code, error.message, {errorPath: error.path})
    if (error instanceof BadFilter) {
      return errorAnswer(400, 'INVALID_PARAMETER', `Invalid search query: ${error.message}.`, {errorQueryParam: 'q'})
    }
    throw error
  }
}

function routed(context: RecordsContext, request: RestRequest): RestAnswer {
  const {path, method, query} = request
  const [type = '', id, sub, third] = path
  if (type === 'metadata-catalog')
    return metadataAnswer(context.state, context.base, id, query.get('select'), context.hidden)
  const schema = schemaOf(type)
  if (schema === undefined) return notFound(`Record type '${type}' does not exist.`)
  if (id === undefined) {
    if (method === 'GET') return listRecords(context, schema, query)
    if (method === 'POST')
      return created(context, schema, context.engine.add({type: schema.type, ...read(context, schema, request)}))
    return notAllowed(method)
  }
  const ref: RecordRef = id.startsWith('eid:') ? {externalId: id.slice(4)} : {id}
  if (sub === '!transform') {
    return method === 'POST' ? transform(context, request, schema, ref, third ?? '') : notAllowed(method)
  }
  if (sub !== undefined)
    return method === 'GET' ? subResource(context, schema, ref, sub, third, request) : notAllowed(method)
  return oneRecord(context, schema, ref, request)
}

function oneRecord(context: RecordsContext, schema: RecordSchema, ref: RecordRef, request: RestRequest): RestAnswer {
  const {engine} = context
  switch (request.method) {
    case 'GET': {
      const outcome = engine.get(schema.type, ref)
      if (!outcome.ok) return failureAnswer(outcome)
      return {status: 200, body: encodeRecord(schema, outcome.record, encoding(context, request))}
    }
    case 'PATCH': {
      const replaceSublists = (request.query.get('replace') ?? '')
        .split(',')
        .map((name) => sublistOf(schema, name.trim()))
      const patch = read(context, schema, request)
      return created(context, schema, engine.update(schema.type, ref, patch, {replaceSublists}))
    }
    case 'PUT': {
      if (ref.externalId === undefined) return notAllowed('PUT')
      const input = {type: schema.type, ...read(context, schema, request)}
      return created(context, schema, engine.upsert(ref.externalId, input, {replaceSublists: false}))
    }
    case 'DELETE': {
      const outcome = engine.delete(schema.type, ref)
      return outcome.ok ? {status: 204} : failureAnswer(outcome)
    }
    default:
      return notAllowed(request.method)
  }
}

/** The engine's name of a sublist that the service spells its own way. */
function sublistOf(schema: RecordSchema, rest: string): string {
  for (const [name, sublist] of schema.sublists) if (sublist.rest === rest) return name
  return rest
}

function read(context: RecordsContext, schema: RecordSchema, {body, header}: RestRequest): RecordBody {
  const asked = header('x-netsuite-propertynamevalidation') ?? 'Warning'
  const names = (['Error', 'Warning', 'Ignore'] as const).find((each) => each.toLowerCase() === asked.toLowerCase())
  if (names === undefined)
    throw new BadContent('INVALID_HEADER', 'Invalid value of X-NetSuite-PropertyNameValidation.', '')
  const patch = decodeRecord(schema, parseBody(body), names)
  if (schema.sublists.has('taxDetails') && !context.suiteTax) refuseLegacyTax(patch)
  return names === 'Error' ? patch : withoutUnknownFields(context, patch)
}

/** Unknown custom fields count as unknown names: only 'Error' lets the engine refuse them. */
function withoutUnknownFields({state, hidden}: RecordsContext, patch: RecordBody): RecordBody {
  const known = ([name]: [string, unknown]): boolean =>
    state.find('customField', {externalId: name}) !== undefined && !hidden.has(name)
  const customFields = Object.fromEntries(Object.entries(patch.customFields ?? {}).filter(known))
  const lines = Object.entries(patch.lines ?? {}).map(([name, list]) => [
    name,
    list.map((line) => ({
      ...line,
      customFields: Object.fromEntries(Object.entries(line.customFields ?? {}).filter(known)),
    })),
  ])
  return {...patch, customFields, lines: Object.fromEntries(lines) as NonNullable<RecordBody['lines']>}
}

/**
 * The record service does not support legacy tax (NetSuite help section_159665260887). Taken here to mean: orders that NetSuite
 * itself would tax are refused; orders without NetSuite's tax pass. UNVERIFIED.
 */
function refuseLegacyTax(patch: RecordBody): void {
  const taxed = (patch.lines?.['item'] ?? []).findIndex(
    ({fields}) => (idOf(fields['taxCode']) ?? NOT_TAXABLE) !== NOT_TAXABLE || isTrue(fields['isTaxable']),
  )
  if (taxed >= 0) throw new BadContent('USER_ERROR', LEGACY_TAX, `item.items[${taxed}].taxCode`)
  const header = ['taxItem', 'shippingTaxCode'].find(
    (name) => (idOf(patch.fields[name]) ?? NOT_TAXABLE) !== NOT_TAXABLE,
  )
  if (header !== undefined) throw new BadContent('USER_ERROR', LEGACY_TAX, header)
}
const LEGACY_TAX = 'Error while accessing a resource. Taxation through REST web services requires SuiteTax.'

function created({base}: RecordsContext, schema: RecordSchema, outcome: WriteOutcome): RestAnswer {
  if (!outcome.ok) return failureAnswer(outcome)
  return {status: 204, headers: {location: `${base}/${schema.type}/${outcome.id}`}}
}

function encoding({base}: RecordsContext, {query}: RestRequest): EncodeOptions {
  const fields = query.get('fields')
  return {
    base,
    expand: query.get('expandSubResources') === 'true',
    simpleEnums: query.get('simpleEnumFormat') === 'true',
    only: fields === null ? undefined : new Set(fields.split(',').map((name) => name.trim())),
  }
}

/** Ids and links only; paging rules of NetSuite help section_156414087576. */
function listRecords(context: RecordsContext, schema: RecordSchema, query: URLSearchParams): RestAnswer {
  const page = pageOf(query)
  if ('status' in page) return page
  const {limit, offset} = page
  const q = query.get('q')
  const found = q === null ? context.engine.search(schema.type, []) : filtered(context.engine, schema, q)
  const items = found
    .slice(offset, offset + limit)
    .map(({id}) => ({links: selfLink(`${context.base}/${schema.type}/${id}`), id}))
  const body = {
    links: selfLink(`${context.base}/${schema.type}`),
    count: items.length,
    hasMore: offset + items.length < found.length,
    items,
    offset,
    totalResults: found.length,
  }
  return {status: 200, contentType: 'application/vnd.oracle.resource+json; type=collection; charset=UTF-8', body}
}

/** Limit (default and most 1,000) and offset, which must be a multiple of it; or the refusal. */
export function pageOf(query: URLSearchParams): Readonly<{limit: number; offset: number}> | RestAnswer {
  const limit = Number(query.get('limit') ?? MOST_PER_PAGE)
  const offset = Number(query.get('offset') ?? 0)
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_PER_PAGE) {
    return errorAnswer(
      400,
      'INVALID_PARAMETER',
      `Invalid value for query parameter limit. Provide a value between 1 and ${MOST_PER_PAGE}.`,
      {
        errorQueryParam: 'limit',
      },
    )
  }
  if (!Number.isInteger(offset) || offset < 0 || offset % limit !== 0) {
    return errorAnswer(
      400,
      'INVALID_PARAMETER',
      'Invalid value for query parameter offset. Provide a multiple of limit.',
      {
        errorQueryParam: 'offset',
      },
    )
  }
  return {limit, offset}
}

function subResource(
  context: RecordsContext,
  schema: RecordSchema,
  ref: RecordRef,
  name: string,
  key: string | undefined,
  request: RestRequest,
): RestAnswer {
  const outcome = context.engine.get(schema.type, ref)
  if (!outcome.ok) return failureAnswer(outcome)
  const {record} = outcome
  const sublist = schema.sublists.get(sublistOf(schema, name))
  if (sublist === undefined) return notFound(`Subresource '${name}' does not exist.`)
  const lines = linesOf(record, sublistOf(schema, name))
  const options = {...encoding(context, request), expand: true}
  const href = `${context.base}/${schema.type}/${record.id}/${sublist.rest}`
  if (key === undefined) return {status: 200, body: encodeLines(sublist, lines, options, href)}
  const line = lines.find((each) => each.key === key)
  return line === undefined
    ? notFound('Record does not exist.')
    : {status: 200, body: encodeLine(sublist, line, options, `${href}/${key}`)}
}

function linesOf(record: StoredRecord, name: string): StoredRecord['lines'][string] {
  return record.lines[name] ?? []
}

function notAllowed(method: string): RestAnswer {
  return errorAnswer(405, 'METHOD_NOT_ALLOWED', `Method ${method} is not allowed.`)
}
