import {chunked, type Rows} from './rows.ts'
import type {Db, Flow, Subject, Tx} from './types.ts'

/**
 * A record after a sales order as it was sent. `amount` is decimal text with its currency; `from`: the records that it was made
 * from or settles, by external ID or internal id.
 */
export type SentPosting = Readonly<{
  recordType: string
  externalId: string
  netsuiteId: string
  tranDate: string | null
  amount: string | null
  from: readonly string[]
}>

/** The records of these types that NetSuite holds for a subject, in the order in which they were written. */
export async function sentPostings(
  db: Db | Tx,
  flow: Flow,
  subject: Subject,
  recordTypes: readonly string[],
): Promise<SentPosting[]> {
  const {rows} = await db.raw<Rows<Omit<SentPosting, 'from'> & Readonly<{from: string[] | null}>>>(
    `select record_type as "recordType", external_id as "externalId", remote_id as "netsuiteId",
       sent ->> 'tranDate' as "tranDate", sent ->> 'amount' as amount, sent -> 'from' as "from"
     from (
       select distinct on (external_id) *, min(id) over (partition by external_id) as first
       from writes
       where flow = ? and subject = ? and record_type = any(?) and outcome in ('written', 'adopted')
       order by external_id, id desc
     ) latest
     order by first`,
    [flow, subject, [...recordTypes]],
  )
  return rows.map((row) => ({...row, from: row.from ?? []}))
}

/** The order (or payout) that a record was written for, by the external ID of the record. */
export async function subjectsOfRecords(
  db: Db | Tx,
  flow: Flow,
  recordTypes: readonly string[],
  externalIds: readonly string[],
): Promise<Map<string, Subject>> {
  const found = new Map<string, Subject>()
  for (const part of chunked([...new Set(externalIds)])) {
    const {rows} = await db.raw<Rows<{externalId: string; subject: string}>>(
      `select distinct on (external_id) external_id as "externalId", subject from writes
       where flow = ? and record_type = any(?) and external_id = any(?) and outcome in ('written', 'adopted')
       order by external_id, id desc`,
      [flow, [...recordTypes], part],
    )
    for (const {externalId, subject} of rows) found.set(externalId, subject)
  }
  return found
}

/** The bank deposit that took a payment of an order, or one of its refunds; `fee` is decimal text with its currency. */
export type BankedPosting = Readonly<{payment: string; externalId: string; netsuiteId: string; fee: string | null}>

/** The bank deposits that the money of an order is in, by what was noted with each deposit: the latest of each payment. */
export async function bankedPostings(db: Db | Tx, subject: Subject): Promise<BankedPosting[]> {
  const {rows} = await db.raw<Rows<BankedPosting>>(
    `select distinct on (payment) * from (
       select id, sent ->> 'payment' as payment, external_id as "externalId", remote_id as "netsuiteId",
         sent ->> 'fee' as fee
       from writes where flow = 'orders' and subject = ? and record_type = 'deposit' and outcome = 'unchanged'
     ) noted
     where payment is not null and "netsuiteId" is not null
     order by payment, id desc`,
    [subject],
  )
  return rows.map(({payment, externalId, netsuiteId, fee}) => ({payment, externalId, netsuiteId, fee}))
}
