import type {IncomingMessage} from 'node:http'

import type {Clock} from '../../core/clock.ts'
import type {Intake} from '../../ledger/intake.ts'
import type {Room} from './body.ts'
import type {Figure, Gauge, Metrics} from './metrics.ts'

export type Page = Readonly<{status: number; type: string; text: string}>

/** Everyone may ask for the health: the database is asked at most once in this time. */
const READY_FOR_MS = 1000

/** GET /healthz: the process lives. GET /healthz?ready: the database answers, too; 503 where it does not. */
export function healthPage(intake: Intake, clock: Clock): (url: string) => Promise<Page> {
  let asked: {atMs: number; answer: Promise<boolean>} | null = null
  return async (url) => {
    if (!new URL(url, 'http://localhost').searchParams.has('ready')) return plain(200, 'alive\n')
    const nowMs = clock.now().getTime()
    if (asked === null || nowMs - asked.atMs >= READY_FOR_MS) asked = {atMs: nowMs, answer: intake.isReady()}
    return (await asked.answer) ? plain(200, 'ready\n') : plain(503, 'the database does not answer\n')
  }
}

/** GET /metrics, in the Prometheus exposition format. */
export function metricsPage(metrics: Metrics, room: Room, figures: readonly Figure[]): Page {
  const gauges: Gauge[] = [
    {name: 'tieout_webhook_requests', help: 'Deliveries that are being read or written.', read: room.requests},
    {name: 'tieout_webhook_bytes', help: 'Bytes of their bodies.', read: room.bytes},
    {
      name: 'process_resident_memory_bytes',
      help: 'Resident memory of the process.',
      read: () => process.memoryUsage.rss(),
    },
    {
      name: 'process_start_time_seconds',
      help: 'Start of the process, as Unix time.',
      read: () => Math.round((performance.timeOrigin / 1000) * 1000) / 1000,
    },
  ]
  return {status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', text: metrics.text(gauges, figures)}
}

/** True for a request of this machine. One that a proxy on this machine passes on is of another. */
export function isFromHere({socket, headers}: IncomingMessage): boolean {
  if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined) return false
  return /^(127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? '')
}

function plain(status: number, text: string): Page {
  return {status, type: 'text/plain', text}
}
