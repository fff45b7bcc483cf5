import {Args, Flags} from '@oclif/core'

import {BaseCommand} from '../base-command.ts'

export default class Reconcile extends BaseCommand {
  static override summary = 'compare every order with its sales order, in both directions'
  static override description =
    'Plans each order as orders:push would and compares it with what NetSuite holds. Exit code 3 when anything differs.'

  static override examples = [
    '<%= config.bin %> <%= command.id %> orders --from 2026-11-01 --to 2026-11-30',
    '<%= config.bin %> <%= command.id %> orders --json',
  ]

  static override args = {
    what: Args.string({description: 'what to compare', required: true, options: ['orders'], ignoreStdin: true}),
  }
  static override flags = {
    from: Flags.string({summary: 'first day, in the time zone of the contract [default: six days before --to]'}),
    to: Flags.string({summary: 'last day [default: today]'}),
    shop: Flags.string({summary: 'the shop, as a check against the settings'}),
  }

  async run(): Promise<unknown> {
    const {flags} = await this.parse(Reconcile)
    const [{checkDays, daysOf}, {reconcileOrders}, {memoriesOf}, {reconcileText}] = await Promise.all([
      import('../lib/reconcile/window.ts'),
      import('../lib/reconcile/orders.ts'),
      import('../lib/sync/conflicts.ts'),
      import('../lib/output/reconcile.ts'),
    ])
    checkDays(flags)
    const app = await this.openApp({remotes: true, run: true, shop: flags.shop})
    const {shopify, netsuite, items, rules} = app.remotes()
    const days = daysOf(flags, rules.timeZone, app.clock.now())

    const memories = (externalIds: readonly string[]) => memoriesOf(app.ledger.db, externalIds)
    const report = await reconcileOrders({shopify, netsuite, items, memories, rules}, days)

    this.show(() => reconcileText(report))
    if (report.variances.length > 0) this.partial()
    return report
  }
}
