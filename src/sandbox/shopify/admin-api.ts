import type {IncomingMessage} from 'node:http'
import {setTimeout as wait} from 'node:timers/promises'

import type {Bucket} from './bucket.ts'
import {without, type FaultRule, type Faults} from './faults.ts'
import {
  internalError,
  isPrepared,
  operationName,
  readRequest,
  throttled,
  type Answer,
  type GraphQLServer,
  type Prepared,
} from './graphql.ts'
import {readBody, type Delivery, type HttpAnswer} from './http.ts'
import {isJson} from './json.ts'
import type {Tokens} from './oauth.ts'
import {randomHex} from './random.ts'
import type {Shop} from './resolvers.ts'
import type {Stats} from './stats.ts'
import {servedVersion} from './versions.ts'

/** The parts that the Admin API is made of. */
export type AdminParts = Readonly<{
  shop: Shop
  tokens: Tokens
  scopes: readonly string[]
  bucket: Bucket
  graphql: GraphQLServer
  faults: Faults
  stats: Stats
  latencyMs: number
  random: () => number
}>

type Delivered = Readonly<{answer: HttpAnswer; delivery: Delivery}>

/** Bodies of refusals by HTTP status (Shopify: API response status codes). */
const BODIES: Readonly<Record<number, unknown>> = {
  400: {errors: {query: 'Required parameter missing or invalid'}},
  401: {errors: '[API] Invalid API key or access token (unrecognized login or wrong password)'},
  402: {errors: "This shop's plan does not have access to this feature"},
  403: {errors: 'User does not have access'},
  404: {errors: 'Not Found'},
  423: {errors: 'This shop is unavailable'},
  429: {
    errors: 'Exceeded 4 calls per second for api client. Reduce request rates to resume uninterrupted service.',
  },
}

const PATH = /^\/admin\/(?:api\/(?:([\w-]+)\/)?graphql\.json|oauth\/(access_token|access_scopes\.json))$/

/** Answers a request to the Admin API or its OAuth endpoints; anything else is not found. */
export async function answerAdmin(parts: AdminParts, request: IncomingMessage): Promise<Delivered> {
  const {pathname} = new URL(request.url ?? '/', 'http://localhost')
  const match = PATH.exec(pathname)
  const [, version, oauth] = match ?? []
  const isGet = oauth === 'access_scopes.json'
  const kind = match === null ? 'unknown' : oauth === undefined ? 'graphql' : isGet ? 'scopes' : 'token'
  parts.stats.begin(kind)
  try {
    if (parts.latencyMs > 0) await wait(parts.latencyMs)
    const served = servedVersion(version ?? null)
    if (match === null || served === null || request.method !== (isGet ? 'GET' : 'POST')) return whole(refusal(404))
    if (kind === 'token') return await answerToken(parts, request)
    if (kind === 'scopes') return whole(isAllowed(parts, request) ? grantedScopes(parts) : refusal(401))
    return withHeaders(await answerGraphQL(parts, request), {
      'x-shopify-api-version': served,
      'x-request-id': requestId(parts),
      date: parts.shop.now().toUTCString(),
    })
  } finally {
    parts.stats.end()
  }
}

function withHeaders({answer, delivery}: Delivered, headers: Readonly<Record<string, string>>): Delivered {
  return {answer: {...answer, headers: {...headers, ...answer.headers}}, delivery}
}

function whole(answer: HttpAnswer): Delivered {
  return {answer, delivery: 'whole'}
}

function refusal(status: number): HttpAnswer {
  return {status, body: BODIES[status] ?? {errors: 'An unexpected error occurred'}}
}

function requestId({random}: AdminParts): string {
  return [8, 4, 4, 4, 12].map((digits) => randomHex(random, digits)).join('-')
}

/** Only this header counts; an Authorization header neither helps nor harms. */
function isAllowed({tokens}: AdminParts, request: IncomingMessage): boolean {
  const token = request.headers['x-shopify-access-token']
  return tokens.isValid(Array.isArray(token) ? token[0] : token)
}

function grantedScopes({scopes}: AdminParts): HttpAnswer {
  return {status: 200, body: {access_scopes: scopes.map((handle) => ({handle}))}}
}

/** The grant is asked for by a form; Shopify takes JSON as well. */
async function answerToken(parts: AdminParts, request: IncomingMessage): Promise<Delivered> {
  const text = await readBody(request)
  const fault = parts.faults.strike('token', () => false)
  const early = await beforehand(parts, fault, 0)
  if (early !== null) return early
  const isForm = !(request.headers['content-type'] ?? '').includes('json')
  const body = isForm ? null : parseOrNull(text)
  const entries = isJson(body)
    ? Object.entries(body).map(([key, value]) => [key, String(value)] as [string, string])
    : []
  const {status, body: granted} = parts.tokens.grant(isForm ? new URLSearchParams(text) : new URLSearchParams(entries))
  if (status !== 200) parts.stats.refused(`HTTP_${status}`)
  return spoilt({status, body: granted}, fault)
}

