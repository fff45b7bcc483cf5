import {spawn} from 'node:child_process'
import {tmpdir} from 'node:os'
import {fileURLToPath} from 'node:url'

import {expect, test} from 'vitest'

import {parkOrders, slackChannel, tick} from '../lib/ops/alerts/world.ts'
import {freshDatabase, freshLedger} from '../support/fresh-ledger.ts'
import {slackServer, status} from '../support/slack.ts'
import {mailServer} from '../support/smtp.ts'

const dev = fileURLToPath(new URL('../../bin/dev.js', import.meta.url))
const UNSET = {
  ALERT_SLACK_WEBHOOK_URL: '',
  ALERT_SMTP_URL: '',
  ALERT_EMAIL_FROM: '',
  ALERT_EMAIL_TO: '',
  DATABASE_URL: '',
}

/** The command in a process of its own, in a folder without settings. */
function tieout(env: Readonly<Record<string, string>>, ...args: string[]) {
  const child = spawn(process.execPath, [dev, ...args], {cwd: tmpdir(), env: {...process.env, ...UNSET, ...env}})
  const [out, err]: [string[], string[]] = [[], []]
  child.stdout.on('data', (chunk: Buffer) => void out.push(chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => void err.push(chunk.toString()))
  return new Promise<{code: number | null; stdout: string; stderr: string}>((resolve) =>
    child.once('close', (code) => resolve({code, stdout: out.join(''), stderr: err.join('')})),
  )
}

const mail = (port: number) => ({
  ALERT_SMTP_URL: `smtp://ops:pass%20w%C3%B6rd@127.0.0.1:${port}`,
  ALERT_EMAIL_FROM: 'tieout@example.com',
  ALERT_EMAIL_TO: 'ana@example.com',
})

test('alerts:test sends to each channel that is set, without a database', async () => {
  const [slack, post] = [await slackServer(), await mailServer()]

  const ran = await tieout({ALERT_SLACK_WEBHOOK_URL: slack.url, ...mail(post.port)}, 'alerts:test')

  expect([ran.code, ran.stderr]).toEqual([0, ''])
  expect(ran.stdout).toBe('slack: sent\nemail: sent\n')
  expect(slack.texts).toEqual([expect.stringMatching(/^TEST: /)])
  expect(post.mails).toHaveLength(1)
})

test('alerts:test ends with 3 where a channel did not take it, and tells no secret', async () => {
  const [slack, post] = [await slackServer(), await mailServer()]
  slack.mood(status(403))

  const ran = await tieout({ALERT_SLACK_WEBHOOK_URL: slack.url, ...mail(post.port)}, 'alerts:test', '--json')

  expect(ran.code).toBe(3)
  expect(JSON.parse(ran.stdout)).toEqual({
    channels: [
      {channel: 'slack', ok: false, detail: expect.stringMatching(/^it answers 403/) as string},
      {channel: 'email', ok: true, detail: null},
    ],
  })
  expect(`${ran.stdout}${ran.stderr}`).not.toMatch(/s3cr3t|secret|w%C3|wörd/)
})

test('alerts:test ends with 10 where no channel is set, or not the one that is asked for', async () => {
  const slack = await slackServer()
  const [none, other, malformed] = await Promise.all([
    tieout({}, 'alerts:test', '--json'),
    tieout({ALERT_SLACK_WEBHOOK_URL: slack.url}, 'alerts:test', '--channel', 'email', '--json'),
    tieout({ALERT_SLACK_WEBHOOK_URL: 's3cr3t', ALERT_EMAIL_TO: 'x'}, 'alerts:test', '--json'),
  ])
  const codeOf = (text: string) => (JSON.parse(text) as {error: {code: string}}).error.code

  expect([none.code, codeOf(none.stdout)]).toEqual([10, 'ALERT_CHANNEL_MISSING'])
  expect([other.code, codeOf(other.stdout)]).toEqual([10, 'ALERT_CHANNEL_MISSING'])
  expect([malformed.code, codeOf(malformed.stdout)]).toEqual([10, 'SETTINGS_INVALID'])
  expect(malformed.stdout).not.toContain('s3cr3t')
  expect(slack.texts).toEqual([])
})

test('alerts:list shows what is open, who heard of it, and which channel fails', async () => {
  const ledger = await freshLedger()
  const slack = await slackServer()
  await parkOrders(ledger, 3)
  await tick(ledger, slackChannel(slack.url))
  slack.mood(status(500))
  await parkOrders(ledger, 2, 'TAX_UNMAPPED', 10)
  await tick(ledger, slackChannel(slack.url))

  const [text, json] = await Promise.all([
    tieout({DATABASE_URL: ledger.url}, 'alerts:list'),
    tieout({DATABASE_URL: ledger.url}, 'alerts:list', '--json'),
  ])

  expect([text.code, text.stderr]).toEqual([0, ''])
  expect(text.stdout).toMatch(
    /^warn: 3 orders are parked: SKU_UNMAPPED\n {2}Effect: [^]*told: slack \d{4}-[^]*\nwarn: 2 orders/,
  )
  expect(text.stdout).toMatch(
    /told: nobody yet\nchannel slack: last sent .*; 1 failed since: it answers 500, again from/,
  )
  expect(JSON.parse(json.stdout)).toMatchObject({
    alerts: [
      {key: 'parked:SKU_UNMAPPED', count: 3, told: [{channel: 'slack', count: 3, times: 1}]},
      {key: 'parked:TAX_UNMAPPED', told: []},
    ],
    channels: [{name: 'slack', attempts: 1, lastError: 'it answers 500'}],
  })
})

test('alerts:list of a ledger without alerts says so', async () => {
  const url = await freshDatabase({migrated: true})

  expect(await tieout({DATABASE_URL: url}, 'alerts:list')).toEqual({code: 0, stdout: 'no open alerts\n', stderr: ''})
})
