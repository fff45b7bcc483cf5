import {Args, Flags} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class JobsRetry extends BaseCommand {
  static override summary = 'queue parked orders and payouts again, after you solved what stopped them'
  static override description =
    'They are worked by the next tieout orders:push, payouts:push or fulfillments:pull; who retried, and the note, stay in the history.'

  static override examples = [
    "<%= config.bin %> <%= command.id %> '#1001'",
    '<%= config.bin %> <%= command.id %> --code SKU_UNMAPPED --note "items created"',
  ]

  static override strict = false
  static override args = {
    orders: Args.string({
      description: "'#1001', 5001, the number of a payout or an external ID, or - for one a line on stdin",
      ignoreStdin: true,
    }),
  }
  static override flags = {
    code: Flags.string({summary: 'all that are parked under this error code'}),
    all: Flags.boolean({summary: 'all that are parked', default: false}),
    relink: Flags.boolean({summary: 'forget the deleted sales order, so that it is written anew', default: false}),
    note: Flags.string({summary: 'what you did, for the history'}),
  }

  async run(): Promise<unknown> {
    const {flags, argv} = await this.parse(JobsRetry)
    const [{readWords}, {retryJobs}] = await Promise.all([import('../../words.ts'), import('../../lib/ops/jobs.ts')])
    const orders = await readWords(argv as string[])
    const app = await this.openApp({run: true})

    const report = await retryJobs(app.ledger, {...flags, orders, who: app.settings.who})

    this.log(
      `${report.queued.length} queued; tieout orders:push works orders, payouts:push payouts, fulfillments:pull what NetSuite shipped`,
    )
    for (const order of report.unknown) this.note(`${order} is not parked`)
    if (report.unknown.length > 0) this.partial()
    return report
  }
}
