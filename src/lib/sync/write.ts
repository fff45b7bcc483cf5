import {addAll} from './add.ts'
import {locate} from './locate.ts'
import {compareAndUpdate} from './update.ts'
import {open, sharedStep, type OrderDeps, type Work} from './work.ts'

/**
 * Brings NetSuite to the plans of a batch. What the ledger remembers as written with the same plan is left alone;
 * what NetSuite holds is compared and updated where it differs; the rest is added under its external ID.
 * After every write the total that NetSuite computed is read back and compared.
 * @param verify read what NetSuite holds even where the ledger says that it is right (an operator named the order)
 */
export async function writeOrders(deps: OrderDeps, works: readonly Work[], verify: boolean): Promise<void> {
  await sharedStep(open(works), () => locate(deps, open(works), verify))
  const found = open(works).filter((work) => work.netsuiteId !== undefined && work.did === undefined)
  await sharedStep(found, () => compareAndUpdate(deps, found))
  // Also those that were only seemingly found: deleted since, or another order's.
  const absent = open(works).filter((work) => work.netsuiteId === undefined)
  await sharedStep(absent, () => addAll(deps, absent))
}
