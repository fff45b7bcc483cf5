import {Flags} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class ConflictsList extends BaseCommand {
  static override summary = 'list values that people changed in NetSuite and that Shopify decides otherwise'
  static override description =
    'Open ones wait until someone acknowledges them with tieout conflicts:resolve. Details of customers are not shown; tieout conflicts:show does.'

  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --all --json']

  static override flags = {
    all: Flags.boolean({summary: 'those that were acknowledged, too', default: false}),
    limit: Flags.integer({summary: 'rows at most', default: 200, min: 1, max: 100_000}),
  }

  async run(): Promise<unknown> {
    const {flags} = await this.parse(ConflictsList)
    const [{conflictsReport}, {conflictsText}] = await Promise.all([
      import('../../lib/ops/conflicts.ts'),
      import('../../lib/output/conflicts.ts'),
    ])
    const app = await this.openApp({})

    const report = await conflictsReport(app.ledger.db, flags)

    this.show(() => conflictsText(report))
    return report
  }
}
