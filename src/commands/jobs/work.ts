import {Flags} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class JobsWork extends BaseCommand {
  static override summary = 'work the queue as it fills, until it is told to end'
  static override description = `Takes orders at the moment they are queued, by webhooks, sweeps or hand, and brings them to NetSuite. Run it on as many
machines as wanted, with one database. It stays up while Postgres, Shopify or NetSuite is away, and while a credential is
refused. SIGTERM or Ctrl-C ends it after what is in flight. Its log is lines of JSON on stderr.`

  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --lanes 2']

  static override flags = {
    lanes: Flags.integer({
      summary:
        'batches of orders side by side; by default twice as many as NetSuite allows requests at once, at most 12',
      min: 1,
      max: 50,
    }),
    shop: Flags.string({summary: 'the shop, as a check against the settings'}),
  }

  // A signal is how it ends.
  protected override readonly ending = {text: '{"event":"ending"}', exitCode: 0}

  async run(): Promise<unknown> {
    const {flags} = await this.parse(JobsWork)
    const app = await this.openApp({remotes: 'later', run: true, shop: flags.shop})
    const {runWorker} = await import('../../work-run.ts')

    const {report} = runWorker(app, {
      signal: this.signal,
      lanes: flags.lanes ?? null,
      log: (line) => this.logLine(line),
    })
    const {counts, runId} = await report

    this.show(() => Object.entries(counts).map(([outcome, count]) => `${count} ${outcome}`).join(', ')) // prettier-ignore
    return {runId, counts}
  }

  // What the database's pool has to say is a line of the log.
  protected override note(text: string): void {
    this.logLine(JSON.stringify({at: new Date().toISOString(), event: 'note', detail: text}))
  }

  // Not with logToStderr, which is silent with --json; what is logged is JSON, and so printable, already.
  private logLine(line: string): void {
    process.stderr.write(`${line}\n`)
  }
}
