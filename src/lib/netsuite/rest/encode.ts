import {isoCountry} from '../records/countries.ts'
import {
  customOf,
  isRows,
  isValues,
  textAt,
  type Field,
  type RecordTable,
  type Value,
  type Values,
} from '../records/fields.ts'
import {sendableNumber} from '../records/numbers.ts'
import {sendable} from '../records/text.ts'
import type {Json} from './json.ts'

type Body = Record<string, Json>

/**
 * One record as the JSON of the REST record service. With `clear`, fields that are null are sent as null (an update
 * empties them); otherwise they are left out. Throws RejectedError TEXT_NOT_SENDABLE or NETSUITE_VALUE_INVALID.
 */
export function encodeBody(table: RecordTable, values: Values, subject: string, clear: boolean): Body {
  return encodeFields(table.fields, values, subject, clear)
}

function encodeFields(fields: readonly Field[], values: Values, subject: string, clear: boolean): Body {
  const body: Body = {}
  for (const field of fields) {
    const value = values[field.name]
    if (field.rest === null || value === undefined) continue
    if (field.kind === 'custom') Object.assign(body, customFields(value, subject))
    else if (value !== null) body[field.rest] = encodeValue(field, value, subject, clear)
    else if (clear) body[field.rest] = null
  }
  return body
}

/** Each custom field is a property of its own. */
function customFields(value: Value | null, subject: string): Body {
  const entries = Object.entries(customOf(value))
  return Object.fromEntries(entries.map(([id, text]) => [id, sendable(text, id, subject)]))
}

/** A sub-record that is updated keeps what is not stated, so that with `clear` its empty fields are stated too. */
function encodeValue(field: Field, value: Value, subject: string, clear: boolean): Json {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return encodeText(field, value, subject)
  if (field.kind === 'list') {
    const rows = isRows(value) ? value : []
    return {items: rows.map((row) => encodeFields(field.fields, row, subject, false))}
  }
  if (!isValues(value)) return null
  if (field.kind === 'record') return encodeFields(field.fields, value, subject, clear)
  const id = textAt(value, 'id')
  return id === null ? {externalId: sendable(textAt(value, 'externalId') ?? '', field.name, subject)} : {id}
}

function encodeText(field: Field, text: string, subject: string): Json {
  switch (field.kind) {
    case 'number':
      return Number(sendableNumber(text, field.name, subject))
    case 'doc':
      return {id: sendable(text, field.name, subject)}
    case 'country':
      return {id: isoCountry(text, subject)}
    case 'code':
      return {id: field.codes.find(([ours]) => ours === text)?.[2] ?? text}
    default:
      return sendable(text, field.name, subject)
  }
}
