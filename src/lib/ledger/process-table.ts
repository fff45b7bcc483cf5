import fs from 'node:fs/promises'

/** What the system knows of a process. `startedAt` tells a process from a later one that got the same id. */
export type ProcessFacts = Readonly<{command: string; isZombie: boolean; startedAt: string}>

/**
 * Facts of a process, or null when there is none of that id. On Linux from /proc/<pid>/stat (proc(5): command in
 * parentheses, then the state, start time as field 22); elsewhere only whether it exists.
 */
export async function processFacts(pid: number): Promise<ProcessFacts | null> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null
  if (process.platform !== 'linux') return exists(pid) ? {command: '', isZombie: false, startedAt: ''} : null
  let text: string
  try {
    text = await fs.readFile(`/proc/${pid}/stat`, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ESRCH')) return null
    throw error
  }
  const end = text.lastIndexOf(')')
  const fields = text.slice(end + 2).split(' ')
  return {command: text.slice(text.indexOf('(') + 1, end), isZombie: fields[0] === 'Z', startedAt: fields[19] ?? ''}
}

/** Ids of live processes whose working directory is `directory`; empty where /proc cannot tell. */
export async function processesIn(directory: string): Promise<number[]> {
  if (process.platform !== 'linux') return []
  const found: number[] = []
  for (const entry of await fs.readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try {
      if ((await fs.readlink(`/proc/${entry}/cwd`)) === directory) found.push(Number(entry))
    } catch (error) {
      if (!isCode(error, 'ENOENT', 'ESRCH', 'EACCES')) throw error // gone meanwhile, or of another user
    }
  }
  return found
}

/** True when the error carries one of these codes of the system or of Postgres. */
export function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isCode(error, 'EPERM')
  }
}
