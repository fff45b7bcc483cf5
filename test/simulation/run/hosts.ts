import {spawn, type ChildProcess} from 'node:child_process'
import {cpSync, createWriteStream, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import type {Options} from './options.ts'

/** A machine on which the program is installed: its own working directory, settings and home; the database is shared. */
export type Host = Readonly<{
  name: string
  folder: string
  /** Starts a command; what it says goes to the host's logs, its stdout also to the caller. */
  start(log: string, args: readonly string[]): Command
}>

export type Ended = Readonly<{code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string}>
export type Command = Readonly<{process: ChildProcess; ended: Promise<Ended>}>

/** What is kept of a long-lived command's output for a message; all of it is in its log. */
const TAIL = 4000

/** Makes the second host out of the first, whose configuration the sandbox has written. */
export function hostsOf(options: Options, folder: string, logs: string): [Host, Host] {
  const [first, second] = [join(folder, 'host-a'), join(folder, 'host-b')]
  cpSync(first, second, {recursive: true})
  const env = join(second, '.env')
  writeFileSync(env, readFileSync(env, 'utf8').replace(/^TIEOUT_HOME=.*$/m, `TIEOUT_HOME=${join(second, 'home')}`))
  mkdirSync(logs, {recursive: true})
  return [hostAt('a', first, logs, options), hostAt('b', second, logs, options)]
}

function hostAt(name: string, folder: string, logs: string, options: Options): Host {
  const script = join(options.program, 'bin', options.source ? 'dev.js' : 'run.js')
  const inherited = Object.entries(process.env).filter(
    ([key]) =>
      !/^(SHOPIFY|NETSUITE|TIEOUT)_|^(DATABASE_URL|NO_COLOR|FORCE_COLOR|NODE_OPTIONS)$|^(VITEST|npm_)/.test(key),
  )
  const env = {...Object.fromEntries(inherited), NODE_ENV: 'production', NODE_NO_WARNINGS: '1'}
  return {
    name,
    folder,
    start(log, args) {
      // Ctrl-C in a terminal goes to a whole group: these end when the simulation ends them.
      const child = spawn(process.execPath, [script, ...args], {
        cwd: folder,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      })
      const file = createWriteStream(join(logs, `${name}-${log}.log`), {flags: 'a'})
      file.write(`${new Date().toISOString()} tieout ${args.join(' ')} (process ${child.pid})\n`)
      let [stdout, stderr] = ['', '']
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
      child.stderr.on('data', (chunk: Buffer) => {
        file.write(chunk)
        stderr = (stderr + chunk.toString()).slice(-TAIL)
      })
      const ended = new Promise<Ended>((resolve) => {
        child.on('close', (code, signal) => {
          file.end(`${new Date().toISOString()} ended: ${signal ?? `exit ${code}`}\n${stdout.slice(-TAIL)}\n`)
          resolve({code, signal, stdout, stderr})
        })
      })
      return {process: child, ended}
    },
  }
}
