import {RetryableError, type SyncError} from '../core/errors.ts'
import {dropLinks, findLinksByNetSuiteId} from '../ledger/links.ts'
import {inactive} from './customer-match.ts'
import {planOf, type OrderDeps, type Work} from './work.ts'

/**
 * Why NetSuite found a reference of an order invalid, where that is its customer: made inactive, or deleted or merged since
 * it was linked. Then the link is forgotten, and the next try finds the customer anew, or makes one. null: it is another reference.
 */
export async function customerFault(deps: OrderDeps, work: Work): Promise<SyncError | null> {
  const {entity} = planOf(work)
  if (work.customer?.kind !== 'record' || !('id' in entity)) return null
  const held = await deps.netsuite.customers.get({id: entity.id})
  if (held !== null) return held.isInactive ? inactive(held) : null
  const links = await findLinksByNetSuiteId(deps.ledger.db, 'customer', [entity.id])
  const subjects = links.map((link) => `${link.shop}/${link.shopifyId}`)
  await dropLinks(deps.ledger.db, 'customer', subjects)
  return new RetryableError('CUSTOMER_DELETED', `the customer ${entity.id} is not in NetSuite any more`, {
    hint: 'nothing to do: the buyer is matched anew; if customers were merged, see that the right one has the e-mail address',
    subject: work.job.subject,
    retryAfterMs: 1000,
  })
}
