import type {App} from './app.ts'
import {subjectsOfRecords} from './lib/ledger/posting-history.ts'
import {writtenPostings} from './lib/ledger/postings.ts'
import {POSTING_TYPES, type PostingType} from './lib/netsuite/posting-types.ts'
import {reconcileOrders} from './lib/reconcile/orders.ts'
import {reconcilePostings, type KnownRecord, type ReconciledKind} from './lib/reconcile/postings.ts'
import {reconcilePayouts} from './lib/reconcile/payouts.ts'
import type {OrdersReport} from './lib/reconcile/report.ts'
import type {Days} from './lib/reconcile/window.ts'
import {memoriesOf} from './lib/sync/conflicts.ts'
import {subjectOf} from './lib/sync/orders.ts'

/** Compares orders, one kind of the records after them, or payouts, with what NetSuite holds. */
export async function runReconcile(
  app: App,
  what: 'orders' | 'payouts' | ReconciledKind,
  days: Days,
): Promise<OrdersReport> {
  const {shopify, netsuite, items, rules, shop} = app.remotes()
  const {db} = app.ledger
  if (what === 'payouts') return reconcilePayouts({shopify, queries: netsuite.queries, rules}, days)
  if (what === 'orders') {
    const memories = (externalIds: readonly string[]) => memoriesOf(db, externalIds)
    return reconcileOrders({shopify, netsuite, items, memories, rules}, days)
  }
  const known = async (orderIds: readonly string[]) => {
    const subjects = orderIds.map((id) => subjectOf(shop, `gid://shopify/Order/${id}`))
    const records = await writtenPostings(db, 'orders', subjects, POSTING_TYPES)
    return records.map(({externalId, recordType}): KnownRecord => ({externalId, type: recordType as PostingType}))
  }
  const ordersOf = async (externalIds: readonly string[]) => {
    const subjects = await subjectsOfRecords(db, 'orders', POSTING_TYPES, externalIds)
    const own = [...subjects].filter(([, subject]) => subject.startsWith(`${shop}/`))
    return new Map(own.map(([externalId, subject]) => [externalId, orderIdOf(subject)]))
  }
  return reconcilePostings({shopify, queries: netsuite.queries, items, known, ordersOf, rules}, what, days)
}

function orderIdOf(subject: string): string {
  return subject.slice(subject.indexOf('/') + 1)
}
