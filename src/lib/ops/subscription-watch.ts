import {BugError, SyncError} from '../core/errors.ts'
import {raiseAlert, resolveAlert} from '../ledger/alerts.ts'
import type {Ledger} from '../ledger/open.ts'
import type {Subscriptions} from '../shopify/subscriptions.ts'
import {registerSubscriptions, type Refusal} from './subscriptions.ts'

export type WatchDeps = Readonly<{
  ledger: Pick<Ledger, 'db'>
  subscriptions: Subscriptions
  shop: string
  /** Where deliveries are to go; null: nothing is looked at. */
  url: string | null
}>

/** What a look at the subscriptions found. `error`: they could not be looked at; the work goes on without webhooks. */
export type WatchReport = Readonly<{
  created: readonly string[]
  corrected: readonly string[]
  refused: readonly Refusal[]
  error: Readonly<{code: string; message: string; hint: string}> | null
}>

/**
 * Looks whether our webhook subscriptions are there, with one cheap query, and makes those that are missing: Shopify deletes
 * one after 8 failed deliveries (shopify.dev, "Verify webhook deliveries"). Tells people by an alert. Moves and deletes none.
 * null where no address is known. Its own troubles never stop the caller.
 */
export async function watchSubscriptions({ledger, subscriptions, shop, url}: WatchDeps): Promise<WatchReport | null> {
  if (url === null) return null
  try {
    const options = {url, prune: false, move: false, dryRun: false}
    const {changes, refused} = await registerSubscriptions(subscriptions, options)
    const topicsOf = (did: string) => changes.filter((change) => change.did === did).map(({topic}) => topic)
    const report = {created: topicsOf('create'), corrected: topicsOf('correct'), refused, error: null}
    await tell(ledger, shop, report)
    return report
  } catch (error) {
    if (!(error instanceof SyncError) || error instanceof BugError) throw error
    const {code, message, hint} = error
    return {created: [], corrected: [], refused: [], error: {code, message, hint}}
  }
}

async function tell({db}: WatchDeps['ledger'], shop: string, report: WatchReport): Promise<void> {
  const made = [...report.created, ...report.corrected]
  if (made.length > 0) {
    await raiseAlert(db, {
      key: `webhooks-made:${shop}`,
      severity: 'warn',
      title: `${made.length} webhook subscriptions of ${shop} were missing or wrong and were made again: ${made.join(', ')}`,
      effect: 'changes of these topics came by the sweep, some minutes late; nothing is lost',
      next: 'tieout webhooks:list; look why the listener did not answer: Shopify drops a subscription after 8 failures',
      count: made.length,
      isNews: true,
    })
  }
  const key = `webhooks-refused:${shop}`
  const [first] = report.refused
  if (first === undefined) return resolveAlert(db, key)
  await raiseAlert(db, {
    key,
    severity: 'warn',
    code: first.code,
    title: `Shopify refuses ${report.refused.length} webhook subscriptions of ${shop}: ${first.message}`,
    effect: 'changes of these topics come by the sweep, some minutes late; nothing is lost',
    next: `tieout webhooks:register; ${first.hint}`,
    count: report.refused.length,
  })
}
