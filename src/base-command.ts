import {Command, Flags, type Interfaces} from '@oclif/core'

import type {App, Needs} from './app.ts'
import {messageOf, SyncError, UsageError} from './lib/core/errors.ts'
import {errorReport, errorText} from './lib/output/error.ts'
import {jsonText, printable} from './lib/output/text.ts'
import {parseAll} from './usage.ts'

/** Exit code of a run that was interrupted, as shells have it. */
const INTERRUPTED = 130

/** What a signal means to a command: the words that it is answered with, and the exit code. */
export type Ending = Readonly<{text: string; exitCode: number}>

/**
 * What every command shares: the flags, the app that is opened on demand and closed at the end, and errors as exit codes.
 * Data goes to stdout (or, with --json, what `run` returns); talk goes to stderr.
 */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true

  static override baseFlags = {
    quiet: Flags.boolean({summary: 'print results and errors only', default: false, helpGroup: 'GLOBAL'}),
  }

  /** What Ctrl-C and SIGTERM mean here. */
  protected readonly ending: Ending = {
    text: 'Interrupted: what is in flight is finished, nothing new begins. Ctrl-C again ends at once.',
    exitCode: INTERRUPTED,
  }

  private app: App | undefined
  private readonly interruption = new AbortController()

  /** Aborted by Ctrl-C or SIGTERM: what is in flight ends, nothing new starts. A second Ctrl-C ends the process at once. */
  protected get signal(): AbortSignal {
    return this.interruption.signal
  }

  /** True where a person watches: a line of progress may be redrawn on stderr. */
  protected get isWatched(): boolean {
    return process.stderr.isTTY && !this.isQuiet && !this.jsonEnabled()
  }

  private get isQuiet(): boolean {
    return this.argv.includes('--quiet')
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
    if (!this.isQuiet) this.logToStderr(text)
  }

  /** Marks a run that did its work but left something that failed or differs. */
  protected partial(): void {
    this.endWith(3)
  }

  /** The exit code of a run that came to its end; an interruption that came first is told instead. */
  protected endWith(code: number): void {
    if (!this.signal.aborted) process.exitCode = code
  }

  /** For people: stdout; with --json the text is not even made. */
  protected show(text: () => string): void {
    if (!this.jsonEnabled()) this.log(text())
  }

  override log(message = ''): void {
    super.log(printable(message))
  }

  override logToStderr(message = ''): void {
    super.logToStderr(printable(message))
  }

  override logJson(json: unknown): void {
    process.stdout.write(`${jsonText(json)}\n`)
  }

  override async init(): Promise<void> {
    await super.init()
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => this.interrupt(name))
  }

  protected override async parse<
    F extends Interfaces.OutputFlags<F>,
    B extends Interfaces.OutputFlags<B>,
    A extends Interfaces.OutputArgs<A>,
  >(options?: Interfaces.Input<F, B, A>, argv = this.argv): Promise<Interfaces.ParserOutput<F, B, A>> {
    // Named one by one: most are inherited statics of the command's class, which a spread would leave out.
    const {args, flags, baseFlags, enableJsonFlag, strict} = options ?? this.ctor
    const all = {args, flags, baseFlags, enableJsonFlag, strict}
    const attempt = (left: object, words: string[]) => super.parse<F, B, A>(left, words)
    try {
      return await parseAll(attempt, all, argv, this.id ?? '')
    } finally {
      this.argv = argv
    }
  }

  private interrupt(name: NodeJS.Signals): void {
    process.exitCode = this.ending.exitCode
    this.interruption.abort(new Error(`interrupted by ${name}`))
    // A terminal shows ^C, and perhaps a line of progress, where the cursor stands.
    this.logToStderr(`${process.stderr.isTTY ? '\n' : ''}${this.ending.text}`)
  }

  /** One message, one exit code. What an interruption broke off is no error. */
  protected override async catch(thrown: Error): Promise<unknown> {
    const error = (await this.app?.explain(thrown)) ?? thrown
    if (this.signal.aborted) {
      if (isOf(error, this.signal)) {
        if (this.jsonEnabled()) this.logJson({interrupted: true})
        return undefined
      }
    } else {
      process.exitCode = error instanceof SyncError ? error.exitCode : 1
    }
    if (this.jsonEnabled()) this.logJson(errorReport(error))
    else this.logToStderr(errorText(error))
    if (!(error instanceof SyncError) && this.config.scopedEnvVarTrue('DEBUG')) super.logToStderr(error.stack)
    return undefined
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    const outcome = error === undefined ? `exit ${process.exitCode ?? 0}` : outcomeOf(error)
    await this.app?.close(this.signal.aborted ? 'interrupted' : outcome)
    await super.finally(error)
  }
}

/** True for the abort itself, however it was wrapped on its way. */
function isOf(error: unknown, signal: AbortSignal): boolean {
  if (error === signal.reason) return true
  if (!(error instanceof Error) || error instanceof UsageError) return false
  return error.name === 'AbortError' || (error.cause !== undefined && isOf(error.cause, signal))
}

function outcomeOf(error: Error): string {
  return error instanceof SyncError ? error.code : messageOf(error)
}
