import {pipeline, type Readable} from 'node:stream'
import {createGunzip} from 'node:zlib'

/**
 * The bytes of an answer as they were before they were packed, for requests that say `accept-encoding: gzip`. What breaks the
 * answer off, or is no gzip, is thrown to the reader; a reader that leaves ends the answer.
 */
export function decoded(body: Readable, encoding: string | string[] | undefined): AsyncIterable<Buffer> {
  if (encoding !== 'gzip') return body
  return pipeline(body, createGunzip(), () => undefined) // its reader is told
}
