import {Args} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class JobsShow extends BaseCommand {
  static override summary = 'one parked order: why, since when, what to do'
  static override examples = ["<%= config.bin %> <%= command.id %> '#1001'"]
  static override args = {order: Args.string({description: "'#1001', 5001 or an external ID", required: true})}

  async run(): Promise<unknown> {
    const {args} = await this.parse(JobsShow)
    const [{findSubjects, history}, {listParked}, {parkedText}] = await Promise.all([
      import('../../lib/ledger/history.ts'),
      import('../../lib/ledger/parked.ts'),
      import('../../lib/output/jobs.ts'),
    ])
    const app = await this.openApp({})
    const subjects = await findSubjects(app.ledger.db, args.order)
    const parked = subjects.length === 0 ? [] : await listParked(app.ledger.db, {subjects})
    const report = await Promise.all(
      parked.map(async (job) => ({...job, history: await history(app.ledger.db, job.flow, job.subject)})),
    )

    this.log(report.length === 0 ? `${args.order} is not parked` : report.map(parkedText).join('\n\n'))
    return report
  }
}
