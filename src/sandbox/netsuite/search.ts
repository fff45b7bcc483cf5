import {amountOf, isDecimal} from './amounts.ts'
import type {Clock} from './clock.ts'
import type {Criterion, FieldValue, StoredRecord} from './engine-types.ts'
import type {State} from './state.ts'

/** Records of a type (or group) for which all criteria hold, in id order. */
export function searched(state: State, clock: Clock, type: string, criteria: readonly Criterion[]): StoredRecord[] {
  return candidates(state, type, criteria)
    .filter((record) => criteria.every((criterion) => holds(clock, record, criterion)))
    .sort((a, b) => Number(a.id) - Number(b.id))
}

/** Ids and external ids are looked up; everything else is a scan. */
function candidates(state: State, type: string, criteria: readonly Criterion[]): StoredRecord[] {
  const keyed = criteria.find(
    ({field, operator}) => (field === 'id' || field === 'externalId') && (operator === 'is' || operator === 'anyOf'),
  )
  if (keyed === undefined) return [...state.records(type)]
  const found = keyed.values.map((value) => state.find(type, keyed.field === 'id' ? {id: value} : {externalId: value}))
  return [...new Set(found)].filter((record) => record !== undefined)
}

function holds(clock: Clock, record: StoredRecord, {field, operator, values}: Criterion): boolean {
  const held = textValue(valueOf(record, field))
  switch (operator) {
    case 'empty':
      return held === undefined
    case 'notEmpty':
      return held !== undefined
    case 'isNot':
    case 'noneOf':
      return !values.some((value) => same(held, value))
    case 'is':
    case 'anyOf':
    case 'equal':
      return values.some((value) => same(held, value))
    case 'contains':
      return values.some((value) => held?.toLowerCase().includes(value.toLowerCase()))
    case 'startsWith':
      return values.some((value) => held?.toLowerCase().startsWith(value.toLowerCase()))
    case 'greaterThan':
    case 'greaterThanOrEqual':
    case 'lessThan':
    case 'lessThanOrEqual':
      return held !== undefined && compares(operator, held, values[0] ?? '')
    default:
      return held !== undefined && falls(clock, operator, held, values)
  }
}

function valueOf(record: StoredRecord, field: string): FieldValue | undefined {
  if (field === 'id' || field === 'internalId') return record.id
  if (field === 'externalId') return record.externalId
  return record.fields[field] ?? record.customFields[field]
}

function textValue(value: FieldValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'object') return 'id' in value ? value.id : undefined
  return String(value)
}

/** Text compares without regard to case, numbers by value. */
function same(held: string | undefined, value: string): boolean {
  if (held === undefined) return false
  if (held.toLowerCase() === value.toLowerCase()) return true
  return isDecimal(held) && isDecimal(value) && amountOf(held).equals(amountOf(value))
}

function compares(operator: string, held: string, value: string): boolean {
  if (!isDecimal(held) || !isDecimal(value)) return false
  const order = amountOf(held).comparedTo(amountOf(value))
  if (operator === 'greaterThan') return order > 0
  if (operator === 'greaterThanOrEqual') return order >= 0
  return operator === 'lessThan' ? order < 0 : order <= 0
}

/** Days compare with days of the account's zone, instants with instants. */
function falls(clock: Clock, operator: string, held: string, values: readonly string[]): boolean {
  const [from = '', to = ''] = values
  const compare = (value: string): number => {
    const isDay = value.length === 10
    const own = isDay && held.length > 10 ? clock.dayOf(new Date(held)) : held
    const other = !isDay && held.length === 10 ? clock.dayOf(new Date(value)) : value
    return own.length === 10 ? own.localeCompare(other) : Date.parse(own) - Date.parse(other)
  }
  const inside = operator === 'within' || operator === 'notWithin' ? compare(from) >= 0 && compare(to) <= 0 : false
  switch (operator) {
    case 'on':
      return compare(from) === 0
    case 'notOn':
      return compare(from) !== 0
    case 'onOrAfter':
      return compare(from) >= 0
    case 'onOrBefore':
      return compare(from) <= 0
    case 'after':
      return compare(from) > 0
    case 'before':
      return compare(from) < 0
    case 'within':
      return inside
    default:
      return operator === 'notWithin' && !inside
  }
}
