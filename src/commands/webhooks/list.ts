import {Flags} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class WebhooksList extends BaseCommand {
  static override summary = 'the webhook subscriptions at Shopify and what they brought, or the deliveries themselves'
  static override description =
    'Exit code 3 when a subscription is missing, wrong or goes elsewhere. With --arrivals only the ledger is read.'

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --arrivals --outcome unreadable',
    '<%= config.bin %> <%= command.id %> --arrivals --topic orders/paid --since 2026-11-24T09:00',
  ]

  static override flags = {
    arrivals: Flags.boolean({summary: 'the deliveries, newest first', default: false}),
    topic: Flags.string({summary: 'deliveries of this topic only, orders/paid', dependsOn: ['arrivals']}),
    outcome: Flags.string({
      summary: 'deliveries of which this became only',
      options: ['queued', 'ignored', 'unreadable'],
      dependsOn: ['arrivals'],
    }),
    since: Flags.string({summary: 'first day or time of arrival, in UTC; the last 7 days unless told'}),
    limit: Flags.integer({summary: 'at most this many deliveries', default: 50, min: 1, max: 10_000}),
  }

  async run(): Promise<unknown> {
    const {flags} = await this.parse(WebhooksList)
    const [{arrivalChoice, listArrivals, sinceOf, webhookOverview}, {readSettings}, output] = await Promise.all([
      import('../../lib/ops/arrivals.ts'),
      import('../../config.ts'),
      import('../../lib/output/webhooks.ts'),
    ])
    const choice = arrivalChoice({topic: flags.topic, outcome: flags.outcome, since: flags.since})
    if (flags.arrivals) {
      const {ledger, clock} = await this.openApp({})
      const since = sinceOf(choice, clock)
      const arrivals = await listArrivals(ledger, {...choice, since}, flags.limit)
      this.show(() => output.arrivalsText(arrivals, flags.limit))
      return {since, arrivals}
    }
    const url = readSettings().webhookUrl()
    const app = await this.openApp({shopify: true})
    const {shop, shopify} = app.shopOnly()

    const deps = {ledger: app.ledger, subscriptions: shopify.subscriptions, shop}
    const report = await webhookOverview(deps, url, sinceOf(choice, app.clock))

    this.show(() => output.overviewText(report))
    if (report.subscriptions.some(({state}) => ['missing', 'wrong', 'elsewhere'].includes(state))) this.partial()
    return report
  }
}
