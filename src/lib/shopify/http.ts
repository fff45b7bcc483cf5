import type {Dispatcher} from 'undici'

import {decoded} from '../core/decoded.ts'
import type {Reply} from './transport-types.ts'

/** Sends one POST. Rejects with the connection's error when no whole answer came; any HTTP status is an answer. */
export type Http = Readonly<{
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Reply>
  /** Closes idle connections. */
  close(): void
}>

/** An answer is read up to this size. 250 lines with all their fields are about 0.5 MB. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024

/** How long an idle connection is kept where the other side says nothing about it. */
const KEEP_ALIVE_MS = 10_000

/**
 * HTTP with kept-alive connections and bounds on time and size, without retries and redirects. `timeoutMs` bounds a whole
 * request. The library is loaded with the first request, so that commands which need no network start without it.
 */
export function createHttp(timeoutMs: number): Http {
  let opened: Dispatcher | undefined

  async function post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Reply> {
    const {Agent, request} = await import('undici')
    opened ??= new Agent({
      connect: {timeout: Math.min(timeoutMs, 10_000)},
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    const answer = await request(url, {
      method: 'POST',
      headers: {'accept-encoding': 'gzip', ...headers},
      body,
      dispatcher: opened,
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await readAll(decoded(answer.body, answer.headers['content-encoding']))
    return {status: answer.statusCode, headers: flat(answer.headers), body: text}
  }

  return {post, close: () => void opened?.destroy()}
}

/** Leaving the loop destroys the stream, so nothing more is received after the bound. */
async function readAll(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > MAX_ANSWER_BYTES) throw new AnswerTooLarge(MAX_ANSWER_BYTES)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** More was sent than any answer to our questions can be. */
export class AnswerTooLarge extends Error {
  constructor(bytes: number) {
    super(`the answer is larger than ${bytes} bytes`)
    this.name = 'AnswerTooLarge'
  }
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const entries = Object.entries(headers).filter((entry) => entry[1] !== undefined)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  )
}
