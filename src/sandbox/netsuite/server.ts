import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

import {company} from '../company.ts'
import {Auth} from './auth.ts'
import {type Channels, controlAnswer, exchangeOf, type Request} from './channels.ts'
import {createEngine} from './engine.ts'
import type {EngineParts} from './engine-parts.ts'
import type {Engine} from './engine-types.ts'
import {exchanged, type House} from './exchange.ts'
import {seededRandom} from './faults.ts'
import {deliver, json, readBody} from './http.ts'
import {clearBooks} from './ledger/books.ts'
import {know, type Known, type Wanted} from './know.ts'
import {errorAnswer} from './rest/answer.ts'
import {seed} from './seed.ts'
import {Counter} from './stats.ts'
import {openQueries, type Queries} from './suiteql/answer.ts'

export type NetSuiteOptions = Readonly<{
  /** 0: any free one. */
  port: number
  /** Postgres in which SuiteQL's tables are kept, in a schema of their own that is dropped at the end. Absent: no SuiteQL. */
  databaseUrl?: string
  /** Requests in flight over all channels. */
  concurrency?: number
  /** SuiteTax instead of legacy tax. */
  suiteTax?: boolean
  /** What each request takes, and what each of its records adds. */
  latencyMs?: number
  perRecordMs?: number
  now?: () => Date
  seed?: number
  /** PEM of the certificate's public key; without it OAuth 2.0 is refused. */
  oauth2PublicKey?: string
  /** Five refused logins lock the user for 30 minutes. Default: no, a rehearsal should not wait. */
  lockLogins?: boolean
  /** How long; default 30 minutes. */
  lockMs?: number
  oneWorld?: boolean
  allCurrencies?: boolean
  uniqueNames?: boolean
  /** How long a write stays unseen by SuiteQL. */
  queryLagMs?: number
  strictOrder?: boolean
  varyResponses?: boolean
}>

export type SandboxNetSuite = Readonly<{
  url: string
  port: number
  engine: Engine
  /** Makes SKUs and currencies known; answers the ids of all that were asked. */
  know(wanted: Wanted): Promise<Known>
  stop(): Promise<void>
}>

/** Starts a NetSuite account on a loopback port. Rejects when the port or the database cannot be had. */
export async function startNetSuite(options: NetSuiteOptions): Promise<SandboxNetSuite> {
  const now = options.now ?? ((): Date => new Date())
  const {engine, ...parts} = createEngine({
    timeZone: company.timeZone,
    now,
    suiteTax: options.suiteTax ?? false,
    concurrency: options.concurrency ?? 5,
    oneWorld: options.oneWorld ?? true,
    allCurrencies: options.allCurrencies ?? true,
    uniqueNames: options.uniqueNames ?? false,
    random: seededRandom(options.seed ?? 1),
  })
  const queries = await openQueries(parts, {databaseUrl: options.databaseUrl, lagMs: options.queryLagMs ?? 0})
  seed(parts)
  const auth = authOf(options, now)
  const house = houseOf(options, parts)
  const channels = channelsOf(options, {parts, engine, auth, queries, house})
  const server = createServer((request, response) => {
    serve(channels, house, request, response).catch((error: unknown) => {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
      const {body} = errorAnswer(500, 'UNEXPECTED_ERROR', `The sandbox failed. ${detail}`)
      if (response.headersSent) response.destroy()
      else deliver(response, json(500, body), 'whole')
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const {port} = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    engine,
    know: (wanted) => Promise.resolve(know(parts, wanted)),
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await queries.close()
    },
  }
}

function authOf(options: NetSuiteOptions, now: () => Date): Auth {
  return new Auth({
    ...company.netsuite,
    account: company.account,
    now,
    locks: options.lockLogins ?? false,
    ...(options.lockMs === undefined ? {} : {lockMs: options.lockMs}),
    ...(options.oauth2PublicKey === undefined ? {} : {publicKey: options.oauth2PublicKey}),
  })
}

function houseOf(options: NetSuiteOptions, {faults}: EngineParts): House {
  const pace = {
    latencyMs: options.latencyMs ?? 0,
    perRecordMs: options.perRecordMs ?? 0,
    concurrency: options.concurrency ?? 5,
  }
  return {faults, counter: new Counter(), pace}
}

type Inside = Readonly<{parts: EngineParts; engine: Engine; auth: Auth; queries: Queries; house: House}>

function channelsOf(options: NetSuiteOptions, {parts, engine, auth, queries, house}: Inside): Channels {
  const reset = async (): Promise<void> => {
    parts.state.clear()
    parts.inventory.clear()
    clearBooks(parts.books)
    parts.faults.clear()
    auth.reset()
    house.counter.reset()
    seed(parts)
    await queries.forget()
  }
  return {
    parts,
    engine,
    auth,
    queries,
    account: company.account,
    control: {parts, engine, reset, stats: () => house.counter.report(auth)},
    soap: {strictOrder: options.strictOrder ?? true, varyResponses: options.varyResponses ?? false},
  }
}

async function serve(
  channels: Channels,
  house: House,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(message)
  if (body === null) {
    deliver(response, json(413, errorAnswer(400, 'INVALID_CONTENT', 'The request is too large.').body), 'whole')
    return
  }
  const request: Request = {
    method: message.method ?? 'GET',
    target: message.url ?? '/',
    headers: message.headers,
    authorizations: message.rawHeaders.filter(
      (name, index) => index % 2 === 0 && name.toLowerCase() === 'authorization',
    ).length,
    body,
  }
  if (request.target.startsWith('/_sandbox/')) {
    deliver(response, await controlAnswer(channels, request), 'whole')
    return
  }
  const {answer, delivery} = await exchanged(house, exchangeOf(channels, request))
  response.setHeader('date', channels.parts.clock.now().toUTCString())
  deliver(response, answer, delivery)
}
