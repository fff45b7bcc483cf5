import {Agent as HttpAgent} from 'node:http'
import {Agent as HttpsAgent} from 'node:https'

import type {Reply} from './transport-types.ts'

/** Sends one POST. Rejects with got's error when no whole answer came; any HTTP status is an answer. */
export type Http = Readonly<{
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Reply>
  /** Closes idle connections. */
  close(): void
}>

/** An answer is read up to this size. 250 lines with all their fields are about 0.5 MB. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024

/**
 * HTTP with kept-alive connections and bounds on time and size. `timeoutMs` bounds a whole request.
 * got is loaded with the first request, so that commands which need no network start without it.
 */
export function createHttp(timeoutMs: number): Http {
  const agent = {http: new HttpAgent({keepAlive: true}), https: new HttpsAgent({keepAlive: true})}

  async function post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Reply> {
    const {default: got} = await import('got')
    const stream = got.stream.post(url, {
      headers,
      body,
      agent,
      followRedirect: false,
      throwHttpErrors: false,
      retry: {limit: 0},
      timeout: {connect: Math.min(timeoutMs, 10_000), request: timeoutMs},
    })
    const head = Promise.withResolvers<Omit<Reply, 'body'>>()
    stream.once(
      'response',
      (response: {statusCode: number; headers: Record<string, string | string[] | undefined>}) => {
        head.resolve({status: response.statusCode, headers: flat(response.headers)})
      },
    )
    const text = await readAll(stream as AsyncIterable<Buffer>)
    return {...(await head.promise), body: text}
  }

  function close(): void {
    agent.http.destroy()
    agent.https.destroy()
  }

  return {post, close}
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
