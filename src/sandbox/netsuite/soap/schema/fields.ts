import type {Area} from '../namespaces.ts'
import {enumerations} from './enums.ts'

/**
 * What stands in an element: text, a boolean, a double, a whole number, a day, an instant, a RecordRef, custom fields,
 * the names to clear, an enumeration, another complex type, a sublist of one, or something of the schema that the
 * sandbox does not hold (`other`).
 */
type FieldKind =
  | 'text'
  | 'flag'
  | 'number'
  | 'integer'
  | 'day'
  | 'instant'
  | 'ref'
  | 'custom'
  | 'nulls'
  | 'enum'
  | 'object'
  | 'list'
  | 'other'

export type Field = Readonly<{
  name: string
  kind: FieldKind
  /** The namespace that its element stands in. */
  area: Area
  /** Place in the schema's sequence. */
  order: number
  /** Of an enumeration: what the schema allows; undefined where the sandbox does not check. */
  values: ReadonlySet<string> | undefined
  /** Of an object and of a sublist: the complex type of it or of its rows. */
  type: string | undefined
  /** Of a sublist: the element of a row. */
  row: string | undefined
}>

/** A complex type of the schema: its fields in the order of the schema's sequence. */
export type ComplexType = Readonly<{
  area: Area
  name: string
  fields: readonly Field[]
  byName: ReadonlyMap<string, Field>
}>

/**
 * Declares a complex type by its `name:kind` pairs in the order of the schema. A kind is a FieldKind, `enum.<type>`
 * with checked values, `<Type>` for an object, or `<element>[<Type>]` for a sublist.
 */
export function complexType(area: Area, name: string, table: string): ComplexType {
  return declare(area, name, table.trim().split(/\s+/))
}

/**
 * Declares a type that extends the schema's `Record`: nullFieldList, in the core namespace, comes before its own
 * fields.
 */
export function record(area: Area, name: string, table: string): ComplexType {
  return declare(area, name, ['nullFieldList:nulls', ...table.trim().split(/\s+/)])
}

function declare(area: Area, name: string, pairs: readonly string[]): ComplexType {
  const fields = pairs.map((pair, order) => field(area, pair, order))
  return {area, name, fields, byName: new Map(fields.map((f) => [f.name, f]))}
}

function field(area: Area, pair: string, order: number): Field {
  const [name = '', kind = ''] = pair.split(':')
  const plain = {name, area: kind === 'nulls' ? ('core' as const) : area, order, values: undefined, type: undefined}
  const list = /^(\w+)\[(\w+)\]$/.exec(kind)
  if (list !== null) return {...plain, kind: 'list', row: list[1], type: list[2]}
  if (kind.startsWith('enum.')) return {...plain, kind: 'enum', values: enumerations(kind.slice(5)), row: undefined}
  if (/^[A-Z]/.test(kind)) return {...plain, kind: 'object', type: kind, row: undefined}
  return {...plain, kind: kind as FieldKind, row: undefined}
}
