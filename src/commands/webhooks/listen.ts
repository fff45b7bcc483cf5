import {Flags} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class WebhooksListen extends BaseCommand {
  static override summary = 'take the webhooks of Shopify'
  static override description = `Answers POST /webhooks/shopify once a delivery is on disk and its order is queued; GET /healthz, /healthz?ready and
/metrics. It speaks HTTP: put a proxy with a certificate before it. SIGTERM or Ctrl-C ends it after what is under way.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --host 0.0.0.0 --port 8787 --no-work',
  ]

  static override flags = {
    port: Flags.integer({summary: 'port to listen on; 0 for a free one', default: 8787, min: 0, max: 65_535}),
    host: Flags.string({summary: 'address to listen on', default: '127.0.0.1'}),
    'no-work': Flags.boolean({summary: 'receive only; other processes work the queue', default: false}),
    'metrics-public': Flags.boolean({summary: 'answer /metrics to other machines, too', default: false}),
  }

  // A signal is how it ends.
  protected override readonly ending = {text: 'Ending: what is under way is answered first.', exitCode: 0}

  async run(): Promise<unknown> {
    const {flags} = await this.parse(WebhooksListen)
    const {readSettings} = await import('../../config.ts')
    const {shop, secrets} = readSettings().webhooks()
    if (!flags['no-work']) this.note('Deliveries are queued; tieout orders:push works them.')
    const app = await this.openApp({run: true})
    const {listenForWebhooks} = await import('../../lib/ops/listener/run.ts')

    return listenForWebhooks(
      {
        ...app,
        host: flags.host,
        port: flags.port,
        shops: new Set([shop]),
        secrets,
        publicMetrics: flags['metrics-public'],
        // Not with logToStderr, which is silent with --json; what is logged is JSON, and so printable, already.
        log: (line) => void process.stderr.write(`${line}\n`),
      },
      this.signal,
    )
  }
}
