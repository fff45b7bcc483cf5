import {createHmac, randomUUID, timingSafeEqual} from 'node:crypto'

import type {AuthOutcome, TokenPassport} from './engine-types.ts'
import {verifyAssertion} from './assertion.ts'
import {Nonces} from './nonces.ts'
import {parseOAuth1, signatureBase} from './oauth1.ts'

export type AuthOptions = Readonly<{
  account: string
  consumerKey: string
  consumerSecret: string
  tokenId: string
  tokenSecret: string
  clientId: string
  certificateId: string
  /** PEM of the certificate's public key; without it OAuth 2.0 is refused. */
  publicKey?: string
  now: () => Date
  /** Five failures lock the login for 30 minutes (NetSuite help subsect_156935170194). */
  locks: boolean
  /** Default: 30 minutes. */
  lockMs?: number
}>

const WINDOW_MS = 5 * 60_000
/** NetSuite help subsect_156935170194. */
export const LOCK_MS = 30 * 60_000
const FAILURES_TO_LOCK = 5
const TOKEN_SECONDS = 3600
const NONCES_KEPT = 1_000_000

/** A request as it was signed. */
export type SignedRequest = Readonly<{method: string; url: string; authorization: string | undefined}>

/**
 * Faults of a login: refused whatever it shows, because it is `revoked`, or in words only, because the account is `overloaded`;
 * the account's clock runs ahead by `skewMs`; `lockMs`: five refusals lock the user for so long, also where they would not.
 */
export type LoginFault = Readonly<{refusal: 'revoked' | 'overloaded' | null; skewMs: number; lockMs?: number}>
const NO_LOGIN_FAULT: LoginFault = {refusal: null, skewMs: 0}

const OVERLOADED: AuthOutcome = {ok: false, reason: 'overloaded'}

export type TokenAnswer = Readonly<{status: number; body: Readonly<Record<string, unknown>>}>

/** Verifies every credential of the account: TBA signatures of both channels, OAuth 2.0 assertions and tokens. */
export class Auth {
  readonly #options: AuthOptions
  readonly #nonces: Nonces
  readonly #tokens = new Map<string, number>()
  #failures = 0
  #lockedUntil = 0
  /** How often the user was locked. */
  locked = 0
  /** The Login Audit Trail: how often each reason occurred. */
  readonly audit = new Map<string, number>()

  constructor(options: AuthOptions) {
    this.#options = options
    this.#nonces = new Nonces(options.now().getTime(), 2 * WINDOW_MS, NONCES_KEPT)
  }

  /** Base string and key of the tokenPassport: NetSuite help section_4395630653. */
  verifyPassport(passport: TokenPassport, fault = NO_LOGIN_FAULT): AuthOutcome {
    const {account, consumerKey, token, nonce, timestamp, signature, algorithm} = passport
    const base = [account, consumerKey, token, nonce, timestamp].join('&')
    const claim = {
      account,
      consumerKey,
      token,
      nonce,
      timestamp,
      signature,
      algorithm: algorithm.replaceAll('_', '-'),
      base,
    }
    return this.#verified(claim, fault)
  }

  /** REST: OAuth 1.0a signature or bearer token. */
  verifyRequest(request: SignedRequest, fault = NO_LOGIN_FAULT): AuthOutcome {
    const {authorization} = request
    if (fault.refusal === 'overloaded') return OVERLOADED
    if (authorization === undefined) return this.#refused('MissingCredentials')
    if (/^bearer /i.test(authorization)) return this.#verifyBearer(authorization.slice(7).trim(), fault)
    const parsed = parseOAuth1(authorization)
    if (parsed === null) return this.#refused('MalformedHeader')
    const {realm, params} = parsed
    const param = (name: string): string => params.get(name) ?? ''
    if (param('oauth_version') !== '' && param('oauth_version') !== '1.0') return this.#refused('VersionRejected')
    const claim = {
      account: realm,
      consumerKey: param('oauth_consumer_key'),
      token: param('oauth_token'),
      nonce: param('oauth_nonce'),
      timestamp: param('oauth_timestamp'),
      signature: param('oauth_signature'),
      algorithm: param('oauth_signature_method'),
      base: signatureBase(request.method, request.url, params),
    }
    return this.#verified(claim, fault)
  }

