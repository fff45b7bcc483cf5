import {constants, createPrivateKey, sign, type KeyObject} from 'node:crypto'

import type {Clock} from '../../core/clock.ts'
import {ConfigError} from '../../core/errors.ts'
import type {Authorizer} from './authorize.ts'

/**
 * OAuth 2.0 client credentials: `privateKey` is PEM, its certificate is registered in NetSuite under `certificateId`.
 */
export type OAuth2Credential = Readonly<{clientId: string; certificateId: string; privateKey: string}>

export type AccessToken = Readonly<{token: string; expiresInS: number}>

/** A token is renewed this long before it ends, so that no request meets its end on the way. */
const RENEW_BEFORE_MS = 5 * 60_000
const ASSERTION_LIFE_S = 300
const SCOPES = ['rest_webservices', 'restlets']

/** Node's names of the curves that NetSuite accepts → algorithm and hash (NetSuite help section_162755359851). */
const CURVES: Readonly<Record<string, readonly [string, string]>> = {
  prime256v1: ['ES256', 'sha256'],
  secp384r1: ['ES384', 'sha384'],
  secp521r1: ['ES512', 'sha512'],
}

/** Reads the key once. Throws ConfigError NETSUITE_KEY_INVALID where it is no RSA or EC key of an accepted kind. */
export function readKey(pem: string): KeyObject {
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch (cause) {
    throw keyInvalid('the private key for NetSuite cannot be read', cause)
  }
  if (key.asymmetricKeyType === 'rsa') return key
  if (key.asymmetricKeyType === 'ec' && algorithmOf(key) !== undefined) return key
  throw keyInvalid(`a private key of type ${key.asymmetricKeyType ?? 'unknown'} is not accepted by NetSuite`)
}

function keyInvalid(message: string, cause?: unknown): ConfigError {
  return new ConfigError('NETSUITE_KEY_INVALID', message, {
    hint: 'give an unencrypted PEM key: RSA of 3072 or 4096 bits, or EC on P-256, P-384 or P-521',
    cause,
  })
}

function algorithmOf(key: KeyObject): readonly [string, string] | undefined {
  return CURVES[key.asymmetricKeyDetails?.namedCurve ?? '']
}

/** The signed JWT that asks for a token: PS256 for RSA keys, ES256/384/512 for EC keys. `audience` is the token URL. */
export function clientAssertion(credential: OAuth2Credential, key: KeyObject, audience: string, now: Date): string {
  const [algorithm, hash] = algorithmOf(key) ?? ['PS256', 'sha256']
  const issuedAt = Math.floor(now.getTime() / 1000)
  const claims = {
    iss: credential.clientId,
    scope: SCOPES,
    aud: audience,
    iat: issuedAt,
    exp: issuedAt + ASSERTION_LIFE_S,
  }
  const head = encode({typ: 'JWT', alg: algorithm, kid: credential.certificateId})
  const text = `${head}.${encode(claims)}`
  const padding = {padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST}
  const form = key.asymmetricKeyType === 'rsa' ? {key, ...padding} : {key, dsaEncoding: 'ieee-p1363' as const}
  return `${text}.${sign(hash, Buffer.from(text), form).toString('base64url')}`
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** The form of the token request (NetSuite help section_162790605110). There is no refresh token: one asks again. */
export function tokenForm(assertion: string): string {
  return new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  }).toString()
}

export type TokenSource = Readonly<{authorizer: Authorizer; forget(): void}>

/**
 * Keeps one access token, renews it early, and asks for one at a time however many requests wait.
 * `ask` makes the token request. `forget` drops a token that was refused.
 */
export function tokenSource(clock: Clock, ask: () => Promise<AccessToken>): TokenSource {
  let held: {token: string; renewAt: number} | undefined
  let asking: Promise<string> | undefined
  const renew = async (): Promise<string> => {
    const answer = await ask()
    const lifeMs = answer.expiresInS * 1000
    // A token that lives shorter than the margin is still used for half its life, else each request would ask anew.
    held = {token: answer.token, renewAt: clock.now().getTime() + Math.max(lifeMs - RENEW_BEFORE_MS, lifeMs / 2)}
    return answer.token
  }
  const current = async (): Promise<string> => {
    if (held !== undefined && clock.now().getTime() < held.renewAt) return held.token
    asking ??= renew().finally(() => {
      asking = undefined
    })
    return asking
  }
  return {
    authorizer: async () => {
      const token = await current()
      return () => `Bearer ${token}`
    },
    forget: () => {
      held = undefined
    },
  }
}
