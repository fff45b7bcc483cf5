import {Flags} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class JobsList extends BaseCommand {
  static override summary = 'what is parked and why, what waits and what runs'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --code SKU_UNMAPPED --json',
  ]

  static override flags = {
    code: Flags.string({summary: 'only what is parked under this error code'}),
    limit: Flags.integer({summary: 'at most this many rows', default: 50, min: 1, max: 10_000}),
  }

  async run(): Promise<unknown> {
    const {flags} = await this.parse(JobsList)
    const [{countParked, listParked}, {jobsText}] = await Promise.all([
      import('../../lib/ledger/parked.ts'),
      import('../../lib/output/jobs.ts'),
    ])
    const app = await this.openApp({})
    const {db, queue} = app.ledger

    const flows = flags.code === undefined ? (['orders', 'payouts', 'fulfillments'] as const) : []
    const waiting = (await Promise.all(flows.map((flow) => queue.list(flow, {limit: flags.limit})))).flat()
    const report = {
      counts: {...(await queue.counts('orders')), parked: await countParked(db)},
      payouts: await queue.counts('payouts'),
      fulfillments: await queue.counts('fulfillments'),
      parked: await listParked(db, {code: flags.code, limit: flags.limit}),
      waiting: waiting.slice(0, flags.limit),
    }

    this.show(() => jobsText(report))
    return report
  }
}
