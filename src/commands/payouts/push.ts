import {Args, Flags} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class PayoutsPush extends BaseCommand {
  static override summary = 'book the payouts of Shopify Payments in NetSuite, as bank deposits'
  static override description = `Takes up what Shopify paid out since the last run, and what waits. Each payout becomes a deposit of exactly its net: the
payments and refunds that NetSuite holds, less fees, disputes, reserves and adjustments, by the accounts of the contract.
A payout waits for a payment that NetSuite does not hold yet, and queues its order. Running it again writes nothing.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --since 2026-11-01 --dry-run',
  ]

  static override strict = false
  static override args = {
    payouts: Args.string({
      description:
        'payouts: 130000000001, gid://shopify/ShopifyPaymentsPayout/130000000001, or - for one a line on stdin',
      ignoreStdin: true,
    }),
  }
  static override flags = {
    since: Flags.string({summary: 'first day (or time) of issue, in the time zone of the shop'}),
    until: Flags.string({summary: 'last day (or time) of issue, in the time zone of the shop'}),
    shop: Flags.string({summary: 'the shop, as a check against the settings'}),
    'dry-run': Flags.boolean({summary: 'print what would be posted and what blocks it, write nothing', default: false}),
  }

  async run(): Promise<unknown> {
    const {flags, argv} = await this.parse(PayoutsPush)
    const dry = flags['dry-run']
    const [{readWords}, {payoutSelection}, {dryPayouts, runPayouts}, output] = await Promise.all([import('../../words.ts'), import('../../lib/sync/payout-select.ts'), import('../../payout-run.ts'), import('../../lib/output/payouts.ts')]) // prettier-ignore
    const chosen = payoutSelection({...flags, ids: await readWords(argv as string[])})
    const app = await this.openApp({remotes: true, run: !dry, shop: flags.shop})

    if (dry) {
      const previews = dryPayouts(app, chosen, this.signal)
      const report = await output.printPayoutPreviews(previews, (text) => this.log(text), this.jsonEnabled())
      if (report.park + report.wait > 0) this.partial()
      return report
    }
    const report = await runPayouts(app, chosen, {signal: this.signal, onProgress: () => undefined})
    const {requests} = app.remotes()
    this.show(() => output.payoutsText(report, requests))
    if (report.counts.parked + report.counts.waits + report.counts.retry > 0) this.partial()
    return {...report, requests}
  }
}
