import {Args} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class PayoutsShow extends BaseCommand {
  static override summary =
    'show a payout line by line: its orders, its records in NetSuite, and where each amount goes'
  static override description =
    'Reads both systems and writes nothing. Follow a line to its order with tieout orders:trace; the order tells the deposit.'

  static override examples = [
    '<%= config.bin %> <%= command.id %> 130000000001',
    '<%= config.bin %> <%= command.id %> gid://shopify/ShopifyPaymentsPayout/130000000001 --json',
  ]

  static override args = {
    payout: Args.string({
      description: '130000000001 or gid://shopify/ShopifyPaymentsPayout/130000000001',
      required: true,
      ignoreStdin: true,
    }),
  }

  async run(): Promise<unknown> {
    const {args} = await this.parse(PayoutsShow)
    const [{payoutSelection}, {showOnePayout}, {payoutText}] = await Promise.all([
      import('../../lib/sync/payout-select.ts'),
      import('../../payout-run.ts'),
      import('../../lib/output/payouts.ts'),
    ])
    payoutSelection({ids: [args.payout]})
    const app = await this.openApp({remotes: true})

    const shown = await showOnePayout(app, args.payout)

    this.show(() => payoutText(shown))
    if (['blocked', 'waits'].includes(shown.state)) this.partial()
    return shown
  }
}
