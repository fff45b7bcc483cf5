import {Flags} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class LedgerBackup extends BaseCommand {
  static override summary = 'write everything the ledger holds to a file'
  static override description = 'Runs beside other commands; the file holds one instant. ledger:restore reads it.'
  static override examples = ['<%= config.bin %> <%= command.id %> --file ledger-2026-11-24.sql.gz']

  static override flags = {
    file: Flags.string({summary: 'the file to write, gzipped SQL; one that exists is replaced', required: true}),
  }

  async run(): Promise<unknown> {
    const {flags} = await this.parse(LedgerBackup)
    const {backup} = await import('../../lib/ledger/backup.ts')
    const app = await this.openApp({run: true})

    const report = await backup(app.ledger, flags.file)

    this.log(`${report.rows} rows, ${report.bytes} bytes: ${report.file}`)
    return report
  }
}
