import {createHash} from 'node:crypto'

import {eachConcurrent} from '../core/concurrent.ts'
import {RejectedError, RetryableError} from '../core/errors.ts'
import {findLinks} from '../ledger/links.ts'
import {errorOfStatus} from '../netsuite/faults.ts'
import type {Customer, CustomerRow, QueryPort} from '../netsuite/types.ts'
import type {CustomerKey, CustomerPlan} from '../plan/types.ts'
import {open, planOf, replyOf, step, type OrderDeps, type Work} from './work.ts'

type RecordPlan = Extract<CustomerPlan, {kind: 'record'}>

/** Customers are created side by side; the governor holds the account's limit over all of them. */
const WIDTH = 8

/**
 * Gives each order's plan its customer: the one linked before, else the one that a match rule finds, else a new one.
 * Rules are asked in the contract's order; one with several hits is never guessed. The same buyer in one batch is created once.
 */
export async function resolveCustomers(deps: OrderDeps, works: readonly Work[]): Promise<void> {
  for (const work of open(works)) {
    if (work.customer?.kind === 'fixed') setEntity(work, work.customer.id)
  }
  const buyers = groupByBuyer(open(works).filter((work) => work.customer?.kind === 'record'))
  const linked = await findLinks(deps.ledger.db, 'customer', deps.shop, [...buyers.keys()].map(shopifyKey))
  const unknown: Buyer[] = []
  for (const buyer of buyers.values()) {
    const link = linked.get(shopifyKey(buyer.plan.record.externalId))
    if (link === undefined) unknown.push(buyer)
    else for (const work of buyer.works) setEntity(work, link.netsuiteId)
  }
  if (unknown.length === 0) return
  const found = await search(deps.netsuite.queries, unknown)
  await eachConcurrent(sameMailTogether(unknown), WIDTH, async (family) => {
    const siblings = new Map<string, string>()
    for (const buyer of family) await settleBuyer(deps, buyer, found, siblings)
  })
}

type Buyer = Readonly<{plan: RecordPlan; works: Work[]}>

function groupByBuyer(works: readonly Work[]): Map<string, Buyer> {
  const buyers = new Map<string, Buyer>()
  for (const work of works) {
    const plan = work.customer as RecordPlan
    const known = buyers.get(plan.record.externalId)
    if (known === undefined) buyers.set(plan.record.externalId, {plan, works: [work]})
    else known.works.push(work)
  }
  return buyers
}

/** Buyers who share an e-mail address (an account and a guest) go one after the other, so that the second finds the first. */
function sameMailTogether(buyers: readonly Buyer[]): Buyer[][] {
  return Object.values(
    Object.groupBy(buyers, (buyer) => buyer.plan.record.email ?? buyer.plan.record.externalId),
  ) as Buyer[][]
}

type Hits = ReadonlyMap<string, readonly CustomerRow[]>

/** People write addresses in any case and phones in any form; what they mean is compared. */
function comparable({by, value}: CustomerKey): string {
  return `${by}=${by === 'phone' ? value.replace(/\D/g, '') : by === 'externalId' ? value : value.toLowerCase()}`
}

/** One question a rule over all buyers of the batch. */
async function search(queries: QueryPort, buyers: readonly Buyer[]): Promise<Hits> {
  const values = (by: CustomerKey['by']) => [
    ...new Set(buyers.flatMap(({plan}) => plan.keys.filter((key) => key.by === by).map((key) => key.value))),
  ]
  const hits = new Map<string, CustomerRow[]>()
  const note = (by: CustomerKey['by'], rows: readonly CustomerRow[], valueOf: (row: CustomerRow) => string | null) => {
    for (const row of rows) {
      const value = valueOf(row)
      if (value === null) continue
      const key = comparable({by, value})
      hits.set(key, [...(hits.get(key) ?? []), row])
    }
  }
  const [ids, emails, phones, companies] = [values('externalId'), values('email'), values('phone'), values('company')]
  if (ids.length > 0) note('externalId', await queries.customersByExternalId(ids), (row) => row.externalId)
  if (emails.length > 0) note('email', await queries.customersByEmail(emails), (row) => row.email)
  if (phones.length > 0) note('phone', await queries.customersByPhone(phones), (row) => row.phone)
  if (companies.length > 0) note('company', await queries.customersByCompany(companies), (row) => row.companyName)
  return hits
}

