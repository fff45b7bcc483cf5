import {refusal, type SoapFault, unreadable} from './faults.ts'
import {dayIn, parseInstant} from './instants.ts'
import {areaOf, namespaceOf, type Version} from './namespaces.ts'
import {parseDouble} from './numbers.ts'
import type {ComplexType, Field} from './schema/fields.ts'
import {recordTypeNamed, typeNamed} from './schema/registry.ts'
import {childOf, textOf, type XmlNode} from './tree.ts'
import {customKinds} from './values.ts'
import type {CustomValue, ListValue, RecordValue, RefValue, Value, Values} from './values.ts'

/**
 * How requests are read. `strictOrder`: elements that are out of the schema's sequence are refused. The schema says so;
 * that the real server does is UNVERIFIED (Axis may be more lenient), therefore it is a switch.
 */
export type Reading = Readonly<{version: Version; timeZone: string; strictOrder: boolean}>

/** Reads the record in an element whose xsi:type names a record of the schema. Throws SoapFault. */
export function decodeRecord(node: XmlNode, reading: Reading): RecordValue {
  const type = node.type === undefined ? undefined : typeAt(node.type.uri, node.type.local, reading)
  if (type === undefined) {
    const named = node.type === undefined ? 'nothing' : `{${node.type.uri}}${node.type.local}`
    throw unreadable(
      `org.xml.sax.SAXException: the type of <${node.local}> is ${named}, which is no record of the sandbox`,
    )
  }
  return {
    type,
    internalId: node.attributes.get('internalId'),
    externalId: node.attributes.get('externalId'),
    values: decodeObject(node, type, reading),
  }
}

function typeAt(uri: string, local: string, reading: Reading): ComplexType | undefined {
  const area = areaOf(uri)
  return area?.version === reading.version ? recordTypeNamed(area.area, local) : undefined
}

/** Reads the fields of an object in the order of its type. Throws SoapFault for what does not belong there. */
function decodeObject(node: XmlNode, type: ComplexType, reading: Reading): Values {
  const values = new Map<string, Value>()
  let last = -1
  for (const child of node.children) {
    const field = type.byName.get(child.local)
    if (field === undefined || namespaceOf(field.area, reading.version) !== child.uri)
      throw misplaced(type, child, reading)
    if (values.has(field.name) || (reading.strictOrder && field.order < last)) throw misplaced(type, child, reading)
    last = field.order
    // No field of the schema may be nil. Axis takes nil for "not given", so without the strict order it is passed over.
    if (child.isNil && reading.strictOrder) throw misplaced(type, child, reading)
    if (!child.isNil) values.set(field.name, decodeField(child, field, reading))
  }
  return values
}

function notHeld(what: string): SoapFault {
  return refusal('unexpectedErrorFault', 'UNEXPECTED_ERROR', `The sandbox does not hold ${what}.`)
}

function misplaced(type: ComplexType, child: XmlNode, reading: Reading): SoapFault {
  const bean = `com.netsuite.webservices.${type.area}_${reading.version}.${type.name}`
  return unreadable(`org.xml.sax.SAXException: Invalid element in ${bean} - ${child.local}`)
}

function decodeField(node: XmlNode, field: Field, reading: Reading): Value {
  switch (field.kind) {
    case 'text':
      return node.text
    case 'enum':
      return enumeration(node, field)
    case 'ref':
      return decodeRef(node)
    case 'custom':
      return node.children.map((child) => decodeCustom(child, reading))
    case 'nulls':
      return node.children.map((child) => child.text.trim())
    case 'object':
      return decodeObject(node, typeNamed(field.type ?? ''), reading)
    case 'list':
      return decodeList(node, field, reading)
    case 'other':
      throw notHeld(`the field ${field.name}`)
    default:
      return decodeScalar(node.text.trim(), field.kind, reading)
  }
}

/**
 * A scalar of the schema as records hold it: 'true' and 'false' as booleans, numbers as decimal text, days as YYYY-MM-
 * DD.
 */
function decodeScalar(
  text: string,
  kind: 'flag' | 'number' | 'integer' | 'day' | 'instant',
  reading: Reading,
): string | boolean {
  switch (kind) {
    case 'flag':
      if (text === 'true' || text === '1') return true
      if (text === 'false' || text === '0') return false
      throw unreadable(`org.xml.sax.SAXException: "${text}" is not a boolean`)
    case 'integer':
      if (/^[+-]?\d{1,19}$/.test(text)) return text.replace(/^\+/, '')
      throw unreadable(`java.lang.NumberFormatException: For input string: "${text}"`)
    case 'number': {
      const number = parseDouble(text)
      if (number === undefined) throw unreadable(`java.lang.NumberFormatException: For input string: "${text}"`)
      return number
    }
    default: {
      const instant = parseInstant(text)
      if (instant === undefined) throw unreadable(`org.xml.sax.SAXException: Invalid dateTime "${text}"`)
      return kind === 'day' ? dayIn(reading.timeZone, instant) : new Date(instant).toISOString()
    }
  }
}

function enumeration(node: XmlNode, field: Field): string {
  const value = node.text.trim()
  if (field.values !== undefined && !field.values.has(value)) {
    throw unreadable(`org.xml.sax.SAXException: ${value} is not a legal value for ${field.name}`)
  }
  return value
}

/** Reads a RecordRef: internalId, externalId and type are attributes, the name is for people. */
export function decodeRef(node: XmlNode): RefValue {
  return {
    internalId: node.attributes.get('internalId'),
    externalId: node.attributes.get('externalId'),
    type: node.attributes.get('type'),
    name: textOf(node, 'name'),
  }
}

function decodeList(node: XmlNode, field: Field, reading: Reading): ListValue {
  const type = typeNamed(field.type ?? '')
  const uri = namespaceOf(type.area, reading.version)
  const rows = node.children.map((row) => {
    if (row.local !== field.row || row.uri !== uri) throw misplaced(type, row, reading)
    return decodeObject(row, type, reading)
  })
  // replaceAll is true unless said otherwise: lines not sent are removed (NetSuite help section_N3441570).
  return {rows, replaceAll: !/^\s*(?:false|0)\s*$/.test(node.attributes.get('replaceAll') ?? 'true')}
}

function decodeCustom(node: XmlNode, reading: Reading): CustomValue {
  const kind = customKinds.find((k) => node.type?.local === `${k}CustomFieldRef`)
  if (kind === undefined || node.type?.uri !== namespaceOf('core', reading.version)) {
    throw unreadable(`org.xml.sax.SAXException: <${node.local}> has no type of custom field`)
  }
  const names = {kind, scriptId: node.attributes.get('scriptId'), internalId: node.attributes.get('internalId')}
  const value = childOf(node, 'value')
  if (value === undefined) throw unreadable('org.xml.sax.SAXException: a custom field has no value')
  if (kind === 'MultiSelect') throw notHeld('multiple-select custom fields')
  if (kind === 'Select') {
    return {...names, value: node.children.filter((c) => c.local === 'value').map(decodeRef)}
  }
  return {...names, value: customText(value.text, kind, reading)}
}

const scalarKinds = {Long: 'integer', Double: 'number', Boolean: 'flag', Date: 'day'} as const

function customText(text: string, kind: 'Long' | 'Double' | 'Boolean' | 'String' | 'Date', reading: Reading): string {
  return kind === 'String' ? text : String(decodeScalar(text.trim(), scalarKinds[kind], reading))
}
