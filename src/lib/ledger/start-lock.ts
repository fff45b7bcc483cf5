import {randomUUID} from 'node:crypto'
import fs from 'node:fs/promises'
import {setTimeout as delay} from 'node:timers/promises'

import {ConfigError} from '../core/errors.ts'
import {isCode, processFacts} from './process-table.ts'

const WAIT_MS = 120_000
const POLL_MS = 50

/**
 * Runs `work` while this process holds the lock file; others on the machine wait their turn. A holder that was killed
 * at any instruction does not block: its lock names it by process id and start time, and a dead holder's lock is taken.
 * Two processes may, in a window of microseconds, both take a dead one's lock, so `work` must also be safe by itself;
 * the lock spares it the collisions. Throws ConfigError POSTGRES_START_FAILED after two minutes of waiting.
 */
export async function withStartLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const identity = await identityOf(process.pid)
  const mine = `${file}.${process.pid}.${randomUUID()}`
  await fs.writeFile(mine, identity)
  try {
    const deadline = Date.now() + WAIT_MS
    while (!(await linked(mine, file))) {
      await clearDead(file)
      if (Date.now() > deadline) throw stuck(file)
      await delay(POLL_MS)
    }
    try {
      return await work()
    } finally {
      if ((await textOf(file)) === identity) await fs.rm(file, {force: true})
    }
  } finally {
    await fs.rm(mine, {force: true})
  }
}

/** Link, not create: the lock appears complete or not at all. */
async function linked(mine: string, file: string): Promise<boolean> {
  try {
    await fs.link(mine, file)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
}

async function clearDead(file: string): Promise<void> {
  const holder = await textOf(file)
  if (holder === null || (await isAlive(holder))) return
  const aside = `${file}.${process.pid}.${randomUUID()}`
  try {
    await fs.rename(file, aside)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return
    throw error
  }
  // Another process may have cleared the dead one's lock first and taken it: then this was that process's, so give it back.
  if ((await textOf(aside)) !== holder) await linked(aside, file)
  await fs.rm(aside, {force: true})
}

async function isAlive(identity: string): Promise<boolean> {
  const pid = Number(identity.split(' ')[0])
  const facts = await processFacts(pid)
  return facts !== null && !facts.isZombie && (await identityOf(pid)) === identity
}

async function identityOf(pid: number): Promise<string> {
  return `${pid} ${(await processFacts(pid))?.startedAt ?? ''}`
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await fs.readFile(file, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
}

function stuck(file: string): ConfigError {
  return new ConfigError(
    'POSTGRES_START_FAILED',
    `another process has been starting Postgres for two minutes (${file})`,
    {
      hint: 'look at the process named in that file; end it, then run the command again',
    },
  )
}
