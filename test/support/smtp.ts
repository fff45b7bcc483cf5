import {createServer, type Server, type Socket} from 'node:net'
import type {AddressInfo} from 'node:net'

import {onTestFinished} from 'vitest'

export type Mail = Readonly<{from: string; to: readonly string[]; data: string; user: string | null}>

/** `mute`: says nothing. `drip`: never ends a line. `refuse`: takes no recipient. `quit`: hangs up at DATA. */
type Mood = 'kind' | 'mute' | 'drip' | 'refuse' | 'quit'

export type MailServer = Readonly<{port: number; mails: readonly Mail[]; mood(mood: Mood): void; open(): number}>

type Letter = {from: string; to: string[]; user: string | null; body: string[] | null}

/** A mail server as RFC 5321 has it, with AUTH PLAIN for user "ops" and password "pass wörd", without TLS. */
export async function mailServer(): Promise<MailServer> {
  const mails: Mail[] = []
  const sockets = new Set<Socket>()
  let mood: Mood = 'kind'
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    if (mood === 'mute') return
    if (mood === 'drip') {
      const drip = setInterval(() => socket.write('220-'), 20)
      socket.on('close', () => clearInterval(drip))
      return
    }
    serve(socket, () => mood, mails)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    mood: (next) => void (mood = next),
    open: () => sockets.size,
  }
}

function serve(socket: Socket, mood: () => Mood, mails: Mail[]): void {
  const letter: Letter = {from: '', to: [], user: null, body: null}
  let rest = ''
  socket.write('220 test ESMTP\r\n')
  socket.on('data', (chunk) => {
    const lines = (rest + chunk.toString('utf8')).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const answer = letter.body === null ? command(line, letter, mood()) : content(line, letter, mails)
      if (answer === 'hang up') socket.destroy()
      else if (answer !== null) socket.write(`${answer}\r\n`)
      if (answer?.startsWith('221')) socket.end()
    }
  })
}

function command(line: string, letter: Letter, mood: Mood): string | null {
  const [, verb = '', rest = ''] = /^(\w+) ?(.*)$/.exec(line) ?? []
  switch (verb.toUpperCase()) {
    case 'EHLO':
      return '250-test\r\n250 AUTH PLAIN'
    case 'AUTH': {
      const [, user, password] = Buffer.from(rest.replace(/^PLAIN /, ''), 'base64')
        .toString('utf8')
        .split('\0')
      if (user !== 'ops' || password !== 'pass wörd') return `535 wrong password ${String(password)}`
      letter.user = user
      return '235 welcome'
    }
    case 'MAIL':
      letter.from = /<(.*?)>/.exec(rest)?.[1] ?? ''
      return '250 ok'
    case 'RCPT':
      if (mood === 'refuse') return '550 no such mailbox'
      letter.to.push(/<(.*?)>/.exec(rest)?.[1] ?? '')
      return '250 ok'
    case 'DATA':
      if (mood === 'quit') return 'hang up'
      letter.body = []
      return '354 go on'
    case 'QUIT':
      return '221 bye'
    default:
      return '500 unknown'
  }
}

function content(line: string, letter: Letter, mails: Mail[]): string | null {
  if (line !== '.') {
    letter.body?.push(line.startsWith('..') ? line.slice(1) : line)
    return null
  }
  mails.push({from: letter.from, to: letter.to, user: letter.user, data: (letter.body ?? []).join('\n')})
  letter.body = null
  return '250 taken'
}
