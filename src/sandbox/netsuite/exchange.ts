import {setTimeout as sleep} from 'node:timers/promises'

import {LOCK_MS, type LoginFault} from './auth.ts'
import type {Channel} from './engine-types.ts'
import type {FaultRule, Faults, Probe} from './faults.ts'
import {type Answer, type Delivery, html} from './http.ts'
import type {Counter} from './stats.ts'

/** One request as its channel understands it. */
export type Exchange = Readonly<{
  channel: Channel
  operation: string
  /** Takes one of the account's slots. */
  governed: boolean
  /** Does the message concern a record type or an external id? For faults. */
  concerns: Probe['concerns']
  /** Verifies the caller where that happens before the work; null: welcome. */
  admit(login: LoginFault): Answer | null
  run(login: LoginFault): Answer | Promise<Answer>
  /** How this channel refuses for concurrency. */
  blocked(): Answer
}>

type Pace = Readonly<{latencyMs: number; perRecordMs: number; concurrency: number}>

export type House = Readonly<{faults: Faults; counter: Counter; pace: Pace}>

const STRIKING = [
  'reset',
  'html',
  'maintenance',
  'delay',
  'concurrency',
  'login',
  'lost-reply',
  'cut',
  'malformed',
] as const
const DEFAULT_DELAY_MS = 5000

/**
 * Plays one request: faults, login, the account's slots, latency, the work. Answers what to send and how.
 * The slot is free before the answer leaves, so that a client that counts its own requests never meets a refusal.
 */
export async function exchanged(
  house: House,
  exchange: Exchange,
): Promise<Readonly<{answer: Answer; delivery: Delivery}>> {
  const {faults, counter} = house
  const {channel, operation} = exchange
  const startedAt = performance.now()
  const probe: Probe = {channel, operation, concerns: exchange.concerns}
  const fault = faults.strike(STRIKING, probe)
  if (fault !== undefined) counter.struck(fault.kind)
  const login = loginOf(fault, faults.skewMs())
  if (fault?.kind === 'reset') return {answer: html(502, 'Reset'), delivery: 'lost'}

  const answer = await answerTo(house, exchange, {fault, probe, login})
  counter.answered(channel, operation, {
    status: answer.status,
    records: answer.records,
    ms: performance.now() - startedAt,
  })
  return {answer, delivery: deliveryOf(fault)}
}

function loginOf(fault: FaultRule | undefined, skewMs: number): LoginFault {
  if (fault?.kind !== 'login') return {refusal: null, skewMs}
  return {refusal: 'revoked', skewMs, ...(fault.locks === true ? {lockMs: fault.ms ?? LOCK_MS} : {})}
}

function deliveryOf(fault: FaultRule | undefined): Delivery {
  switch (fault?.kind) {
    case 'lost-reply':
      return 'lost'
    case 'cut':
      return 'cut'
    case 'malformed':
      return 'malformed'
    default:
      return 'whole'
  }
}

async function answerTo(
  house: House,
  exchange: Exchange,
  {fault, probe, login}: Readonly<{fault: FaultRule | undefined; probe: Probe; login: LoginFault}>,
): Promise<Answer> {
  const {counter, pace, faults} = house
  if (fault?.kind === 'html') return html(200, 'Please wait')
  if (fault?.kind === 'maintenance') return html(503, 'NetSuite is down for scheduled maintenance')
  const denied = exchange.admit(login)
  if (denied !== null) return denied
  if (!exchange.governed) return exchange.run(login)
  if (fault?.kind === 'concurrency' || counter.inFlight >= pace.concurrency) {
    counter.refused(exchange.channel, exchange.operation, fault?.kind === 'concurrency')
    if (faults.strike(['overload-login'], probe) === undefined) return exchange.blocked()
    return misread(exchange, login)
  }
  counter.started()
  try {
    if (fault?.kind === 'delay') await sleep(fault.ms ?? DEFAULT_DELAY_MS)
    if (pace.latencyMs > 0) await sleep(pace.latencyMs)
    const answer = await exchange.run(login)
    if (pace.perRecordMs > 0) await sleep(pace.perRecordMs * answer.records)
    return answer
  } finally {
    counter.ended()
  }
}

/** A refusal for concurrency that calls itself an invalid login: reported of accounts under load, documented nowhere. No login failed. */
async function misread(exchange: Exchange, login: LoginFault): Promise<Answer> {
  const overloaded: LoginFault = {...login, refusal: 'overloaded'}
  return exchange.admit(overloaded) ?? (await exchange.run(overloaded))
}
