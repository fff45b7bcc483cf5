import {chmodSync, mkdirSync, mkdtempSync} from 'node:fs'
import {createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {company} from '../../../src/sandbox/company.ts'
import {Crew} from './crew.ts'
import {hostsOf, type Host} from './hosts.ts'
import type {Options} from './options.ts'
import {startPlatforms, type Platforms} from './platforms.ts'
import {startRelay, type Relay} from './relay.ts'
import {startServer, type Server} from './server.ts'

/** Everything that a run has: two hosts, their database, both platforms, the way of webhooks, and the folder of all logs. */
export type World = Readonly<{
  folder: string
  logs: string
  ledger: Server
  platforms: Platforms
  hosts: readonly [Host, Host]
  relay: Relay
  listenerPorts: readonly [number, number]
  crew: Crew
  /** Ends everything at once. Safe to call twice. */
  destroy(): Promise<void>
}>

/** What the platforms take for a request, and NetSuite for each of its records: short, but enough for things to overlap. */
const LATENCY_MS = 15
const PER_RECORD_MS = 3

export async function buildWorld(options: Options): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), `tieout-sim-${options.seed}-`))
  const logs = join(folder, 'logs')
  const ends: (() => unknown)[] = []
  const destroy = async () => {
    for (const end of ends.splice(0)) await end()
  }
  try {
    chmodSync(folder, 0o711) // as root Postgres runs under another account, which must pass
    mkdirSync(logs)
    const [ledger, books] = await Promise.all(['ledger', 'sandbox'].map((name) => serverIn(folder, name, ends)))
    if (ledger === undefined || books === undefined) throw new Error('no Postgres')
    const first = join(folder, 'host-a')
    const platforms = await startPlatforms(
      {
        seed: options.seed,
        concurrency: options.limit,
        latencyMs: LATENCY_MS,
        perRecordMs: PER_RECORD_MS,
        books: options.books ?? false,
        days: options.days ?? null,
        databaseUrl: books.url,
        folder: first,
        home: join(first, 'home'),
        ledgerUrl: ledger.url,
      },
      join(logs, 'sandbox.log'),
    )
    ends.unshift(() => platforms.stop())
    const listenerPorts = [await freePort(), await freePort()] as const
    const relay = await startRelay(listenerPorts, company.shopify.webhookSecret)
    ends.unshift(() => relay.stop())
    const crew = new Crew()
    ends.unshift(() => crew.destroy())
    return {folder, logs, ledger, platforms, hosts: hostsOf(options, folder, logs), relay, listenerPorts, crew, destroy}
  } catch (error) {
    await destroy()
    throw error
  }
}

async function serverIn(folder: string, name: string, ends: (() => unknown)[]): Promise<Server> {
  const own = join(folder, name)
  mkdirSync(own)
  const server = await startServer(own)
  ends.push(() => server.stop())
  return server
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
