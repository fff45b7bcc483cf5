import {createHash} from 'node:crypto'
import {setTimeout as delay} from 'node:timers/promises'

import pg from 'pg'

import {CIRCUITS_CHANNEL} from './circuits.ts'
import {isConnectionFault, type LedgerConnection} from './connection.ts'
import type {Schemas} from './migrate.ts'

/** What a worker is told of the moment it happens. A hint may be lost with a connection: who needs to be sure looks as well. */
export type Hints = Readonly<{
  /** A job was queued, or may have been while nobody listened. */
  onJob: () => void
  /** A circuit was opened, probed or closed, or may have been. */
  onCircuits: () => void
}>

export type Wake = Readonly<{close(): Promise<void>}>

/** An idle line is asked for a sign of life this often, and given so long to answer. */
const KEEPALIVE_MS = 10_000
const ANSWER_MS = 5000
const RETRY_MIN_MS = 250
const RETRY_MAX_MS = 5000

/** Name of a worker's session in pg_stat_activity. */
const APPLICATION = 'tieout worker'

/**
 * The channel on which pg-boss tells that a job was queued (its plans.js, notifyChannelSql): names of channels are at most
 * 63 bytes, so the schema is hashed.
 */
export function jobsChannel(queueSchema: string): string {
  return `pgboss_${createHash('sha224').update(queueSchema).digest('hex').slice(0, 24)}`
}

/**
 * Listens on a connection of its own, and connects again when that breaks, however silently. Never rejects: while the server is
 * away there is nothing to be told.
 */
export function openWake(ledger: Readonly<{connection: LedgerConnection; schemas: Schemas}>, hints: Hints): Wake {
  const {connection, schemas} = ledger
  const tell = new Map([
    [jobsChannel(schemas.queue), hints.onJob],
    [CIRCUITS_CHANNEL, hints.onCircuits],
  ])
  const closing = new AbortController()
  const listening = (async () => {
    for (let waitMs = RETRY_MIN_MS; !closing.signal.aborted; waitMs = Math.min(RETRY_MAX_MS, waitMs * 2)) {
      const client = new pg.Client({...connection, application_name: APPLICATION, query_timeout: ANSWER_MS})
      client.on('notification', ({channel, payload}) => {
        if (channel !== CIRCUITS_CHANNEL || payload === schemas.own) tell.get(channel)?.()
      })
      const isListening = await session(client, [...tell.keys()], closing.signal, () => {
        // What was told before this moment was told to nobody.
        for (const each of tell.values()) each()
      })
      if (isListening) waitMs = RETRY_MIN_MS
      await pause(waitMs, closing.signal)
    }
  })()
  return {
    async close() {
      closing.abort()
      await listening
    },
  }
}

/** Listens until the connection breaks or the end. True where it came so far as to listen. */
async function session(
  client: pg.Client,
  channels: readonly string[],
  end: AbortSignal,
  onListening: () => void,
): Promise<boolean> {
  const broken = new AbortController()
  for (const event of ['error', 'end'] as const) client.on(event, () => broken.abort())
  const over = AbortSignal.any([broken.signal, end])
  let isListening = false
  try {
    await client.connect()
    for (const channel of channels) await client.query(`listen ${channel}`)
    isListening = true
    onListening()
    for (;;) {
      await pause(KEEPALIVE_MS, over)
      if (over.aborted) return true
      await client.query('select 1')
    }
  } catch (error) {
    if (isConnectionFault(error) || broken.signal.aborted) return isListening
    throw error
  } finally {
    await client.end()
  }
}

async function pause(ms: number, until: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, {signal: until})
  } catch (error) {
    if (!until.aborted) throw error
  }
}
