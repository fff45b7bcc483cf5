import {afterEach, beforeEach, expect, test} from 'vitest'

import {startNetSuite, type SandboxNetSuite} from '../../../src/sandbox/netsuite/server.ts'
import {call, control, order, type Reply} from './client.ts'

let netsuite: SandboxNetSuite
beforeEach(async () => {
  netsuite = await startNetSuite({port: 0, concurrency: 1})
})
afterEach(() => netsuite.stop())

const fault = (rule: unknown): Promise<unknown> => control(netsuite.url, 'POST', 'faults', rule)
const end = (kind: string): Promise<unknown> => control(netsuite.url, 'DELETE', `faults/${kind}`)
const look = (timestamp?: number): Promise<Reply> =>
  call(netsuite.url, 'GET', 'record/v1/salesOrder', timestamp === undefined ? {} : {signing: {timestamp}})
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

type Stats = {refusals: number; logins: Record<string, number>; loginsRefused: number; loginLocks: number}
const stats = (): Promise<Stats> => control(netsuite.url, 'GET', 'stats')

test('a token that was revoked and restored works at once, where it was tried fewer than five times', async () => {
  await fault({kind: 'login', locks: true})
  for (let i = 0; i < 4; i++) expect((await look()).status).toBe(401)
  await end('login')

  expect((await look()).status).toBe(200)
  expect(await stats()).toMatchObject({loginsRefused: 4, loginLocks: 0})
})

test('whoever knocks five times is locked out, also when the token is good again, until the lock ends', async () => {
  await fault({kind: 'login', locks: true, ms: 150})
  for (let i = 0; i < 5; i++) await look()
  await end('login')

  expect((await look()).status).toBe(401)
  expect(await stats()).toMatchObject({loginLocks: 1, logins: {token_rejected: 5, temporary_locked: 1}})
  await pause(160)
  expect((await look()).status).toBe(200)
})

test('under overload a refusal may call itself an invalid login, on every channel; nobody failed to log in', async () => {
  await fault([{kind: 'concurrency'}, {kind: 'overload-login'}])

  const reply = await look()
  expect(reply.status).toBe(401)
  expect(reply.body['o:errorDetails'][0]).toMatchObject({'o:errorCode': 'INVALID_LOGIN'})
  expect(await stats()).toMatchObject({refusals: 1, loginsRefused: 0, logins: {}})
  await end('concurrency')
  expect((await look()).status).toBe(200)
})

test('the account has one clock: what it says of the time, and what signatures are measured by, move together', async () => {
  const ahead = 12 * 60_000
  await fault({kind: 'clock-skew', ms: ahead})
  const now = Math.floor(Date.now() / 1000)

  const refused = await look()
  expect(refused.status).toBe(401)
  expect(Date.parse(refused.headers.get('date') ?? '') - Date.now()).toBeGreaterThan(ahead - 5000)
  expect((await look(now + ahead / 1000)).status).toBe(200)
  expect(netsuite.engine.serverTime().getTime() - Date.now()).toBeGreaterThan(ahead - 1000)
  await end('clock-skew')
  expect(Math.abs(netsuite.engine.serverTime().getTime() - Date.now())).toBeLessThan(1000)
})

test('a fault ends by itself after its time, and others go on when one kind is ended', async () => {
  await fault([
    {kind: 'maintenance', forMs: 80},
    {kind: 'permission', match: {externalId: 'O:1'}},
  ])
  expect((await look()).status).toBe(503)
  await pause(90)
  expect((await look()).status).toBe(200)
  await fault({kind: 'html'})
  await end('html')
  const posted = await call(netsuite.url, 'POST', 'record/v1/salesOrder', {body: order({externalId: 'O:1'})})
  expect(posted.status).toBe(400)
  expect(await fault({kind: 'html', forMs: -1})).toMatchObject({error: expect.stringContaining('forMs') as string})
})