async function answerGraphQL(parts: AdminParts, request: IncomingMessage): Promise<Delivered> {
  const text = await readBody(request)
  const asked = readRequest(parseOrNull(text))
  const isDebugged = request.headers['shopify-graphql-cost-debug'] === '1'
  const prepared = asked === null ? null : parts.graphql.prepare(asked, isDebugged)
  const operation = prepared !== null && isPrepared(prepared) ? operationName(prepared) : 'invalid'
  parts.stats.operation(operation)
  const fault = parts.faults.strike(operation, (id) => new RegExp(`(?<!\\d)${id}(?!\\d)`).test(text))
  const cost = prepared !== null && isPrepared(prepared) ? prepared.cost : 0
  const early = await beforehand(parts, fault, cost)
  const isSearchDebugged = request.headers['shopify-search-query-debug'] === '1'
  const delivered =
    early ??
    (isAllowed(parts, request)
      ? spoilt(await answerPrepared(parts, prepared, isSearchDebugged), fault)
      : whole(refusal(401)))
  if (delivered.delivery !== 'none') count(parts.stats, delivered.answer)
  return delivered
}

async function answerPrepared(
  {graphql, bucket, shop, scopes, stats}: AdminParts,
  prepared: Prepared | Answer | null,
  isSearchDebugged: boolean,
): Promise<HttpAnswer> {
  if (prepared === null) return refusal(400)
  if (!isPrepared(prepared)) return {status: 200, body: prepared}
  if (!bucket.take(prepared.cost)) return {status: 200, body: throttled(prepared.cost, bucket)}
  const context = {shop, scopes: new Set(scopes), searches: [], isSearchDebugged}
  const {body, actualCost} = await graphql.run(prepared, context, bucket)
  stats.spent(prepared.cost, actualCost)
  return {status: 200, body}
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

const NOT_APPROVED =
  'This app is not approved to access the Order object. See https://shopify.dev/docs/apps/launch/protected-customer-data for more details.'

const PROXY_PAGE =
  '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>'

/** The answer of a fault that strikes before anything is executed; null when the request goes on. */
async function beforehand(parts: AdminParts, fault: FaultRule | null, cost: number): Promise<Delivered | null> {
  switch (fault?.kind) {
    case 'revoked':
      return whole(refusal(401))
    case 'throttled':
      return whole({status: 200, body: throttled(cost, parts.bucket, 0)})
    case 'internal-error':
      return whole({status: 200, body: internalError(requestId(parts))})
    case 'access-denied':
      return whole({
        status: 200,
        body: {data: null, errors: [{message: NOT_APPROVED, extensions: {code: 'ACCESS_DENIED'}}]},
      })
    case 'http-status':
      return whole(statusFault(fault))
    case 'html':
      return whole({status: 200, body: PROXY_PAGE, headers: {'content-type': 'text/html'}})
    case 'reset':
      return {answer: refusal(500), delivery: 'none'}
    case 'delay':
      await wait(fault.delayMs)
      return null
    default:
      return null
  }
}

function statusFault({status, body, retryAfter}: FaultRule): HttpAnswer {
  const wanted = retryAfter ?? (status === 429 ? '2.0' : null)
  const headers = wanted === null ? {} : {'retry-after': wanted}
  return {status, body: body ?? refusal(status).body, headers}
}

/** The answer as a fault leaves it that strikes after execution. */
function spoilt(answer: HttpAnswer, fault: FaultRule | null): Delivered {
  if (fault?.kind === 'lost-reply') return {answer, delivery: 'none'}
  if (fault?.kind === 'cut') return {answer, delivery: 'half'}
  if (fault?.kind !== 'malformed' || !isJson(answer.body)) return whole(answer)
  return whole({...answer, body: {...answer.body, data: without(answer.body.data, fault.field)}})
}

function count(stats: Stats, {status, body}: HttpAnswer): void {
  if (status >= 400) stats.refused(`HTTP_${status}`)
  const errors = isJson(body) && Array.isArray(body.errors) ? body.errors.filter(isJson) : []
  for (const error of errors) {
    const code = isJson(error.extensions) ? error.extensions.code : undefined
    stats.refused(typeof code === 'string' ? code : 'UNNAMED')
  }
}
