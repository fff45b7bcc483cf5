import type {Clock} from '../core/clock.ts'
import {RetryableError, SyncError, type CredentialError} from '../core/errors.ts'
import {backoffMs} from '../core/retry.ts'
import {createCircuit} from './circuit.ts'
import type {Lane, PermitPort, RequestNote} from './requests.ts'

/** What one request does, for permits and notes. `write` requests are never repeated after an unknown outcome. */
export type Call = Readonly<{
  channel: RequestNote['channel']
  operation: string
  records: number
  write: boolean
}>

type Done<T> = Readonly<{value: T; requestId: string | null}>

export type Governor = Readonly<{
  run<T>(call: Call, work: () => Promise<Done<T>>): Promise<T>
  /** Forgets a refused login: the next request asks again, alone. */
  forgive(): void
}>

export type GovernorDeps = Readonly<{
  permits: PermitPort
  clock: Clock
  lane: Lane
  onRequest?: ((note: RequestNote) => void) | undefined
  signal?: AbortSignal | undefined
  /** The refusal of this credential that another process has met, if any; asked before a request goes alone. */
  leftAlone?: (() => Promise<CredentialError | null>) | undefined
}>

const ATTEMPTS_MAX = 5
/** A heavy query that failed with "unexpected error" is worth one more try, not four. */
const ATTEMPTS_AFTER_UNEXPECTED = 2
/** Longer waits (maintenance, a locked record) belong to the queue, not to a command that holds a job. */
const LONGEST_WAIT_MS = 5000

/**
 * Lets every request of every channel wait for a permit, so that all processes together stay within the account's
 * limit, and tells about each. Retries, with growing jittered waits: reads after any passing fault; writes only where
 * NetSuite refused for concurrency, which certainly did nothing. The permit is given back during the wait. Scheduling
 * within the process is left to the permits, which know all processes; a second queue here would only add its cost.
 */
export function createGovernor(deps: GovernorDeps): Governor {
  const {clock, permits, signal, leftAlone} = deps
  const circuit = createCircuit({clock, signal, leftAlone, onOverrun: () => permits.refused()})
  return {
    forgive: () => circuit.forgive(),
    async run(call, work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await circuit.guard(credentialOf(call), () => once(deps, call, work))
        } catch (error) {
          if (!isWorthAnotherTry(error, call, attempt)) throw error
          await deps.clock.sleep(backoffMs(attempt, error.retryAfterMs), deps.signal)
        }
      }
    },
  }
}

/** SOAP has its own credential; records and queries share one; asking for a token is what comes before. */
function credentialOf(call: Call): string {
  return call.channel === 'soap' || call.channel === 'oauth' ? call.channel : 'rest'
}

function isWorthAnotherTry(error: unknown, call: Call, attempt: number): error is RetryableError {
  if (!(error instanceof RetryableError) || error.outcomeUnknown || error.retryAfterMs > LONGEST_WAIT_MS) return false
  if (call.write && error.code !== 'NETSUITE_BUSY') return false
  return attempt < (error.code === 'NETSUITE_UNEXPECTED_ERROR' ? ATTEMPTS_AFTER_UNEXPECTED : ATTEMPTS_MAX)
}

async function once<T>(deps: GovernorDeps, call: Call, work: () => Promise<Done<T>>): Promise<T> {
  const permit = await deps.permits.acquire(deps.lane, deps.signal)
  const startedAt = deps.clock.now()
  const startMs = performance.now()
  const note = (outcome: string, requestId: string | null) =>
    deps.onRequest?.({
      channel: call.channel,
      operation: call.operation,
      records: call.records,
      startedAt,
      durationMs: Math.round(performance.now() - startMs),
      waitedMs: permit.waitedMs,
      outcome,
      requestId,
    })
  let isCut = false
  try {
    const done = await work()
    note('ok', done.requestId)
    return done.value
  } catch (error) {
    const code = error instanceof SyncError ? error.code : 'BUG'
    if (code === 'NETSUITE_BUSY') deps.permits.refused()
    isCut = code === 'NETSUITE_REPLY_LOST'
    note(code, null)
    throw error
  } finally {
    await permit.release(isCut)
  }
}
