import type {
  AddressValue,
  Engine,
  FieldRef,
  FieldValue,
  LineInput,
  RecordInput,
  StoredLine,
  StoredRecord,
} from '../engine-types.ts'
import {countryName} from './countries.ts'
import {kindOf as transactionKind} from '../schema/kinds.ts'
import {enumName, returnStatusName} from './enum-ids.ts'
import {sublistKeys, sublistOf} from './incoming.ts'
import type {ComplexType, Field} from './schema/fields.ts'
import {typeNamed} from './schema/registry.ts'
import type {CustomKind, CustomValue, RecordValue, RefValue, Value, Values} from './values.ts'

/** What answers need to know of the account. */
export type Account = Readonly<{
  engine: Engine
  customFieldId(scriptId: string): string | undefined
}>

/** A record of the engine as an answer states it; `bodyOnly` leaves its sublists out. */
export function outgoing(record: StoredRecord, type: ComplexType, account: Account, bodyOnly: boolean): RecordValue {
  return {
    type,
    internalId: record.id,
    externalId: record.externalId ?? undefined,
    values: valuesOut(record, type, account, bodyOnly),
  }
}

/** A transformed draft: like a record, but not saved, so without ids. */
export function draftOut(draft: RecordInput, type: ComplexType, account: Account): RecordValue {
  return {type, internalId: undefined, externalId: draft.externalId, values: valuesOut(draft, type, account, false)}
}

function valuesOut(record: StoredRecord | RecordInput, type: ComplexType, account: Account, bodyOnly: boolean): Values {
  const values = new Map<string, Value>()
  for (const field of type.fields) {
    if (field.kind === 'list') {
      const lines = record.lines?.[sublistOf(field.name)]
      if (!bodyOnly && lines !== undefined && lines.length > 0) values.set(field.name, listOut(lines, field, account))
    } else if (field.kind === 'custom') setCustoms(values, record.customFields, account)
    else setValue(values, field, statusText(record.type, field.name, record.fields[field.name]))
  }
  return values
}

/** A status stands as its text, not as the letter that the account keeps. */
function statusText(type: string, field: string, value: FieldValue | undefined): FieldValue | undefined {
  if (typeof value !== 'string') return value
  if (type === 'returnAuthorization' && field === 'orderStatus') return returnStatusName(value)
  if (field !== 'status') return value
  const statuses = transactionKind(type)?.statuses
  // Types whose only status is "undefined" say nothing.
  return value === 'Y' ? undefined : (statuses?.[value] ?? value)
}

function listOut(lines: readonly (StoredLine | LineInput)[], field: Field, account: Account): Value {
  const type = typeNamed(field.type ?? '')
  const keyName = sublistKeys[sublistOf(field.name)]
  const rows = lines.map((line) => {
    const values = new Map<string, Value>()
    for (const column of type.fields) {
      if (column.kind === 'custom') setCustoms(values, line.customFields, account)
      else if (column.name === keyName && typeof line.key === 'string') values.set(column.name, line.key)
      else setValue(values, column, line.fields[column.name])
    }
    return values
  })
  return {rows, replaceAll: false}
}

function setValue(values: Map<string, Value>, field: Field, value: FieldValue | undefined): void {
  if (value === undefined || value === null) return
  if (typeof value === 'boolean') values.set(field.name, value)
  else if (typeof value === 'string') values.set(field.name, enumName(field.name, value))
  else if (field.kind === 'object') values.set(field.name, addressOut(value as AddressValue))
  else values.set(field.name, refOut(value as FieldRef))
}

function refOut(ref: FieldRef): RefValue {
  return {internalId: ref.id, externalId: ref.externalId, name: ref.name}
}

function addressOut(address: AddressValue): Values {
  const values = new Map<string, Value>()
  for (const [name, value] of Object.entries(address)) {
    const text = name === 'country' ? countryName(String(value)) : value
    if (text !== undefined) values.set(name, text)
  }
  return values
}

function setCustoms(
  values: Map<string, Value>,
  held: Readonly<Record<string, FieldValue>> | undefined,
  account: Account,
): void {
  const customs = Object.entries(held ?? {}).flatMap(([scriptId, value]) => customOut(scriptId, value, account))
  if (customs.length > 0) values.set('customFieldList', customs)
}

/** Empty custom fields are left out; each other states its script id and its internal id. */
function customOut(scriptId: string, value: FieldValue, account: Account): CustomValue[] {
  if (value === null) return []
  const names = {scriptId, internalId: account.customFieldId(scriptId)}
  if (typeof value === 'string') return [{...names, kind: kindOf(scriptId, account), value}]
  if (typeof value === 'boolean') return [{...names, kind: 'Boolean', value: String(value)}]
  return [{...names, kind: 'Select', value: [refOut(value as FieldRef)]}]
}

/** Types of custom fields as NetSuite lists them → subtypes of CustomFieldRef. All others travel as text. */
const kinds: Readonly<Record<string, CustomKind>> = {
  'Integer Number': 'Long',
  'Decimal Number': 'Double',
  Currency: 'Double',
  Percent: 'Double',
  Date: 'Date',
}

function kindOf(scriptId: string, account: Account): CustomKind {
  const definition = account.engine.get('customField', {externalId: scriptId})
  const fieldType = definition.ok ? definition.record.fields['fieldType'] : undefined
  return (typeof fieldType === 'string' ? kinds[fieldType] : undefined) ?? 'String'
}
