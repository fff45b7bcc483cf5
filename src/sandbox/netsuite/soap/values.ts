import type {ComplexType} from './schema/fields.ts'

/** A RecordRef as it stands in a message. */
export type RefValue = Readonly<{
  internalId?: string | undefined
  externalId?: string | undefined
  name?: string | undefined
  type?: string | undefined
}>

/** The kinds of custom field values; each is a subtype `<kind>CustomFieldRef` of CustomFieldRef (platform.core.xsd). */
export const customKinds = ['Long', 'Double', 'Boolean', 'String', 'Date', 'Select', 'MultiSelect'] as const
export type CustomKind = (typeof customKinds)[number]

/**
 * A custom field: text of its kind, or the references of a (multi) select. It is named by script id, internal id or
 * both.
 */
export type CustomValue = Readonly<{
  kind: CustomKind
  scriptId: string | undefined
  internalId: string | undefined
  value: string | readonly RefValue[]
}>

/** A sublist; without `replaceAll` its rows stand for the whole list. */
export type ListValue = Readonly<{rows: readonly Values[]; replaceAll: boolean}>

/**
 * What a field holds: text of its kind, a boolean, a reference, an object, a sublist, custom fields or names to clear.
 */
export type Value = string | boolean | RefValue | Values | ListValue | readonly CustomValue[] | readonly string[]

/** The fields of an object that a message states, by name. */
export type Values = ReadonlyMap<string, Value>

/** A record of a message, typed by the schema. */
export type RecordValue = Readonly<{
  type: ComplexType
  internalId: string | undefined
  externalId: string | undefined
  values: Values
}>
