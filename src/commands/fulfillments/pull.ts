import {Args, Flags} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'
import type {ShipmentSweep} from '../../lib/sync/shipment-report.ts'

export default class FulfillmentsPull extends BaseCommand {
  static override summary = 'tell Shopify what NetSuite shipped'
  static override description = `Where the contract says that NetSuite ships: reads the item fulfilments of the orders that you name, or of all that
changed since the last run, and makes Shopify's fulfilments of them, with carrier and tracking numbers; numbers that changed
later and fulfilments that were deleted follow. Units that Shopify shows as shipped already are never shipped again.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --since 2026-11-01 --dry-run',
    "<%= config.bin %> <%= command.id %> '#1001' '#1002'",
  ]

  static override strict = false
  static override args = {
    orders: Args.string({
      description: "orders: 5001, '#1001', gid://shopify/Order/5001, or - for one a line on stdin",
      ignoreStdin: true,
    }),
  }
  static override flags = {
    since: Flags.string({
      summary: 'look at item fulfilments that changed from this day (or time) on, as NetSuite dates it',
    }),
    shop: Flags.string({summary: 'the shop, as a check against the settings'}),
    'dry-run': Flags.boolean({summary: 'print what would be told, tell nothing', default: false}),
  }

  async run(): Promise<unknown> {
    const {flags, argv} = await this.parse(FulfillmentsPull)
    const dry = flags['dry-run']
    const [{readWords}, {selection}, {dryPull, runPull}, output] = await Promise.all([import('../../words.ts'), import('../../lib/sync/select.ts'), import('../../pull-run.ts'), import('../../lib/output/pull-report.ts')]) // prettier-ignore
    const chosen = selection({since: flags.since, ids: await readWords(argv as string[])})
    const app = await this.openApp({remotes: true, run: !dry, shop: flags.shop})
    const watch = {
      signal: this.signal,
      onSweep: (sweep: ShipmentSweep) => this.note(output.shipmentSweepText(sweep, dry)),
    }
    if (dry) {
      const previews = await output.printPullPreviews(dryPull(app, chosen, watch), (text) => this.show(() => text))
      if (previews.park > 0) this.partial()
      return previews
    }
    const report = await runPull(app, chosen, watch)
    const {requests} = app.remotes()
    this.show(() => output.pullTable(report, requests))
    if (report.counts.parked + report.counts.retry > 0) this.partial()
    return {...report, requests}
  }
}
