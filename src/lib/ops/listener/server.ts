import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'

import {ConfigError} from '../../core/errors.ts'
import {createComplaints} from './complaints.ts'
import {tellMalformed} from './malformed.ts'
import {createMetrics, type Metrics} from './metrics.ts'
import {createRoutes, type RouteBounds, type RouteOptions} from './routes.ts'

type ListenerBounds = RouteBounds &
  Readonly<{
    /** From the first byte of a request to the last of its headers, and to its end. */
    headersMs: number
    requestMs: number
    /** How long stop() waits for requests that are under way. */
    drainMs: number
    connectionsMax: number
  }>

export type ListenerOptions = RouteOptions &
  Readonly<{
    host: string
    /** 0: a free one. */
    port: number
    /** Takes one line of JSON. */
    log: (line: string) => void
    bounds?: Partial<ListenerBounds>
  }>

/** How many deliveries came to what, since the start. */
export type ListenerTotals = Readonly<{
  recorded: number
  seen: number
  ignored: number
  unreadable: number
  refused: number
}>

export type Listener = Readonly<{
  url: string
  /** Takes no more connections, answers what is under way, and gives the totals. */
  stop(): Promise<ListenerTotals>
}>

/** Shopify gives up after 5 s (shopify.dev, "Verify webhook deliveries"); bodies of its largest orders are about a megabyte. */
const BOUNDS: ListenerBounds = {
  requestsMax: 2000,
  bytesMax: 64 * 2 ** 20,
  bodyBytesMax: 4 * 2 ** 20,
  headersMs: 5000,
  requestMs: 8000,
  drainMs: 10_000,
  connectionsMax: 4000,
}

/** Above the minute that reverse proxies keep an idle connection, so that it is never we who close one in use. */
const KEEP_ALIVE_MS = 75_000
const SWEEP_MS = 1000
const IDLE_SWEEP_MS = 20
/**
 * Takes Shopify's webhooks: POST /webhooks/shopify, answered with 200 once the delivery is on disk; GET /healthz; GET /metrics.
 * Throws ConfigError LISTEN_REFUSED where the address cannot be had.
 */
export async function startListener(options: ListenerOptions): Promise<Listener> {
  const bounds = {...BOUNDS, ...options.bounds}
  const [metrics, complaints] = [createMetrics(), createComplaints(options.clock, options.log)]
  const refused = (reason: string, detail: string | null = null) => {
    metrics.count('tieout_webhooks_refused_total', reason)
    complaints.add(reason, detail)
  }
  const server = createServer({
    headersTimeout: bounds.headersMs,
    requestTimeout: bounds.requestMs,
    connectionsCheckingInterval: Math.min(SWEEP_MS, bounds.headersMs),
    keepAliveTimeout: KEEP_ALIVE_MS,
  })
  server.maxConnections = bounds.connectionsMax
  const isEnding = () => !server.listening
  const serve = createRoutes(options, bounds, {metrics, complaints, refused, isEnding})
  server.on('request', (request, response) => void serve(request, response))
  server.on('clientError', (error, socket) => refused(tellMalformed(error, socket)))
  server.on('drop', () => refused('connections'))
  const url = await listening(server, options.host, options.port)
  return {
    url,
    async stop() {
      await closed(server, bounds.drainMs)
      complaints.flush()
      return totalsOf(metrics)
    },
  }
}

function totalsOf(metrics: Metrics): ListenerTotals {
  const of = (outcome: string) => metrics.total('tieout_webhooks_total', outcome)
  return {
    recorded: of('recorded'),
    seen: of('seen'),
    ignored: of('ignored'),
    unreadable: of('unreadable'),
    refused: metrics.total('tieout_webhooks_refused_total'),
  }
}

async function listening(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) =>
      reject(
        new ConfigError('LISTEN_REFUSED', `nothing can listen on ${host}:${port}: ${error.code ?? error.message}`, {
          hint: 'see what holds the port (ss -ltnp), or choose others with --port and --host',
          cause: error,
        }),
      )
    server.once('error', onError)
    server.listen({host, port}, () => {
      server.off('error', onError)
      resolve()
    })
  })
  const address = server.address() as AddressInfo
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
}

/** Waits until every request is answered; what takes longer than this is broken off, and its sender tries again. */
async function closed(server: Server, withinMs: number): Promise<void> {
  const done = new Promise<void>((resolve) => void server.close(() => resolve()))
  const last = setTimeout(() => server.closeAllConnections(), withinMs)
  // close() ends the connections that are idle now; those that become idle had been promised to be kept.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS)
  await done
  clearTimeout(last)
  clearInterval(idle)
}
