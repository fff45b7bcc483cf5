import type {Field, Value, Values} from '../records/fields.ts'
import {plainNumber} from '../records/numbers.ts'
import {isObject, jsonObjects, jsonText, type Json, type JsonObject} from './json.ts'

const CUSTOM = /^cust(body|col|entity|item)[a-z0-9_]+$/

/** Reads a record of the REST record service by its table. Properties that the table does not name are passed over. */
export function decodeBody(fields: readonly Field[], body: JsonObject): Values {
  const values: Record<string, Value | null> = {}
  for (const field of fields) {
    if (field.kind === 'custom') {
      values[field.name] = customFields(body)
      continue
    }
    const json = field.rest === null ? undefined : body[field.rest]
    const value = json === undefined || json === null ? null : decodeValue(field, json)
    if (value !== null) values[field.name] = value
  }
  return values
}

function customFields(body: JsonObject): Values {
  const entries = Object.entries(body).flatMap(([name, json]) => {
    const text = isObject(json) ? jsonText(json['id']) : jsonText(json)
    return CUSTOM.test(name) && text !== null ? [[name, text] as const] : []
  })
  return Object.fromEntries(entries)
}

function decodeValue(field: Field, json: Json): Value | null {
  switch (field.kind) {
    case 'flag':
      return json === true
    case 'number':
      return plainNumber(jsonText(json) ?? '')
    case 'day':
      return jsonText(json)?.slice(0, 10) ?? null
    case 'ref': {
      const id = isObject(json) ? jsonText(json['id']) : null
      return id === null ? null : {id}
    }
    case 'country':
      return isObject(json) ? jsonText(json['id']) : jsonText(json)
    case 'code': {
      const id = isObject(json) ? jsonText(json['id']) : jsonText(json)
      return field.codes.find(([, , rest]) => rest === id)?.[0] ?? null
    }
    case 'record':
      return isObject(json) ? decodeBody(field.fields, json) : null
    case 'list':
      return isObject(json) ? jsonObjects(json['items']).map((row) => decodeBody(field.fields, row)) : []
    case 'doc':
      return isObject(json) ? jsonText(json['id']) : jsonText(json)
    case 'text':
      // What SOAP gives as the text of a choice is an object here.
      return isObject(json) ? jsonText(json['refName']) : jsonText(json)
    case 'custom':
      return null
  }
}

/** Sublists of which the answer holds only a part, by name: a cut list must not pass for the whole. */
export function cutLists(fields: readonly Field[], body: JsonObject): string[] {
  return fields.flatMap((field) => {
    const list = field.kind === 'list' && field.rest !== null ? body[field.rest] : undefined
    if (field.rest === null || !isObject(list)) return []
    const total = list['totalResults']
    const isCut = list['hasMore'] === true || (typeof total === 'number' && total > jsonObjects(list['items']).length)
    return isCut ? [field.rest] : []
  })
}
