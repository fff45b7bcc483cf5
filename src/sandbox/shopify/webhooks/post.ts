import {Agent as HttpAgent, request as httpRequest, type IncomingMessage} from 'node:http'
import {Agent as HttpsAgent, request as httpsRequest} from 'node:https'
import type {Socket} from 'node:net'

/** How long a receiver may take (Shopify: webhooks, "Verify deliveries"): 1 s to connect, 5 s in all. */
export type Limits = Readonly<{connectMs: number; totalMs: number}>

export const SHOPIFY_LIMITS: Limits = {connectMs: 1000, totalMs: 5000}

/** The status of the answer, or why there was none. */
export type Reply = Readonly<{status: number} | {error: string}>

/** Posts to receivers over connections that are kept alive. Certificates are verified; redirects are not followed. */
export class Poster {
  readonly #limits: Limits
  readonly #http = new HttpAgent({keepAlive: true})
  readonly #https = new HttpsAgent({keepAlive: true})

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** Never rejects: what goes wrong is the reply. */
  post(uri: string, headers: Readonly<Record<string, string>>, body: Buffer): Promise<Reply> {
    const isPlain = uri.startsWith('http:')
    const {connectMs, totalMs} = this.#limits
    return new Promise((resolve) => {
      const request = (isPlain ? httpRequest : httpsRequest)(uri, {
        method: 'POST',
        agent: isPlain ? this.#http : this.#https,
        headers: {...headers, 'content-length': String(body.length)},
      })
      const fail = (reason: string) => request.destroy(new Error(reason))
      const total = setTimeout(fail, totalMs, `no answer within ${totalMs} ms`)
      const end = (reply: Reply) => {
        clearTimeout(total)
        resolve(reply)
      }
      request.on('socket', (socket) => boundConnect(socket, isPlain ? 'connect' : 'secureConnect', connectMs, fail))
      request.on('error', (error) => end({error: error.message}))
      request.on('response', (response: IncomingMessage) => {
        response.on('error', (error) => end({error: error.message}))
        response.on('end', () => end({status: response.statusCode ?? 0}))
        response.resume()
      })
      request.end(body)
    })
  }

  /** Ends all connections; what is under way fails. */
  close(): void {
    this.#http.destroy()
    this.#https.destroy()
  }
}

function boundConnect(socket: Socket, event: string, connectMs: number, fail: (reason: string) => void): void {
  if (!socket.connecting) return
  const timer = setTimeout(fail, connectMs, `no connection within ${connectMs} ms`)
  const stop = () => clearTimeout(timer)
  socket.once(event, stop)
  socket.once('close', stop)
}
