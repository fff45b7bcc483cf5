import {Args, Flags} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class ConflictsResolve extends BaseCommand {
  static override summary = "acknowledge conflicts: keep Shopify's value, or put NetSuite's back"
  static override description =
    'With --keep netsuite the value is written back by the next tieout orders:push or worker, and the field is left alone until it is changed in Shopify again. Quantities, prices and whatever else decides the total follow Shopify always.'

  static override examples = [
    '<%= config.bin %> <%= command.id %> 12 13 --keep shopify --note "agreed with the warehouse"',
    '<%= config.bin %> <%= command.id %> 12 --keep netsuite',
  ]

  static override strict = false
  static override args = {
    ids: Args.string({description: 'numbers of conflicts, or - for one a line on stdin', ignoreStdin: true}),
  }

  static override flags = {
    keep: Flags.string({summary: 'whose value is right', options: ['shopify', 'netsuite'], required: true}),
    note: Flags.string({summary: 'why, for the history'}),
  }

  async run(): Promise<unknown> {
    const {flags, argv} = await this.parse(ConflictsResolve)
    const [{readWords}, {resolveConflicts}] = await Promise.all([
      import('../../words.ts'),
      import('../../lib/ops/conflicts.ts'),
    ])
    const ids = await readWords(argv as string[])
    const app = await this.openApp({run: true})
    const keep = flags.keep === 'netsuite' ? 'netsuite' : 'shopify'

    const report = await resolveConflicts(app.ledger, {ids, keep, note: flags.note ?? null, who: app.settings.who})

    this.log(`${report.resolved.length} acknowledged, ${report.queued.length} orders queued`)
    for (const id of report.unknown) this.note(`${id} is no open conflict`)
    if (report.unknown.length > 0) this.partial()
    return report
  }
}
