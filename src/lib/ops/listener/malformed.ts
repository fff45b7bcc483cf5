import type {Duplex} from 'node:stream'

/** What Node's parser says, and what the sender is told. Codes: nodejs.org, "Errors", and llhttp's HPE_*. */
const ANSWERS: Readonly<Record<string, readonly [reason: string, status: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['slow', '408 Request Timeout'],
  HPE_HEADER_OVERFLOW: ['malformed', '431 Request Header Fields Too Large'],
}

/** Answers and closes a connection on which no request could be read. Gives the reason, for figures and logs. */
export function tellMalformed(error: NodeJS.ErrnoException, socket: Duplex): string {
  const isGone = error.code === 'ECONNRESET' || error.code === 'EPIPE'
  const [reason, status] = ANSWERS[error.code ?? ''] ?? [isGone ? 'cut' : 'malformed', '400 Bad Request']
  // Destroyed in any case: a sender that keeps its half open would keep what it has sent in memory.
  if (socket.writable && !isGone)
    socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy())
  else socket.destroy()
  return reason
}
