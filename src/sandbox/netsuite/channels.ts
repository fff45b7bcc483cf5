import type {IncomingHttpHeaders} from 'node:http'

import type {Auth, LoginFault} from './auth.ts'
import {answerControl, type ControlContext} from './control.ts'
import type {EngineParts} from './engine-parts.ts'
import type {AuthOutcome, Engine, SoapContext} from './engine-types.ts'
import type {Exchange} from './exchange.ts'
import {type Answer, json} from './http.ts'
import {decoded} from './oauth1.ts'
import {concurrencyAnswer, errorAnswer, notFound, type RestAnswer, unauthorized} from './rest/answer.ts'
import {answerRecords} from './rest/records.ts'
import {concurrencyFault, handleSoap, peekOperation} from './soap/handler.ts'
import type {Queries} from './suiteql/answer.ts'

export type Request = Readonly<{
  method: string
  /** Path and query as sent. */
  target: string
  headers: IncomingHttpHeaders
  /** More than one Authorization header is ambiguous. */
  authorizations: number
  body: string
}>

export type Channels = Readonly<{
  parts: EngineParts
  engine: Engine
  auth: Auth
  queries: Queries
  control: ControlContext
  account: string
  soap: Pick<SoapContext, 'strictOrder' | 'varyResponses'>
}>

const SOAP = /^\/services\/NetSuitePort_(\d{4}_\d)$/
const RECORDS = '/services/rest/record/v1/'
const SUITEQL = '/services/rest/query/v1/suiteql'
const TOKEN = '/services/rest/auth/oauth2/v1/token'
const GOVERNANCE = '/services/rest/system/v1/governanceLimits'

/** Which channel a request is for, and how it is played there. */
export function exchangeOf(channels: Channels, request: Request): Exchange {
  const base = `http://${request.headers.host ?? '127.0.0.1'}`
  const url = new URL(request.target, base)
  const soap = SOAP.exec(url.pathname)
  if (soap?.[1] !== undefined) return soapExchange(channels, request, base, soap[1])
  if (url.pathname.startsWith(RECORDS)) return recordsExchange(channels, request, url)
  if (url.pathname === SUITEQL) {
    const run = async (): Promise<Answer> =>
      toAnswer(await channels.queries.answer(request.body, url.searchParams, prefer(request)))
    return {
      ...restExchange(channels, request, url, request.method === 'POST' ? 'suiteql' : request.method),
      channel: 'suiteql',
      run,
    }
  }
  if (url.pathname === GOVERNANCE) {
    return {
      ...restExchange(channels, request, url, 'governanceLimits'),
      run: () => toAnswer({status: 200, body: governance(channels.engine)}),
    }
  }
  if (url.pathname === TOKEN) return tokenExchange(channels, request, url)
  const run = (): Answer => toAnswer(request.method === 'OPTIONS' ? {status: 204} : notFound('Resource not found.'))
  return {...restExchange(channels, request, url, 'unknown'), run}
}

export async function controlAnswer({control}: Channels, request: Request): Promise<Answer> {
  const {pathname, searchParams: query} = new URL(request.target, 'http://sandbox')
  const path = pathname.split('/').slice(2).map(decoded)
  return toAnswer({
    contentType: 'application/json; charset=utf-8',
    ...(await answerControl(control, {method: request.method, path, query, body: request.body})),
  })
}

function prefer({headers}: Request): string {
  const value = headers['prefer']
  return typeof value === 'string' ? value : (value?.join(', ') ?? '')
}

function soapExchange(channels: Channels, request: Request, baseUrl: string, version: string): Exchange {
  const {parts, auth, engine, account} = channels
  const operation = peekOperation(request.body, request.headers) || 'unknown'
  const context = (login: LoginFault): SoapContext => ({
    ...channels.soap,
    engine: engine.as('soap'),
    verifyPassport: (passport): AuthOutcome => auth.verifyPassport(passport, login),
    version,
    baseUrl,
    account,
    timeZone: parts.options.timeZone,
    suiteTax: parts.options.suiteTax,
    customFieldId: (scriptId) => parts.state.find('customField', {externalId: scriptId})?.id,
  })
  const xml = {'content-type': 'text/xml; charset=utf-8'}
  return {
    channel: 'soap',
    operation,
    governed: operation !== 'getDataCenterUrls',
    concerns: concernsText(request.body),
    admit: () => null,
    run: async (login) => ({headers: xml, ...(await handleSoap(request.body, request.headers, context(login)))}),
    blocked: () => ({headers: xml, records: 0, ...concurrencyFault(version === '2023_2' ? '2023_2' : '2025_2')}),
  }
}

