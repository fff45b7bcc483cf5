import {Flags} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class WebhooksRegister extends BaseCommand {
  static override summary = 'subscribe to the webhooks of Shopify, and correct subscriptions that are wrong'
  static override description = `Makes the subscriptions that are missing, turns those of our path that go to another host, and corrects settings that
lose events. What is right is left alone. With TIEOUT_WEBHOOK_URL set, each sweep (orders:push) makes missing ones again.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> --url https://hooks.example.com/webhooks/shopify --dry-run',
    '<%= config.bin %> <%= command.id %> --prune',
  ]

  static override flags = {
    url: Flags.string({summary: 'where deliveries are to go; TIEOUT_WEBHOOK_URL unless told'}),
    prune: Flags.boolean({summary: 'also delete subscriptions of our path that are not needed', default: false}),
    'dry-run': Flags.boolean({summary: 'print what would change, change nothing', default: false}),
  }

  async run(): Promise<unknown> {
    const {flags} = await this.parse(WebhooksRegister)
    const [{readSettings}, {chosenUrl}, {registerSubscriptions}, {registrationText}] = await Promise.all([
      import('../../config.ts'),
      import('../../webhook-address.ts'),
      import('../../lib/ops/subscriptions.ts'),
      import('../../lib/output/webhooks.ts'),
    ])
    const known = readSettings().webhookUrl()
    const url = chosenUrl(flags.url, known)
    const dryRun = flags['dry-run']
    const app = await this.openApp({shopify: true, run: !dryRun})

    const options = {url, prune: flags.prune, move: true, dryRun}
    const report = await registerSubscriptions(app.shopOnly().shopify.subscriptions, options)

    this.show(() => registrationText(report, dryRun))
    if (known === null) this.note(`Set TIEOUT_WEBHOOK_URL=${url}: then sweeps make a lost subscription again.`)
    if (report.refused.length > 0) this.partial()
    return {...report, dryRun}
  }
}
