import {Args} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class ConflictsShow extends BaseCommand {
  static override summary = 'show one conflict with the values of both systems, as they are now'

  static override examples = ['<%= config.bin %> <%= command.id %> 12']

  static override args = {
    id: Args.string({description: 'number of the conflict, from tieout conflicts:list', required: true}),
  }

  async run(): Promise<unknown> {
    const {args} = await this.parse(ConflictsShow)
    const [{showConflict}, {conflictText}] = await Promise.all([
      import('../../lib/ops/conflict-values.ts'),
      import('../../lib/output/conflicts.ts'),
    ])
    const app = await this.openApp({remotes: true})

    const shown = await showConflict(app.ledger.db, app.remotes(), args.id)

    this.show(() => conflictText(shown))
    return shown
  }
}
