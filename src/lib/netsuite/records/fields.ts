import type {PostingType} from '../posting-types.ts'

/** Prefixes of NetSuite's SOAP namespaces, as its own schema names them. */
export type Prefix =
  'platformMsgs' | 'platformCore' | 'platformCommon' | 'tranSales' | 'tranCust' | 'tranPurch' | 'tranBank' | 'listRel'
type QName = `${Prefix}:${string}`

/** One value of an enumeration: our word, the SOAP name, the id in REST. */
export type Code = readonly [ours: string, soap: string, rest: string]

type Place = Readonly<{
  /** The name in our values. */
  name: string
  /** Element in SOAP; null where SOAP does not have the field or we do not use it there. */
  soap: QName | null
  /** Property in REST; null likewise. */
  rest: string | null
}>

/**
 * One field of a record. A table lists its fields in the order of NetSuite's schema, because SOAP types are sequences;
 * both encoders and both decoders read the same table, so the channels cannot disagree about a field.
 */
export type Field = Place &
  (
    | Readonly<{kind: 'text' | 'flag' | 'number' | 'day' | 'ref' | 'country'}>
    | Readonly<{kind: 'code'; codes: readonly Code[]}>
    /** Id of a transaction in a list of such: a number in SOAP, a reference in REST; text in our values. */
    | Readonly<{kind: 'doc'}>
    /** Script id → text; in REST each is a property of its own. */
    | Readonly<{kind: 'custom'}>
    | Readonly<{kind: 'record'; fields: readonly Field[]}>
    /** `row` is the element of one line in SOAP; a list that is sent replaces the held one. */
    | Readonly<{kind: 'list'; row: QName; fields: readonly Field[]}>
  )

/** A record type as references and REST paths name it. */
export type RecordType = 'salesOrder' | 'customer' | PostingType

export type RecordTable = Readonly<{
  type: RecordType
  soapType: QName
  fields: readonly Field[]
}>

/**
 * A record in the form between our types and a message. text, day, country: text; number: decimal text; flag: boolean;
 * code: our word; ref: {id} or {externalId}; null: held empty (clears the field on update), undefined: not stated.
 */
export type Values = {readonly [name: string]: Value | null | undefined}
export type Value = string | boolean | Values | readonly Values[]

export function isValues(value: Value | null | undefined): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isRows(value: Value | null | undefined): value is readonly Values[] {
  return Array.isArray(value)
}

/** The text of a field, or null where it is not there. */
export function textAt(values: Values, name: string): string | null {
  const value = values[name]
  return typeof value === 'string' ? value : null
}

export function flagAt(values: Values, name: string): boolean {
  return values[name] === true
}

/** The internal id of a reference, or null. */
export function idAt(values: Values, name: string): string | null {
  const value = values[name]
  return isValues(value) ? textAt(value, 'id') : null
}

export function rowsAt(values: Values, name: string): readonly Values[] {
  const value = values[name]
  return isRows(value) ? value : []
}

/** Custom fields as script id → text; empty where the value is none. */
export function customOf(value: Value | null | undefined): Record<string, string> {
  const entries = isValues(value) ? Object.entries(value) : []
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
