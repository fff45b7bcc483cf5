import type {AddressValue, FieldRef, FieldValue, StoredLine, StoredRecord} from '../engine-types.ts'
import type {Field, RecordSchema, Sublist} from '../schema/fields.ts'
import {typesOf} from '../schema/registry.ts'

export type EncodeOptions = Readonly<{
  /** 'http://host/services/rest/record/v1' */
  base: string
  expand: boolean
  simpleEnums: boolean
  /** Only these properties; undefined: all. */
  only: ReadonlySet<string> | undefined
}>

const FLAT: readonly (readonly [suffix: string, part: keyof AddressValue])[] = [
  ['Addr1', 'addr1'], ['Addr2', 'addr2'], ['Addr3', 'addr3'], ['Addressee', 'addressee'], ['Attention', 'attention'], ['City', 'city'],
  ['Country', 'country'], ['Phone', 'addrPhone'], ['State', 'state'], ['Zip', 'zip'],
] // prettier-ignore

type Out = Record<string, unknown>

/** A record as the REST service shows it. */
export function encodeRecord(schema: RecordSchema, record: StoredRecord, options: EncodeOptions): Out {
  const self = `${options.base}/${schema.type}/${record.id}`
  const out: Out = {links: selfLink(self), id: record.id}
  if (record.externalId !== null) out['externalId'] = record.externalId
  for (const [name, field] of schema.fields) {
    const value = record.fields[name]
    if (value === undefined || value === null) continue
    out[field.rest ?? name] = encodeValue(field, value, options, `${self}/${name}`)
    if (field.kind === 'address') flatten(out, name, value as AddressValue)
  }
  for (const [scriptId, value] of Object.entries(record.customFields)) out[scriptId] = encodeCustom(value)
  for (const [name, sublist] of schema.sublists) {
    const lines = record.lines[name] ?? []
    const href = `${self}/${sublist.rest}`
    out[sublist.rest] = options.expand ? encodeLines(sublist, lines, options, href) : {links: selfLink(href)}
  }
  if (options.only === undefined) return out
  return Object.fromEntries(Object.entries(out).filter(([name]) => name === 'links' || options.only?.has(name)))
}

/** The items of a sublist, as its own resource and inside an expanded record. */
export function encodeLines(sublist: Sublist, lines: readonly StoredLine[], options: EncodeOptions, href: string): Out {
  const items = lines.map((line) => encodeLine(sublist, line, options, `${href}/${line.key}`))
  return {links: selfLink(href), items, totalResults: items.length, count: items.length, hasMore: false, offset: 0}
}

export function encodeLine(sublist: Sublist, line: StoredLine, options: EncodeOptions, href: string): Out {
  const out: Out = {links: selfLink(href)}
  if (sublist.key === 'line') out['line'] = Number(line.key)
  // An applied document is a reference (REST API Browser 2026.1, customerPayment.apply.doc).
  else if (sublist.key === 'doc') out['doc'] = {id: line.key}
  else if (sublist.key !== null) out[sublist.key] = line.key
  for (const [name, field] of sublist.fields) {
    const value = line.fields[name]
    if (value !== undefined && value !== null)
      out[field.rest ?? name] = encodeValue(field, value, options, `${href}/${name}`)
  }
  for (const [scriptId, value] of Object.entries(line.customFields)) out[scriptId] = encodeCustom(value)
  return out
}

export function selfLink(href: string): unknown[] {
  return [{rel: 'self', href}]
}

function encodeValue(field: Field, value: FieldValue, options: EncodeOptions, href: string): unknown {
  switch (field.kind) {
    case 'money':
    case 'decimal':
    case 'integer':
      return Number(value)
    case 'enum':
      return options.simpleEnums || typeof value !== 'string'
        ? value
        : {id: value, refName: field.values?.[value] ?? value}
    case 'ref':
      return encodeRef(field, value as FieldRef, options.base)
    case 'address':
      return options.expand ? encodeAddress(value as AddressValue, href) : {links: selfLink(href)}
    case 'instant':
      // The service answers UTC, to the second (NetSuite help section_157305090645).
      return typeof value === 'string' ? `${value.slice(0, 19)}Z` : value
    default:
      return value
  }
}

function encodeRef(field: Field, ref: FieldRef, base: string): Out {
  const type = typesOf(field.target ?? '')[0]?.type ?? field.target ?? ''
  return {links: selfLink(`${base}/${type}/${ref.id ?? ''}`), id: ref.id, refName: ref.name}
}

function encodeAddress(address: AddressValue, href: string): Out {
  const {country, ...rest} = address
  return {links: selfLink(href), ...rest, ...(country === undefined ? {} : {country: {id: country, refName: country}})}
}

function flatten(out: Out, name: string, address: AddressValue): void {
  const prefix = name === 'billingAddress' ? 'bill' : 'ship'
  for (const [suffix, part] of FLAT) {
    const value = address[part]
    if (value === undefined) continue
    out[prefix + suffix] = part === 'country' ? {id: value, refName: value} : value
  }
}

function encodeCustom(value: FieldValue): unknown {
  if (typeof value !== 'object' || value === null || !('id' in value)) return value
  return {id: value.id, refName: value.name}
}
