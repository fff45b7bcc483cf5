import {Args, Flags} from '@oclif/core'

import {BaseCommand} from '../base-command.ts'

export default class Reconcile extends BaseCommand {
  static override summary = 'compare every order, payment, refund or payout with NetSuite, in both directions'
  static override description = `Plans each order as orders:push would and compares the plan with what NetSuite holds. Payments and refunds are those dated
in the window, whenever their orders were placed; payouts are those issued in it. Exit code 3 when anything differs.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> orders --from 2026-11-01 --to 2026-11-30',
    '<%= config.bin %> <%= command.id %> payments --from 2026-11-01 --to 2026-11-30',
    '<%= config.bin %> <%= command.id %> refunds --json',
    '<%= config.bin %> <%= command.id %> payouts --from 2026-11-01 --to 2026-11-30',
  ]

  static override args = {
    what: Args.string({
      description: 'what to compare',
      required: true,
      options: ['orders', 'payments', 'refunds', 'payouts'],
      ignoreStdin: true,
    }),
  }
  static override flags = {
    from: Flags.string({summary: 'first day, in the time zone of the contract [default: six days before --to]'}),
    to: Flags.string({summary: 'last day [default: today]'}),
    shop: Flags.string({summary: 'the shop, as a check against the settings'}),
  }

  async run(): Promise<unknown> {
    const {args, flags} = await this.parse(Reconcile)
    const [{checkDays, daysOf}, {runReconcile}, {reconcileText}] = await Promise.all([
      import('../lib/reconcile/window.ts'),
      import('../reconcile-run.ts'),
      import('../lib/output/reconcile.ts'),
    ])
    checkDays(flags)
    const app = await this.openApp({remotes: true, run: true, shop: flags.shop})
    const days = daysOf(flags, app.remotes().rules.timeZone, app.clock.now())

    const report = await runReconcile(app, args.what as 'orders' | 'payments' | 'refunds' | 'payouts', days)

    this.show(() => reconcileText(report))
    if (report.variances.length > 0) this.partial()
    return report
  }
}
