import {expect, test} from 'vitest'

import {alertSettings} from '../src/alert-settings.ts'

type Env = Readonly<Record<string, string>>

function read(env: Env) {
  const faults: string[] = []
  const settings = alertSettings((name) => env[name] ?? null, faults)
  return {settings, faults}
}

const EMAIL: Env = {
  ALERT_SMTP_URL: 'smtp://ops:p%40ss%20w%C3%B6rd@mail.example.com',
  ALERT_EMAIL_FROM: 'tieout@example.com',
  ALERT_EMAIL_TO: 'ana@example.com, ben@example.com,',
}

test('without any setting alerts stay in the ledger', () => {
  expect(read({})).toEqual({settings: {slack: null, email: null, lagMinutes: 15}, faults: []})
})

test('both channels are read, with user and password as they are', () => {
  const {settings, faults} = read({
    ...EMAIL,
    ALERT_SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/x',
    ALERT_LAG_MINUTES: '90',
  })

  expect(faults).toEqual([])
  expect(settings).toEqual({
    slack: {url: 'https://hooks.slack.com/services/T0/B0/x'},
    email: {
      host: 'mail.example.com',
      port: 587,
      isSecure: false,
      login: {user: 'ops', password: 'p@ss wörd'},
      from: 'tieout@example.com',
      to: ['ana@example.com', 'ben@example.com'],
    },
    lagMinutes: 90,
  })
})

test.each([
  ['smtps://mail.example.com', {host: 'mail.example.com', port: 465, isSecure: true, login: null}],
  ['smtp://[::1]:2525', {host: '::1', port: 2525, isSecure: false, login: null}],
])('%s names a server without a login', (url, expected) => {
  expect(read({...EMAIL, ALERT_SMTP_URL: url}).settings.email).toMatchObject(expected)
})

test('every fault is told at once, and no address that may hold a secret is repeated', () => {
  const {faults} = read({
    ALERT_SLACK_WEBHOOK_URL: 'hooks.slack.com/services/s3cr3t',
    ALERT_SMTP_URL: 'smtp://ops:s3cr3t%@mail.example.com',
    ALERT_EMAIL_TO: 'ana@example.com, Ben',
    ALERT_LAG_MINUTES: 'soon',
  })

  expect(faults).toEqual([
    'ALERT_LAG_MINUTES=soon is not a number from 1 to 9999',
    'ALERT_SLACK_WEBHOOK_URL is not a URL such as https://hooks.slack.com/services/…',
    'ALERT_EMAIL_FROM is missing; it belongs to ALERT_SMTP_URL, ALERT_EMAIL_TO',
    'ALERT_SMTP_URL needs user and password, or neither; write special characters of them as %XX',
    'ALERT_EMAIL_TO: Ben is not an address such as ops@example.com',
  ])
})

test.each(['ftp://mail.example.com', 'mail.example.com:587', 'smtp://'])('%s names no mail server', (url) => {
  expect(read({...EMAIL, ALERT_SMTP_URL: url}).faults).toEqual([expect.stringMatching(/^ALERT_SMTP_URL is not a URL/)])
})

test('an empty list of recipients is a fault', () => {
  expect(read({...EMAIL, ALERT_EMAIL_TO: ' , '}).faults).toEqual([expect.stringMatching(/^ALERT_EMAIL_TO/)])
})
