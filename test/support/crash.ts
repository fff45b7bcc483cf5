import type {OrderDeps} from '../../src/lib/sync/work.ts'
import {runOn} from './postgres.ts'

class Crash extends Error {}

/** Where a process dies: at its nth call of a system, before the call is made or after it was carried out. */
export type Moment = Readonly<{call: number; when: 'before' | 'after'}>

/**
 * What a push needs, in a process that dies at a moment: from then on the ledger is closed to it, so that nothing more is
 * recorded, and each call fails.
 */
export function dying(deps: OrderDeps, {call, when}: Moment, died: () => Promise<void>): OrderDeps {
  let calls = 0
  const mortal =
    <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      calls += 1
      const isIt = calls === call
      if (calls > call) throw new Crash('dead')
      if (isIt && when === 'before') await died()
      const result = isIt && when === 'before' ? null : await work(...args)
      if (isIt && when === 'after') await died()
      if (isIt) throw new Crash('dead')
      return result as R
    }
  const {shopify, netsuite} = deps
  return {
    ...deps,
    shopify: {getOrders: mortal(shopify.getOrders), setNetSuiteIds: mortal(shopify.setNetSuiteIds)},
    netsuite: {
      salesOrders: {
        add: mortal(netsuite.salesOrders.add),
        update: mortal(netsuite.salesOrders.update),
        get: mortal(netsuite.salesOrders.get),
      },
      customers: {add: mortal(netsuite.customers.add), get: mortal(netsuite.customers.get)},
      queries: netsuite.queries,
      postings: {add: mortal(netsuite.postings.add), get: mortal(netsuite.postings.get)},
    },
  }
}

/** The time passes after which the jobs of a dead process are taken over. */
export async function letTimePass(databaseUrl: string): Promise<void> {
  await runOn(
    databaseUrl,
    "update tieout_queue.job set heartbeat_on = now() - interval '1 hour' where state = 'active'",
  )
  await runOn(databaseUrl, 'update tieout_queue.queue set monitor_on = null, monitor_claim_on = null')
}
