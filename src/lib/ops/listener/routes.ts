import type {IncomingMessage, ServerResponse} from 'node:http'

import type {Clock} from '../../core/clock.ts'
import type {Intake} from '../../ledger/intake.ts'
import {createRoom, readBody, type Bounds, type Room} from './body.ts'
import type {Complaints} from './complaints.ts'
import {createDeliveries, type Answer, type DeliveryRules} from './deliveries.ts'
import type {Figure, Metrics} from './metrics.ts'
import {healthPage, isFromHere, metricsPage, type Page} from './pages.ts'

export type RouteBounds = Bounds &
  Readonly<{
    /** Of one body. A longer one is refused with 413. */
    bodyBytesMax: number
  }>

export type RouteOptions = DeliveryRules &
  Readonly<{
    intake: Intake
    clock: Clock
    /** Answer /metrics to other machines, too. */
    publicMetrics: boolean
    /** Figures beside the listener's own, for /metrics. */
    figures?: () => Promise<readonly Figure[]>
  }>

type Watch = Readonly<{
  /** True once no connection is to be kept for another request. */
  isEnding: () => boolean
  metrics: Metrics
  complaints: Complaints
  refused: (reason: string, detail?: string | null) => void
}>

const PATHS = new Set(['/webhooks', '/webhooks/shopify'])
const RETRY_AFTER_S = '2'

/** What the listener answers. The promise never rejects. */
export function createRoutes(options: RouteOptions, bounds: RouteBounds, watch: Watch) {
  const {metrics, refused, isEnding} = watch
  const room = createRoom(bounds)
  const deliveries = createDeliveries(options, {...options, ...watch})
  const health = healthPage(options.intake, options.clock)

  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const beganMs = performance.now()
    const answer = await answerTo(request, room, bounds.bodyBytesMax, deliveries)
    if (answer.reason !== null) refused(answer.reason, answer.detail)
    if (answer.status === 0) return
    if (isEnding()) response.setHeader('connection', 'close')
    reply(response, answer)
    metrics.answered((performance.now() - beganMs) / 1000)
  }
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = request.url ?? ''
    const [path = ''] = url.split('?', 1)
    if (PATHS.has(path)) await receive(request, response)
    else if (path === '/healthz') show(response, await health(url))
    else if (path === '/metrics' && (options.publicMetrics || isFromHere(request)))
      show(response, metricsPage(metrics, room, (await options.figures?.()) ?? []))
    else show(response, {status: 404, type: 'text/plain', text: 'not found\n'})
  }
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await serve(request, response)
    } catch (error) {
      refused('unexpected', error instanceof Error ? error.name : null)
      if (response.headersSent) response.destroy()
      else reply(response, {status: 500, reason: 'unexpected'})
    }
  }
}

/** Status 0 where the sender went away in the middle: there is nobody to answer. */
async function answerTo(
  request: IncomingMessage,
  room: Room,
  lengthMax: number,
  deliveries: ReturnType<typeof createDeliveries>,
): Promise<Answer> {
  if (request.method !== 'POST') return {status: 405, reason: 'method'}
  const {'content-type': type = '', 'content-length': length = '0'} = request.headers
  if (!/^application\/json\s*(;|$)/i.test(type)) return {status: 415, reason: 'content-type'}
  if (Number(length) > lengthMax) return {status: 413, reason: 'too-large'}
  if (!room.enter()) return {status: 503, reason: 'no-room'}
  let taken = 0
  try {
    const body = await readBody(request, room, lengthMax, (bytes) => void (taken += bytes))
    if (body.kind === 'whole') return await deliveries.receive(request.headers, body.bytes)
    return {status: STATUS_OF_BODY[body.kind], reason: body.kind}
  } finally {
    room.leave(taken)
  }
}

const STATUS_OF_BODY = {'too-large': 413, 'no-room': 503, cut: 0} as const

function reply(response: ServerResponse, {status, reason}: Answer): void {
  if (status === 503) response.setHeader('retry-after', RETRY_AFTER_S)
  if (status === 405) response.setHeader('allow', 'POST')
  // What is still to come of such a body is not worth reading.
  if (status === 413) response.setHeader('connection', 'close')
  show(response, {status, type: 'text/plain', text: reason === null ? '' : `${reason}\n`})
}

function show(response: ServerResponse, {status, type, text}: Page): void {
  response.writeHead(status, {'content-type': type, 'content-length': Buffer.byteLength(text)}).end(text)
}
