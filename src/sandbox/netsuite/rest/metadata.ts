import type {State} from '../state.ts'
import type {CustomScope, Field, RecordSchema, Sublist} from '../schema/fields.ts'
import {allSchemas, schemaOf} from '../schema/registry.ts'
import {textOf} from '../values.ts'
import {notFound, type RestAnswer} from './answer.ts'
import {selfLink} from './encode.ts'

const SCHEMA_JSON = 'application/schema+json'

/** The metadata catalog: names and links, or the JSON schema of one record type. `hidden` are fields that were renamed. */
export function metadataAnswer(
  state: State,
  base: string,
  type: string | undefined,
  select: string | null,
  hidden: ReadonlySet<string>,
): RestAnswer {
  if (type !== undefined) {
    const schema = schemaOf(type)
    if (schema === undefined) return notFound(`Record type '${type}' does not exist.`)
    return {status: 200, contentType: SCHEMA_JSON, body: jsonSchema(state, schema, hidden)}
  }
  const names = select?.split(',').map((name) => name.trim())
  const schemas =
    names === undefined ? allSchemas() : names.map((name) => schemaOf(name)).filter((each) => each !== undefined)
  const items = schemas.map((schema) => ({
    name: schema.type,
    links: [
      {rel: 'canonical', href: `${base}/metadata-catalog/${schema.type}`, mediaType: 'application/json'},
      {rel: 'describes', href: `${base}/${schema.type}`},
      {rel: 'alternate', href: `${base}/metadata-catalog/${schema.type}`, mediaType: SCHEMA_JSON},
    ],
  }))
  return {status: 200, body: {items, links: selfLink(`${base}/metadata-catalog`)}}
}

function jsonSchema(state: State, schema: RecordSchema, hidden: ReadonlySet<string>): Record<string, unknown> {
  const properties: Record<string, unknown> = {
    id: {title: 'Internal ID', type: 'string', nullable: true},
    externalId: {title: 'External ID', type: 'string', nullable: true},
    ...fieldSchemas(schema.fields),
    ...customSchemas(state, schema.custom, hidden),
  }
  for (const sublist of schema.sublists.values()) properties[sublist.rest] = sublistSchema(state, sublist, hidden)
  return {$schema: 'http://json-schema.org/draft-06/hyper-schema#', type: 'object', title: schema.title, properties}
}

function fieldSchemas(fields: ReadonlyMap<string, Field>): Record<string, unknown> {
  return Object.fromEntries([...fields].map(([name, field]) => [field.rest ?? name, fieldSchema(name, field)]))
}

function fieldSchema(name: string, field: Field): Record<string, unknown> {
  const title = field.label ?? name
  const readOnly = field.readOnly === true ? {readOnly: true} : {}
  switch (field.kind) {
    case 'ref':
      return {title, type: 'object', nullable: true, 'x-ns-target': field.target, ...readOnly}
    case 'address':
      return {title, type: 'object', nullable: true, ...readOnly}
    case 'enum': {
      const ids = Object.keys(field.values ?? {})
      return {
        title,
        type: 'object',
        properties: {id: {type: 'string', enum: field.settable ?? ids}, refName: {type: 'string'}},
        ...readOnly,
      }
    }
    case 'boolean':
      return {title, type: 'boolean', ...readOnly}
    case 'money':
    case 'decimal':
      return {title, type: 'number', format: 'double', nullable: true, ...readOnly}
    case 'integer':
      return {title, type: 'integer', format: 'int64', nullable: true, ...readOnly}
    case 'day':
    case 'instant':
      return {title, type: 'string', format: field.kind === 'day' ? 'date' : 'date-time', nullable: true, ...readOnly}
    default:
      return {title, type: 'string', nullable: true, ...readOnly}
  }
}

function customSchemas(state: State, scope: CustomScope | null, hidden: ReadonlySet<string>): Record<string, unknown> {
  const own = [...state.records('customField')].filter(
    ({fields}) => fields['scope'] === scope && !hidden.has(textOf(fields['scriptId']) ?? ''),
  )
  return Object.fromEntries(
    own.map(({fields}) => [
      textOf(fields['scriptId']) ?? '',
      {title: fields['name'], type: 'string', nullable: fields['isMandatory'] !== true, 'x-ns-custom-field': true},
    ]),
  )
}

function sublistSchema(state: State, sublist: Sublist, hidden: ReadonlySet<string>): Record<string, unknown> {
  const key = sublist.key === null ? {} : {[sublist.key]: {type: sublist.key === 'line' ? 'integer' : 'string'}}
  const properties = {...key, ...fieldSchemas(sublist.fields), ...customSchemas(state, sublist.custom, hidden)}
  return {type: 'object', properties: {items: {type: 'array', items: {type: 'object', properties}}}}
}
