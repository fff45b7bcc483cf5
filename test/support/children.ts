import {spawn} from 'node:child_process'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'

import {onTestFinished} from 'vitest'

export type Child = Readonly<{
  pid: number
  /** The lines of its stdout so far. */
  lines: readonly string[]
  /** The next line that begins like this; rejects when the process ends before. */
  line(start: string): Promise<string>
  /** Its end. */
  ended: Promise<{code: number | null; lines: readonly string[]; stderr: string}>
  kill(): void
}>

/** Runs a script of test/ in a process of its own, and ends it with the test. */
export function child(script: string, ...args: string[]): Child {
  const file = fileURLToPath(new URL(`../${script}`, import.meta.url))
  const started = spawn(process.execPath, [file, ...args], {stdio: ['ignore', 'pipe', 'pipe']})
  const lines: string[] = []
  const watchers = new Set<() => void>()
  let stderr = ''
  let isOver = false
  const changed = () => watchers.forEach((watch) => watch())
  started.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  createInterface({input: started.stdout}).on('line', (line) => {
    lines.push(line)
    changed()
  })
  const ended = new Promise<{code: number | null; lines: string[]; stderr: string}>((resolve) => {
    started.on('close', (code) => {
      isOver = true
      changed()
      resolve({code, lines, stderr})
    })
  })
  onTestFinished(() => void started.kill('SIGKILL'))
  const line = (start: string) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = lines.find((text) => text.startsWith(start))
        if (found === undefined && !isOver) return
        watchers.delete(look)
        if (found === undefined) reject(new Error(`${script} ended before it said ${start}: ${stderr}`))
        else resolve(found)
      }
      watchers.add(look)
      look()
    })
  return {pid: started.pid ?? 0, lines, line, ended, kill: () => void started.kill('SIGKILL')}
}
