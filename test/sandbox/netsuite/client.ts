import {createHmac} from 'node:crypto'

import OAuth from 'oauth-1.0a'

import {company} from '../../../src/sandbox/company.ts'

const {consumerKey, consumerSecret, tokenId, tokenSecret} = company.netsuite

export type Signing = Partial<{
  realm: string
  consumerSecret: string
  tokenId: string
  timestamp: number
  nonce: string
  hash: 'sha256' | 'sha1'
}>

/** An Authorization header by the oauth-1.0a package, as other authors' clients make it. */
export function authorization(method: string, url: string, change: Signing = {}): string {
  const hash = change.hash ?? 'sha256'
  const oauth = new OAuth({
    consumer: {key: consumerKey, secret: change.consumerSecret ?? consumerSecret},
    realm: change.realm ?? company.account,
    signature_method: hash === 'sha256' ? 'HMAC-SHA256' : 'HMAC-SHA1',
    hash_function: (base, key) => createHmac(hash, key).update(base).digest('base64'),
  })
  if (change.timestamp !== undefined) oauth.getTimeStamp = () => change.timestamp ?? 0
  if (change.nonce !== undefined) oauth.getNonce = () => change.nonce ?? ''
  const signed = oauth.authorize({url, method}, {key: change.tokenId ?? tokenId, secret: tokenSecret})
  return oauth.toHeader(signed).Authorization
}

/** What the tests read of answers. */
type Body = Readonly<{
  items: Record<string, string>[]
  hasMore: boolean
  count: number
  totalResults: number
  'o:errorDetails': Record<string, string>[]
}> &
  Record<string, unknown>

export type Reply = {status: number; headers: Headers; body: Body; text: string}

/** One signed request to the REST services; `path` begins after /services/rest/. */
export async function call(
  base: string,
  method: string,
  path: string,
  options: {body?: unknown; headers?: Record<string, string>; signing?: Signing} = {},
): Promise<Reply> {
  const url = `${base}/services/rest/${path}`
  const response = await fetch(url, {
    method,
    headers: {
      authorization: authorization(method, url, options.signing),
      'content-type': 'application/json',
      ...options.headers,
    },
    ...(options.body === undefined ? {} : {body: JSON.stringify(options.body)}),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true && text !== ''
  return {status: response.status, headers: response.headers, text, body: (isJson ? JSON.parse(text) : {}) as Body}
}

export async function query(base: string, q: string, params?: string[], page = ''): Promise<Reply> {
  return call(base, 'POST', `query/v1/suiteql${page}`, {
    body: {q, ...(params && {params})},
    headers: {prefer: 'transient'},
  })
}

/** A control request; `T` is what the caller knows about the answer. */
export async function control<T = Record<string, unknown>>(
  base: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await fetch(`${base}/_sandbox/${path}`, {
    method,
    ...(body === undefined ? {} : {body: JSON.stringify(body)}),
  })
  return (await response.json()) as T
}

/** The id at the end of a Location header. Throws where there is none. */
export function idOf({headers, status, text}: Reply): string {
  const id = headers.get('location')?.split('/').at(-1)
  if (id === undefined) throw new Error(`${status} without Location: ${text}`)
  return id
}

/** The smallest order: one tee for the walk-in customer. A test states only what it changes. */
export function order(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    entity: {id: company.walkInCustomer.id},
    orderStatus: {id: 'B'},
    tranDate: '2026-11-20',
    item: {items: [{item: {id: '1001'}, quantity: 2, amount: 48, location: {id: '1'}}]},
    ...change,
  }
}
