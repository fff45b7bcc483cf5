import {createHmac, createPublicKey, generateKeyPairSync, verify, constants} from 'node:crypto'
import {afterEach, describe, expect, test} from 'vitest'

import {readKey} from '../../../src/lib/netsuite/auth/oauth2.ts'
import {tbaAuthorizer} from '../../../src/lib/netsuite/auth/tba.ts'
import {tokenPassport} from '../../../src/lib/netsuite/auth/token-passport.ts'
import {hostsOf} from '../../../src/lib/netsuite/hosts.ts'
import {clientFor, openDoor, playNetSuite, tba} from './playing-netsuite.ts'

const stops: (() => void)[] = []
afterEach(() => stops.splice(0).forEach((stop) => stop()))

test('the passport of NetSuite’s own example has the signature that its inputs give', () => {
  const credential = {
    consumerKey: '71cc02b731f05895561ef0862d71553a3ac99498a947c3b7beaf4a1e4a29f7c4',
    consumerSecret: '7278da58caf07f5c336301a601203d10a58e948efa280f0618e25fcee1ef2abd',
    tokenId: '89e08d9767c5ac85b374415725567d05b54ecf0960ad2470894a52f741020d82',
    tokenSecret: '060cd9ab3ffbbe1e3d3918e90165ffd37ab12acc76b4691046e2d29c7d7674c2',
  }
  const passport = tokenPassport('1234567', credential, new Date(1_439_829_974_000), '6obMKq0tmY8ylVOdEkA1')

  expect(passport.signature).toBe('FCghIZqXNetuZY8ILWOFH0ucdfzQOmAuL+q+kF21zPs=')
})

test('no two passports share a nonce', () => {
  const nonces = Array.from({length: 200}, () => tokenPassport('1', tba, new Date()).nonce)

  expect(new Set(nonces).size).toBe(200)
  expect(nonces.every((nonce) => /^[A-Za-z0-9]{6,64}$/.test(nonce))).toBe(true)
})

test('an account is spelled one way in host names and another in signatures', () => {
  const hosts = hostsOf('123456_sb1', '2025_2')

  expect(hosts.soap).toBe('https://123456-sb1.suitetalk.api.netsuite.com/services/NetSuitePort_2025_2')
  expect(hosts.realm).toBe('123456_SB1')
  expect(hostsOf('123456-sb1', '2025_2')).toEqual(hosts)
  expect(hostsOf('1', '2025_2', 'http://127.0.0.1:9/').token).toBe(
    'http://127.0.0.1:9/services/rest/auth/oauth2/v1/token',
  )
})

/** OAuth 1.0a (RFC 5849) once more, by hand. */
function signatureOf(method: string, url: string, header: Map<string, string>, secrets: string): string {
  const encode = (text: string) =>
    encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  const {origin, pathname, searchParams} = new URL(url)
  const parameters = [
    ...searchParams,
    ...[...header].filter(([name]) => name !== 'realm' && name !== 'oauth_signature'),
  ]
  const pairs = parameters.map(([name, value]) => [encode(name), encode(value)] as const)
  const sorted = pairs.toSorted(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
  const base = [method, encode(origin + pathname), encode(sorted.map((pair) => pair.join('=')).join('&'))].join('&')
  return createHmac('sha256', secrets).update(base).digest('base64')
}

test('a REST request is signed with its query parameters, however they are written', async () => {
  const clock = {now: () => new Date('2026-11-20T12:00:00Z'), sleep: () => Promise.resolve()}
  const authorize = await tbaAuthorizer('123456_SB1', tba, clock)()
  const url = 'https://x.test/services/rest/record/v1/customer?q=email%20IS%20%22a%2Bb%40c.d%22&limit=10'
  const header = authorize('GET', url)
  const fields = new Map(
    [...header.replace('OAuth ', '').matchAll(/(\w+)="([^"]*)"/g)].map((m) => [
      m[1] ?? '',
      decodeURIComponent(m[2] ?? ''),
    ]),
  )

  expect(fields.get('realm')).toBe('123456_SB1')
  expect(fields.get('oauth_signature_method')).toBe('HMAC-SHA256')
  expect(fields.get('oauth_signature')).toBe(signatureOf('GET', url, fields, 'cs&ts'))
  expect(authorize('GET', url)).not.toBe(header)
})

