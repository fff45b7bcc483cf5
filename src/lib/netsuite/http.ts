import type {Dispatcher, request as Ask} from 'undici'

import {decoded} from '../core/decoded.ts'
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
/** How long an idle connection is kept where the other side says nothing about it. */
const KEEP_ALIVE_MS = 10_000

/** Codes of a connection that never carried the request: nothing can have happened. */
const NOT_SENT = new Set([
  'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'ERR_TLS_CERT_ALTNAME_INVALID', 'UND_ERR_CONNECT_TIMEOUT',
]) // prettier-ignore

/**
 * One HTTP exchange at a time over kept connections, without retries and redirects: the governor retries, and a
 * redirect would carry a signature to an address that it was not made for. Any status is an answer. Throws
 * RetryableError NETSUITE_UNREACHABLE (never sent), NETSUITE_REPLY_LOST (sent, no reply) or NETSUITE_ANSWER_MALFORMED
 * (larger than `maxBytes`, or not UTF-8).
 */
export function createHttp(maxBytes: number): Http {
  let opened: Dispatcher | undefined
  return {
    async send(request) {
      const {Agent, request: ask} = await import('undici')
      // The time of the whole request bounds its parts; an answer is refused by its size where it is read.
      opened ??= new Agent({
        connect: {timeout: CONNECT_TIMEOUT_MS},
        keepAliveTimeout: KEEP_ALIVE_MS,
        headersTimeout: 0,
        bodyTimeout: 0,
      })
      return exchange(request, ask, opened, maxBytes)
    },
    close: () => void opened?.destroy(),
  }
}

async function exchange(
  request: HttpRequest,
  ask: typeof Ask,
  dispatcher: Dispatcher,
  maxBytes: number,
): Promise<HttpAnswer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    const {statusCode, headers, body} = await ask(request.url, {
      method: request.method,
      headers: {'accept-encoding': 'gzip', ...request.headers},
      body: request.body,
      dispatcher,
      signal: AbortSignal.timeout(request.timeoutMs),
    })
    for await (const chunk of decoded(body, headers['content-encoding'])) {
      size += chunk.length
      if (size > maxBytes) break // which ends the connection, too
      chunks.push(chunk)
    }
    if (size <= maxBytes) return {status: statusCode, headers: flat(headers), body: textOf(request, chunks)}
  } catch (error) {
    if (error instanceof RetryableError) throw error
    throw lostOrNotSent(request, error)
  }
  throw answerMalformed(request.operation, request.write, `over ${maxBytes} bytes`)
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const result: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) result[name] = String(value)
  return result
}

function textOf(request: HttpRequest, chunks: readonly Buffer[]): string {
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(Buffer.concat(chunks))
  } catch (cause) {
    throw answerMalformed(request.operation, request.write, 'it is not UTF-8 text', cause)
  }
}

function lostOrNotSent(request: HttpRequest, cause: unknown): RetryableError {
  const code = codeOf(cause)
  const where = new URL(request.url).host
  if (NOT_SENT.has(code)) {
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

/** The signal's own error has a number of the DOM for its code. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  if (error.name === 'TimeoutError') return 'ETIMEDOUT'
  return 'code' in error ? String(error.code) : ''
}
