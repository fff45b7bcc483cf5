import {BaseCommand} from '../../base-command.ts'

export default class LedgerMigrate extends BaseCommand {
  static override summary = "bring the ledger's tables up to date"
  static override description =
    'Every command does so by itself; this one is for doing it at a time of your choice, or as another database user.'

  static override examples = ['<%= config.bin %> <%= command.id %>']

  async run(): Promise<unknown> {
    await this.parse(LedgerMigrate)
    const [{readSettings}, {openLedger}] = await Promise.all([
      import('../../config.ts'),
      import('../../lib/ledger/open.ts'),
    ])
    const {databaseUrl, home} = readSettings()

    const ledger = await openLedger({databaseUrl, home})
    await ledger.close()

    const {migrated} = ledger
    this.log(migrated.length === 0 ? 'the ledger is up to date' : `applied: ${migrated.join(', ')}`)
    return {migrated}
  }
}
