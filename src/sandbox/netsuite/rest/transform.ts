import type {Engine, FieldValue, LineInput, RecordInput, RecordRef} from '../engine-types.ts'
import type {RecordSchema} from '../schema/fields.ts'
import {schemaOf} from '../schema/registry.ts'
import {textOf} from '../values.ts'
import {failureAnswer, notFound, type RestAnswer} from './answer.ts'
import {decodeRecord, parseBody} from './decode.ts'

/**
 * POST /{type}/{id}/!transform/{target}: the transformed record with the body laid over it. Lines of the body name order lines;
 * order lines that it does not name are taken in full (NetSuite help section_159795518068).
 */
export function transform(
  {engine, base}: Readonly<{engine: Engine; base: string}>,
  {body}: Readonly<{body: string}>,
  schema: RecordSchema,
  ref: RecordRef,
  toType: string,
): RestAnswer {
  const target = schemaOf(toType)
  if (target === undefined) return notFound(`Record type '${toType}' does not exist.`)
  const draft = engine.initialize({type: schema.type, ref}, target.type)
  if (!draft.ok) return failureAnswer(draft)
  const given = decodeRecord(target, parseBody(body), 'Warning')
  const record: RecordInput = {
    type: target.type,
    fields: {...draft.draft.fields, ...given.fields},
    customFields: {...draft.draft.customFields, ...given.customFields},
    lines: linesOf(draft.draft.lines ?? {}, given.lines ?? {}),
    ...(given.externalId === undefined ? {} : {externalId: given.externalId}),
  }
  const outcome = engine.add(record)
  return outcome.ok
    ? {status: 204, headers: {location: `${base}/${target.type}/${outcome.id}`}}
    : failureAnswer(outcome)
}

/** Item lines are merged by order line, each other sublist of the body stands for the whole of it. */
function linesOf(
  draft: NonNullable<RecordInput['lines']>,
  given: NonNullable<RecordInput['lines']>,
): NonNullable<RecordInput['lines']> {
  const {item: drafted = [], ...others} = draft
  const {item = [], ...rest} = given
  const items = merged(drafted, item)
  return {...others, ...rest, ...(items.length === 0 ? {} : {item: items})}
}

function merged(draft: readonly LineInput[], given: readonly LineInput[]): LineInput[] {
  const byOrderLine = new Map(given.map((line) => [textOf(line.fields['orderLine']), line]))
  // Lines that the draft does not have (charges of their own) come after those of the source.
  const drafted = new Set(draft.map((line) => textOf(line.fields['orderLine'])))
  const own = given.filter((line) => !drafted.has(textOf(line.fields['orderLine'])))
  const taken = draft.map((line) => {
    const change = byOrderLine.get(textOf(line.fields['orderLine']))
    if (change === undefined) return line
    const fields: Record<string, FieldValue> = {...line.fields, ...change.fields}
    // A part of a line has a part of its amount.
    if (change.fields['quantity'] !== undefined && change.fields['amount'] === undefined) delete fields['amount']
    return {...line, fields, customFields: {...line.customFields, ...change.customFields}}
  })
  return [...taken, ...own]
}
