import {amountOf} from '../amounts.ts'
import type {AddressValue, FieldRef, FieldValue, LineInput, RecordInput} from '../engine-types.ts'
import type {Field, RecordSchema, Sublist} from '../schema/fields.ts'

/** Thrown where the JSON is not what the service takes. */
export class BadContent extends Error {
  readonly code: string
  readonly path: string

  constructor(code: string, detail: string, path: string) {
    super(detail)
    this.code = code
    this.path = path
  }
}

/** What X-NetSuite-PropertyNameValidation asks for; unknown names are dropped unless it is 'Error'. */
export type NameValidation = 'Error' | 'Warning' | 'Ignore'

type Json = Readonly<Record<string, unknown>>

/** The flat address fields of transactions (REST API Browser 2026.1: billAddr1, shipCity, …) → parts of the address. */
const FLAT: Readonly<Record<string, keyof AddressValue>> = {
  Addr1: 'addr1', Addr2: 'addr2', Addr3: 'addr3', Addressee: 'addressee', Attention: 'attention', City: 'city', Country: 'country',
  Phone: 'addrPhone', State: 'state', Zip: 'zip',
} // prettier-ignore

/** Names that stand in what the service answers and mean nothing when they are sent back. */
const IGNORED = new Set(['links', 'id', 'refName', 'externalId'])

/** A record or a change of one, as the body gives it. */
export type RecordBody = Omit<RecordInput, 'type' | 'id'>

/** Parses a body; an empty one is an empty object. Throws BadContent. */
export function parseBody(body: string): unknown {
  try {
    return JSON.parse(body === '' ? '{}' : body)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new BadContent('INVALID_CONTENT', `Invalid content in the request body: ${error.message}.`, '')
  }
}

/** Reads a record's JSON body. Throws BadContent. */
export function decodeRecord(schema: RecordSchema, json: unknown, names: NameValidation): RecordBody {
  const body = objectOf(json, '')
  const fields: Record<string, FieldValue> = {}
  const lines: Record<string, LineInput[]> = {}
  const customFields: Record<string, FieldValue> = {}
  for (const [name, value] of Object.entries(body)) {
    const field = fieldNamed(schema.fields, name)
    const sublist = sublistNamed(schema, name)
    const flat = schema.fields.has('billingAddress') ? /^(bill|ship)([A-Z]\w*)$/.exec(name) : null
    const part = FLAT[flat?.[2] ?? '']
    if (field !== undefined) fields[field[0]] = decodeValue(field[1], value, name)
    else if (sublist !== undefined) lines[sublist[0]] = decodeLines(sublist[1], value, name, names)
    else if (part !== undefined && flat !== null) {
      const address = flat[1] === 'bill' ? 'billingAddress' : 'shippingAddress'
      fields[address] = {...(fields[address] as AddressValue | undefined), [part]: idText(value, name)}
    } else if (name.startsWith('cust')) customFields[name] = customValue(value, name)
    else if (!IGNORED.has(name) && names === 'Error') throw unknownName(name, name)
  }
  const externalId = body['externalId']
  return {fields, lines, customFields, ...(typeof externalId === 'string' ? {externalId} : {})}
}

/** The text is UNVERIFIED; the service names the property in o:errorPath. */
function unknownName(name: string, path: string): BadContent {
  return new BadContent('NONEXISTENT_FIELD', `Unknown reference or field '${name}'.`, path)
}

function fieldNamed(fields: ReadonlyMap<string, Field>, name: string): [string, Field] | undefined {
  for (const [own, field] of fields) if ((field.rest ?? own) === name) return [own, field]
  return undefined
}

function sublistNamed(schema: RecordSchema, name: string): [string, Sublist] | undefined {
  for (const [own, sublist] of schema.sublists) if (sublist.rest === name) return [own, sublist]
  return undefined
}

function objectOf(json: unknown, path: string): Json {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Json
  throw new BadContent('INVALID_CONTENT', 'Invalid content in the request body: an object is expected.', path)
}

/** Sublists are {"items": […]}. */
function decodeLines(sublist: Sublist, value: unknown, path: string, names: NameValidation): LineInput[] {
  const items = objectOf(value, path)['items']
  if (!Array.isArray(items)) {
    throw new BadContent(
      'INVALID_CONTENT',
      `Invalid content in the request body: ${path}.items must be an array.`,
      path,
    )
  }
  return items.map((item: unknown, index) => decodeLine(sublist, item, `${path}.items[${index}]`, names))
}

function decodeLine(sublist: Sublist, value: unknown, path: string, names: NameValidation): LineInput {
  const fields: Record<string, FieldValue> = {}
  const customFields: Record<string, FieldValue> = {}
  let key: string | null = null
  for (const [name, each] of Object.entries(objectOf(value, path))) {
    const field = fieldNamed(sublist.fields, name)
    const own = `${path}.${name}`
    if (field !== undefined) fields[field[0]] = decodeValue(field[1], each, own)
    else if (sublist.key !== null && name === sublist.key) key = idText(each, own)
    else if (name.startsWith('cust')) customFields[name] = customValue(each, own)
    else if (!IGNORED.has(name) && names === 'Error') throw unknownName(name, own)
  }
  return {key, fields, customFields}
}

function decodeValue(field: Field, value: unknown, path: string): FieldValue {
  if (value === null) return null
  switch (field.kind) {
    case 'ref':
      return decodeRef(value, path)
    case 'enum':
      return idText(value, path)
    case 'address':
      return decodeAddress(value, path)
    case 'boolean':
      if (typeof value === 'boolean') return value
      throw invalid(path)
    default:
      return plainText(value, path)
  }
}

function invalid(path: string): BadContent {
  const name = path.split('.').at(-1) ?? path
  return new BadContent(
    'INVALID_CONTENT',
    `Invalid content in the request body: invalid value of property ${name}.`,
    path,
  )
}

/** References are {"id": "42"} or {"externalId": "…"}. */
function decodeRef(value: unknown, path: string): FieldRef {
  const {id, externalId, refName} = objectOf(value, path)
  if (id !== undefined && id !== null) return {id: plainText(id, path)}
  if (typeof externalId === 'string') return {externalId}
  if (typeof refName === 'string') return {name: refName}
  throw invalid(path)
}

function decodeAddress(value: unknown, path: string): AddressValue {
  const address: Record<string, string | boolean> = {}
  for (const [name, each] of Object.entries(objectOf(value, path))) {
    if (name === 'links' || each === null) continue
    if (name === 'override') address[name] = each === true
    else address[name] = idText(each, `${path}.${name}`)
  }
  return address
}

/** Text, or an enumeration as {"id": …}: both are taken for countries. */
function idText(value: unknown, path: string): string {
  return typeof value === 'object' && value !== null ? plainText((value as Json)['id'], path) : plainText(value, path)
}

function plainText(value: unknown, path: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' && Number.isFinite(value)) return amountOf(String(value)).toFixed()
  throw invalid(path)
}

function customValue(value: unknown, path: string): FieldValue {
  if (value === null || typeof value === 'boolean') return value
  return typeof value === 'object' ? decodeRef(value, path) : plainText(value, path)
}
