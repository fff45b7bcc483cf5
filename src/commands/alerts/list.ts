import {Flags} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class AlertsList extends BaseCommand {
  static override summary = 'open alerts, whom they were told to and when, and channels that fail'
  static override description = 'Reads the ledger only, as of the last tick of a worker or a push.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']

  static override flags = {
    limit: Flags.integer({summary: 'at most this many alerts', default: 100, min: 1, max: 10_000}),
  }

  async run(): Promise<unknown> {
    const {flags} = await this.parse(AlertsList)
    const [{openAlerts}, {channelStates}, {alertsText}] = await Promise.all([
      import('../../lib/ledger/alerts.ts'),
      import('../../lib/ledger/alert-channels.ts'),
      import('../../lib/output/alerts.ts'),
    ])
    const {db} = (await this.openApp({})).ledger

    const report = {alerts: await openAlerts(db, flags.limit), channels: await channelStates(db)}

    this.show(() => alertsText(report))
    return report
  }
}