  #verified(claim: TokenPassport & Readonly<{base: string}>, fault: LoginFault): AuthOutcome {
    const {account, consumerKey, consumerSecret, tokenId, tokenSecret} = this.#options
    if (fault.refusal === 'overloaded') return OVERLOADED
    if (this.#now() < this.#lockedUntil) return this.#refused('temporary_locked')
    if (fault.refusal === 'revoked') return this.#refused('token_rejected', fault.lockMs)
    const now = this.#now(fault)
    // The account id counts in upper case with "_": "123456_sb1" is another, unknown account.
    if (claim.account !== account) return this.#refused('InvalidAccount')
    if (claim.consumerKey !== consumerKey) return this.#refused('consumer_key_unknown')
    if (claim.token !== tokenId) return this.#refused('token_rejected')
    if (claim.algorithm !== 'HMAC-SHA256') return this.#refused('UnknownAlgorithm')
    if (!/^[A-Za-z0-9]{6,64}$/.test(claim.nonce)) return this.#refused('InvalidNonce')
    const seconds = /^\d+$/.test(claim.timestamp) ? Number(claim.timestamp) : Number.NaN
    if (!(Math.abs(seconds * 1000 - now) <= WINDOW_MS)) return this.#refused('InvalidTimestamp')
    const expected = createHmac('sha256', `${consumerSecret}&${tokenSecret}`).update(claim.base).digest('base64')
    if (!sameText(expected, claim.signature)) return this.#refused('InvalidSignature')
    if (!this.#nonces.use(`${claim.timestamp}:${claim.nonce}`, now)) return this.#refused('NonceUsed')
    this.#failures = 0
    return {ok: true}
  }

  #verifyBearer(token: string, fault: LoginFault): AuthOutcome {
    const expires = this.#tokens.get(token)
    if (fault.refusal === 'revoked' || expires === undefined) return this.#refused('token_rejected', fault.lockMs)
    return this.#now() < expires ? {ok: true} : this.#refused('token_expired')
  }

  /** Client credentials: NetSuite help section_162790605110. `urls` are the audiences that name this server. */
  issueToken(form: URLSearchParams, urls: readonly string[], fault = NO_LOGIN_FAULT): TokenAnswer {
    const refuse = (error: string, reason: string): TokenAnswer => {
      this.#refused(reason)
      return {
        status: 400,
        body: {error, error_description: error === 'invalid_request' ? 'Invalid request.' : 'Invalid grant.'},
      }
    }
    if (form.get('grant_type') !== 'client_credentials') return refuse('unsupported_grant_type', 'UnsupportedGrant')
    if (form.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') {
      return refuse('invalid_request', 'InvalidAssertionType')
    }
    const {publicKey, clientId, certificateId} = this.#options
    if (publicKey === undefined) return refuse('invalid_client', 'CertificateUnknown')
    const now = Math.floor(this.#now(fault) / 1000)
    const problem = verifyAssertion(form.get('client_assertion') ?? '', {
      publicKey,
      clientId,
      certificateId,
      audiences: urls,
      now,
    })
    if (problem !== null || fault.refusal === 'revoked') return refuse('invalid_grant', problem ?? 'token_rejected')
    const token = randomUUID().replaceAll('-', '')
    for (const [old, expires] of this.#tokens) if (expires < this.#now()) this.#tokens.delete(old)
    this.#tokens.set(token, this.#now() + TOKEN_SECONDS * 1000)
    return {status: 200, body: {access_token: token, expires_in: String(TOKEN_SECONDS), token_type: 'Bearer'}}
  }

  #now({skewMs} = NO_LOGIN_FAULT): number {
    return this.#options.now().getTime() + skewMs
  }

  #refused(reason: string, lockMs = this.#lockMs()): AuthOutcome {
    this.audit.set(reason, (this.audit.get(reason) ?? 0) + 1)
    this.#failures += 1
    if (lockMs !== null && this.#failures >= FAILURES_TO_LOCK && reason !== 'temporary_locked') {
      this.#lockedUntil = this.#now() + lockMs
      this.#failures = 0
      this.locked += 1
    }
    return {ok: false, reason}
  }

  #lockMs(): number | null {
    return this.#options.locks ? (this.#options.lockMs ?? LOCK_MS) : null
  }

  /** Forgets failures and locks, keeps nonces and tokens. */
  reset(): void {
    this.#failures = 0
    this.#lockedUntil = 0
    this.locked = 0
    this.audit.clear()
  }
}

function sameText(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}
