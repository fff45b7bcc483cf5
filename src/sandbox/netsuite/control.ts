import type {EngineParts} from './engine-parts.ts'
import type {Engine, FieldValue, StoredRecord} from './engine-types.ts'
import {parseFaults} from './faults.ts'
import {know} from './know.ts'
import {changePeriod, changePreferences, postings, trialBalance} from './ledger-control.ts'
import {BadContent, decodeRecord, parseBody} from './rest/decode.ts'
import {failureAnswer, notFound, type RestAnswer} from './rest/answer.ts'
import {schemaOf, typesOf} from './schema/registry.ts'
import {idOf, textOf} from './values.ts'

export type ControlRequest = Readonly<{method: string; path: readonly string[]; query: URLSearchParams; body: string}>

export type ControlContext = Readonly<{
  parts: EngineParts
  engine: Engine
  stats(): unknown
  reset(): Promise<void>
}>

/** The sandbox's own endpoints, /_sandbox/…: figures, faults to order, records as they are, edits by hand. */
export async function answerControl(context: ControlContext, request: ControlRequest): Promise<RestAnswer> {
  const [what, type, id] = request.path
  const route = `${request.method} ${what ?? ''}`
  try {
    switch (route) {
      case 'GET stats':
        return {status: 200, body: context.stats()}
      case 'GET gl':
        if (type === 'lines') return {status: 200, body: postings(context.parts, request.query)}
        return {status: 200, body: trialBalance(context.parts)}
      case 'POST periods':
        return changePeriod(context.parts, parseBody(request.body))
      case 'GET preferences':
        return {status: 200, body: context.parts.books.preferences}
      case 'POST preferences':
        return changePreferences(context.parts, parseBody(request.body))
      case 'POST reset':
        await context.reset()
        return {status: 200, body: {reset: true}}
      case 'POST know':
        return {status: 200, body: know(context.parts, parseBody(request.body) as Parameters<typeof know>[1])}
      default:
        if (what === 'faults') return answerFaults(context.parts, request)
        if (what === 'records' && type !== undefined) return answerRecord(context, request, type, id)
        return notFound(`Nothing at /_sandbox/${request.path.join('/')}.`)
    }
  } catch (error) {
    if (error instanceof TypeError || error instanceof BadContent) return {status: 400, body: {error: error.message}}
    throw error
  }
}

function answerFaults({faults}: EngineParts, {method, path, body}: ControlRequest): RestAnswer {
  if (method === 'DELETE') faults.clear(path[1])
  else if (method === 'POST') for (const rule of parseFaults(parseBody(body))) faults.order(rule)
  else if (method !== 'GET') return {status: 405}
  return {status: 200, body: faults.list()}
}

/** Bodies of edits are in the REST service's form, so that people need to know only one. */
function answerRecord(
  {parts, engine}: ControlContext,
  request: ControlRequest,
  type: string,
  id: string | undefined,
): RestAnswer {
  const {state} = parts
  const schema = schemaOf(type)
  if (schema === undefined && typesOf(type).length === 0) return notFound(`Record type '${type}' does not exist.`)
  const ref = id?.startsWith('eid:') === true ? {externalId: id.slice(4)} : {id: id ?? ''}
  if (request.method === 'GET') {
    if (id === undefined) return {status: 200, body: [...state.records(type)].map((record) => shown(parts, record))}
    const record = state.find(type, ref)
    return record === undefined ? notFound('Record does not exist.') : {status: 200, body: shown(parts, record)}
  }
  if (schema === undefined) return {status: 405}
  if (request.method === 'DELETE') {
    const outcome = engine.delete(schema.type, ref)
    return outcome.ok ? {status: 200, body: outcome} : failureAnswer(outcome)
  }
  const given = decodeRecord(schema, parseBody(request.body), 'Error')
  const outcome =
    id === undefined
      ? engine.add({type: schema.type, ...given}, {ignoreReadOnlyFields: true})
      : engine.update(schema.type, ref, given, {replaceSublists: false, ignoreReadOnlyFields: true})
  return outcome.ok ? {status: 200, body: outcome} : failureAnswer(outcome)
}

/** A record with all it holds; `total` as decimal text, `currency` as ISO symbol. */
function shown({state}: EngineParts, record: StoredRecord): Record<string, unknown> {
  const {type, id, externalId, fields, lines, customFields} = record
  const symbol = textOf(state.find('currency', {id: idOf(fields['currency']) ?? ''})?.fields['symbol'])
  return {
    type,
    ...fields,
    id,
    externalId,
    total: textOf(fields['total']) ?? null,
    currency: symbol ?? currencyOf(fields['symbol']),
    customFields,
    lines,
  }
}

function currencyOf(symbol: FieldValue | undefined): string | null {
  return textOf(symbol) ?? null
}
