import {isoOfSoapCountry} from '../records/countries.ts'
import {dayOf} from '../records/days.ts'
import type {Field, Value, Values} from '../records/fields.ts'
import {plainNumber} from '../records/numbers.ts'
import {childOf, childrenOf, childText, type XmlElement} from './xml.ts'

/**
 * Reads a record of an answer by its table: any prefix, any order, one line or many. Unknown elements are passed
 * over.
 */
export function decodeFields(fields: readonly Field[], element: XmlElement, timeZone: string | null): Values {
  const values: Record<string, Value | null> = {}
  for (const field of fields) {
    const child = field.soap === null ? undefined : childOf(element, local(field.soap))
    if (child === undefined) continue
    const value = decodeField(field, child, timeZone)
    if (value !== null) values[field.name] = value
  }
  return values
}

function decodeField(field: Field, element: XmlElement, timeZone: string | null): Value | null {
  switch (field.kind) {
    case 'flag':
      return element.text.trim() === 'true' || element.text.trim() === '1'
    case 'number':
      return plainNumber(element.text)
    case 'day':
      return dayOf(element.text, timeZone)
    case 'country':
      return isoOfSoapCountry(element.text.trim())
    case 'code':
      return field.codes.find(([, soap]) => soap === element.text.trim())?.[0] ?? null
    case 'ref':
      return refOf(element)
    case 'custom':
      return Object.fromEntries(childrenOf(element, 'customField').flatMap(customOf))
    case 'record':
      return decodeFields(field.fields, element, timeZone)
    case 'list':
      return childrenOf(element, local(field.row)).map((row) => decodeFields(field.fields, row, timeZone))
    case 'doc':
      return element.text.trim()
    case 'text':
      return element.text
  }
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

function refOf(element: XmlElement): Values {
  const id = element.attributes.get('internalId')
  return id === undefined ? {externalId: element.attributes.get('externalId') ?? ''} : {id}
}

/** Script id and value of one custom field; of a list the internal id. Fields without a script id are not ours. */
function customOf(element: XmlElement): [string, string][] {
  const scriptId = element.attributes.get('scriptId')
  const value = childOf(element, 'value')
  if (scriptId === undefined || value === undefined) return []
  return [[scriptId, value.attributes.get('internalId') ?? childText(element, 'value') ?? '']]
}
