import {connect, isIP} from 'node:net'

import type {Message} from './message.ts'
import {SEND_MAX_MS, type AlertSettings, type Sent} from './types.ts'

type Mailbox = NonNullable<AlertSettings['email']>

/** Codes of nodemailer and of the socket, in words. */
const WORDS: Readonly<Record<string, string>> = {
  EAUTH: 'the server refuses user or password',
  EENVELOPE: 'the server refuses the sender or every recipient',
  EMESSAGE: 'the server refuses the message',
  ETLS: 'no encrypted connection could be made',
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the host name is unknown',
}

/**
 * Sends by SMTP, over TLS where the server offers it. A password goes over the network encrypted or not at all. Taken is
 * what the server took for at least one recipient. The whole of it is bounded by our own socket, which is cut off then.
 */
export async function sendMail(mailbox: Mailbox, message: Message, timeoutMs = SEND_MAX_MS): Promise<Sent> {
  const {createTransport} = await import('nodemailer')
  const {host, port, isSecure, login} = mailbox
  const socket = connect({host, port})
  let isLate = false
  const deadline = setTimeout(() => {
    isLate = true
    socket.destroy(new Error('late'))
  }, timeoutMs)
  try {
    // The listener stays: what breaks between here and nodemailer's own listeners is told by the connection that it misses.
    await new Promise<void>((resolve, reject) => void socket.once('connect', resolve).on('error', reject))
    const transport = createTransport({
      host,
      port,
      secure: isSecure,
      connection: socket,
      requireTLS: !isSecure && login !== null && !isLoopback(host),
      ...(isIP(host) === 0 ? {tls: {servername: host}} : {}),
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      ...(login === null ? {} : {auth: {user: login.user, pass: login.password}}),
    })
    await transport.sendMail({
      from: mailbox.from,
      to: [...mailbox.to],
      subject: `[tieout] ${message.subject}`,
      text: `${message.text}\n`,
      headers: {'Auto-Submitted': 'auto-generated'}, // RFC 3834: no out-of-office replies
      disableFileAccess: true,
      disableUrlAccess: true,
    })
    return {ok: true}
  } catch (error) {
    return {ok: false, why: isLate ? `no answer in ${timeoutMs / 1000} s` : whyOf(error), retryAfterMs: 0}
  } finally {
    clearTimeout(deadline)
    socket.destroy()
  }
}

/** The code, never the text: a server may repeat in it what it was sent. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) throw new TypeError('what was thrown is no error', {cause: error})
  const code = 'code' in error ? String(error.code) : error.name
  const answer = 'responseCode' in error ? ` (${String(error.responseCode)})` : ''
  return `${WORDS[code] ?? code}${answer}`
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
