import {Agent as HttpAgent} from 'node:http'
import {Agent as HttpsAgent} from 'node:https'

import {RetryableError} from '../core/errors.ts'
import {answerMalformed} from './faults.ts'

type HttpRequest = Readonly<{
  /** What is asked, for messages: "addList", "GET customer". */
  operation: string
  /** True where the request changes something: a lost reply then leaves the outcome unknown. */
  write: boolean
  method: 'GET' | 'POST' | 'PATCH' | 'PUT'
  url: string
  headers: Readonly<Record<string, string>>
  body: string | null
  timeoutMs: number
}>

/** Header names are in lower case. */
export type HttpAnswer = Readonly<{status: number; headers: Readonly<Record<string, string>>; body: string}>

export type Http = Readonly<{send(request: HttpRequest): Promise<HttpAnswer>; close(): void}>

const CONNECT_TIMEOUT_MS = 10_000

/** Errors and phases of a connection that never carried the request: nothing can have happened. */
const NOT_SENT = new Set([
  'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'ERR_TLS_CERT_ALTNAME_INVALID',
]) // prettier-ignore
const EARLY_PHASES = new Set(['lookup', 'connect', 'secureConnect', 'socket'])

/**
 * One HTTP exchange at a time over kept connections, without retries and redirects: the governor retries, and a
 * redirect would carry a signature to an address that it was not made for. Any status is an answer. Throws
 * RetryableError NETSUITE_UNREACHABLE (never sent), NETSUITE_REPLY_LOST (sent, no reply) or NETSUITE_ANSWER_MALFORMED
 * (larger than `maxBytes`, or not UTF-8).
 */
export function createHttp(maxBytes: number): Http {
  const agent = {http: new HttpAgent({keepAlive: true}), https: new HttpsAgent({keepAlive: true})}
  return {
    send: (request) => exchange(request, agent, maxBytes),
    close: () => {
      agent.http.destroy()
      agent.https.destroy()
    },
  }
}

type Agents = Readonly<{http: HttpAgent; https: HttpsAgent}>

async function exchange(request: HttpRequest, agent: Agents, maxBytes: number): Promise<HttpAnswer> {
  const {default: got, TimeoutError} = await import('got')
  const tooLarge = new AbortController()
  const pending = got(request.url, {
    method: request.method,
    headers: {...request.headers},
    ...(request.body === null ? {} : {body: request.body}),
    agent,
    retry: {limit: 0},
    followRedirect: false,
    throwHttpErrors: false,
    responseType: 'buffer',
    signal: tooLarge.signal,
    timeout: {connect: CONNECT_TIMEOUT_MS, secureConnect: CONNECT_TIMEOUT_MS, request: request.timeoutMs},
  })
  void pending.on('downloadProgress', ({transferred}) => {
    if (transferred > maxBytes) tooLarge.abort()
  })
  try {
    const response = await pending
    return {status: response.statusCode, headers: flat(response.headers), body: textOf(request, response.rawBody)}
  } catch (error) {
    if (error instanceof RetryableError) throw error
    if (tooLarge.signal.aborted) throw answerMalformed(request.operation, request.write, `over ${maxBytes} bytes`)
    throw lostOrNotSent(request, error, error instanceof TimeoutError ? error.event : null)
  }
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const result: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) result[name] = String(value)
  return result
}

function textOf(request: HttpRequest, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes)
  } catch (cause) {
    throw answerMalformed(request.operation, request.write, 'it is not UTF-8 text', cause)
  }
}

function lostOrNotSent(request: HttpRequest, cause: unknown, phase: string | null): RetryableError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const where = new URL(request.url).host
  if (NOT_SENT.has(code) || (phase !== null && EARLY_PHASES.has(phase))) {
    return new RetryableError('NETSUITE_UNREACHABLE', `${where} cannot be reached for ${request.operation} (${code})`, {
      retryAfterMs: 2000,
      hint: 'check the network, the proxy and NETSUITE_ACCOUNT; nothing was sent',
      cause,
    })
  }
  return new RetryableError('NETSUITE_REPLY_LOST', `no reply of ${where} to ${request.operation} (${code})`, {
    retryAfterMs: 5000,
    outcomeUnknown: request.write,
    hint: 'the request may have been carried out; it is looked up before it is sent again',
    cause,
  })
}
