import {createHmac} from 'node:crypto'
import {Agent, createServer, request as send, type IncomingHttpHeaders, type IncomingMessage} from 'node:http'
import type {AddressInfo} from 'node:net'

/** What the relay saw of one delivery id. */
export type Witnessed = {topic: string; shopifyId: string; isGenuine: boolean; acknowledged: number; refused: number}

/**
 * The load balancer before the listeners of both hosts, and the witness of what they answered: it notes which deliveries
 * were acknowledged, and verifies signatures by itself.
 */
export type Relay = Readonly<{url: string; seen: ReadonlyMap<string, Witnessed>; stop(): Promise<void>}>

type Reply = Readonly<{status: number; body: Buffer}>

export async function startRelay(ports: readonly number[], secret: string): Promise<Relay> {
  const seen = new Map<string, Witnessed>()
  const agent = new Agent({keepAlive: true, maxSockets: 64})
  let turn = 0
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request)
      turn += 1
      const order = ports.map((_, i) => ports[(turn + i) % ports.length] ?? 0)
      const reply = await forward(agent, order, request, body)
      note(seen, request.headers, body, secret, reply?.status ?? null)
      response.writeHead(reply?.status ?? 502).end(reply?.body)
    })().catch(() => response.destroy())
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/webhooks/shopify`,
    seen,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      agent.destroy()
    },
  }
}

function note(
  seen: Map<string, Witnessed>,
  headers: IncomingHttpHeaders,
  body: Buffer,
  secret: string,
  status: number | null,
): void {
  const id = String(headers['x-shopify-webhook-id'])
  const isGenuine = createHmac('sha256', secret).update(body).digest('base64') === headers['x-shopify-hmac-sha256']
  const topic = String(headers['x-shopify-topic'])
  const entry = seen.get(id) ?? {topic, shopifyId: String(headers['x-shopify-order-id'] ?? ''), isGenuine, acknowledged: 0, refused: 0} // prettier-ignore
  if (status === 200) entry.acknowledged += 1
  else entry.refused += 1
  seen.set(id, entry)
}

/** The answer of the first listener that takes the connection; null when none does, or when it breaks. */
async function forward(
  agent: Agent,
  ports: readonly number[],
  request: IncomingMessage,
  body: Buffer,
): Promise<Reply | null> {
  for (const port of ports) {
    const reply = await attempt(agent, port, request, body)
    if (reply !== 'refused') return reply
  }
  return null
}

function attempt(
  agent: Agent,
  port: number,
  {method, url, headers}: IncomingMessage,
  body: Buffer,
): Promise<Reply | 'refused' | null> {
  return new Promise((resolve) => {
    const {connection: _connection, ...kept} = headers
    const sent = send({host: '127.0.0.1', port, method, path: url, headers: kept, agent, timeout: 6000}, (answer) => {
      bodyOf(answer).then(
        (bytes) => resolve({status: answer.statusCode ?? 0, body: bytes}),
        () => resolve(null),
      )
    })
    sent.on('timeout', () => sent.destroy())
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED' ? 'refused' : null))
    sent.end(body)
  })
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
