import {createHash} from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'

import {ConfigError} from '../core/errors.ts'
import {isCode} from './process-table.ts'

/** The account that runs the server. Postgres refuses user id 0, so root hands it to an unprivileged account. */
export type Account = Readonly<{uid: number; gid: number}>

/** Where the embedded server lives. `account` is null when it runs as the present user. */
export type Place = Readonly<{
  base: string
  data: string
  log: string
  lock: string
  sockets: string
  /** Where programs are copied that the account cannot reach where they are installed; initdb runs them through a shell. */
  programs: string
  account: Account | null
}>

/** sun_path of unix(7) holds 107 bytes and the end; Postgres appends "/.s.PGSQL.5432". */
const SOCKET_DIRECTORY_MAX_BYTES = 107 - '/.s.PGSQL.5432'.length
/** Where root keeps the data when the server's account cannot enter the home, e.g. /root with mode 700. */
const ROOT_STATE = '/var/lib/tieout'

/**
 * Decides where the server of this home lives, without changing anything. Data that exists decides; a new server goes to
 * <home>/postgres, or under /var/lib/tieout when root's home is closed to the account that must run it.
 */
export async function locate(home: string): Promise<Place> {
  const inHome = path.join(path.resolve(home), 'postgres')
  if (process.getuid?.() !== 0) return placeAt(inHome, null)
  const outside = path.join(ROOT_STATE, digest(inHome))
  for (const base of [inHome, outside]) {
    const owner = await ownerOf(path.join(base, 'data'))
    if (owner !== null) return placeAt(base, owner)
  }
  const account = await serverAccount()
  return placeAt((await canEnter(path.resolve(home), account)) ? inHome : outside, account)
}

/** Creates the directories, owned by the server's account and closed to everyone else. */
export async function prepare(place: Place): Promise<void> {
  try {
    // Root leaves the way to the base open (0711): the server's account must pass through it.
    await fs.mkdir(path.dirname(place.base), {recursive: true, mode: place.account === null ? 0o700 : 0o711})
    for (const directory of [place.base, place.sockets]) {
      await fs.mkdir(directory, {recursive: true, mode: 0o700})
      await claim(directory, place.account)
    }
  } catch (error) {
    if (
      error instanceof ConfigError ||
      !isCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EEXIST')
    )
      throw error
    throw new ConfigError('POSTGRES_START_FAILED', `${place.base} cannot be prepared for the embedded Postgres`, {
      hint: 'free or open that directory, name another with TIEOUT_HOME, or set DATABASE_URL',
      cause: error,
    })
  }
}

/** True when the account may pass through every directory on the way, as far as the way exists. */
export async function canEnter(directory: string, account: Account): Promise<boolean> {
  for (let at = directory; ; at = path.dirname(at)) {
    const stat = await statOf(at)
    if (stat !== null) {
      const bit = stat.uid === account.uid ? 0o100 : stat.gid === account.gid ? 0o010 : 0o001
      if ((stat.mode & bit) === 0) return false
    }
    if (at === path.dirname(at)) return true
  }
}

function placeAt(base: string, account: Account | null): Place {
  const uid = account?.uid ?? process.getuid?.() ?? 0
  const near = path.join(base, 'run')
  // Fixed, not os.tmpdir(): cron and a shell may disagree on TMPDIR and must find the same server.
  const short = `/tmp/tieout-${uid}-${digest(base)}`
  const plain = /^[\w./@+-]+$/.test(near) && Buffer.byteLength(near) <= SOCKET_DIRECTORY_MAX_BYTES
  return {
    base,
    data: path.join(base, 'data'),
    log: path.join(base, 'postgres.log'),
    lock: path.join(base, 'start.lock'),
    sockets: plain ? near : short,
    programs: plain ? base : short,
    account,
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

/** lchown and a check of what is there: /tmp is everyone's, and a link planted there must not be followed. */
async function claim(directory: string, account: Account | null): Promise<void> {
  const stat = await fs.lstat(directory)
  const self = process.getuid?.() ?? stat.uid
  if (!stat.isDirectory() || ![self, account?.uid].includes(stat.uid)) {
    throw new ConfigError('POSTGRES_START_FAILED', `${directory} belongs to another user or is no directory`, {
      hint: 'run as its owner, remove it, or name another directory with TIEOUT_HOME',
    })
  }
  if (account !== null) await fs.lchown(directory, account.uid, account.gid)
  if ((stat.mode & 0o777) !== 0o700) await fs.chmod(directory, 0o700)
}

async function serverAccount(): Promise<Account> {
  const lines = (await fs.readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  for (const name of ['postgres', 'nobody']) {
    const found = lines.find((fields) => fields[0] === name)
    if (found !== undefined) return {uid: Number(found[2]), gid: Number(found[3])}
  }
  throw new ConfigError('POSTGRES_START_FAILED', 'Postgres does not run as root, and there is no account for it', {
    hint: 'create an account named postgres, run as an ordinary user, or set DATABASE_URL',
  })
}

async function ownerOf(directory: string): Promise<Account | null> {
  const stat = await statOf(directory)
  return stat === null ? null : {uid: stat.uid, gid: stat.gid}
}

async function statOf(file: string): Promise<{uid: number; gid: number; mode: number} | null> {
  try {
    return await fs.stat(file)
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return null
    throw error
  }
}
