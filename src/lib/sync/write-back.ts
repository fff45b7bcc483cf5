import {externalId} from '../core/ids.ts'
import {open, orderOf, sharedStep, fail, type OrderDeps, type Work} from './work.ts'

/** Writes the NetSuite id to each order in Shopify that does not carry it yet, so that the key stands in both systems. */
export async function writeBack(deps: OrderDeps, works: readonly Work[]): Promise<void> {
  const due = open(works).filter(
    (work) => work.did !== undefined && work.did !== 'skipped' && orderOf(work).netsuiteId !== work.netsuiteId,
  )
  if (due.length === 0) return
  const startedAt = deps.clock.now()
  await sharedStep(due, async () => {
    const errors = await deps.shopify.setNetSuiteIds(
      due.map((work) => ({orderId: orderOf(work).id, netsuiteId: work.netsuiteId ?? ''})),
    )
    for (const work of due) {
      const error = errors.get(orderOf(work).id) ?? null
      work.writes.push({
        flow: 'orders',
        subject: work.job.subject,
        runId: deps.runId,
        system: 'shopify',
        recordType: 'metafield',
        externalId: externalId.order(orderOf(work).legacyId),
        remoteId: orderOf(work).id,
        outcome: error === null ? 'written' : 'rejected',
        planHash: '',
        sent: {netsuiteId: work.netsuiteId},
        reply: error === null ? null : {code: error.code, message: error.message},
        startedAt,
        durationMs: deps.clock.now().getTime() - startedAt.getTime(),
      })
      if (error !== null) fail(work, error)
    }
  })
}
