import type {IncomingMessage, ServerResponse} from 'node:http'

/** An answer before it is sent. A string goes out as it is, anything else as JSON. */
export type HttpAnswer = Readonly<{status: number; body: unknown; headers?: Readonly<Record<string, string>>}>

/** How an answer is spoilt on its way: half of it, or none, and the socket is destroyed. */
export type Delivery = 'whole' | 'half' | 'none'

/** More than any client sends; orders are loaded in bulk. */
const LARGEST_BODY = 256 * 1024 * 1024

/** Reads a body as text. Throws RangeError when it is larger than a sandbox needs. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST_BODY) throw new RangeError('the body is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Sends an answer, or the part of it that its delivery leaves. */
export function send(
  response: ServerResponse,
  {status, body, headers = {}}: HttpAnswer,
  print: (body: unknown) => string,
  delivery: Delivery = 'whole',
): void {
  if (delivery === 'none') {
    response.socket?.destroy()
    return
  }
  const bytes = Buffer.from(typeof body === 'string' ? body : print(body), 'utf8')
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes.length,
    ...headers,
  })
  if (delivery === 'half') response.write(bytes.subarray(0, bytes.length >> 1), () => response.socket?.destroy())
  else response.end(bytes)
}

export function isLoopback(request: IncomingMessage): boolean {
  const address = request.socket.remoteAddress ?? ''
  return address === '::1' || /^(::ffff:)?127\./.test(address)
}
