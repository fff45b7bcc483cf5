import {Args, Flags} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'
import type {SweepReport} from '../../lib/sync/report.ts'

export default class OrdersPush extends BaseCommand {
  static override summary = 'send Shopify orders to NetSuite: sales orders, and what the contract has follow them'
  static override description = `Queues the orders that you name, or those created in a window, and works the queue: each order is read, planned,
written and settled on its own. Without orders and window it sweeps: it queues every order that changed since the last
sweep, and looks whether the webhook subscriptions are still there. Running it again writes nothing.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --since 2026-11-01 --dry-run',
    "<%= config.bin %> <%= command.id %> '#1001' '#1002'",
    'cat orders.txt | <%= config.bin %> <%= command.id %> -',
  ]

  static override strict = false
  static override args = {
    orders: Args.string({
      description: "orders: 5001, '#1001', gid://shopify/Order/5001, or - for one a line on stdin",
      ignoreStdin: true,
    }),
  }
  static override flags = {
    since: Flags.string({summary: 'first day (or time) of creation, in the time zone of the shop'}),
    until: Flags.string({summary: 'last day (or time) of creation, in the time zone of the shop'}),
    limit: Flags.integer({summary: 'push at most this many orders', min: 1}),
    overlap: Flags.integer({
      summary: 'minutes that a sweep looks back behind the last one; 10 unless told',
      min: 1,
      max: 1440,
    }),
    shop: Flags.string({summary: 'the shop, as a check against the settings'}),
    'dry-run': Flags.boolean({summary: 'print what would be written and posted, write nothing', default: false}),
  }

  async run(): Promise<unknown> {
    const {flags, argv} = await this.parse(OrdersPush)
    const dry = flags['dry-run']
    const [{readWords}, {selection}, {dryPush, runPush}, output] = await Promise.all([import('../../words.ts'), import('../../lib/sync/select.ts'), import('../../push-run.ts'), import('../../lib/output/push-report.ts')]) // prettier-ignore
    const chosen = selection({...flags, ids: await readWords(argv as string[])})
    const app = await this.openApp({remotes: true, run: !dry, shop: flags.shop})

    if (dry) {
      const onSweep = (sweep: SweepReport) => this.note(output.sweepText(sweep, true))
      const pages = dryPush(app, chosen, this.signal, onSweep)
      const previews = await output.printPreviews(pages, (text) => this.log(text), this.jsonEnabled())
      if (previews.park > 0) this.partial()
      return previews
    }
    const progress = output.progress((text) => this.note(text), this.isWatched)
    const report = await runPush(app, chosen, {signal: this.signal, onProgress: progress.tell}).finally(progress.end)
    const {requests} = app.remotes()
    this.show(() => output.pushTable(report, requests))
    if (report.counts.parked + report.counts.retry > 0) this.partial()
    return {...report, requests}
  }
}
