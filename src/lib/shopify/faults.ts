import {ConfigError, CredentialError, RejectedError, RetryableError, type SyncError} from '../core/errors.ts'
import type {Effect, Reply} from './transport-types.ts'

/** What a fault needs to know of the request: its name, and whether sending it twice could do harm. */
export type Asked = Readonly<{operation: string; effect: Effect}>

/** One entry of a GraphQL `errors` array, as far as it is used here. */
type GraphqlError = Readonly<{
  message: string
  code: string | null
  extensions: Readonly<Record<string, unknown>>
}>

const RETRY_MS = 1000
/** 430 carries no Retry-After; Shopify asks to back off. */
const SECURITY_BACKOFF_MS = 10_000

/** Codes of a connection that failed before anything was sent (Node.js, `errors` and `dns`; undici, "Errors"). */
const NOT_SENT = new Set([
  'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT',
]) // prettier-ignore

/**
 * A failure of the connection. The library's own error is left behind with all that it may carry of the request.
 * What has no code is no failure of a connection, and is thrown on.
 */
export function networkFault(error: unknown, asked: Asked): SyncError {
  const {name, message, ...rest} = error as {name: string; code?: string; message: string}
  // The signal that bounds the time has an error of its own, with a number of the DOM for its code.
  const code = name === 'TimeoutError' ? 'ETIMEDOUT' : rest.code
  if (code === undefined) throw error
  const cause = new Error(`${code}: ${message}`)
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code)) {
    return new ConfigError('SHOPIFY_CERTIFICATE', `the certificate of Shopify was not accepted: ${message}`, {
      hint: 'check SHOPIFY_SHOP and SHOPIFY_API_URL, the clock, and whether a proxy replaces certificates',
      cause,
    })
  }
  if (code === 'ERR_INVALID_URL' || code === 'UND_ERR_INVALID_ARG') return notFound(message)
  if (NOT_SENT.has(code)) {
    return new RetryableError('SHOPIFY_UNREACHABLE', `${asked.operation}: Shopify was not reached: ${message}`, {
      hint: 'check the network and SHOPIFY_SHOP; the work waits and is tried again',
      retryAfterMs: RETRY_MS,
      cause,
    })
  }
  return new RetryableError('SHOPIFY_REPLY_LOST', `${asked.operation}: no whole answer came back: ${message}`, {
    hint: 'nothing to do: it is tried again, a write only after looking whether it arrived',
    retryAfterMs: RETRY_MS,
    outcomeUnknown: asked.effect === 'once',
    cause,
  })
}

/** An answer with an HTTP status other than 200. Table of statuses: shopify.dev, "API response status codes". */
export function statusFault(reply: Reply, asked: Asked): SyncError {
  const {status} = reply
  const said = `${asked.operation}: HTTP ${status}: ${firstText(reply.body)}`
  const make = BY_STATUS[status]
  if (make !== undefined) return make(said, reply)
  if (status >= 500) return serverFault(said, asked)
  if (status < 400) return notFound(said)
  return refused(said)
}

const BY_STATUS: Readonly<Record<number, (said: string, reply: Reply) => SyncError>> = {
  401: tokenRefused,
  402: shopUnavailable,
  403: (said) => accessDenied(said, []),
  404: notFound,
  423: shopUnavailable,
  429: (said, reply) => throttled(said, retryAfterMs(reply) ?? RETRY_MS),
  430: (said, reply) => throttled(said, retryAfterMs(reply) ?? SECURITY_BACKOFF_MS),
}

/**
 * The errors of an answer with HTTP 200. `waitMs` is the wait that its throttle status asks for.
 * Of several, the one that stops the most decides. Codes: shopify.dev, "GraphQL Admin API, status and error codes".
 */
export function graphqlFault(errors: readonly GraphqlError[], asked: Asked, waitMs: number): SyncError {
  const said = `${asked.operation}: ${clip(errors.map((error) => error.message).join('; '))}`
  const codes = new Set(errors.map((error) => error.code))
  if (codes.has('ACCESS_DENIED')) return accessDenied(said, scopesIn(errors))
  if (codes.has('SHOP_INACTIVE')) return shopUnavailable(said)
  if (codes.has('THROTTLED')) return throttled(said, waitMs)
  if (codes.has('MAX_COST_EXCEEDED')) return costExceeded(said)
  if (codes.has('INTERNAL_SERVER_ERROR')) return serverFault(said, asked)
  return refused(said)
}

/** Something that is no JSON: a page of a proxy, or an answer that ends too early. */
export function unreadable(reply: Reply, asked: Asked): SyncError {
  const kind = /^\s*</.test(reply.body) ? 'HTML' : 'no JSON'
  return new RetryableError('SHOPIFY_ANSWER_UNREADABLE', `${asked.operation}: the answer is ${kind}`, {
    hint: 'if it stays so, look which proxy or page answers in place of Shopify',
    retryAfterMs: RETRY_MS,
    outcomeUnknown: asked.effect === 'once',
  })
}

