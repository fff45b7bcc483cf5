import {BaseCommand} from './base-command.ts'
import type {Kind} from './lib/plan/kinds.ts'

/** What was asked of payments:push, fulfillments:push or refunds:push. */
type Asked = Readonly<{
  since?: string | undefined
  until?: string | undefined
  limit?: number | undefined
  shop?: string | undefined
  'dry-run': boolean
}>

/** A push of one kind of the records after the sales orders. */
export abstract class KindCommand extends BaseCommand {
  /** Runs it, or says what it would do, prints that, and gives it. */
  protected async push(kind: Kind, asked: Asked, words: readonly string[]): Promise<unknown> {
    const dry = asked['dry-run']
    const [{readWords}, {selection}, {dryKindPush, runKind}, output] = await Promise.all([import('./words.ts'), import('./lib/sync/select.ts'), import('./push-run.ts'), import('./lib/output/push-report.ts')]) // prettier-ignore
    const chosen = selection({...asked, ids: await readWords(words)})
    const app = await this.openApp({remotes: true, run: !dry, shop: asked.shop})

    if (dry) {
      const pages = dryKindPush(app, kind, chosen, this.signal)
      const previews = await output.printPreviews(pages, (text) => this.log(text), this.jsonEnabled())
      if (previews.park > 0) this.partial()
      return previews
    }
    const progress = output.progress((text) => this.note(text), this.isWatched)
    const watch = {signal: this.signal, onProgress: progress.tell}
    const report = await runKind(app, kind, chosen, watch).finally(progress.end)
    const {requests} = app.remotes()
    this.show(() => output.pushTable(report, requests))
    if (report.counts.parked + report.counts.retry > 0) this.partial()
    return {...report, requests}
  }
}
