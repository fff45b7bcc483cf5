import {createServer, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

import {onTestFinished} from 'vitest'

type Mood = (response: ServerResponse) => void

export type SlackServer = Readonly<{
  /** Its path is the secret, as with Slack. */
  url: string
  /** The texts of the messages that came, taken or not. */
  texts: readonly string[]
  mood(mood: Mood): void
}>

export const kind: Mood = (response) => void response.writeHead(200).end('ok')
export const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Mood =>
  (response) =>
    void response.writeHead(code, headers).end('xoxb-secret-told')
export const hanging: Mood = () => undefined

/** Takes what an incoming webhook takes: POST of JSON with a text. */
export async function slackServer(): Promise<SlackServer> {
  const texts: string[] = []
  let mood = kind
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const {text} = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {text: unknown}
      if (
        request.method !== 'POST' ||
        request.headers['content-type'] !== 'application/json' ||
        typeof text !== 'string'
      ) {
        response.writeHead(400).end('invalid_payload')
        return
      }
      texts.push(text)
      mood(response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const {port} = server.address() as AddressInfo
  return {url: `http://127.0.0.1:${port}/services/T0/B0/s3cr3t`, texts, mood: (next) => void (mood = next)}
}
