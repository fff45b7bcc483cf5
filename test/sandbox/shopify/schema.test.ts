import {existsSync, readFileSync} from 'node:fs'

import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isSpecifiedScalarType,
  isUnionType,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLNamedType,
} from 'graphql'
import {describe, expect, test} from 'vitest'

import {executableSchema, schemaText} from '../../../src/sandbox/shopify/schema.ts'

const real = new URL('../../../../shared/shopify-schema/admin-2026-10.graphql', import.meta.url)
if (!existsSync(real)) console.warn('SKIPPED: the sandbox is not compared with the real Admin schema, which is absent')

/** What an argument or input field promises: its type and its default. */
function signature(one: GraphQLArgument | GraphQLInputField): string {
  return `${one.name}: ${String(one.type)} = ${JSON.stringify(one.defaultValue)}`
}

/** Everything about a type that a client can rely on, one line each. */
function facts(type: GraphQLNamedType): string[] {
  if (isEnumType(type)) return type.getValues().map((value) => `value ${value.name}`)
  if (isUnionType(type)) return type.getTypes().map((member) => `member ${member.name}`)
  if (isInputObjectType(type)) return Object.values(type.getFields()).map((field) => `input ${signature(field)}`)
  if (!isObjectType(type) && !isInterfaceType(type)) return []
  const fields = Object.values(type.getFields()).flatMap((field) => [
    `field ${field.name}: ${String(field.type)}${field.deprecationReason === undefined ? '' : ' deprecated'}`,
    ...field.args.map((argument) => `argument ${field.name}(${signature(argument)})`),
  ])
  return [...fields, ...type.getInterfaces().map((one) => `implements ${one.name}`)]
}

/** Arguments and input fields without which the real server refuses a request. */
function demands(type: GraphQLNamedType, fields: ReadonlySet<string>): string[] {
  if (isInputObjectType(type)) {
    return Object.values(type.getFields())
      .filter((field) => isRequiredInputField(field))
      .map((field) => `input ${field.name}`)
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return []
  return Object.values(type.getFields())
    .filter((field) => fields.has(field.name))
    .flatMap((field) => field.args.filter(isRequiredArgument).map((one) => `argument ${field.name}(${one.name})`))
}

describe.runIf(existsSync(real))('the schema of the sandbox', () => {
  // The body of a suite runs also where the suite is left out.
  const theirs = buildSchema(existsSync(real) ? readFileSync(real, 'utf8') : 'type Query { absent: Int }', {
    assumeValid: true,
  })
  const ours = buildSchema(schemaText())
  const types = Object.values(ours.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  )

  test('every type stands alike in Shopify’s Admin schema 2026-10, down to arguments, defaults and nullability', () => {
    const differences = types.flatMap((type) => {
      const other = theirs.getType(type.name)
      if (other === undefined || other.constructor !== type.constructor) return [`${type.name} is not such a type`]
      const known = new Set(facts(other))
      return facts(type)
        .filter((fact) => !known.has(fact))
        .map((fact) => `${type.name}: ${fact}`)
    })
    expect(types.length).toBeGreaterThan(100)
    expect(differences).toEqual([])
  })

  test('whatever Shopify demands of a request, the sandbox demands too', () => {
    const missing = types.flatMap((type) => {
      const other = theirs.getType(type.name) as GraphQLNamedType
      const fields = new Set(isObjectType(type) || isInterfaceType(type) ? Object.keys(type.getFields()) : [])
      const demanded = new Set(demands(type, fields))
      return demands(other, fields)
        .filter((one) => !demanded.has(one))
        .map((one) => `${type.name}: ${one}`)
    })
    expect(missing).toEqual([])
  })

  test('enumerations are complete, so that no value surprises a client later', () => {
    for (const type of types.filter(isEnumType)) {
      expect(facts(type), type.name).toEqual(facts(theirs.getType(type.name) as GraphQLNamedType))
    }
  })

  test('the roots and the directives are Shopify’s', () => {
    expect(ours.getQueryType()?.name).toBe(theirs.getQueryType()?.name)
    expect(ours.getMutationType()?.name).toBe(theirs.getMutationType()?.name)
    for (const directive of ours.getDirectives()) {
      const other = theirs.getDirective(directive.name)
      expect(other?.args.map(signature), directive.name).toEqual(directive.args.map(signature))
    }
  })
})

test('the schema is valid and can be executed', () => {
  expect(executableSchema().getQueryType()?.name).toBe('QueryRoot')
  expect(() => buildSchema(schemaText())).not.toThrow()
})
