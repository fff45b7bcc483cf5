import {
  execute,
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  validate,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'

import type {Bucket} from './bucket.ts'
import {actualCost, requestedCost, type FieldCost, type Priced} from './cost.ts'
import {isJson, type Json} from './json.ts'
import {root, type Context} from './resolvers.ts'
import {executableSchema} from './schema.ts'
import {asShopifyError} from './validation-errors.ts'

/** A request of a client, as it stood in the body. */
export type Request = Readonly<{query: string; variables: Json; operationName: string | null}>

/** A request that may be executed: valid, and its cost known. */
export type Prepared = Readonly<{
  document: DocumentNode
  priced: Priced
  isMutation: boolean
  cost: number
  fields: readonly FieldCost[]
}>

/** The body of an answer. All of them travel as HTTP 200. */
export type Answer = Json

/** The most that one query may ask for, on every plan (Shopify: API limits). */
const MOST = 1000

const LIMITS_PAGE = 'https://shopify.dev/api/usage/rate-limits'

/** How many distinct query texts stay parsed and validated. */
const DOCUMENTS = 500

type Checked = Readonly<{document: DocumentNode; errors: readonly GraphQLError[]}>

/** A GraphQL server in Shopify's manner: it validates, prices, admits and executes. */
export class GraphQLServer {
  readonly #schema: GraphQLSchema = executableSchema()
  readonly #checked = new Map<string, Checked>()

  /** Gives what may be executed, or the answer that refuses it: invalid, or dearer than one query may be. */
  prepare(request: Request, withFields: boolean): Prepared | Answer {
    const {document, errors} = this.#check(request.query)
    if (errors.length > 0) return {errors: errors.map(asShopifyError)}
    const operation = operationOf(document, request.operationName)
    if (operation === null) return {errors: [{message: 'An operation name is required'}]}
    const priced = {schema: this.#schema, operation, fragments: fragmentsOf(document), variables: request.variables}
    const fields: FieldCost[] = []
    const cost = requestedCost(priced, withFields ? (field) => fields.push(field) : undefined)
    if (cost > MOST) return tooDear(cost)
    return {document, priced, isMutation: operation.operation === OperationTypeNode.MUTATION, cost, fields}
  }

  /** Executes what was admitted; the bucket, which holds the requested cost already, is charged the actual one. */
  async run(
    prepared: Prepared,
    context: Context,
    bucket: Bucket,
  ): Promise<Readonly<{body: Answer; actualCost: number}>> {
    const {document, priced, cost, fields} = prepared
    const result = await execute({
      schema: this.#schema,
      document,
      rootValue: root,
      contextValue: context,
      variableValues: priced.variables,
      operationName: priced.operation.name?.value ?? null,
    })
    const actualQueryCost = Math.min(cost, actualCost(priced, result.data))
    bucket.giveBack(cost - actualQueryCost)
    const errors = result.errors?.map(asShopifyError)
    const costs = {requestedQueryCost: cost, actualQueryCost, throttleStatus: bucket.status()}
    const body = {
      ...(result.data === undefined ? {} : {data: result.data}),
      ...(errors === undefined ? {} : {errors}),
      extensions: {
        cost: fields.length === 0 ? costs : {...costs, fields},
        ...(context.searches.length === 0 ? {} : {search: context.searches}),
      },
    }
    return {body, actualCost: actualQueryCost}
  }

  #check(query: string): Checked {
    const held = this.#checked.get(query)
    if (held !== undefined) return held
    const checked = check(this.#schema, query)
    if (this.#checked.size >= DOCUMENTS) this.#checked.clear()
    this.#checked.set(query, checked)
    return checked
  }
}

function check(schema: GraphQLSchema, query: string): Checked {
  try {
    const document = parse(query)
    return {document, errors: validate(schema, document)}
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    return {document: {kind: Kind.DOCUMENT, definitions: []}, errors: [error]}
  }
}

function operationOf(document: DocumentNode, name: string | null): OperationDefinitionNode | null {
  const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION)
  const fitting = name === null ? operations : operations.filter((one) => one.name?.value === name)
  return fitting.length === 1 ? (fitting[0] ?? null) : null
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = document.definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION)
  return new Map(fragments.map((one) => [one.name.value, one]))
}

/** Names an operation for statistics and faults: its own name, else its first field. */
export function operationName(prepared: Prepared): string {
  const {operation} = prepared.priced
  const first = operation.selectionSet.selections[0]
  return operation.name?.value ?? (first?.kind === Kind.FIELD ? first.name.value : 'anonymous')
}

export function isPrepared(prepared: Prepared | Answer): prepared is Prepared {
  return 'priced' in prepared
}

/** Reads the body of a request; null where Shopify answers 400. */
export function readRequest(body: unknown): Request | null {
  if (!isJson(body) || typeof body.query !== 'string' || body.query.trim() === '') return null
  const operation = typeof body.operationName === 'string' && body.operationName !== '' ? body.operationName : null
  return {query: body.query, variables: isJson(body.variables) ? body.variables : {}, operationName: operation}
}

/** No room in the bucket: HTTP 200 without data and without Retry-After. */
export function throttled(cost: number, bucket: Bucket, available?: number): Answer {
  const status = bucket.status()
  const throttleStatus = {...status, currentlyAvailable: available ?? status.currentlyAvailable}
  return {
    errors: [{message: 'Throttled', extensions: {code: 'THROTTLED', documentation: LIMITS_PAGE}}],
    extensions: {cost: {requestedQueryCost: cost, actualQueryCost: null, throttleStatus}},
  }
}

/** Too dear whatever the bucket holds; has no extensions of its own. */
function tooDear(cost: number): Answer {
  const message = `Query cost is ${cost}, which exceeds the single query max cost limit (${MOST}).\n\nSee ${LIMITS_PAGE} for more information on how the cost of a query is calculated.`
  const extensions = {code: 'MAX_COST_EXCEEDED', cost, maxCost: MOST, documentation: LIMITS_PAGE}
  return {errors: [{message, extensions}]}
}

export function internalError(requestId: string): Answer {
  const message = `Internal error. Looks like something went wrong on our end.\nRequest ID: ${requestId} (include this in support requests).`
  return {errors: [{message, extensions: {code: 'INTERNAL_SERVER_ERROR', requestId}}]}
}
