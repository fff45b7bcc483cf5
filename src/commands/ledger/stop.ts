import {BaseCommand} from '../../base-command.ts'

export default class LedgerStop extends BaseCommand {
  static override summary = 'stop the embedded Postgres of this machine'
  static override description = 'Commands that are running lose their database and end; nothing is lost by it.'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  async run(): Promise<unknown> {
    await this.parse(LedgerStop)
    const [{readSettings}, {stopEmbedded}] = await Promise.all([
      import('../../config.ts'),
      import('../../lib/ledger/embedded.ts'),
    ])
    const {home} = readSettings()

    const state = await stopEmbedded(home)

    this.log(`Postgres of ${home}: ${state}`)
    return {state}
  }
}
