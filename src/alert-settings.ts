import type {AlertSettings} from './lib/ops/alerts/types.ts'

type Read = (name: string) => string | null

const EMAIL = ['ALERT_SMTP_URL', 'ALERT_EMAIL_FROM', 'ALERT_EMAIL_TO'] as const
const LAG_MINUTES = 15
/** Mail is handed in at 587, with STARTTLS, or at 465, with TLS from the first byte (RFC 8314, 3.3). */
const PORT = {'smtp:': 587, 'smtps:': 465} as const

/**
 * Where alerts go. No channel set is no fault: then they are kept in the ledger only. Each malformed setting adds a fault;
 * none repeats an address that may hold a secret.
 */
export function alertSettings(read: Read, faults: string[]): AlertSettings {
  const lag = read('ALERT_LAG_MINUTES')
  if (lag !== null && !/^[1-9]\d{0,3}$/.test(lag))
    faults.push(`ALERT_LAG_MINUTES=${lag} is not a number from 1 to 9999`)
  return {
    slack: slackOf(read, faults),
    email: emailOf(read, faults),
    lagMinutes: lag === null ? LAG_MINUTES : Number(lag),
  }
}

function slackOf(read: Read, faults: string[]): AlertSettings['slack'] {
  const url = read('ALERT_SLACK_WEBHOOK_URL')
  if (url === null) return null
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    faults.push('ALERT_SLACK_WEBHOOK_URL is not a URL such as https://hooks.slack.com/services/…')
  return {url}
}

function emailOf(read: Read, faults: string[]): AlertSettings['email'] {
  const there = EMAIL.filter((name) => read(name) !== null)
  if (there.length === 0) return null
  for (const name of EMAIL)
    if (!there.includes(name)) faults.push(`${name} is missing; it belongs to ${there.join(', ')}`)
  const server = serverOf(read('ALERT_SMTP_URL'), faults)
  const from = addresses('ALERT_EMAIL_FROM', read, faults)
  if (from.length > 1) faults.push('ALERT_EMAIL_FROM names more than one address')
  const to = addresses('ALERT_EMAIL_TO', read, faults)
  if (to.length === 0 && there.includes('ALERT_EMAIL_TO')) faults.push('ALERT_EMAIL_TO names no address')
  return {...server, from: from[0] ?? '', to}
}

function serverOf(value: string | null, faults: string[]) {
  const none = {host: '', port: 0, isSecure: false, login: null}
  if (value === null) return none
  const url = URL.canParse(value) ? new URL(value) : null
  if (url === null || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || url.hostname === '') {
    faults.push('ALERT_SMTP_URL is not a URL such as smtp://user:password@mail.example.com:587, or smtps://…:465')
    return none
  }
  const user = decoded(url.username)
  const password = decoded(url.password)
  if (user === null || password === null || (user === '') !== (password === ''))
    faults.push('ALERT_SMTP_URL needs user and password, or neither; write special characters of them as %XX')
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? PORT[url.protocol] : Number(url.port),
    isSecure: url.protocol === 'smtps:',
    login: user === null || user === '' || password === null ? null : {user, password},
  }
}

/** null: a % that begins no code of a character. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

function addresses(name: string, read: Read, faults: string[]): string[] {
  const list = (read(name) ?? '')
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '')
  for (const address of list)
    if (!/^[^\s@<>"]+@[^\s@<>"]+$/.test(address))
      faults.push(`${name}: ${address} is not an address such as ops@example.com`)
  return list
}
