import type {RecordType} from '../engine-types.ts'

type Kind = 'text' | 'boolean' | 'decimal' | 'money' | 'integer' | 'day' | 'instant' | 'ref' | 'enum' | 'address'

export type Field = Readonly<{
  kind: Kind
  readOnly?: boolean
  /** What a reference points to: a record type or a group of them ('entity', 'item', 'transaction'). */
  target?: string
  /** Enumerations: REST id → name. */
  values?: Readonly<Record<string, string>>
  /** Ids that a caller may set; the others are the system's. */
  settable?: readonly string[]
  /** Spelling in the REST service where it differs from the SOAP schema. */
  rest?: string
  /** How messages call the field: "Please enter value(s) for: Item". */
  label?: string
}>

export type Sublist = Readonly<{
  rest: string
  /** Keyed lists are merged by key; the others are replaced as a whole (NetSuite help section_N3441570). */
  key: string | null
  fields: ReadonlyMap<string, Field>
  custom: CustomScope | null
  readOnly?: boolean
}>

export type CustomScope = 'body' | 'column' | 'entity' | 'item'

export type RecordSchema = Readonly<{
  type: RecordType
  /** External ids are unique within a group (NetSuite help section_N3436356). */
  group: string
  /** Lists whose records this account only reads. */
  readOnly: boolean
  /** What the account calls one in messages. */
  title: string
  fields: ReadonlyMap<string, Field>
  sublists: ReadonlyMap<string, Sublist>
  custom: CustomScope | null
}>

export const text: Field = {kind: 'text'}
export const boolean: Field = {kind: 'boolean'}
export const decimal: Field = {kind: 'decimal'}
/** Rounded to the precision of the transaction's currency. */
export const amount: Field = {kind: 'money'}
export const integer: Field = {kind: 'integer'}
export const day: Field = {kind: 'day'}
export const instant: Field = {kind: 'instant'}
export const address: Field = {kind: 'address'}

export function ref(target: string, more: Partial<Field> = {}): Field {
  return {kind: 'ref', target, ...more}
}

export function oneOf(values: Readonly<Record<string, string>>, settable?: readonly string[]): Field {
  return settable === undefined ? {kind: 'enum', values} : {kind: 'enum', values, settable}
}

export function readOnly(field: Field): Field {
  return {...field, readOnly: true}
}

export function fieldMap(fields: Readonly<Record<string, Field>>): ReadonlyMap<string, Field> {
  return new Map(Object.entries(fields))
}

/** A record type of the account; lists that it only reads take the defaults. */
export function recordSchema(
  type: RecordType,
  fields: Readonly<Record<string, Field>>,
  more: Partial<Omit<RecordSchema, 'type' | 'fields' | 'sublists'>> & {
    sublists?: Readonly<Record<string, Sublist>>
  } = {},
): RecordSchema {
  const {sublists, ...rest} = more
  return {
    type,
    group: type,
    readOnly: true,
    title: type,
    custom: null,
    ...rest,
    fields: fieldMap(fields),
    sublists: new Map(Object.entries(sublists ?? {})),
  }
}
