import {soapCountry} from '../records/countries.ts'
import {soapInstant} from '../records/days.ts'
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

export type EncodeContext = Readonly<{
  /** Zone of the account; null: unknown. */
  timeZone: string | null
  /** The external ID that errors name. */
  subject: string
}>

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
}
const ATTRIBUTE_ESCAPES: Readonly<Record<string, string>> = {...ESCAPES, '\n': '&#10;', '\t': '&#9;'}

/** Text of an element. A carriage return is escaped too, because a parser would read it as a line feed. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character)
}

/** Text of an attribute, where a parser would read line feeds and tabs as spaces. */
export function escapeAttribute(text: string): string {
  return text.replace(/[&<>"\r\n\t]/g, (character) => ATTRIBUTE_ESCAPES[character] ?? character)
}

/** How a record is addressed in a message: the external ID that it gets, or the internal id that it has. */
export type Key = Readonly<{externalId: string}> | Readonly<{id: string}>

export function keyAttribute(key: Key, context: EncodeContext): string {
  return 'id' in key
    ? ` internalId="${escapeAttribute(sendable(key.id, 'internalId', context.subject))}"`
    : ` externalId="${escapeAttribute(sendable(key.externalId, 'externalId', context.subject))}"`
}

/**
 * One record as the element platformMsgs:record, its fields in schema order. With `clear`, fields that are null go into
 * nullFieldList (an update empties them); otherwise they are left out. Throws RejectedError TEXT_NOT_SENDABLE
 * or NETSUITE_VALUE_INVALID, which name the field.
 */
export function encodeRecord(
  table: RecordTable,
  key: Key,
  values: Values,
  context: EncodeContext,
  clear: boolean,
): string {
  const type = `xsi:type="${table.soapType}"${keyAttribute(key, context)}`
  return `<platformMsgs:record ${type}>${encodeFields(table.fields, values, context, clear)}</platformMsgs:record>`
}

/** The fields of a record, or of a sub-record: both clear by a list of names that comes first. */
function encodeFields(fields: readonly Field[], values: Values, context: EncodeContext, clear: boolean): string {
  const cleared = clear ? fields.filter((field) => field.soap !== null && values[field.name] === null) : []
  const nulls = cleared.map(({soap}) => `<platformCore:name>${soap?.split(':')[1] ?? ''}</platformCore:name>`).join('')
  let xml = nulls === '' ? '' : `<platformCore:nullFieldList>${nulls}</platformCore:nullFieldList>`
  for (const field of fields) {
    const value = values[field.name]
    if (value !== null && value !== undefined && field.soap !== null)
      xml += encodeField(field, field.soap, value, context, clear)
  }
  return xml
}

function encodeField(field: Field, name: string, value: Value, context: EncodeContext, clear: boolean): string {
  switch (field.kind) {
    case 'record':
      return isValues(value) ? `<${name}>${encodeFields(field.fields, value, context, clear)}</${name}>` : ''
    case 'list': {
      const rows = isRows(value) ? value : []
      const row = (one: Values) => `<${field.row}>${encodeFields(field.fields, one, context, false)}</${field.row}>`
      return `<${name} replaceAll="true">${rows.map(row).join('')}</${name}>`
    }
    case 'custom':
      return encodeCustom(name, customOf(value), context)
    case 'ref':
      return isValues(value) ? `<${name}${keyAttribute(refKey(value), context)}/>` : ''
    default:
      return `<${name}>${scalar(field, value, context)}</${name}>`
  }
}

function refKey(value: Values): Key {
  const id = textAt(value, 'id')
  return id === null ? {externalId: textAt(value, 'externalId') ?? ''} : {id}
}

function encodeCustom(name: string, fields: Readonly<Record<string, string>>, context: EncodeContext): string {
  const entries = Object.entries(fields).map(([scriptId, value]) => {
    const text = escapeText(sendable(value, scriptId, context.subject))
    const type = `xsi:type="platformCore:StringCustomFieldRef" scriptId="${escapeAttribute(scriptId)}"`
    const inner = `<platformCore:value>${text}</platformCore:value>`
    return `<platformCore:customField ${type}>${inner}</platformCore:customField>`
  })
  return entries.length === 0 ? '' : `<${name}>${entries.join('')}</${name}>`
}

function scalar(field: Field, value: Value, context: EncodeContext): string {
  if (typeof value === 'boolean') return String(value)
  const text = typeof value === 'string' ? value : ''
  switch (field.kind) {
    case 'number':
      return sendableNumber(text, field.name, context.subject)
    case 'day':
      return soapInstant(text, context.timeZone)
    case 'country':
      return soapCountry(text, context.subject)
    case 'code':
      return field.codes.find(([ours]) => ours === text)?.[1] ?? ''
    default:
      return escapeText(sendable(text, field.name, context.subject))
  }
}
