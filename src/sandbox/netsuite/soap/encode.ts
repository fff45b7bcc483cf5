import type {Dialect} from './dialect.ts'
import {dayText, instantText} from './instants.ts'
import type {Area} from './namespaces.ts'
import {doubleText} from './numbers.ts'
import type {ComplexType, Field} from './schema/fields.ts'
import {typeNamed} from './schema/registry.ts'
import {escapeAttribute, escapeText} from './text.ts'
import type {CustomValue, ListValue, RecordValue, RefValue, Value, Values} from './values.ts'

/** A record under the element name that its place demands, with its namespaces and xsi:type. */
export function encodeRecord(element: string, record: RecordValue, dialect: Dialect): string {
  const {area, name} = record.type
  const declared = dialect.declare[area] + (element.includes(':') ? '' : dialect.declare.core)
  const ids = idAttributes(record)
  const type = ` xsi:type="${dialect.prefix[area]}${name}"`
  return `<${element}${ids}${type}${declared}>${encodeObject(record.values, record.type, dialect)}</${element}>`
}

/** The fields of an object in the order of the schema (or its reverse, if the dialect says so). */
function encodeObject(values: Values, type: ComplexType, dialect: Dialect): string {
  const parts: string[] = []
  for (const field of type.fields) {
    const value = values.get(field.name)
    if (value !== undefined) parts.push(encodeField(field, value, dialect))
  }
  if (dialect.reverse) parts.reverse()
  return parts.join('')
}

function encodeField(field: Field, value: Value, dialect: Dialect): string {
  const element = `${dialect.prefix[field.area]}${field.name}`
  switch (field.kind) {
    case 'ref':
      return encodeRef(element, value as RefValue, dialect)
    case 'object': {
      const type = typeNamed(field.type ?? '')
      const declared = declaredFor(type.area, field.area, dialect)
      return `<${element}${declared}>${encodeObject(value as Values, type, dialect)}</${element}>`
    }
    case 'list':
      return encodeList(element, field, value as ListValue, dialect)
    case 'custom':
      return encodeCustoms(element, value as readonly CustomValue[], dialect)
    case 'nulls':
    case 'other':
      return ''
    default:
      return `<${element}>${scalarText(field.kind, value as string | boolean)}</${element}>`
  }
}

function scalarText(kind: Field['kind'], value: string | boolean): string {
  if (typeof value === 'boolean') return String(value)
  if (kind === 'number') return doubleText(value)
  if (kind === 'day') return dayText(value)
  if (kind === 'instant') return instantText(Date.parse(value))
  return escapeText(value)
}

function declaredFor(area: Area, parent: Area, dialect: Dialect): string {
  return area === parent ? '' : dialect.declare[area]
}

/** A RecordRef: ids as attributes, the name as the only child. */
export function encodeRef(element: string, ref: RefValue, dialect: Dialect, attributes = ''): string {
  const type = ref.type === undefined ? '' : ` type="${escapeAttribute(ref.type)}"`
  const start = `<${element}${idAttributes(ref)}${type}${attributes}`
  if (ref.name === undefined) return `${start}/>`
  const name = `${dialect.prefix.core}name`
  return `${start}><${name}>${escapeText(ref.name)}</${name}></${element}>`
}

function idAttributes(ids: Readonly<{internalId?: string | undefined; externalId?: string | undefined}>): string {
  const internal = ids.internalId === undefined ? '' : ` internalId="${escapeAttribute(ids.internalId)}"`
  return ids.externalId === undefined ? internal : `${internal} externalId="${escapeAttribute(ids.externalId)}"`
}

function encodeList(element: string, field: Field, list: ListValue, dialect: Dialect): string {
  const type = typeNamed(field.type ?? '')
  const row = `${dialect.prefix[type.area]}${field.row}`
  const rows = list.rows.map((values) => `<${row}>${encodeObject(values, type, dialect)}</${row}>`)
  const declared = declaredFor(type.area, field.area, dialect)
  return `<${element} replaceAll="false"${declared}>${rows.join('')}</${element}>`
}

function encodeCustoms(element: string, customs: readonly CustomValue[], dialect: Dialect): string {
  const p = dialect.prefix.core
  const fields = customs.map((custom) => {
    const internal = custom.internalId === undefined ? '' : ` internalId="${escapeAttribute(custom.internalId)}"`
    const script = custom.scriptId === undefined ? '' : ` scriptId="${escapeAttribute(custom.scriptId)}"`
    const type = ` xsi:type="${p}${custom.kind}CustomFieldRef"`
    return `<${p}customField${internal}${script}${type}>${customValue(custom, dialect)}</${p}customField>`
  })
  return `<${element}>${fields.join('')}</${element}>`
}

function customValue({kind, value}: CustomValue, dialect: Dialect): string {
  const element = `${dialect.prefix.core}value`
  if (typeof value !== 'string') return value.map((ref) => encodeRef(element, ref, dialect)).join('')
  const text = kind === 'Double' ? doubleText(value) : kind === 'Date' ? dayText(value) : escapeText(value)
  return `<${element}>${text}</${element}>`
}
