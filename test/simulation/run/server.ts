import {chmodSync, existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

import pg from 'pg'

import {startEmbedded, stopEmbedded} from '../../../src/lib/ledger/embedded.ts'

/** A Postgres of the simulation's own, which it may break. */
export type Server = Readonly<{
  url: string
  /** Ends it at once, as a power cut would end the process: no checkpoint, every connection broken. */
  crash(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}>

const GONE_WITHIN_MS = 15_000

/**
 * Starts a server whose files are in this folder. It does not wait for the disk: the processes are killed here, the machine
 * is not, so what was handed to the kernel survives.
 */
export async function startServer(folder: string): Promise<Server> {
  chmodSync(folder, 0o711) // as root the server runs under another account, which must pass
  const home = join(folder, 'postgres-home')
  const {url} = await startEmbedded(home)
  const client = new pg.Client({connectionString: url})
  await client.connect()
  for (const setting of ['fsync', 'full_page_writes']) await client.query(`alter system set ${setting} = off`)
  await client.query('select pg_reload_conf()')
  await client.end()
  return {
    url,
    crash: () => crash(home),
    start: async () => void (await startEmbedded(home)),
    stop: async () => void (await stopEmbedded(home)),
  }
}

/** SIGQUIT is the immediate shutdown (PostgreSQL documentation, "Shutting Down the Server"). */
async function crash(home: string): Promise<void> {
  const file = pidFile(home)
  process.kill(Number(readFileSync(file, 'utf8').split('\n')[0]), 'SIGQUIT')
  for (let waited = 0; existsSync(file); waited += 20) {
    if (waited > GONE_WITHIN_MS) throw new Error('Postgres did not end on SIGQUIT')
    await delay(20)
  }
}

function pidFile(home: string): string {
  return join(home, 'postgres', 'data', 'postmaster.pid')
}
