import {spawn, type ChildProcess} from 'node:child_process'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'

import {onTestFinished} from 'vitest'

const dev = fileURLToPath(new URL('../../bin/dev.js', import.meta.url))

type Line = Readonly<{event: string; url?: string}>
export type Command = Readonly<{
  process: ChildProcess
  lines: readonly Line[]
  /** The first line of this event; rejects when the process ends before. */
  said(event: string): Promise<Line>
  ended: Promise<{code: number | null; stdout: string; stderr: string}>
}>

/** A command from its source, in a process of its own, in a folder with settings. */
export function start(folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Command {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(SHOPIFY|NETSUITE|TIEOUT)_|^DATABASE_URL$/.test(name),
  )
  const child = spawn(process.execPath, [dev, ...args], {
    cwd: folder,
    env: {...Object.fromEntries(inherited), ...env},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [lines, out, err]: [Line[], string[], string[]] = [[], [], []]
  const watchers = new Set<() => void>()
  child.stdout.on('data', (chunk: Buffer) => void out.push(chunk.toString()))
  createInterface({input: child.stderr}).on('line', (line) => {
    err.push(line)
    if (line.startsWith('{')) lines.push(JSON.parse(line) as Line)
    watchers.forEach((watch) => watch())
  })
  const ended = new Promise<{code: number | null; stdout: string; stderr: string}>((resolve) =>
    child.once('close', (code) => resolve({code, stdout: out.join(''), stderr: err.join('\n')})),
  )
  const said = (event: string) =>
    new Promise<Line>((resolve, reject) => {
      const look = () => {
        const found = lines.find((line) => line.event === event)
        if (found !== undefined) resolve(found)
      }
      watchers.add(look)
      look()
      void ended.then(({stderr}) => reject(new Error(`it ended before it said ${event}: ${stderr}`)))
    })
  return {process: child, lines, said, ended}
}
