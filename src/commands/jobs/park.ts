import {Args, Flags} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class JobsPark extends BaseCommand {
  static override summary = 'set an order aside, or name who looks after a parked one'
  static override examples = [
    "<%= config.bin %> <%= command.id %> '#1001' --note 'customer disputes the address' --owner ana",
  ]
  static override args = {
    order: Args.string({description: "'#1001', 5001 or an external ID", required: true, ignoreStdin: true}),
  }
  static override flags = {
    note: Flags.string({summary: 'why', required: true}),
    owner: Flags.string({summary: 'who looks after it'}),
  }

  async run(): Promise<unknown> {
    const {args, flags} = await this.parse(JobsPark)
    const {parkJob} = await import('../../lib/ops/jobs.ts')
    const app = await this.openApp({run: true})

    const report = await parkJob(app.ledger, {
      order: args.order,
      note: flags.note,
      owner: flags.owner ?? null,
      who: app.settings.who,
    })

    this.log(`parked: ${report.subjects.join(', ')}`)
    return report
  }
}
