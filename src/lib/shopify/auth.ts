import {z} from 'zod'

import type {Clock} from '../core/clock.ts'
import {ConfigError, RejectedError} from '../core/errors.ts'
import {credentialsRefused, malformed, networkFault, statusFault, unreadable} from './faults.ts'
import type {Http} from './http.ts'
import type {Reply} from './transport-types.ts'

/** A permanent token, or the credentials of an app of the shop's own organisation. */
export type ShopifyCredentials =
  Readonly<{kind: 'token'; accessToken: string}> | Readonly<{kind: 'client'} & AppSecrets>

type AppSecrets = Readonly<{clientId: string; clientSecret: string}>

/** Gives the token of a request. Throws CredentialError where Shopify refuses to give one. */
export type Auth = Readonly<{
  token(): Promise<string>
  /** A newer token than the refused one, or null where there is none to be had (a static token). */
  renewed(refused: string): Promise<string | null>
}>

/** Shopify recommends to ask again at least 60 s before the end (shopify.dev, "Client credentials grant"). */
const RENEW_EARLY_MS = 60_000

/** The grant is a read: asking twice gives two tokens, and the first one is not used. */
const ASKED = {operation: 'AccessToken', effect: 'read'} as const

const grant = z.object({access_token: z.string().min(1), expires_in: z.number().positive()})

type Held = Readonly<{token: string; renewAt: number}>

/**
 * Tokens for one shop. A token of the client credentials grant (24 h) is kept in memory and shared by all callers;
 * one renewal runs at a time.
 */
export function createAuth(base: string, credentials: ShopifyCredentials, http: Http, clock: Clock): Auth {
  if (credentials.kind === 'token') {
    const {accessToken} = credentials
    return {token: () => Promise.resolve(accessToken), renewed: () => Promise.resolve(null)}
  }
  const app = credentials
  let held: Held | null = null
  let renewal: Promise<string> | null = null

  async function renew(): Promise<string> {
    held = await requestToken(base, app, http, clock)
    return held.token
  }

  function token(): Promise<string> {
    if (held !== null && clock.now().getTime() < held.renewAt) return Promise.resolve(held.token)
    renewal ??= renew().finally(() => {
      renewal = null
    })
    return renewal
  }

  function renewed(refused: string): Promise<string> {
    if (held?.token === refused) held = null
    return token()
  }

  return {token, renewed}
}

async function requestToken(base: string, app: AppSecrets, http: Http, clock: Clock): Promise<Held> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: app.clientId,
    client_secret: app.clientSecret,
  })
  const headers = {'content-type': 'application/x-www-form-urlencoded', accept: 'application/json'}
  let reply: Reply
  try {
    reply = await http.post(`${base}/admin/oauth/access_token`, headers, form.toString())
  } catch (error) {
    throw networkFault(error, ASKED)
  }
  if (reply.status !== 200) throw refusal(reply, app.clientSecret)
  const parsed = grant.safeParse(readJson(reply))
  if (!parsed.success) throw malformed(ASKED.operation, parsed.error.issues[0]?.path.join('.') ?? '', 'no token in it')
  return {
    token: parsed.data.access_token,
    renewAt: clock.now().getTime() + parsed.data.expires_in * 1000 - RENEW_EARLY_MS,
  }
}

/** A wrong secret, an app that is not installed, a shop of another organisation: all come as HTTP 400, 401 or 403. */
function refusal(reply: Reply, secret: string): Error {
  const fault = statusFault(reply, ASKED)
  if (fault instanceof ConfigError) return fault
  const isRefusal = fault instanceof RejectedError || reply.status === 401 || reply.status === 403
  return isRefusal ? credentialsRefused(reason(reply.body).replaceAll(secret, '…')) : fault
}

/** JSON with `error` and `error_description`, or a page that contains "Oauth error <code>: <text>". */
function reason(body: string): string {
  const page = /Oauth error [^<]*/i.exec(body)
  if (page !== null) return page[0]
  const fields = [...body.matchAll(/"error(?:_description)?"\s*:\s*"([^"]*)"/g)].map((match) => match[1])
  return fields.length > 0 ? fields.join(': ') : 'no reason given'
}

function readJson(reply: Reply): unknown {
  try {
    return JSON.parse(reply.body)
  } catch (error) {
    if (error instanceof SyntaxError) throw unreadable(reply, ASKED)
    throw error
  }
}
