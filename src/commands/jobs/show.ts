import {Args} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class JobsShow extends BaseCommand {
  static override summary = 'one parked order: why, since when, what to do'
  static override examples = [
    "<%= config.bin %> <%= command.id %> '#1001'",
    '<%= config.bin %> <%= command.id %> 5001 --json',
  ]

  static override args = {
    order: Args.string({description: "'#1001', 5001 or an external ID", required: true, ignoreStdin: true}),
  }

  async run(): Promise<unknown> {
    const {args} = await this.parse(JobsShow)
    const [{parkedOrders}, {parkedText}] = await Promise.all([
      import('../../lib/ops/trace.ts'),
      import('../../lib/output/jobs.ts'),
    ])
    const app = await this.openApp({})

    const report = await parkedOrders(app.ledger, args.order)

    if (report.length === 0) this.log(`${args.order} is not parked; its history: tieout orders:trace '${args.order}'`)
    else this.show(() => report.map(parkedText).join('\n\n'))
    return report
  }
}
