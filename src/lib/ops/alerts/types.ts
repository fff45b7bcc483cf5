import type {Message} from './message.ts'

/** `why` never holds the address or a password of the channel: an incoming webhook's address is a secret. */
export type Sent = Readonly<{ok: true}> | Readonly<{ok: false; why: string; retryAfterMs: number}>

/** A way to reach people. send() ends within `SEND_MAX_MS` and throws nothing that happens on the way. */
export type Channel = Readonly<{
  name: 'slack' | 'email'
  charactersMax: number
  send(message: Message): Promise<Sent>
}>

export type AlertSettings = Readonly<{
  slack: Readonly<{url: string}> | null
  email: Readonly<{
    host: string
    port: number
    isSecure: boolean
    login: Readonly<{user: string; password: string}> | null
    from: string
    to: readonly string[]
  }> | null
  /** How long an order may wait untouched before someone is told. */
  lagMinutes: number
}>

/** A message that takes longer counts as not sent. */
export const SEND_MAX_MS = 10_000
