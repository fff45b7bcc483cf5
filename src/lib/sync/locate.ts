import {toBeRestored} from '../ledger/conflicts.ts'
import {findLinks} from '../ledger/links.ts'
import {lastWrites} from '../ledger/writes.ts'
import {planHash} from '../plan/hash.ts'
import {orderOf, planOf, type OrderDeps, type Work} from './work.ts'

/** Outcomes after which NetSuite held the plan. */
const RIGHT: ReadonlySet<string> = new Set(['written', 'adopted', 'updated', 'unchanged'])

/**
 * Finds the orders that NetSuite may hold already: by the ledger's link, by external ID, by the id that was written
 * back to Shopify. Without a link it is a guess, which the record itself must confirm.
 * What the ledger remembers as written with the same plan is not looked at again, unless a value that a person decided to
 * keep has to be put back.
 */
export async function locate(deps: OrderDeps, works: readonly Work[], verify: boolean): Promise<void> {
  const {db} = deps.ledger
  const legacyIds = works.map((work) => orderOf(work).legacyId)
  const links = await findLinks(db, 'salesOrder', deps.shop, legacyIds)
  const linked = works.filter((work) => links.has(orderOf(work).legacyId))
  const externalIds = linked.map((work) => planOf(work).externalId)
  const [before, restoring] = await Promise.all([
    lastWrites(db, 'salesOrder', externalIds),
    toBeRestored(db, 'salesOrder', externalIds),
  ])
  for (const work of linked) {
    work.netsuiteId = links.get(orderOf(work).legacyId)?.netsuiteId ?? ''
    work.isLinked = true
    const last = before.get(planOf(work).externalId)
    work.isAsLastWritten = last?.planHash === planHash(planOf(work)) && RIGHT.has(last.outcome)
    if (!verify && work.isAsLastWritten && !restoring.has(planOf(work).externalId)) work.did = 'unchanged'
  }
  await search(
    deps,
    works.filter((work) => work.isLinked !== true),
  )
}

async function search(deps: OrderDeps, works: readonly Work[]): Promise<void> {
  if (works.length === 0) return
  const rows = await deps.netsuite.queries.ordersByExternalId(works.map((work) => planOf(work).externalId))
  const byExternalId = new Map(rows.map((row) => [row.externalId, row]))
  for (const work of works) {
    const id = byExternalId.get(planOf(work).externalId)?.id ?? orderOf(work).netsuiteId
    if (id !== null) work.netsuiteId = id
  }
}