/** A SOAP message concerns what its text names; reading it twice would cost more than it is worth. */
function concernsText(text: string): Exchange['concerns'] {
  return (recordType, externalId) =>
    (recordType === undefined || new RegExp(`[":]${recordType}"`, 'i').test(text)) &&
    (externalId === undefined || text.includes(`"${externalId}"`))
}

function restExchange(channels: Channels, request: Request, url: URL, operation: string): Omit<Exchange, 'run'> {
  const {auth, account} = channels
  const authorization = request.headers.authorization
  const bearer = authorization !== undefined && /^bearer /i.test(authorization)
  return {
    channel: 'rest',
    operation,
    governed: true,
    concerns: (recordType, externalId) =>
      (recordType === undefined || url.pathname.toLowerCase().includes(`/${recordType.toLowerCase()}`)) &&
      (externalId === undefined || request.body.includes(`"${externalId}"`) || decoded(url.href).includes(externalId)),
    admit: (login) => {
      if (request.authorizations > 1) return toAnswer(errorAnswer(400, 'INVALID_HEADER', 'Ambiguous authentication.'))
      const outcome = auth.verifyRequest({method: request.method, url: url.href, authorization}, login)
      return outcome.ok ? null : toAnswer(unauthorized(account, bearer))
    },
    blocked: () => toAnswer(concurrencyAnswer()),
  }
}

function recordsExchange(channels: Channels, request: Request, url: URL): Exchange {
  const path = url.pathname
    .slice(RECORDS.length)
    .split('/')
    .filter((part) => part !== '')
    .map(decoded)
  const operation = [request.method, path[0] ?? '', path[2] ?? '', path[3] ?? '']
    .filter((part) => part !== '')
    .join(' ')
  const {parts, engine} = channels
  const hidden = new Set(parts.faults.standing('renamed-field').map((rule) => rule.field ?? ''))
  const context = {
    engine: engine.as('rest'),
    state: parts.state,
    suiteTax: parts.options.suiteTax,
    base: `${url.origin}${RECORDS.slice(0, -1)}`,
    hidden,
  }
  const header = (name: string): string | undefined => {
    const value = request.headers[name]
    return typeof value === 'string' ? value : value?.[0]
  }
  const run = (): Answer =>
    toAnswer(
      answerRecords(context, {method: request.method, path, query: url.searchParams, header, body: request.body}),
    )
  return {...restExchange(channels, request, url, operation), run}
}

function tokenExchange({auth, account}: Channels, request: Request, url: URL): Exchange {
  const host = `${account.toLowerCase().replaceAll('_', '-')}.suitetalk.api.netsuite.com`
  return {
    channel: 'oauth',
    operation: 'token',
    governed: false,
    concerns: (recordType, externalId) => recordType === undefined && externalId === undefined,
    admit: () => null,
    run: (login) => {
      const audiences = [`${url.origin}${url.pathname}`, `https://${host}${TOKEN}`]
      const {status, body} = auth.issueToken(new URLSearchParams(request.body), audiences, login)
      return json(status, body, {'content-type': 'application/json'})
    },
    blocked: () => toAnswer(concurrencyAnswer()),
  }
}

function governance(engine: Engine): unknown {
  const {accountConcurrencyLimit, unallocatedConcurrencyLimit, integrationConcurrencyLimit, integrationLimitType} =
    engine.governance()
  return {
    accountConcurrencyLimit,
    accountUnallocatedConcurrencyLimit: unallocatedConcurrencyLimit,
    ...(integrationConcurrencyLimit === null ? {} : {integrationConcurrencyLimit}),
    integrationLimitType,
  }
}

function toAnswer({status, headers, body, contentType}: RestAnswer): Answer {
  return json(status, body, {...headers, ...(contentType === undefined ? {} : {'content-type': contentType})})
}
