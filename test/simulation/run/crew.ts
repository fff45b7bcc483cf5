import {setTimeout as delay} from 'node:timers/promises'

import type {Command, Ended, Host} from './hosts.ts'

/** How one of the program's processes is run, and what a supervisor such as systemd does when it ends. */
export type Duty = Readonly<{
  name: string
  host: Host
  args: readonly string[]
  /** `always`: started again whenever it ends, and it never ends by itself. `cron`: started every so often. */
  kind: 'always' | Readonly<{everyMs: number; firstMs: number}>
}>

/** Something a process must not do. */
export type Finding = Readonly<{what: string; detail: string}>

const RESTART_MS = 300
const START_MS = 5000
const END_WITHIN_MS = 25_000
/** What a scheduled command may end with: done, some failed, settings (the database was away), running already, credentials. */
const CRON_CODES: readonly (number | null)[] = [0, 3, 10, 11, 12]

/** The processes of both hosts, and their supervisor. */
export class Crew {
  readonly findings: Finding[] = []
  kills = 0
  readonly #live = new Map<string, Command>()
  readonly #killed = new WeakSet<Command>()
  readonly #loops: Promise<void>[] = []
  readonly #stop = new AbortController()

  /** Runs these duties from now on. */
  run(duties: readonly Duty[]): void {
    for (const duty of duties) this.#loops.push(this.#supervise(duty))
  }

  get names(): readonly string[] {
    return [...this.#live.keys()]
  }

  /** kill -9 of one of the processes that are alive. Gives its name; null when none is. */
  kill(victim: number): string | null {
    const names = this.names
    const name = names[victim % Math.max(1, names.length)]
    const command = name === undefined ? undefined : this.#live.get(name)
    if (name === undefined || command === undefined) return null
    this.#killed.add(command)
    this.kills += 1
    command.process.kill('SIGKILL')
    return name
  }

  /** SIGTERM to all; each has to end by itself, and well. */
  async end(): Promise<void> {
    this.#stop.abort()
    for (const command of this.#live.values()) command.process.kill('SIGTERM')
    const late = delay(END_WITHIN_MS, 'late' as const, {ref: false})
    if ((await Promise.race([Promise.all(this.#loops), late])) !== 'late') return
    this.findings.push({what: `${this.names.join(', ')} did not end within 25 s of SIGTERM`, detail: ''})
    this.destroy()
    await Promise.all(this.#loops)
  }

  /** Ends everything at once, without questions. */
  destroy(): void {
    this.#stop.abort()
    for (const command of this.#live.values()) {
      this.#killed.add(command)
      command.process.kill('SIGKILL')
    }
  }

  async #supervise(duty: Duty): Promise<void> {
    const {kind} = duty
    if (kind !== 'always') await this.#pause(kind.firstMs)
    while (!this.#stop.signal.aborted) {
      const startedAt = Date.now()
      const command = duty.host.start(duty.name, duty.args)
      this.#live.set(duty.name, command)
      const ended = await command.ended
      this.#live.delete(duty.name)
      if (!this.#killed.has(command)) this.#judge(duty, ended, Date.now() - startedAt)
      await this.#pause(kind === 'always' ? RESTART_MS : kind.everyMs - (Date.now() - startedAt))
    }
  }

  #judge({name, kind}: Duty, {code, signal, stdout, stderr}: Ended, aliveMs: number): void {
    const isEnding = this.#stop.signal.aborted
    // A process that cannot even start while the database is away says so, and is started again.
    if (code === 10 && stderr.includes('DATABASE_UNREACHABLE')) return
    const isFine =
      kind === 'always'
        ? isEnding && (code === 0 || (signal === 'SIGTERM' && aliveMs < START_MS))
        : CRON_CODES.includes(code) || (isEnding && (code === 130 || signal === 'SIGTERM'))
    if (isFine) return
    const how = signal ?? `exit code ${code}`
    this.findings.push({
      what: `${name} ended with ${how}${isEnding ? ' on SIGTERM' : ' by itself'}`,
      detail: stderr + stdout.slice(-2000),
    })
  }

  async #pause(ms: number): Promise<void> {
    if (ms <= 0 || this.#stop.signal.aborted) return
    await delay(ms, undefined, {signal: this.#stop.signal}).catch(() => undefined)
  }
}
