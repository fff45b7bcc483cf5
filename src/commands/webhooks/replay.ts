import {Args, Flags} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class WebhooksReplay extends BaseCommand {
  static override summary = 'queue the orders of stored deliveries again'
  static override description = `Nothing old comes back: the present state of each order is read when its turn comes, and one that waits already is not
queued twice. Deliveries that made no sense are read again by this version. tieout orders:push, or a worker, works them.`

  static override examples = [
    "<%= config.bin %> <%= command.id %> '#1001'",
    '<%= config.bin %> <%= command.id %> --topic orders/paid --since 2026-11-24T09:00 --until 2026-11-24T10:00 --dry-run',
    '<%= config.bin %> <%= command.id %> b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
  ]

  static override strict = false
  static override args = {
    deliveries: Args.string({
      description: "delivery ids, '#1001', 5001 or gid://shopify/Order/5001, or - for one a line on stdin",
      ignoreStdin: true,
    }),
  }
  static override flags = {
    topic: Flags.string({summary: 'deliveries of this topic only, orders/paid'}),
    since: Flags.string({summary: 'first day or time of arrival, in UTC'}),
    until: Flags.string({summary: 'last day of arrival, or the time that no longer counts, in UTC'}),
    'dry-run': Flags.boolean({summary: 'print what would be queued, queue nothing', default: false}),
  }

  async run(): Promise<unknown> {
    const {flags, argv} = await this.parse(WebhooksReplay)
    const [{readWords}, {arrivalChoice}, {replayDeliveries}, {replayText}] = await Promise.all([
      import('../../words.ts'),
      import('../../lib/ops/arrivals.ts'),
      import('../../lib/ops/replay.ts'),
      import('../../lib/output/webhooks.ts'),
    ])
    const words = await readWords(argv as string[])
    const choice = arrivalChoice({topic: flags.topic, since: flags.since, until: flags.until})
    const dryRun = flags['dry-run']
    const app = await this.openApp({run: !dryRun})

    const report = await replayDeliveries(app, {words, choice, dryRun})

    this.show(() => replayText(report))
    for (const word of report.unknown) this.note(`no delivery is stored of ${word}`)
    if (report.unknown.length > 0) this.partial()
    return report
  }
}
