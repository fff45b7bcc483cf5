import {existsSync, readdirSync, readFileSync} from 'node:fs'

import {buildSchema, type GraphQLSchema, Kind, parse, validate} from 'graphql'
import {beforeAll, describe, expect, test} from 'vitest'

import {documents} from '../../../src/lib/shopify/documents.ts'

const all = Object.values(documents)
const folder = new URL('../../../src/lib/shopify/documents/', import.meta.url)
const schemaFile = new URL('../../../../shared/shopify-schema/admin-2026-10.graphql', import.meta.url)
if (!existsSync(schemaFile)) console.warn('NOT CHECKED: the Admin schema is not beside this checkout; skipped')

describe.runIf(existsSync(schemaFile))('against the Admin schema 2026-10', () => {
  let schema: GraphQLSchema
  beforeAll(() => {
    schema = buildSchema(readFileSync(schemaFile, 'utf8'), {assumeValid: true})
  })

  test.each(all)('$operation is a valid document of the schema', (document) => {
    expect(validate(schema, parse(document.text())).map((error) => error.message)).toEqual([])
  })

  test('no document uses a deprecated field', () => {
    const deprecated: string[] = []
    for (const document of all) {
      for (const definition of parse(document.text()).definitions) {
        if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue
        const type = schema.getType(definition.typeCondition.name.value)
        const fields = type !== undefined && 'getFields' in type ? type.getFields() : {}
        for (const selection of definition.selectionSet.selections) {
          if (selection.kind !== Kind.FIELD) continue
          const field = fields[selection.name.value]
          if (field && 'deprecationReason' in field && field.deprecationReason) deprecated.push(field.name)
        }
      }
    }
    expect(deprecated).toEqual([])
  })
})

test('every file of the documents belongs to an operation that is sent', () => {
  const sent = all.map((document) => document.text()).join('\n')
  const unused = readdirSync(folder).filter((file) => {
    const name = /(?:query|mutation|fragment) (\w+)/.exec(readFileSync(new URL(file, folder), 'utf8'))?.[1]
    return !new RegExp(`(?:query|mutation|fragment) ${name}\\b`).test(sent)
  })
  expect(unused).toEqual([])
})

test('every list of an order that Shopify pages is asked with its page information', () => {
  for (const document of all) {
    const connections = document.text().match(/\((?:first: [^)]*)\) \{\n\s+nodes/g) ?? []
    const cut = /^Orders(WithMoney)?BySearch$/.test(document.operation) ? 1 : 0
    expect(document.text().match(/hasNextPage/g)?.length ?? 0, document.operation).toBe(connections.length - cut)
  }
})
