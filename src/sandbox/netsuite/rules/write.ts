import type {LineInput, RecordInput, RecordPatch, StoredLine, StoredRecord, WriteOptions} from '../engine-types.ts'
import {Refused} from '../refused.ts'
import type {RecordSchema, Sublist} from '../schema/fields.ts'
import type {State} from '../state.ts'
import {checkedCustomFields, checkedFields, requireCustomFields} from './check.ts'
import {type LineChange, type MergedLine, mergeLines} from './lines.ts'

/** A record as it would stand after a write, before it is completed and saved. */
export type Draft = Omit<StoredRecord, 'lines'> & {lines: Record<string, MergedLine[]>}

export type WriteScope = Readonly<{
  state: State
  schema: RecordSchema
  options: WriteOptions
  /** Custom fields that the account no longer knows (fault "renamed-field"). */
  renamed: ReadonlySet<string>
}>

/** Checks what is given and lays it over what is held (nothing, for a new record). Throws Refused. */
export function draftOf(
  scope: WriteScope,
  id: string,
  given: RecordInput | RecordPatch,
  held: StoredRecord | undefined,
): Draft {
  const {state, schema, options, renamed} = scope
  const fields = checkedFields(state, given.fields ?? {}, {path: '', known: schema.fields}, options)
  const custom = checkedCustomFields(state, given.customFields ?? {}, schema.custom, renamed, '')
  const externalId = given.externalId ?? held?.externalId ?? null
  const draft: Draft = {
    type: schema.type,
    id,
    externalId,
    fields: {...held?.fields, ...fields},
    lines: {},
    customFields: {...held?.customFields, ...custom},
  }
  checkExternalId(state, schema, draft)
  const names = new Set([...Object.keys(held?.lines ?? {}), ...Object.keys(given.lines ?? {})])
  for (const name of names) {
    draft.lines[name] = draftLines(scope, name, given.lines?.[name], held?.lines[name] ?? [])
  }
  if (options.disableMandatoryCustomFieldValidation !== true) requireAll(scope, draft)
  return draft
}

function checkExternalId(state: State, {group}: RecordSchema, {id, externalId}: Draft): void {
  const holder = externalId === null ? undefined : state.holder(group, externalId)
  // The code is documented, the text is not: UNVERIFIED.
  if (holder !== undefined && holder.id !== id)
    throw new Refused('DUP_RCRD', 'This record already exists', 'externalId')
}

function draftLines(
  scope: WriteScope,
  name: string,
  given: readonly LineInput[] | undefined,
  held: readonly StoredLine[],
): MergedLine[] {
  const sublist = scope.schema.sublists.get(name)
  if (sublist === undefined) throw new Refused('INVALID_FLD', `Invalid sublist ${name}.`, name)
  const changes = (given ?? []).map((input, index) => lineChange(scope, sublist, input, index))
  const {replaceSublists = true} = scope.options
  const replace = Array.isArray(replaceSublists) ? replaceSublists.includes(name) : replaceSublists === true
  return mergeLines(name, sublist, held, changes, given !== undefined && replace)
}

function lineChange(
  {state, options, renamed}: WriteScope,
  sublist: Sublist,
  input: LineInput,
  index: number,
): LineChange {
  const path = `${sublist.rest}.items[${index}].`
  return {
    input,
    fields: checkedFields(state, input.fields, {path, known: sublist.fields}, options),
    customFields: checkedCustomFields(state, input.customFields ?? {}, sublist.custom, renamed, path),
  }
}

function requireAll({state, schema}: WriteScope, draft: Draft): void {
  if (schema.custom !== null) requireCustomFields(state, schema.custom, draft.customFields, '')
  for (const [name, sublist] of schema.sublists) {
    if (sublist.custom !== 'column') continue
    for (const [index, line] of (draft.lines[name] ?? []).entries()) {
      requireCustomFields(state, 'column', line.customFields, `${sublist.rest}.items[${index}].`)
    }
  }
}
