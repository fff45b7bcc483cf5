import {constants, createPrivateKey, generateKeyPairSync, type KeyObject, sign} from 'node:crypto'
import {afterAll, beforeAll, expect, test} from 'vitest'

import {company} from '../../../src/sandbox/company.ts'
import {Auth} from '../../../src/sandbox/netsuite/auth.ts'
import {Nonces} from '../../../src/sandbox/netsuite/nonces.ts'
import {startNetSuite, type SandboxNetSuite} from '../../../src/sandbox/netsuite/server.ts'
import {authorization, call, control, type Signing} from './client.ts'

const keys = generateKeyPairSync('ec', {namedCurve: 'P-256'})
let netsuite: SandboxNetSuite

beforeAll(async () => {
  const oauth2PublicKey = keys.publicKey.export({type: 'spki', format: 'pem'}).toString()
  netsuite = await startNetSuite({port: 0, oauth2PublicKey})
})
afterAll(() => netsuite.stop())

const path = 'record/v1/salesOrder?q=externalId%20IS%20"A%20B%2BC"&limit=5'
const minute = (): number => Math.floor(Date.now() / 1000)

test('a signed request with blanks and signs in its query is let in', async () => {
  expect((await call(netsuite.url, 'GET', path)).status).toBe(200)
})

test.each<[string, Signing, string]>([
  ['a wrong secret', {consumerSecret: 'guess'}, 'InvalidSignature'],
  ['a token that was revoked', {tokenId: 'old'}, 'token_rejected'],
  ['a lower-case account id', {realm: '1234567_sb1'}, 'InvalidAccount'],
  ['a dash in the account id', {realm: '1234567-SB1'}, 'InvalidAccount'],
  ['a clock six minutes behind', {timestamp: minute() - 360}, 'InvalidTimestamp'],
  ['a clock six minutes ahead', {timestamp: minute() + 360}, 'InvalidTimestamp'],
  ['a nonce that is too short', {nonce: 'abc'}, 'InvalidNonce'],
  ['HMAC-SHA1', {hash: 'sha1'}, 'UnknownAlgorithm'],
])('%s is refused without saying why; the audit trail knows', async (_what, signing, reason) => {
  const reply = await call(netsuite.url, 'GET', path, {signing})

  expect(reply.status).toBe(401)
  expect(reply.body['o:errorDetails'][0]).toMatchObject({'o:errorCode': 'INVALID_LOGIN'})
  expect(reply.text).not.toContain(reason)
  expect(
    (await control<{logins: Record<string, number>}>(netsuite.url, 'GET', 'stats')).logins[reason],
  ).toBeGreaterThan(0)
})

test('a nonce is good once', async () => {
  const signing = {nonce: 'onceandneveragain'}

  expect((await call(netsuite.url, 'GET', path, {signing})).status).toBe(200)
  expect((await call(netsuite.url, 'GET', path, {signing})).status).toBe(401)
})

test('a signature for another query, or none at all, is refused', async () => {
  const url = `${netsuite.url}/services/rest/record/v1/salesOrder`
  const headers = {authorization: authorization('GET', `${url}?limit=5`)}

  expect((await fetch(`${url}?limit=6`, {headers})).status).toBe(401)
  expect((await fetch(url)).status).toBe(401)
})

test('nonces are remembered for the whole span and in bounded memory', () => {
  const nonces = new Nonces(0, 600, 3)

  expect(['a', 'b', 'c', 'a', 'd', 'a'].map((nonce) => nonces.use(nonce, 1))).toEqual([
    true,
    true,
    true,
    false,
    true,
    false,
  ])
  expect(nonces.use('d', 602)).toBe(false)
})

test('five failures lock the login for half an hour', () => {
  let at = Date.parse('2026-11-20T10:00:00Z')
  const auth = new Auth({...company.netsuite, account: company.account, now: () => new Date(at), locks: true})
  const url = 'http://x/services/rest/record/v1/customer'
  const seconds = (): number => Math.floor(at / 1000)
  const tryIn = (signing: Signing): boolean =>
    auth.verifyRequest({
      method: 'GET',
      url,
      authorization: authorization('GET', url, {timestamp: seconds(), ...signing}),
    }).ok

  for (let i = 0; i < 5; i++) expect(tryIn({consumerSecret: 'guess'})).toBe(false)
  expect(tryIn({})).toBe(false)
  at += 29 * 60_000
  expect(tryIn({})).toBe(false)
  at += 2 * 60_000
  expect(tryIn({})).toBe(true)
})

