import {Flags} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class WebhooksListen extends BaseCommand {
  static override summary = 'take the webhooks of Shopify, and bring their orders to NetSuite'
  static override description = `Answers POST /webhooks/shopify once a delivery is on disk and its order is queued; GET /healthz, /healthz?ready and
/metrics. It also works the queue, as jobs:work does; it keeps receiving whatever becomes of that. It speaks HTTP: put a proxy
with a certificate before it. SIGTERM or Ctrl-C ends it after what is under way.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --host 0.0.0.0 --port 8787 --no-work',
  ]

  static override flags = {
    port: Flags.integer({summary: 'port to listen on; 0 for a free one', default: 8787, min: 0, max: 65_535}),
    host: Flags.string({summary: 'address to listen on', default: '127.0.0.1'}),
    'no-work': Flags.boolean({
      summary: 'receive only; orders:push or jobs:work bring the orders to NetSuite',
      default: false,
    }),
    'metrics-public': Flags.boolean({summary: 'answer /metrics to other machines, too', default: false}),
  }

  // A signal is how it ends.
  protected override readonly ending = {text: 'Ending: what is under way is answered first.', exitCode: 0}

  async run(): Promise<unknown> {
    const {flags} = await this.parse(WebhooksListen)
    const isWorking = !flags['no-work']
    const [{readSettings}, {listenForWebhooks}, {workFigures}, {runWorker}] = await Promise.all([import('../../config.ts'), import('../../lib/ops/listener/run.ts'), import('../../lib/ops/work-figures.ts'), import('../../work-run.ts')]) // prettier-ignore
    const {shop, secrets} = readSettings().webhooks()
    const app = await this.openApp({run: true, ...(isWorking ? {remotes: 'later'} : {})})
    // Not with logToStderr, which is silent with --json; what is logged is JSON, and so printable, already.
    const log = (line: string) => void process.stderr.write(`${line}\n`)
    const beside: {worker?: ReturnType<typeof runWorker>} = {}
    const totals = await listenForWebhooks(
      {
        ...app,
        ...flags,
        shops: new Set([shop]),
        secrets,
        publicMetrics: flags['metrics-public'],
        figures: workFigures(app.ledger, app.clock, () => beside.worker?.source ?? null),
        onListening: () => {
          if (isWorking) beside.worker = runWorker(app, {signal: this.signal, lanes: null, log})
        },
        log,
      },
      this.signal,
    )
    return {...totals, worked: (await beside.worker?.report)?.counts ?? null}
  }
}
