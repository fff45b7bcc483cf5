import {Args, Flags} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class OrdersTrace extends BaseCommand {
  static override summary = 'everything the ledger knows about one order, in time order'
  static override description = `Every event, try, request, plan with its changes, write, reply, retry, link and person, then how the order stands
now. Reads the ledger only; it works while Shopify and NetSuite are down. A name that several orders bear shows each of them.`

  static override examples = [
    "<%= config.bin %> <%= command.id %> '#1001'",
    '<%= config.bin %> <%= command.id %> SHOPIFY:ORDER:5001 --json',
    "<%= config.bin %> <%= command.id %> '#1001' --last 50",
  ]

  static override args = {
    order: Args.string({
      description: "'#1001', 5001, an external ID, or the internal id in NetSuite",
      required: true,
      ignoreStdin: true,
    }),
  }
  static override flags = {
    last: Flags.integer({summary: 'show the newest lines only; how many', default: 1000, min: 1, max: 10_000}),
  }

  async run(): Promise<unknown> {
    const {args, flags} = await this.parse(OrdersTrace)
    const [{traceOrders}, {traceText}] = await Promise.all([
      import('../../lib/ops/trace.ts'),
      import('../../lib/output/history.ts'),
    ])
    const app = await this.openApp({})

    const traces = await traceOrders(app.ledger, args.order, flags.last)

    this.show(() => traces.map((trace) => traceText(trace)).join('\n\n'))
    return traces
  }
}
