import {execFile} from 'node:child_process'
import fs from 'node:fs/promises'
import path from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'
import {promisify} from 'node:util'

import pg from 'pg'

import {ConfigError} from '../core/errors.ts'
import {findBinaries, type Binaries} from './embedded-binaries.ts'
import {locate, prepare, type Place} from './embedded-place.ts'
import {isCode, processesIn, processFacts} from './process-table.ts'
import {withStartLock} from './start-lock.ts'

const run = promisify(execFile)

/** How to reach the embedded server. Nothing is left to PG… variables of the environment. */
type SocketConnection = Readonly<{host: string; port: number; user: string; database: string; ssl: false}>

export type Embedded = Readonly<{
  connection: SocketConnection
  /** The same as a URL, for psql and for DATABASE_URL of another program. */
  url: string
  state: 'started' | 'already-running' | 'started-by-other'
}>

const USER = 'tieout'
const PORT = 5432
const START_ATTEMPTS = 80
const RETRY_MS = 250
const STOP_WAIT_MS = 60_000

/**
 * Brings the embedded Postgres of this home up and tells how to reach it. It is a daemon on a private Unix socket, shared by
 * all commands of the machine: it outlives this process, and a server that runs already is only attached to.
 * Throws ConfigError POSTGRES_MISSING or POSTGRES_START_FAILED.
 */
export async function startEmbedded(home: string): Promise<Embedded> {
  const place = await locate(home)
  const running = await attach(place)
  if (running !== null) return described(running, 'already-running')
  await prepare(place)
  return withStartLock(place.lock, async () => {
    const started = await attach(place)
    if (started !== null) return described(started, 'started-by-other')
    const major = await dataMajor(place)
    const binaries = await findBinaries(place, major)
    if (major === null) await initialise(place, binaries)
    await clearPostmaster(place)
    return described(await launch(place, binaries), 'started')
  })
}

/** Stops the embedded Postgres of this home; open transactions are rolled back. Throws ConfigError POSTGRES_STOP_FAILED. */
export async function stopEmbedded(home: string): Promise<'stopped' | 'not-running'> {
  const place = await locate(home)
  const postmaster = await readPostmaster(place)
  if (postmaster === null || !(await isPostmaster(postmaster.pid))) return 'not-running'
  process.kill(postmaster.pid, 'SIGINT') // fast shutdown: PostgreSQL documentation, "Shutting Down the Server"
  const deadline = Date.now() + STOP_WAIT_MS
  while (await isPostmaster(postmaster.pid)) {
    if (Date.now() > deadline) {
      throw new ConfigError(
        'POSTGRES_STOP_FAILED',
        `Postgres (process ${postmaster.pid}) did not stop within a minute`,
        {
          hint: `look at ${place.log}`,
        },
      )
    }
    await delay(20)
  }
  return 'stopped'
}

/** The connection when the server answers; postmaster.pid names the directory of its socket in line 5. */
async function attach(place: Place): Promise<SocketConnection | null> {
  const postmaster = await readPostmaster(place)
  if (postmaster === null || postmaster.sockets === '') return null
  const connection = {host: postmaster.sockets, port: PORT, user: USER, database: 'postgres', ssl: false} as const
  const client = new pg.Client({...connection, connectionTimeoutMillis: 5000})
  client.on('error', () => undefined) // the connection is only a probe; its end is its answer
  try {
    await client.connect()
    return connection
  } catch (error) {
    // 53300 too_many_connections: it runs. Anything else, 57P03 "starting up" too, means that it does not answer yet.
    return isCode(error, '53300') ? connection : null
  } finally {
    await client.end()
  }
}

