import {Command, Flags} from '@oclif/core'

import type {App, Needs} from './app.ts'
import {messageOf, SyncError} from './lib/core/errors.ts'

/** Exit code of a run that was interrupted, as shells have it. */
const INTERRUPTED = 130

/**
 * What every command shares: the flags, the app that is opened on demand and closed at the end, and errors as exit codes.
 * Data goes to stdout (or, with --json, what `run` returns); talk goes to stderr.
 */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true

  static override baseFlags = {
    quiet: Flags.boolean({summary: 'print results and errors only', default: false, helpGroup: 'GLOBAL'}),
  }

  private app: App | undefined
  private readonly interruption = new AbortController()

  /** Aborted by Ctrl-C or SIGTERM: what is in flight ends, nothing new starts. A second Ctrl-C ends the process at once. */
  protected get signal(): AbortSignal {
    return this.interruption.signal
  }

  /** Opens what the command needs; settings, contract and ledger are checked before anything is sent. */
  protected async openApp(needs: Needs): Promise<App> {
    const {openApp} = await import('./app.ts')
    this.app = await openApp({
      ...needs,
      command: this.id ?? '',
      argv: this.argv,
      signal: this.signal,
      note: (text) => this.note(text),
    })
    return this.app
  }

  /** For people: stderr, and nothing with --quiet. */
  protected note(text: string): void {
    if (!this.argv.includes('--quiet')) this.logToStderr(text)
  }

  /** Marks a run that did its work but left something that failed or differs. */
  protected partial(): void {
    process.exitCode = 3
  }

  override async init(): Promise<void> {
    await super.init()
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => this.interrupt(name))
  }

  private interrupt(name: NodeJS.Signals): void {
    process.exitCode = INTERRUPTED
    this.interruption.abort(new Error(`interrupted by ${name}`))
    this.logToStderr('Interrupted: orders in flight are finished, the rest stays queued. Ctrl-C again ends at once.')
  }

  protected override async catch(error: Error & {exitCode?: number}): Promise<unknown> {
    if (this.signal.aborted && !(error instanceof SyncError)) return undefined
    if (!(error instanceof SyncError)) return super.catch(error)
    process.exitCode = this.signal.aborted ? INTERRUPTED : error.exitCode
    if (this.jsonEnabled()) this.logJson(this.toErrorJson(error))
    else this.logToStderr(textOf(error))
    return undefined
  }

  protected override toErrorJson(error: unknown): unknown {
    if (!(error instanceof SyncError)) return {error: {code: 'UNEXPECTED', message: messageOf(error)}}
    const {code, message, hint, subject} = error
    return {error: {code, message, hint, subject: subject ?? null, runbook: runbookOf(code)}}
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    const code = process.exitCode ?? 0
    await this.app?.close(error === undefined ? `exit ${code}` : messageOf(error))
    await super.finally(error)
  }
}

/** What happened, what to do, where it is written down. */
function textOf(error: SyncError): string {
  return [`Error ${error.code}: ${error.message}`, `  Next: ${error.hint}`, `  More: ${runbookOf(error.code)}`].join(
    '\n',
  )
}

function runbookOf(code: string): string {
  return `docs/runbooks/${code.toLowerCase().replaceAll('_', '-')}.md`
}
