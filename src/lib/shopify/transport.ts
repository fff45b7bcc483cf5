import type {Clock} from '../core/clock.ts'
import {RetryableError, SyncError} from '../core/errors.ts'
import {retrying} from '../core/retry.ts'
import type {Auth} from './auth.ts'
import {costOf, dataOf, openReply} from './envelope.ts'
import {malformed, networkFault} from './faults.ts'
import {AnswerTooLarge, type Http} from './http.ts'
import type {Throttle, ThrottleLane} from './throttle.ts'
import type {
  Answer,
  ConnectionFacts,
  Cost,
  Document,
  Reply,
  ShopifyRequestNote,
  Transport,
  Variables,
} from './transport-types.ts'

/** The version that our documents are written and validated for. Served until 2027-10-16 (shopify.dev, "2026-10 release notes"). */
const API_VERSION = '2026-10'

/** Tries of one request in all. Their waits grow to about 8 s together; what lasts longer is the queue's to wait for. */
const ATTEMPTS = 6
/** A wait that is longer than this is left to the queue, too. */
const LONGEST_WAIT_MS = 30_000

type TransportParts = Readonly<{
  /** Scheme and host, without a slash at the end. */
  base: string
  http: Http
  auth: Auth
  throttle: Throttle
  lane?: ThrottleLane | undefined
  clock: Clock
  onRequest?: ((note: ShopifyRequestNote) => void) | undefined
  /** Told once when Shopify serves another version than the pinned one. */
  onWarning?: ((text: string) => void) | undefined
}>

/** Sends documents to the GraphQL Admin API of one shop. */
export function createTransport(parts: TransportParts): Transport {
  const {clock, throttle, lane} = parts
  const costs = new Map<string, number>()
  const watch = watchReplies(parts)

  async function attempt<T>(document: Document<T>, variables: Variables, signal?: AbortSignal): Promise<Answer<T>> {
    const key = costKey(document.operation, variables)
    const reservation = await throttle.reserve(costs.get(key) ?? document.estimate, signal, lane)
    const {waitedMs} = reservation
    const startedAt = clock.now()
    let seen: Seen = {cost: null, bucket: null, requestId: null}
    let outcome = 'ok'
    try {
      const reply = await exchange(parts, document, variables)
      seen = {...seen, requestId: reply.headers['x-request-id'] ?? null}
      watch.look(reply)
      const opened = openReply(reply, document)
      seen = {...seen, ...costOf(opened)}
      if (seen.cost !== null) costs.set(key, seen.cost.requested)
      return {data: dataOf(opened, document), cost: seen.cost}
    } catch (error) {
      outcome = error instanceof SyncError ? error.code : 'BUG'
      throw error
    } finally {
      reservation.settle(chargedBy(seen, outcome), seen.bucket)
      const durationMs = clock.now().getTime() - startedAt.getTime()
      const {cost, requestId} = seen
      parts.onRequest?.({operation: document.operation, startedAt, durationMs, waitedMs, cost, outcome, requestId})
    }
  }

  async function send<T>(document: Document<T>, variables: Variables, signal?: AbortSignal): Promise<Answer<T>> {
    const work = () => attempt(document, variables, signal).catch(longWait)
    const result = await retrying(clock, ATTEMPTS, work, signal)
    if (result instanceof RetryableError) throw result
    return result
  }

  return {send, facts: () => ({...watch.facts(), bucket: throttle.bucket()})}
}

type Seen = Readonly<{cost: Cost | null; bucket: ConnectionFacts['bucket']; requestId: string | null}>

/** Hands out, instead of throwing, an error whose wait is too long to sit through here. */
function longWait(error: unknown): RetryableError {
  if (error instanceof RetryableError && error.retryAfterMs > LONGEST_WAIT_MS) return error
  throw error
}

/** What the request took from the bucket; null: unknown. Refused for its rate, it took nothing. */
function chargedBy({cost}: Seen, outcome: string): number | null {
  return outcome === 'SHOPIFY_THROTTLED' || outcome === 'SHOPIFY_COST_EXCEEDED' ? 0 : (cost?.actual ?? null)
}

/** One POST; where the token is refused and a newer one can be had, one more with that. */
async function exchange(parts: TransportParts, document: Document<unknown>, variables: Variables): Promise<Reply> {
  const {auth, base, http} = parts
  const url = `${base}/admin/api/${API_VERSION}/graphql.json`
  const body = JSON.stringify({query: document.text(), operationName: document.operation, variables})
  const post = async (token: string): Promise<Reply> => {
    const headers = {'content-type': 'application/json', accept: 'application/json', 'x-shopify-access-token': token}
    try {
      return await http.post(url, headers, body)
    } catch (error) {
      if (error instanceof AnswerTooLarge) throw malformed(document.operation, 'its size', error.message)
      throw networkFault(error, document)
    }
  }
  const token = await auth.token()
  const reply = await post(token)
  if (reply.status !== 401) return reply
  const newer = await auth.renewed(token)
  return newer === null ? reply : post(newer)
}

/** Keeps what the headers of the answers tell. */
function watchReplies({clock, onWarning}: TransportParts) {
  let facts: Omit<ConnectionFacts, 'bucket'> = {
    pinnedVersion: API_VERSION,
    servedVersion: null,
    deprecation: null,
    clockSkewMs: null,
  }
  let warned = false

  function look({headers}: Reply): void {
    const servedVersion = headers['x-shopify-api-version'] ?? facts.servedVersion
    const deprecation = headers['x-shopify-api-deprecated-reason'] ?? facts.deprecation
    const theirs = Date.parse(headers['date'] ?? '')
    const clockSkewMs = Number.isNaN(theirs) ? facts.clockSkewMs : theirs - clock.now().getTime()
    facts = {...facts, servedVersion, deprecation, clockSkewMs}
    if (servedVersion === null || servedVersion === API_VERSION || warned) return
    warned = true
    onWarning?.(`Shopify serves API version ${servedVersion}; Tieout is written for ${API_VERSION}: update Tieout`)
  }

  return {look, facts: () => facts}
}

/** The cost of a document depends on its page sizes and switches, not on its texts. */
function costKey(operation: string, variables: Variables): string {
  const sizes = Object.values(variables).map((value) => (Array.isArray(value) ? value.length : value))
  return [operation, ...sizes.filter((value) => typeof value === 'number' || typeof value === 'boolean')].join(' ')
}
