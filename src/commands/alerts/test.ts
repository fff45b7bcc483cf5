import {Flags} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class AlertsTest extends BaseCommand {
  static override summary = 'send a test message to each alert channel that is set'
  static override description =
    'Needs neither database nor the two systems. Exit code 3 when a channel did not take it, 10 when none is set.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --channel email',
  ]

  static override flags = {
    channel: Flags.option({summary: 'only this one', options: ['slack', 'email'] as const})(),
  }

  async run(): Promise<unknown> {
    const {flags} = await this.parse(AlertsTest)
    const [{readSettings}, {openChannels}, {testChannels}, {testText}] = await Promise.all([
      import('../../config.ts'),
      import('../../lib/ops/alerts/channels.ts'),
      import('../../lib/ops/alerts/try.ts'),
      import('../../lib/output/alerts.ts'),
    ])

    const report = await testChannels(openChannels(readSettings().alerts()), flags.channel ?? null)

    this.show(() => testText(report))
    if (report.channels.some(({ok}) => !ok)) this.partial()
    return report
  }
}