describe('OAuth 2.0', () => {
  const rsa = generateKeyPairSync('rsa', {modulusLength: 2048})
  const ec = generateKeyPairSync('ec', {namedCurve: 'P-256'})
  const pem = (pair: typeof rsa) => pair.privateKey.export({type: 'pkcs8', format: 'pem'}).toString()
  const oauth2 = {clientId: 'client', certificateId: 'certificate', privateKey: pem(rsa)}
  const empty = JSON.stringify({items: [], hasMore: false})

  /** A token endpoint and a SuiteQL that answers nothing. */
  async function play(tokenAnswer: () => {status: number; body: unknown}) {
    const server = await playNetSuite(({path}, response) => {
      if (!path.endsWith('/token')) return void response.end(empty)
      const {status, body} = tokenAnswer()
      setTimeout(() => response.writeHead(status).end(JSON.stringify(body)), 20)
    })
    stops.push(server.stop)
    return server
  }

  test.each([
    ['PS256', rsa],
    ['ES256', ec],
  ])('an assertion is signed with %s, as the key is, and says who, for what and how long', async (algorithm, pair) => {
    const server = await play(() => ({status: 200, body: {access_token: 'a', expires_in: '3600'}}))
    const {netsuite} = clientFor(server.url, {tba: null, oauth2: {...oauth2, privateKey: pem(pair)}})
    await netsuite.queries.raw('SELECT 1 AS n FROM dual')

    const form = new URLSearchParams(server.seen[0]?.body)
    const [head = '', claims = '', signature = ''] = (form.get('client_assertion') ?? '').split('.')
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
    const key =
      algorithm === 'PS256'
        ? {key: createPublicKey(pair.publicKey.export({type: 'spki', format: 'pem'})), padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32}
        : {key: createPublicKey(pair.publicKey.export({type: 'spki', format: 'pem'})), dsaEncoding: 'ieee-p1363' as const} // prettier-ignore
    expect(verify('sha256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url'))).toBe(true)
    expect(read(head)).toEqual({typ: 'JWT', alg: algorithm, kid: 'certificate'})
    expect(read(claims)).toMatchObject({iss: 'client', aud: `${server.url}/services/rest/auth/oauth2/v1/token`})
    expect(Number(read(claims)['exp']) - Number(read(claims)['iat'])).toBeLessThan(3600)
    expect(form.get('grant_type')).toBe('client_credentials')
    expect(server.seen[1]?.headers.authorization).toBe('Bearer a')
  })

  test('many requests that wait ask for one token, and a new one only shortly before it ends', async () => {
    let now = Date.parse('2026-11-20T12:00:00Z')
    const clock = {now: () => new Date(now), sleep: () => Promise.resolve()}
    const server = await play(() => ({status: 200, body: {access_token: 'a', expires_in: 3600}}))
    const {netsuite} = clientFor(server.url, {tba: null, oauth2}, {clock})
    const ask = () => netsuite.queries.raw('SELECT 1 AS n FROM dual')
    const tokens = () => server.seen.filter(({path}) => path.endsWith('/token')).length

    await Promise.all([ask(), ask(), ask(), ask()])
    expect(tokens()).toBe(1)
    now += 50 * 60_000
    await ask()
    expect(tokens()).toBe(1)
    now += 6 * 60_000
    await ask()
    expect(tokens()).toBe(2)
  })

  test('renewing a token never waits for the permit of the request that needs it', async () => {
    const server = await play(() => ({status: 200, body: {access_token: 'a', expires_in: 3600}}))
    let free = true
    const acquire = () => {
      if (!free) return Promise.reject(new Error('two permits at once'))
      free = false
      return Promise.resolve({waitedMs: 0, release: () => Promise.resolve(void (free = true))})
    }
    const {netsuite} = clientFor(server.url, {tba: null, oauth2}, {permits: {...openDoor().permits, acquire}})

    await expect(netsuite.queries.raw('SELECT 1 AS n FROM dual')).resolves.toEqual([])
  })

  test('a certificate that was revoked stops everything at the first refusal', async () => {
    const server = await play(() => ({status: 400, body: {error: 'invalid_grant'}}))
    const {netsuite} = clientFor(server.url, {tba: null, oauth2})

    await expect(netsuite.queries.raw('SELECT 1 AS n FROM dual')).rejects.toMatchObject({
      code: 'NETSUITE_LOGIN_REFUSED',
      exitCode: 12,
    })
    expect(server.seen).toHaveLength(1)
  })

  test('a key that is none, or of a kind that NetSuite does not take, is a setting to correct', () => {
    const ed = generateKeyPairSync('ed25519').privateKey.export({type: 'pkcs8', format: 'pem'}).toString()

    for (const text of ['no key', ed]) {
      expect(() => readKey(text)).toThrow(expect.objectContaining({code: 'NETSUITE_KEY_INVALID', exitCode: 10}))
    }
  })

  test('a client without any credential is a setting to correct', () => {
    expect(() => clientFor('http://127.0.0.1:9', {tba: null})).toThrow(
      expect.objectContaining({code: 'NETSUITE_CREDENTIALS_MISSING'}),
    )
  })
})
