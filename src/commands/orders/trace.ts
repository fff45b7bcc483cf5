import {Args} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class OrdersTrace extends BaseCommand {
  static override summary = 'everything the ledger knows about one order, in time order'
  static override description = 'Reads the ledger only; it works while Shopify and NetSuite are down.'

  static override examples = [
    "<%= config.bin %> <%= command.id %> '#1001'",
    '<%= config.bin %> <%= command.id %> SHOPIFY:ORDER:5001 --json',
  ]

  static override args = {
    order: Args.string({description: "'#1001', 5001, an external ID, or the internal id in NetSuite", required: true}),
  }

  async run(): Promise<unknown> {
    const {args} = await this.parse(OrdersTrace)
    const [{findSubjects, history}, {historyText}, {UsageError}] = await Promise.all([
      import('../../lib/ledger/history.ts'),
      import('../../lib/output/history.ts'),
      import('../../lib/core/errors.ts'),
    ])
    const app = await this.openApp({})
    const {db} = app.ledger
    const subjects = await findSubjects(db, args.order)
    if (subjects.length === 0) {
      throw new UsageError('ORDER_NOT_IN_LEDGER', `the ledger knows nothing of ${args.order}`, {
        hint: `push it: tieout orders:push '${args.order}'`,
      })
    }

    const traces = await Promise.all(
      subjects.map(async (subject) => ({subject, entries: await history(db, 'orders', subject)})),
    )

    for (const trace of traces) this.log(historyText(trace.subject, trace.entries))
    return traces
  }
}
