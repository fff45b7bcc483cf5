import {Flags} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class LedgerRestore extends BaseCommand {
  static override summary = 'fill an empty ledger from a file that ledger:backup wrote'
  static override description = 'A ledger that holds anything is refused: name an empty database with DATABASE_URL.'
  static override examples = [
    'DATABASE_URL=postgresql://db/new <%= config.bin %> <%= command.id %> --file ledger-2026-11-24.sql.gz',
  ]

  static override flags = {
    file: Flags.string({summary: 'the file to read', required: true}),
  }

  async run(): Promise<unknown> {
    const {flags} = await this.parse(LedgerRestore)
    const [{readSettings}, {connectionFor}, {restore}] = await Promise.all([
      import('../../config.ts'),
      import('../../lib/ledger/open.ts'),
      import('../../lib/ledger/restore.ts'),
    ])
    const connection = await connectionFor(readSettings(), (text) => this.note(text))

    const report = await restore(flags.file, connection)

    this.log(`${report.rows} rows restored from ${report.file}`)
    return report
  }
}
