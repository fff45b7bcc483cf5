import {BaseCommand} from '../base-command.ts'

export default class Status extends BaseCommand {
  static override summary = 'how things stand: queue, parked orders, last runs'
  static override description =
    'Reads the ledger only; it works while Shopify and NetSuite are down. Exit code 3 when something is parked.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json | jq .parked',
  ]

  async run(): Promise<unknown> {
    await this.parse(Status)
    const [{statusOf}, {statusText}] = await Promise.all([
      import('../lib/ops/status.ts'),
      import('../lib/output/status.ts'),
    ])
    const app = await this.openApp({})

    const status = await statusOf(app.ledger)

    this.show(() => statusText(status))
    if (status.parked.total > 0) this.partial()
    return status
  }
}