async function dataMajor(place: Place): Promise<number | null> {
  try {
    return Number.parseInt(await fs.readFile(path.join(place.data, 'PG_VERSION'), 'utf8'), 10)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
}

/** The initdb of a command that was killed goes on for a moment and writes what is being removed: tried again for some seconds. */
const REMOVAL = {recursive: true, force: true, maxRetries: 20, retryDelay: 50} as const

/** Makes the data directory under another name and renames it, so that a half-made one is never taken for whole. */
async function initialise(place: Place, binaries: Binaries): Promise<void> {
  for (const entry of await fs.readdir(place.base)) {
    if (entry.startsWith('data.new.')) await fs.rm(path.join(place.base, entry), REMOVAL)
  }
  const fresh = `data.new.${process.pid}`
  // Text is compared by bytes; lower() and upper() know all of Unicode where Postgres brings its own rules (17 and later).
  const locale = binaries.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []
  const settings = ['-U', USER, '--auth=trust', '--encoding=UTF8', '--no-locale', '--data-checksums', ...locale]
  try {
    await run(binaries.initdb, ['-D', fresh, ...settings], spawning(place))
    await fs.rename(path.join(place.base, fresh), place.data)
  } catch (error) {
    if (isCode(error, 'ENOTEMPTY', 'EEXIST')) return // another process finished first
    await fs.rm(path.join(place.base, fresh), REMOVAL)
    throw failed(place, 'the data directory could not be made', textOf(error), error)
  }
}

async function launch(place: Place, binaries: Binaries): Promise<SocketConnection> {
  // Only the owner of the socket directory reaches the server, hence no password and no network.
  const options = `-k '${place.sockets}' -p ${PORT} -c listen_addresses='' -c timezone=UTC -c log_timezone=UTC`
  for (let attempt = 1; ; attempt++) {
    let reason: unknown
    try {
      // Names relative to the working directory: pg_ctl passes them through a shell.
      const log = path.basename(place.log)
      await run(binaries.pgCtl, ['start', '-w', '-t', '300', '-D', 'data', '-l', log, '-o', options], spawning(place))
    } catch (error) {
      reason = error
    }
    const connection = await attach(place)
    if (connection !== null) return connection
    // With a postmaster.pid another postmaster is on its way up or down, or was killed and not yet reaped: try again.
    if (attempt >= START_ATTEMPTS || (await readPostmaster(place)) === null) {
      throw failed(place, 'Postgres did not start', await tailOf(place.log), reason)
    }
    await delay(RETRY_MS)
  }
}

/**
 * Removes what stands in the way of a new server: a postmaster whose socket was deleted is stopped; a postmaster.pid left
 * by one that was killed is removed when its id is a zombie's or another program's, which Postgres itself cannot tell.
 * (As process 1 of a container, many programs never reap their orphans.)
 */
async function clearPostmaster(place: Place): Promise<void> {
  const postmaster = await readPostmaster(place)
  if (postmaster === null) return
  const socket = path.join(postmaster.sockets, `.s.PGSQL.${PORT}`)
  if (await isPostmaster(postmaster.pid)) {
    if (postmaster.sockets !== '' && !(await isThere(socket))) process.kill(postmaster.pid, 'SIGINT')
    return
  }
  // Its children may live a moment longer and must not meet a second server on the same files.
  for (let i = 0; i < 40 && (await processesIn(place.data)).length > 0; i++) await delay(RETRY_MS)
  if ((await processesIn(place.data)).length > 0) return
  if (postmaster.sockets !== '') await fs.rm(`${socket}.lock`, {force: true})
  await fs.rm(path.join(place.data, 'postmaster.pid'), {force: true})
}

async function isPostmaster(pid: number): Promise<boolean> {
  const facts = await processFacts(pid)
  return facts !== null && !facts.isZombie && (facts.command === '' || facts.command === 'postgres')
}

/** postmaster.pid: line 1 the process id, line 5 the first socket directory (PostgreSQL documentation, "Database File Layout"). */
async function readPostmaster(place: Place): Promise<{pid: number; sockets: string} | null> {
  try {
    const lines = (await fs.readFile(path.join(place.data, 'postmaster.pid'), 'utf8')).split('\n')
    return {pid: Number(lines[0]), sockets: lines[4] ?? ''}
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return null
    throw failed(place, `${place.data} cannot be read`, textOf(error), error)
  }
}

function spawning(place: Place): {cwd: string; env: NodeJS.ProcessEnv; uid?: number; gid?: number} {
  return {cwd: place.base, env: {PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC'}, ...place.account}
}

function described(connection: SocketConnection, state: Embedded['state']): Embedded {
  const {host, port, user, database} = connection
  return {connection, url: `postgresql://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`, state}
}

function failed(place: Place, what: string, detail: string, cause: unknown): ConfigError {
  return new ConfigError('POSTGRES_START_FAILED', `${what}: ${detail.trim()}`, {
    hint: `the reason stands above or in ${place.log}; or set DATABASE_URL to a Postgres of yours`,
    cause,
  })
}

function textOf(error: unknown): string {
  if (error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' && error.stderr !== '') {
    return error.stderr.slice(-2000)
  }
  return String(error)
}

async function tailOf(file: string): Promise<string> {
  if (!(await isThere(file))) return 'it left no log'
  const text = await fs.readFile(file, 'utf8')
  return text.trimEnd().split('\n').slice(-12).join('\n')
}

async function isThere(file: string): Promise<boolean> {
  try {
    await fs.lstat(file)
    return true
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return false
    throw error
  }
}
