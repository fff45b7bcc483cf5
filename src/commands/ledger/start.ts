import {BaseCommand} from '../../base-command.ts'

export default class LedgerStart extends BaseCommand {
  static override summary = 'start the embedded Postgres of this machine, where no DATABASE_URL is set'
  static override description = 'Every command does so by itself; this one is for looking at the ledger with psql.'
  static override examples = ['<%= config.bin %> <%= command.id %>', 'psql "$(<%= config.bin %> <%= command.id %>)"']

  async run(): Promise<unknown> {
    await this.parse(LedgerStart)
    const [{readSettings}, {startEmbedded}] = await Promise.all([
      import('../../config.ts'),
      import('../../lib/ledger/embedded.ts'),
    ])
    const {databaseUrl, home} = readSettings()
    if (databaseUrl !== null) {
      this.note('DATABASE_URL names the database: there is nothing to start')
      return {state: 'not-ours', url: null}
    }

    const {state, url} = await startEmbedded(home)

    this.note(`Postgres of ${home}: ${state}`)
    this.log(url)
    return {state, url}
  }
}
