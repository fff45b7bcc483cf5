import type {IncomingMessage, ServerResponse} from 'node:http'

/** REST allows 104 MB, SOAP 100 MB (NetSuite help chapter_161251386312, section_N3418637). */
const MOST_BYTES = 104 * 1024 * 1024

export type Answer = Readonly<{
  status: number
  headers: Readonly<Record<string, string>>
  body: string
  /** Records that the request concerned, for the figures and for perRecordMs. */
  records: number
}>

/** How an answer leaves: whole, cut in half, or not at all. */
export type Delivery = 'whole' | 'lost' | 'cut' | 'malformed'

/** Reads the body; null when it exceeds what NetSuite takes. */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MOST_BYTES) return null
    chunks.push(chunk)
  }
  return chunks.length === 1 ? (chunks[0]?.toString() ?? '') : Buffer.concat(chunks).toString()
}

export function deliver(response: ServerResponse, answer: Answer, delivery: Delivery): void {
  if (delivery === 'lost') {
    response.destroy()
    return
  }
  const body = Buffer.from(delivery === 'malformed' ? brokenText(answer.body) : answer.body)
  const length = {'content-length': String(body.length)}
  response.writeHead(answer.status, answer.status === 204 ? answer.headers : {...answer.headers, ...length})
  if (delivery !== 'cut') {
    response.end(answer.status === 204 ? undefined : body)
    return
  }
  // The header promises the whole; the connection ends half-way.
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy())
}

/** Text that no parser takes: the first two thirds of the answer, or a bare bracket. */
function brokenText(body: string): string {
  return body === '' ? '{' : body.slice(0, Math.ceil((body.length * 2) / 3))
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  const type = {'content-type': 'application/vnd.oracle.resource+json; type=singular; charset=UTF-8'}
  return {status, headers: {...type, ...headers}, body: body === undefined ? '' : JSON.stringify(body), records: 1}
}

/** What a proxy says instead of NetSuite. */
export function html(status: number, title: string): Answer {
  const body = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`
  return {status, headers: {'content-type': 'text/html; charset=utf-8'}, body, records: 0}
}
