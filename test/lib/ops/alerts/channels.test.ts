import {createServer} from 'node:net'
import type {AddressInfo} from 'node:net'

import {expect, test} from 'vitest'

import type {AlertSettings} from '../../../../src/lib/ops/alerts/types.ts'
import {sendMail} from '../../../../src/lib/ops/alerts/mail.ts'
import {postToSlack} from '../../../../src/lib/ops/alerts/slack.ts'
import {hanging, slackServer, status} from '../../../support/slack.ts'
import {mailServer} from '../../../support/smtp.ts'

const MESSAGE = {subject: 'PAGE: café & <co>\u2026', text: 'PAGE: café & <!channel>\n.\n  Next: tieout doctor'}

type Mailbox = NonNullable<AlertSettings['email']>

function mailbox(port: number, change: Partial<Mailbox> = {}): Mailbox {
  return {
    host: '127.0.0.1',
    port,
    isSecure: false,
    login: {user: 'ops', password: 'pass wörd'},
    from: 'tieout@example.com',
    to: ['ana@example.com', 'ben@example.com'],
    ...change,
  }
}

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('Slack gets the text, and nothing in it can call everybody', async () => {
  const slack = await slackServer()

  expect(await postToSlack(slack.url, MESSAGE)).toEqual({ok: true})

  expect(slack.texts).toEqual(['PAGE: café &amp; &lt;!channel&gt;\n.\n  Next: tieout doctor'])
})

test.each([
  ['an error', status(500), 'it answers 500', 0],
  ['a removed webhook', status(404), 'it answers 404: the webhook was removed or its address is wrong', 0],
  ['too many messages', status(429, {'retry-after': '30'}), 'it answers 429, too many messages', 30_000],
  ['a wait that never ends', status(429, {'retry-after': '1e300'}), 'it answers 429, too many messages', 3_600_000],
  ['a redirect, which is not followed', status(302, {location: 'http://127.0.0.1:1/'}), 'it answers 302', 0],
  ['silence', hanging, 'no answer in 0.2 s', 0],
])('Slack that answers with %s has not taken it, and no secret is repeated', async (_, mood, why, retryAfterMs) => {
  const slack = await slackServer()
  slack.mood(mood)

  expect(await postToSlack(slack.url, MESSAGE, 200)).toEqual({ok: false, why, retryAfterMs})
})

test('Slack that cannot be reached is told by the reason alone', async () => {
  const port = await freePort()

  const sent = await postToSlack(`http://127.0.0.1:${port}/services/s3cr3t`, MESSAGE)

  expect(sent).toEqual({ok: false, why: 'it cannot be reached: ECONNREFUSED', retryAfterMs: 0})
})

test('mail reaches every address, as plain text that no one answers automatically', async () => {
  const server = await mailServer()

  expect(await sendMail(mailbox(server.port), MESSAGE)).toEqual({ok: true})

  expect(server.mails).toMatchObject([
    {from: 'tieout@example.com', to: ['ana@example.com', 'ben@example.com'], user: 'ops'},
  ])
  const data = server.mails[0]?.data ?? ''
  expect(data).toMatch(/^Subject: =\?UTF-8\?Q\?.*PAGE/m)
  expect(data).toMatch(/^Auto-Submitted: auto-generated$/m)
  expect(data).toMatch(/^Content-Type: text\/plain; charset=utf-8$/m)
  expect(data).toMatch(/caf=C3=A9 & <!channel>\n\.\n {2}Next: tieout doctor/)
})

test('mail goes without a login where none is set', async () => {
  const server = await mailServer()

  await sendMail(mailbox(server.port, {login: null}), MESSAGE)

  expect(server.mails).toMatchObject([{user: null}])
})

test('a password that is refused is told without repeating it', async () => {
  const server = await mailServer()

  const sent = await sendMail(mailbox(server.port, {login: {user: 'ops', password: 's3cr3t'}}), MESSAGE)

  expect(sent).toEqual({ok: false, why: 'the server refuses user or password (535)', retryAfterMs: 0})
})

test.each([
  ['mute', 'no answer in 0.3 s'],
  ['drip', 'no answer in 0.3 s'],
  ['refuse', 'the server refuses the sender or every recipient (550)'],
  ['quit', 'ECONNECTION'],
] as const)(
  'a mail server that is in the mood "%s" has not taken it, in time, and the line is closed',
  async (mood, why) => {
    const server = await mailServer()
    server.mood(mood)

    const started = performance.now()
    const sent = await sendMail(mailbox(server.port), MESSAGE, 300)

    expect(sent).toEqual({ok: false, why, retryAfterMs: 0})
    expect(performance.now() - started).toBeLessThan(2000)
    await expect.poll(() => server.open(), {timeout: 2000}).toBe(0)
  },
)

test('a password does not go to another host without encryption', async () => {
  const server = await mailServer()
  // 0.0.0.0 reaches this machine but is not its loopback name.
  const sent = await sendMail(mailbox(server.port, {host: '0.0.0.0'}), MESSAGE)

  expect(sent).toMatchObject({ok: false})
  expect(server.mails).toEqual([])
})

test('TLS from the first byte is asked for where the address says so', async () => {
  const server = await mailServer()

  expect(await sendMail(mailbox(server.port, {isSecure: true}), MESSAGE, 500)).toMatchObject({ok: false})
  expect(server.mails).toEqual([])
})

test('a mail server that cannot be reached is told by the reason alone', async () => {
  const port = await freePort()

  expect(await sendMail(mailbox(port), MESSAGE)).toEqual({ok: false, why: 'nothing listens there', retryAfterMs: 0})
})
