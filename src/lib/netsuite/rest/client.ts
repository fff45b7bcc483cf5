import type {SyncError} from '../../core/errors.ts'
import type {Authorizer} from '../auth/authorize.ts'
import {answerMalformed, concernsOneRecord} from '../faults.ts'
import type {Call, Governor} from '../governor.ts'
import type {Http, HttpAnswer} from '../http.ts'
import {restDetail, type RestDetail} from './detail.ts'
import {restFault} from './faults.ts'
import {isObject, parseJson, type JsonObject} from './json.ts'

export type RestRequest = Readonly<{
  channel: 'rest' | 'suiteql'
  /** For notes and messages, e.g. "POST salesOrder". */
  operation: string
  records: number
  write: boolean
  method: 'GET' | 'POST' | 'PATCH'
  url: string
  headers?: Readonly<Record<string, string>>
  body?: string
  subject?: string | undefined
  /** Statuses that are an answer and not an error, e.g. 404 for a look-up. */
  expected?: readonly number[]
  /** A better reading of NetSuite's words than the general table; null: the table decides. */
  fault?: (detail: RestDetail) => SyncError | null
}>

/** `body` is null where the answer has none; `refusal` is NetSuite's no to the one record of a write. */
export type RestAnswer = Readonly<{
  status: number
  headers: Readonly<Record<string, string>>
  body: JsonObject | null
  refusal: RestDetail | null
  requestId: string | null
}>

export type RestPort = Readonly<{request(request: RestRequest): Promise<RestAnswer>}>

export type RestDeps = Readonly<{
  http: Http
  governor: Governor
  authorizer: Authorizer
  /** Told when the credential was refused, so that a cached token is not used again. */
  onLoginRefused: () => void
  timeoutMs: number
}>

/**
 * The REST channel. Each attempt is signed anew. Throws what an error of NetSuite means (see faults.ts), or
 * RetryableError NETSUITE_ANSWER_MALFORMED where the answer is not JSON; after a write its outcome is then unknown.
 */
export function createRest(deps: RestDeps): RestPort {
  return {
    request: async (request) => {
      // Before the permit: renewing a token takes a permit of its own, and two at once could wait for each other.
      const authorize = await deps.authorizer()
      const call: Call = request
      return deps.governor.run(call, async () => {
        const answer = await deps.http.send({
          operation: request.operation,
          write: request.write,
          method: request.method,
          url: request.url,
          headers: {
            accept: 'application/json',
            ...(request.body === undefined ? {} : {'content-type': 'application/json'}),
            ...request.headers,
            authorization: authorize(request.method, request.url),
          },
          body: request.body ?? null,
          timeoutMs: deps.timeoutMs,
        })
        if (answer.status === 401) deps.onLoginRefused()
        const requestId = answer.headers['x-n-operationid'] ?? null
        return {value: read(answer, request, requestId), requestId}
      })
    },
  }
}

function read(answer: HttpAnswer, request: RestRequest, requestId: string | null): RestAnswer {
  const {status, headers} = answer
  const empty = {status, headers, body: null, refusal: null, requestId}
  const isAnswer = (status >= 200 && status < 300) || request.expected?.includes(status) === true
  if (!isAnswer) {
    const detail = restDetail(answer)
    const error = (detail === null ? null : request.fault?.(detail)) ?? restFault(answer, detail, request)
    const refusal = request.write && concernsOneRecord(error) ? detail : null
    if (refusal === null) throw error
    return {...empty, refusal}
  }
  if (answer.body.trim() === '') return empty
  const body = parseJson(answer.body)
  if (isObject(body)) return {...empty, body}
  throw answerMalformed(request.operation, request.write, `HTTP ${status}, it is not a JSON object`)
}