async function settleBuyer(deps: OrderDeps, buyer: Buyer, found: Hits, siblings: Map<string, string>): Promise<void> {
  const [first] = buyer.works
  if (first === undefined) return
  await step(first, async () => {
    const id = siblingOf(buyer, siblings) ?? matchOf(buyer, found) ?? (await create(deps, buyer.plan.record, first))
    for (const key of buyer.plan.keys) siblings.set(comparable(key), id)
    const {externalId} = buyer.plan.record
    first.links.push({
      recordType: 'customer',
      shop: deps.shop,
      shopifyId: shopifyKey(externalId),
      externalId,
      netsuiteId: id,
    })
    for (const work of buyer.works) setEntity(work, id)
  })
  if (first.end !== undefined && first.error !== undefined) shareFault(first, buyer.works)
}

/** What stopped the buyer stops each of the buyer's orders. */
function shareFault(first: Work, works: readonly Work[]): void {
  for (const work of works) {
    if (work === first || first.end === undefined || first.outcome === undefined || first.error === undefined) continue
    work.outcome = first.outcome
    work.error = first.error
    work.end = first.end
  }
}

function siblingOf(buyer: Buyer, siblings: ReadonlyMap<string, string>): string | undefined {
  return buyer.plan.keys.map((key) => siblings.get(comparable(key))).find((id) => id !== undefined)
}

/** The first rule with a hit decides. Throws RejectedError when it has several, or its one is inactive. */
function matchOf(buyer: Buyer, found: Hits): string | undefined {
  for (const key of buyer.plan.keys) {
    const rows = found.get(comparable(key)) ?? []
    const [row] = rows
    if (row === undefined) continue
    const what = key.by === 'externalId' ? key.value : `its ${key.by}`
    if (rows.length > 1) {
      const ids = rows.map(({id}) => id).join(', ')
      throw new RejectedError(
        'CUSTOMER_AMBIGUOUS',
        `${rows.length} customers of NetSuite match by ${what}: internal ids ${ids}`,
        {
          hint: `merge them in NetSuite, or set the external ID ${buyer.plan.record.externalId} on the right one`,
        },
      )
    }
    if (row.isInactive) {
      throw new RejectedError(
        'CUSTOMER_INACTIVE',
        `the customer ${row.entityId} (internal id ${row.id}) is inactive in NetSuite`,
        {
          hint: 'make it active, or set the external ID on another customer',
        },
      )
    }
    return row.id
  }
  return undefined
}

/** Adds the customer under our external ID; "already there" means that an earlier try arrived. */
async function create(deps: OrderDeps, record: Customer, work: Work): Promise<string> {
  const startedAt = deps.clock.now()
  const write = (outcome: 'written' | 'adopted' | 'rejected' | 'unknown', remoteId: string | null, reply: unknown) =>
    work.writes.push({
      flow: 'orders',
      subject: work.job.subject,
      runId: deps.runId,
      system: 'netsuite',
      recordType: 'customer',
      externalId: record.externalId,
      remoteId,
      outcome,
      planHash: hashOf(record),
      sent: {fields: Object.keys(record)},
      reply,
      startedAt,
      durationMs: deps.clock.now().getTime() - startedAt.getTime(),
    })
  try {
    const status = await deps.netsuite.customers.add(record)
    if (status.outcome === 'saved') {
      write('written', status.id, {warnings: status.warnings, requestId: status.requestId})
      return status.id
    }
    if (status.outcome === 'refused') {
      write('rejected', null, status)
      throw errorOfStatus(status, work.job.subject)
    }
  } catch (error) {
    if (!(error instanceof RetryableError) || !error.outcomeUnknown) throw error
    write('unknown', null, replyOf(error))
  }
  const held = await deps.netsuite.customers.get({externalId: record.externalId})
  if (held === null) {
    throw new RetryableError('WRITE_UNKNOWN', `NetSuite did not answer, and does not hold ${record.externalId} yet`, {
      hint: 'nothing to do: the order is tried again',
      retryAfterMs: 5_000,
    })
  }
  write('adopted', held.id, null)
  return held.id
}

/** The link's Shopify side: the number of the customer or company, or the hash of a guest's address. */
function shopifyKey(externalId: string): string {
  return externalId.replace(/^SHOPIFY:/, '')
}

/** Customer details stay out of the ledger; their hash tells whether two plans are alike. */
function hashOf(record: Customer): string {
  return createHash('sha256').update(JSON.stringify(record)).digest('hex')
}

function setEntity(work: Work, id: string): void {
  work.salesOrder = {...planOf(work), entity: {id}}
}
