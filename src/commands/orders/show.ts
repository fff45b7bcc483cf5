import {Args} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class OrdersShow extends BaseCommand {
  static override summary = 'show an order on both sides: what Shopify says, what NetSuite holds, where they differ'

  static override examples = [
    "<%= config.bin %> <%= command.id %> '#1001'",
    '<%= config.bin %> <%= command.id %> 5001 --json',
  ]

  static override args = {
    order: Args.string({description: "5001, '#1001' or gid://shopify/Order/5001", required: true, ignoreStdin: true}),
  }

  async run(): Promise<unknown> {
    const {args} = await this.parse(OrdersShow)
    const [{selection}, {showOrder}, {orderText}] = await Promise.all([
      import('../../lib/sync/select.ts'),
      import('../../lib/sync/show.ts'),
      import('../../lib/output/order.ts'),
    ])
    const chosen = selection({ids: [args.order]})
    const app = await this.openApp({remotes: true})
    const {shopify, netsuite, items, rules, shop} = app.remotes()

    const shown = await showOrder({ledger: app.ledger, shopify, netsuite, items, rules, shop}, chosen)

    this.show(() => orderText(shown))
    if (shown.preview.would === 'park' || shown.preview.would === 'update') this.partial()
    return shown
  }
}
