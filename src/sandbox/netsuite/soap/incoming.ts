import type {AddressValue, FieldRef, Fields, FieldValue, LineInput} from '../engine-types.ts'
import {countryLetters} from './countries.ts'
import {enumId} from './enum-ids.ts'
import type {CustomValue, ListValue, RefValue, Value, Values} from './values.ts'

/** What identifies a row of a keyed sublist (NetSuite help section_N3441570). Other sublists have no key. */
export const sublistKeys: Readonly<Record<string, string>> = {
  item: 'line',
  addressbook: 'internalId',
  apply: 'doc',
  deposit: 'doc',
  payment: 'id',
  expense: 'line',
}

/** "itemList" → "item": the engine names sublists without the suffix. */
export function sublistOf(listName: string): string {
  return listName.endsWith('List') ? listName.slice(0, -4) : listName
}

type Mutable<T> = {-readonly [K in keyof T]: T[K]}

/** What a message says of a record, as the engine takes it, and which sublists it replaces as a whole. */
export type Incoming = Readonly<{
  fields: Fields
  lines: Readonly<Record<string, readonly LineInput[]>>
  customFields: Fields
  replaced: readonly string[]
}>

type Building = {
  fields: Record<string, FieldValue>
  lines: Record<string, readonly LineInput[]>
  customFields: Record<string, FieldValue>
  replaced: string[]
}

/** Turns the fields of a record into the engine's. */
export function incoming(values: Values): Incoming {
  const fields: Record<string, FieldValue> = {}
  const lines: Record<string, readonly LineInput[]> = {}
  let customFields: Record<string, FieldValue> = {}
  const replaced: string[] = []
  for (const [name, value] of values) {
    if (name === 'nullFieldList') continue
    else if (name === 'customFieldList') customFields = customIn(value as readonly CustomValue[])
    else if (isList(value)) {
      const sublist = sublistOf(name)
      lines[sublist] = value.rows.map((row) => lineIn(row, sublistKeys[sublist]))
      if (value.replaceAll) replaced.push(sublist)
    } else fields[name] = valueIn(name, value)
  }
  const content = {fields, lines, customFields, replaced}
  clear((values.get('nullFieldList') as readonly string[] | undefined) ?? [], content)
  return content
}

/** nullFieldList names body fields, sublists and (by script id) custom fields. */
function clear(names: readonly string[], content: Building): void {
  for (const name of names) {
    if (/^cust(?:body|entity|item)/.test(name)) content.customFields[name] = null
    else if (name.endsWith('List')) {
      content.lines[sublistOf(name)] = []
      content.replaced.push(sublistOf(name))
    } else content.fields[name] = null
  }
}

function lineIn(row: Values, keyName: string | undefined): LineInput {
  const fields: Record<string, FieldValue> = {}
  const line: Mutable<LineInput> = {fields}
  for (const [name, value] of row) {
    if (name === 'customFieldList') line.customFields = customIn(value as readonly CustomValue[])
    else if (name === keyName) line.key = value as string
    else fields[name] = valueIn(name, value)
  }
  return line
}

function valueIn(name: string, value: Value): FieldValue {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return enumId(name, value)
  if (value instanceof Map) return addressIn(value as Values)
  return refIn(value as RefValue)
}

function refIn(ref: RefValue): FieldRef {
  const {internalId, externalId} = ref
  if (internalId !== undefined) return externalId === undefined ? {id: internalId} : {id: internalId, externalId}
  return externalId === undefined ? {} : {externalId}
}

function addressIn(values: Values): AddressValue {
  const address: Record<string, string | boolean> = {}
  for (const [name, value] of values) {
    // An address replaces the one before as a whole: there is nothing in it to clear, and its id is NetSuite's.
    if (name === 'nullFieldList' || name === 'internalId') continue
    address[name] = name === 'country' ? (countryLetters(value as string) ?? '') : (value as string | boolean)
  }
  return address
}

function customIn(values: readonly CustomValue[]): Record<string, FieldValue> {
  return Object.fromEntries(values.map((custom) => [custom.scriptId ?? custom.internalId ?? '', customValueIn(custom)]))
}

function customValueIn({kind, value}: CustomValue): FieldValue {
  if (typeof value === 'string') return kind === 'Boolean' ? value === 'true' : value
  return refIn(value[0] ?? {})
}

function isList(value: Value): value is ListValue {
  return typeof value === 'object' && 'rows' in value
}