/** JSON, but not what the schema promises. `path` names the place. */
export function malformed(operation: string, path: string, what: string, subject?: string): RejectedError {
  return new RejectedError('SHOPIFY_ANSWER_MALFORMED', `${operation}: the answer is wrong at ${path}: ${what}`, {
    hint: 'run doctor; if the API version is the pinned one, report the path and the request id',
    subject,
  })
}

/** The errors of the API come as an array of objects, as an object, or as a plain text; all become one list. */
export function readErrors(errors: unknown): GraphqlError[] {
  if (errors === undefined || errors === null) return []
  if (Array.isArray(errors)) return errors.map((error) => readError(error))
  if (typeof errors === 'object') {
    return Object.entries(errors).map(([key, value]) => ({message: `${key}: ${asText(value)}`, ...NO_CODE}))
  }
  return [{message: asText(errors), ...NO_CODE}]
}

const NO_CODE = {code: null, extensions: {}} as const

function readError(error: unknown): GraphqlError {
  if (typeof error !== 'object' || error === null) return {message: asText(error), ...NO_CODE}
  const {message, extensions} = error as {message?: unknown; extensions?: Record<string, unknown> | null}
  const code = extensions?.['code']
  return {
    message: asText(message ?? error),
    code: typeof code === 'string' ? code : null,
    extensions: extensions ?? {},
  }
}

function tokenRefused(said: string): CredentialError {
  return new CredentialError('SHOPIFY_TOKEN_REFUSED', said, {
    hint: 'renew SHOPIFY_ACCESS_TOKEN, or SHOPIFY_CLIENT_ID and SHOPIFY_CLIENT_SECRET, then run doctor',
  })
}

/** The token endpoint refused the client credentials. `said` must hold no secret. */
export function credentialsRefused(said: string): CredentialError {
  return new CredentialError('SHOPIFY_TOKEN_REFUSED', `no access token was given: ${clip(said)}`, {
    hint: 'check SHOPIFY_CLIENT_ID and SHOPIFY_CLIENT_SECRET, and that the app is installed on this shop',
  })
}

function accessDenied(said: string, scopes: readonly string[]): CredentialError {
  const hint = /protected-customer-data|not approved/.test(said)
    ? 'the app lacks access to protected customer data: set its distribution to Custom, or request the access'
    : scopes.length > 0
      ? `grant the app the access scope ${scopes.join(', ')}, then release and install that version`
      : 'grant the app the access it lacks; doctor lists what is needed'
  return new CredentialError('SHOPIFY_ACCESS_DENIED', said, {hint})
}

function shopUnavailable(said: string): CredentialError {
  return new CredentialError('SHOPIFY_SHOP_UNAVAILABLE', said, {
    hint: 'the shop is frozen, locked or closed: its owner settles that in the Shopify admin',
  })
}

function notFound(said: string): ConfigError {
  return new ConfigError('SHOPIFY_NOT_FOUND', said, {
    hint: 'check SHOPIFY_SHOP (the myshopify.com name) and SHOPIFY_API_URL',
  })
}

function throttled(said: string, waitMs: number): RetryableError {
  return new RetryableError('SHOPIFY_THROTTLED', said, {
    hint: 'nothing to do: it is tried again when Shopify allows it',
    retryAfterMs: waitMs,
  })
}

function serverFault(said: string, asked: Asked): RetryableError {
  return new RetryableError('SHOPIFY_SERVER_FAULT', said, {
    hint: 'nothing to do: it is tried again; look at shopifystatus.com if it lasts',
    retryAfterMs: RETRY_MS,
    outcomeUnknown: asked.effect === 'once',
  })
}

function costExceeded(said: string): RejectedError {
  return new RejectedError('SHOPIFY_COST_EXCEEDED', said, {
    hint: 'a query of ours is too large for one request; report it with the order',
  })
}

function refused(said: string): RejectedError {
  return new RejectedError('SHOPIFY_REQUEST_REFUSED', said, {
    hint: 'Shopify did not understand the request; run doctor, compare the API version, report the message',
  })
}

/** Retry-After in milliseconds. Shopify sends seconds as a decimal text, "4.0". */
function retryAfterMs(reply: Reply): number | null {
  const seconds = Number.parseFloat(reply.headers['retry-after'] ?? '')
  return Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds * 1000) : null
}

function scopesIn(errors: readonly GraphqlError[]): string[] {
  const text = errors.map((error) => `${error.message} ${asText(error.extensions['requiredAccess'] ?? '')}`).join(' ')
  return [...new Set([...text.matchAll(/`([a-z_]+)`/g)].map((match) => match[1] ?? ''))]
}

/** The readable part of a body that is JSON with `errors`, or anything else. */
function firstText(body: string): string {
  if (/^\s*</.test(body)) return 'an HTML page'
  try {
    const errors = readErrors((JSON.parse(body) as {errors?: unknown}).errors)
    return clip(errors.map((error) => error.message).join('; ') || 'no reason given')
  } catch (error) {
    return error instanceof SyntaxError ? 'no JSON' : 'no reason given'
  }
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** One line of bounded length, for messages. */
function clip(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 300 ? `${line.slice(0, 299)}…` : line
}
