import {readFileSync} from 'node:fs'

import {
  buildSchema,
  defaultFieldResolver,
  isEnumType,
  isObjectType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql'

import type {PageArguments} from './connection.ts'
import {fulfillmentOrdersOf} from './fulfilling/api.ts'
import type {Context} from './resolvers.ts'
import {guardScopes} from './scopes.ts'

/** The text of the part of the Admin schema that the sandbox plays. */
export function schemaText(): string {
  return readFileSync(new URL('schema.graphql', import.meta.url), 'utf8')
}

/** The schema, ready to execute: fields are guarded by scope, and metafields come from the request's shop. */
export function executableSchema(): GraphQLSchema {
  const schema = buildSchema(schemaText(), {assumeValid: true})
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
    for (const field of Object.values<GraphQLField<unknown, Context>>(type.getFields())) tolerateUnknownValues(field)
    if (!type.getInterfaces().some((one) => one.name === 'HasMetafields')) continue
    const {metafield, metafields} = type.getFields()
    if (metafield !== undefined) metafield.resolve = findMetafield
    if (metafields !== undefined) metafields.resolve = pageMetafields
  }
  const orders = schema.getType('Order')
  const planned = isObjectType(orders) ? orders.getFields().fulfillmentOrders : undefined
  if (planned !== undefined) planned.resolve = fulfillmentOrdersOf
  guardScopes(schema)
  return schema
}

/** A document of another API version may hold a value that an enumeration lacks: where null is allowed it reads as null. */
function tolerateUnknownValues(field: GraphQLField<unknown, Context>): void {
  const {type} = field
  if (!isEnumType(type)) return
  field.resolve = (...given) => {
    const value: unknown = defaultFieldResolver(...given)
    return typeof value === 'string' && type.getValue(value) === undefined ? null : value
  }
}

type Owner = Readonly<{id: string}>

function findMetafield(owner: Owner, given: Readonly<{namespace?: string | null; key: string}>, {shop}: Context) {
  return shop.metafields.find(owner.id, given.namespace, given.key)
}

function pageMetafields(owner: Owner, given: PageArguments, {shop}: Context) {
  return shop.metafields.page(owner.id, given)
}
