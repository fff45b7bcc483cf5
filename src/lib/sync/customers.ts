import {createHash} from 'node:crypto'

import {eachConcurrent} from '../core/concurrent.ts'
import {externalId} from '../core/ids.ts'
import {addLinks, findLinks} from '../ledger/links.ts'
import {withFreeNames, withNames} from '../ledger/name-locks.ts'
import type {Db, Link, Tx} from '../ledger/types.ts'
import {addCustomer} from './customer-add.ts'
import {comparable, matchOf, remember, searchCustomers, type Hits, type RecordPlan} from './customer-match.ts'
import {planOf, step, type OrderDeps, type Work} from './work.ts'

/** Customers are created side by side; the governor holds the account's limit over all of them. */
const WIDTH = 24

type Buyer = Readonly<{plan: RecordPlan; works: Work[]}>

/**
 * Gives each order's plan its customer: the one linked before, else the one that a match rule finds, else a new one.
 * Rules are asked in the contract's order. Who shares any of what identifies a buyer (in another batch, in another
 * process) waits meanwhile, so that nobody is created twice.
 */
export async function resolveCustomers(deps: OrderDeps, works: readonly Work[]): Promise<void> {
  for (const work of works) if (work.customer?.kind === 'fixed') setEntity(work, work.customer.id)
  const unknown = await takeLinked(deps, deps.ledger.db, groupByBuyer(works))
  // Whoever nobody works on comes first: a batch does not wait as a whole for the few buyers that it shares with another.
  const groups = families(unknown).map((family) => ({family, names: family.flatMap(namesOf)}))
  const work = async (tx: Tx, free: typeof groups) => {
    const still = await takeLinked(
      deps,
      tx,
      free.flatMap(({family}) => family),
    )
    if (still.length > 0) await findOrAdd(deps, tx, still)
  }
  const taken = await withFreeNames(deps.ledger, 'customers', groups, work)
  await withNames(deps.ledger, 'customers', taken, work)
}

function groupByBuyer(works: readonly Work[]): Buyer[] {
  const buyers = new Map<string, Buyer>()
  for (const work of works) {
    const plan = work.customer
    if (plan?.kind !== 'record') continue
    const buyer = buyers.get(plan.record.externalId) ?? {plan, works: []}
    buyer.works.push(work)
    buyers.set(plan.record.externalId, buyer)
  }
  return [...buyers.values()]
}

/** Gives linked customers to their orders; answers the buyers that have no link. */
async function takeLinked(deps: OrderDeps, db: Db | Tx, buyers: readonly Buyer[]): Promise<Buyer[]> {
  const keys = buyers.map(({plan}) => linkKey(plan.record.externalId))
  const linked = await findLinks(db, 'customer', deps.shop, keys)
  return buyers.filter(({plan, works}) => {
    const link = linked.get(linkKey(plan.record.externalId))
    if (link === undefined) return true
    for (const work of works) setEntity(work, link.netsuiteId)
    return false
  })
}

/** The links are kept at once, with the locks: whoever waited for them finds them, although NetSuite's search may lag behind. */
async function findOrAdd(deps: OrderDeps, tx: Tx, buyers: readonly Buyer[]): Promise<void> {
  const plans = buyers.map(({plan}) => plan)
  const hits = await searchCustomers(deps.netsuite.queries, plans)
  await addOwnMail(deps, tx, plans, hits)
  const found: Link[] = []
  const byMail: Link[] = []
  await eachConcurrent(families(buyers), WIDTH, async (family) => {
    for (const {plan, works} of family) {
      const [first] = works
      if (first === undefined) continue
      await step(first, async () => {
        const id = matchOf(plan, hits) ?? (await addCustomer(deps, plan.record, first))
        remember(plan, id, hits)
        found.push(linkOf(deps, plan.record.externalId, id))
        byMail.push(...mailsOf(plan).map((mail) => linkOf(deps, mail, id)))
        for (const work of works) setEntity(work, id)
      })
      for (const work of works) shareEnd(first, work)
    }
  })
  await addLinks(tx, found)
  // Whoever had the address first keeps it; a contradiction here is none.
  await addLinks(tx, byMail)
}

/** Buyers whose address is the own one of a customer that the ledger knows find that one. */
async function addOwnMail(deps: OrderDeps, tx: Tx, plans: readonly RecordPlan[], hits: Hits): Promise<void> {
  const links = await findLinks(tx, 'customer', deps.shop, plans.flatMap(mailsOf).map(linkKey))
  for (const plan of plans) {
    const [mail] = mailsOf(plan)
    const link = mail === undefined ? undefined : links.get(linkKey(mail))
    const key = plan.keys.find(({by}) => by === 'email')
    if (link === undefined || key === undefined || hits.has(comparable(key))) continue
    hits.set(comparable(key), [{id: link.netsuiteId, entityId: '', isInactive: false}])
  }
}

/** The identity of a guest with the buyer's address; none where the contract does not match by e-mail. */
function mailsOf(plan: RecordPlan): string[] {
  return plan.keys
    .filter(({by}) => by === 'email')
    .map(({value}) => externalId.guest(createHash('sha256').update(value).digest('hex').slice(0, 32)))
}

/** Buyers who share a key (an account and a guest of one address) go one after the other: the second finds the first. */
function families(buyers: readonly Buyer[]): Buyer[][] {
  const byName = new Map<string, Buyer[]>()
  for (const buyer of buyers) {
    const joined = new Set(namesOf(buyer).map((name) => byName.get(name) ?? []))
    const family = [...[...joined].flat(), buyer]
    for (const name of family.flatMap(namesOf)) byName.set(name, family)
  }
  return [...new Set(byName.values())]
}

function namesOf({plan}: Buyer): string[] {
  return [plan.record.externalId, ...plan.keys.map(comparable)]
}

/** What stopped the buyer stops each of the buyer's orders. */
function shareEnd(first: Work, work: Work): void {
  if (first.end === undefined || work.end !== undefined) return
  work.end = first.end
  if (first.error !== undefined) work.error = first.error
}

function linkOf(deps: OrderDeps, id: string, netsuiteId: string): Link {
  return {recordType: 'customer', shop: deps.shop, shopifyId: linkKey(id), externalId: id, netsuiteId}
}

/** The link's Shopify side: the number of the customer or company, or the hash of a guest's address. */
function linkKey(id: string): string {
  return id.replace(/^SHOPIFY:/, '')
}

function setEntity(work: Work, id: string): void {
  work.salesOrder = {...planOf(work), entity: {id}}
}
