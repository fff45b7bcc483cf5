import {RejectedError} from '../core/errors.ts'
import {format} from '../core/money.ts'
import {writtenPostings} from '../ledger/postings.ts'
import {POSTING_TYPES, type PostingRecord, type PostingType} from '../netsuite/posting-types.ts'
import type {SalesOrder} from '../netsuite/types.ts'
import {withinReach} from '../plan/kinds.ts'
import {isLifeOn} from '../plan/life-on.ts'
import type {LifePlan} from '../plan/life-types.ts'
import {planLife} from '../plan/life.ts'
import {amountOf, postingsOf, sourcesOf} from '../plan/postings.ts'
import type {ShopifyOrder} from '../shopify/types.ts'
import {subjectOf} from './orders.ts'
import type {OrderDeps} from './work.ts'

/**
 * One record after the sales order. `would`: `add`; `leave` where NetSuite holds it; `wait` where this run does not write it.
 * Amounts are decimal text with their currency.
 */
export type RecordPreview = Readonly<{
  type: PostingType
  externalId: string
  would: 'add' | 'leave' | 'wait'
  netsuiteId: string | null
  tranDate: string
  amount: string | null
  /** The records that it is made from or settles. */
  from: readonly string[]
  /** What NetSuite will post: one side each. An account by its id, or by the role that NetSuite decides. */
  postings: readonly Readonly<{account: string; debit: string | null; credit: string | null}>[]
}>

/** `fault`: why nothing of it can be planned, so that a push parks the order once its sales order is written. */
export type LifePreview = Readonly<{
  records: readonly RecordPreview[]
  waiting: LifePlan['waiting']
  fault: string | null
}>

export const NO_LIFE: LifePreview = {records: [], waiting: [], fault: null}

type Planned = Readonly<{order: ShopifyOrder; plan: SalesOrder}>
type Deps = Pick<OrderDeps, 'ledger' | 'netsuite' | 'rules' | 'shop' | 'only'>

/**
 * What follows the sales orders, by the id of the order. What NetSuite holds is told by the ledger, and for the rest by a
 * look into NetSuite. Nothing where the contract keeps to sales orders.
 * @param orders read with their money
 */
export async function previewLives(deps: Deps, orders: readonly Planned[]): Promise<Map<string, LifePreview>> {
  if (!isLifeOn(deps.rules.life) || orders.length === 0) return new Map()
  const subjects = orders.map(({order}) => subjectOf(deps.shop, order.id))
  const known = await writtenPostings(deps.ledger.db, 'orders', subjects, POSTING_TYPES)
  const bySubject = Map.groupBy(known, ({subject}) => subject)
  const lives = orders.map(({order, plan}, i) => {
    const written = (bySubject.get(subjects[i] ?? '') ?? []).map(
      ({externalId, recordType}) => [externalId, recordType as PostingType] as const,
    )
    return {order, ...planOrFault(deps, order, plan, new Map(written))}
  })
  const held = new Map(known.map(({externalId, netsuiteId}) => [externalId, netsuiteId]))
  const unknown = lives.flatMap(({records}) => records.map(({externalId}) => externalId)).filter((id) => !held.has(id))
  const rows = unknown.length === 0 ? [] : await deps.netsuite.queries.postingsByExternalId(unknown)
  for (const {externalId, id} of rows) held.set(externalId, id)
  return new Map(
    lives.map(({order, records, waiting, fault}) => [order.id, {records: shown(deps, records, held), waiting, fault}]),
  )
}

type Life = Readonly<{records: readonly PostingRecord[]; waiting: LifePlan['waiting']; fault: string | null}>

function planOrFault(
  {rules}: Deps,
  order: ShopifyOrder,
  plan: SalesOrder,
  written: ReadonlyMap<string, PostingType>,
): Life {
  try {
    return {...planLife(order, plan, rules, rules.life, written), fault: null}
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error
    return {records: [], waiting: [], fault: `${error.code}: ${error.message}`}
  }
}

function shown({only}: Deps, records: readonly PostingRecord[], held: ReadonlyMap<string, string>): RecordPreview[] {
  const due = records.filter(({externalId}) => !held.has(externalId))
  const left = new Set(only === undefined ? [] : withinReach(due, only).left)
  return records.map((record): RecordPreview => {
    const {type, externalId, tranDate} = record
    const netsuiteId = held.get(externalId) ?? null
    const amount = amountOf(record)
    return {
      type,
      externalId,
      would: netsuiteId !== null ? 'leave' : left.has(record) ? 'wait' : 'add',
      netsuiteId,
      tranDate,
      amount: amount === null ? null : format(amount),
      from: sourcesOf(record),
      postings: postingsOf(record).map(({account, debit, credit}) => ({
        account,
        debit: debit === null ? null : format(debit),
        credit: credit === null ? null : format(credit),
      })),
    }
  })
}
