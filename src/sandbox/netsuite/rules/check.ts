import {isDecimal} from '../amounts.ts'
import type {FieldRef, Fields, FieldValue, WriteOptions} from '../engine-types.ts'
import {invalidReference, invalidValue, missing, notPermitted, Refused} from '../refused.ts'
import type {CustomScope, Field} from '../schema/fields.ts'
import type {State} from '../state.ts'
import {isRef, textOf} from '../values.ts'

const PREFIXES: Readonly<Record<CustomScope, string>> = {
  body: 'custbody',
  column: 'custcol',
  entity: 'custentity',
  item: 'custitem',
}

export type Place = Readonly<{
  /** Where the fields stand, in REST's manner, for messages: '' or 'item.items[0].'. */
  path: string
  known: ReadonlyMap<string, Field>
}>

/** Checks given fields against their definitions and resolves references. Throws Refused. */
export function checkedFields(
  state: State,
  given: Fields,
  place: Place,
  options: WriteOptions,
): Record<string, FieldValue> {
  const checked: Record<string, FieldValue> = {}
  for (const [name, value] of Object.entries(given)) {
    const field = place.known.get(name)
    const path = `${place.path}${field?.rest ?? name}`
    if (field === undefined) throw new Refused('INVALID_FLD', `Invalid field ${name}.`, path)
    if (field.readOnly === true) {
      if (options.ignoreReadOnlyFields === true) continue
      throw notPermitted(name, path)
    }
    checked[name] = checkedValue(state, name, field, value, path)
  }
  return checked
}

function checkedValue(state: State, name: string, field: Field, value: FieldValue, path: string): FieldValue {
  if (value === null || value === '') return null
  switch (field.kind) {
    case 'ref':
      return resolved(state, name, field.target ?? name, value, path)
    case 'boolean':
      if (typeof value !== 'boolean') throw invalidValue(name, JSON.stringify(value), path)
      return value
    case 'address':
      if (typeof value !== 'object') throw invalidValue(name, String(value), path)
      return value
    case 'text':
      if (typeof value !== 'string') throw invalidValue(name, JSON.stringify(value), path)
      return value
    default:
      if (typeof value !== 'string' || !wellFormed(field, value)) throw invalidValue(name, JSON.stringify(value), path)
      return value
  }
}

function wellFormed(field: Field, value: string): boolean {
  switch (field.kind) {
    case 'decimal':
    case 'money':
      return isDecimal(value)
    case 'integer':
      return /^-?\d+$/.test(value)
    case 'day':
      return /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value))
    case 'enum':
      return field.settable === undefined ? value in (field.values ?? {}) : field.settable.includes(value)
    default:
      return true
  }
}

function resolved(state: State, name: string, target: string, value: FieldValue, path: string): FieldRef {
  if (!isRef(value)) throw invalidReference(name, JSON.stringify(value), path)
  const record = state.find(target, value) ?? byName(state, target, value)
  if (record === undefined) throw invalidReference(name, value.id ?? value.externalId ?? value.name ?? '', path)
  return state.refTo(record)
}

function byName(state: State, target: string, {id, externalId, name}: FieldRef): ReturnType<State['find']> {
  if (name === undefined || id !== undefined || externalId !== undefined) return undefined
  return [...state.records(target)].find((record) => state.refTo(record).name === name)
}

/** Checks custom fields by script id; `renamed` are those that the account no longer knows. Throws Refused. */
export function checkedCustomFields(
  state: State,
  given: Fields,
  scope: CustomScope | null,
  renamed: ReadonlySet<string>,
  path: string,
): Record<string, FieldValue> {
  const checked: Record<string, FieldValue> = {}
  for (const [scriptId, value] of Object.entries(given)) {
    const known = scope !== null && isCustomField(state, scriptId, scope) && !renamed.has(scriptId)
    // NetSuite's text for an unknown script id is not documented: UNVERIFIED.
    if (!known)
      throw new Refused('INVALID_KEY_OR_REF', `Invalid custom field reference key ${scriptId}.`, path + scriptId)
    checked[scriptId] = value === '' ? null : value
  }
  return checked
}

function isCustomField(state: State, scriptId: string, scope: CustomScope): boolean {
  if (!scriptId.startsWith(PREFIXES[scope])) return false
  return customFieldOf(state, scriptId) !== undefined
}

/** Custom field definitions are few; the state keeps them under their script id as external id. */
function customFieldOf(state: State, scriptId: string): ReturnType<State['find']> {
  return state.find('customField', {externalId: scriptId})
}

/** Throws Refused where a mandatory custom field of the scope is empty. */
export function requireCustomFields(
  state: State,
  scope: CustomScope,
  held: Readonly<Record<string, FieldValue>>,
  path: string,
): void {
  for (const {fields} of state.records('customField')) {
    const scriptId = fields['scriptId']
    if (fields['isMandatory'] !== true || fields['scope'] !== scope || typeof scriptId !== 'string') continue
    const value = held[scriptId]
    if (value === undefined || value === null) throw missing(textOf(fields['name']) ?? scriptId, path + scriptId)
  }
}

/** Throws Refused where a field without which the record cannot be is empty. */
export function require(
  held: Readonly<Record<string, FieldValue>>,
  known: ReadonlyMap<string, Field>,
  names: readonly string[],
  path = '',
): void {
  const absent = names.filter((name) => held[name] === undefined || held[name] === null)
  if (absent.length === 0) return
  const labels = absent.map((name) => known.get(name)?.label ?? name)
  throw missing(labels.join(', '), `${path}${absent[0] ?? ''}`)
}
