import {Flags} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class SandboxReport extends BaseCommand {
  static override summary = "prove from the sandbox's own books that Shopify and NetSuite agree"
  static override description =
    'Compares what the shop says with the general ledger, by amounts of every kind. Exit code 3 when anything differs.'

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --html report.html --csv report.csv',
  ]

  static override flags = {
    'shopify-url': Flags.url({summary: "address of the sandbox's Shopify [default: SHOPIFY_API_URL]"}),
    'netsuite-url': Flags.url({summary: "address of the sandbox's NetSuite [default: NETSUITE_API_URL]"}),
    csv: Flags.string({summary: 'write the rows to this file, too', helpValue: '<file>'}),
    html: Flags.string({summary: 'write a page to this file, too', helpValue: '<file>'}),
  }

  async run(): Promise<unknown> {
    const {flags} = await this.parse(SandboxReport)
    const {reportSandbox, sandboxReportText} = await import('../../sandbox-report.ts')

    const report = await reportSandbox(flags, new Date())

    this.show(() => sandboxReportText(report))
    if (!report.agrees) this.partial()
    return report
  }
}
