import {Args, Flags} from '@oclif/core'

import {KindCommand} from '../../kind-command.ts'

export default class PaymentsPush extends KindCommand {
  static override summary = 'send what was paid to NetSuite as customer deposits and payments'
  static override description = `Of the records after the sales order, writes payments only: customer deposits, customer payments and deposit
applications. Takes the orders that you name, those created in a window, or else those that
wait in the queue. Customer and sales order come first. What else is due of an order waits in the queue for orders:push.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> --since 2026-11-01 --dry-run',
    "<%= config.bin %> <%= command.id %> '#1001' '#1002'",
    '<%= config.bin %> <%= command.id %> --limit 500',
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
    limit: Flags.integer({summary: 'take at most this many orders', min: 1}),
    shop: Flags.string({summary: 'the shop, as a check against the settings'}),
    'dry-run': Flags.boolean({summary: 'print what would be written and posted, write nothing', default: false}),
  }

  async run(): Promise<unknown> {
    const {flags, argv} = await this.parse(PaymentsPush)
    return this.push('payments', flags, argv as string[])
  }
}