test("the passport of Oracle's test vector has its signature", () => {
  const auth = new Auth({
    account: '1234567',
    consumerKey: '71cc02b731f05895561ef0862d71553a3ac99498a947c3b7beaf4a1e4a29f7c4',
    consumerSecret: '7278da58caf07f5c336301a601203d10a58e948efa280f0618e25fcee1ef2abd',
    tokenId: '89e08d9767c5ac85b374415725567d05b54ecf0960ad2470894a52f741020d82',
    tokenSecret: '060cd9ab3ffbbe1e3d3918e90165ffd37ab12acc76b4691046e2d29c7d7674c2',
    clientId: '',
    certificateId: '',
    now: () => new Date(1439829974 * 1000),
    locks: false,
  })
  const passport = {
    account: '1234567',
    consumerKey: '71cc02b731f05895561ef0862d71553a3ac99498a947c3b7beaf4a1e4a29f7c4',
    token: '89e08d9767c5ac85b374415725567d05b54ecf0960ad2470894a52f741020d82',
    nonce: '6obMKq0tmY8ylVOdEkA1',
    timestamp: '1439829974',
    signature: 'FCghIZqXNetuZY8ILWOFH0ucdfzQOmAuL+q+kF21zPs=',
    algorithm: 'HMAC-SHA256',
  }

  expect(auth.verifyPassport(passport)).toEqual({ok: true})
  expect(auth.verifyPassport(passport)).toMatchObject({ok: false, reason: 'NonceUsed'})
})

type Claims = Record<string, unknown>

function assertion(claims: Claims = {}, header: Claims = {}, key: KeyObject = keys.privateKey): string {
  const now = minute()
  const parts = [
    {typ: 'JWT', alg: 'ES256', kid: company.netsuite.certificateId, ...header},
    {
      iss: company.netsuite.clientId,
      scope: ['rest_webservices'],
      aud: `${netsuite.url}/services/rest/auth/oauth2/v1/token`,
      iat: now,
      exp: now + 300,
      ...claims,
    },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  const text = parts.join('.')
  const signature = sign('sha256', Buffer.from(text), {key, dsaEncoding: 'ieee-p1363'})
  return `${text}.${signature.toString('base64url')}`
}

async function token(jwt: string, base = netsuite.url): Promise<Response> {
  return fetch(`${base}/services/rest/auth/oauth2/v1/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: jwt,
    }),
  })
}

test('a good assertion gives a token that opens the REST services; a made-up one does not', async () => {
  const answer = (await (await token(assertion())).json()) as {
    access_token: string
    token_type: string
    expires_in: string
  }
  const read = (bearer: string): Promise<Response> =>
    fetch(`${netsuite.url}/services/rest/record/v1/customer`, {headers: {authorization: `Bearer ${bearer}`}})

  expect(answer).toMatchObject({token_type: 'Bearer', expires_in: '3600'})
  expect((await read(answer.access_token)).status).toBe(200)
  const refused = await read('made-up')
  expect(refused.status).toBe(401)
  expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"')
})

test.each<[string, Claims, Claims]>([
  ['another client', {iss: 'someone'}, {}],
  ['another audience', {aud: 'https://elsewhere.test/token'}, {}],
  ['a certificate that is not mapped', {}, {kid: 'other'}],
  ['no scope', {scope: []}, {}],
  ['an hour and more of life', {exp: minute() + 3700}, {}],
  ['an end in the past', {iat: minute() - 600, exp: minute() - 300}, {}],
  ['an algorithm that is not taken', {}, {alg: 'RS256'}],
  ['no algorithm', {}, {alg: 'none'}],
])('an assertion with %s is refused', async (_what, claims, header) => {
  const answer = await token(assertion(claims, header))

  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({error: 'invalid_grant'})
})

test('an assertion that another key signed is refused', async () => {
  const other = generateKeyPairSync('ec', {namedCurve: 'P-256'}).privateKey

  expect((await token(assertion({}, {}, other))).status).toBe(400)
})

test('PS256 with an RSA key is taken as well', async () => {
  const rsa = generateKeyPairSync('rsa', {modulusLength: 3072})
  const own = await startNetSuite({
    port: 0,
    oauth2PublicKey: rsa.publicKey.export({type: 'spki', format: 'pem'}).toString(),
  })
  const [head = '', body = ''] = assertion(
    {aud: `${own.url}/services/rest/auth/oauth2/v1/token`},
    {alg: 'PS256'},
  ).split('.')
  const key = createPrivateKey(rsa.privateKey.export({type: 'pkcs8', format: 'pem'}))
  const options = {key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32}
  const signature = sign('sha256', Buffer.from(`${head}.${body}`), options).toString('base64url')

  expect((await token(`${head}.${body}.${signature}`, own.url)).status).toBe(200)
  await own.stop()
})
