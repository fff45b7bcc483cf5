import {format} from '../core/money.ts'
import type {Write} from '../ledger/types.ts'
import type {PostingRecord} from '../netsuite/posting-types.ts'
import {planHash} from '../plan/hash.ts'
import {amountOf, sourcesOf} from '../plan/postings.ts'
import type {OrderDeps, Work} from './work.ts'

/** A record after the sales order, and the order that it belongs to. */
export type OfWork = Readonly<{work: Work; record: PostingRecord}>

type Noted = Pick<Write, 'outcome' | 'remoteId' | 'reply' | 'startedAt'>

/** Notes a record that NetSuite holds, and links it. */
export function keep(deps: OrderDeps, one: OfWork, noted: Noted & Readonly<{remoteId: string}>): void {
  const {work, record} = one
  note(deps, one, noted)
  const {externalId, type: recordType} = record
  const shopifyId = externalId.replace(/^SHOPIFY:/, '')
  work.links.push({recordType, shop: deps.shop, shopifyId, externalId, netsuiteId: noted.remoteId})
  if (work.did === 'unchanged') work.did = 'updated'
}

export function note(deps: OrderDeps, {work, record}: OfWork, noted: Noted): void {
  work.writes.push({
    ...noted,
    flow: work.job.flow,
    subject: work.job.subject,
    runId: deps.runId,
    system: 'netsuite',
    recordType: record.type,
    externalId: record.externalId,
    planHash: planHash(record),
    sent: summary(record),
    durationMs: deps.clock.now().getTime() - noted.startedAt.getTime(),
  })
}

/** What is sent, as far as it shows nothing of a customer; `from` are the records that it is made from or settles. */
function summary(record: PostingRecord): unknown {
  const amount = amountOf(record)
  const from = sourcesOf(record)
  return {
    tranDate: record.tranDate,
    ...(amount === null ? {} : {amount: format(amount)}),
    ...(from.length === 0 ? {} : {from}),
  }
}
