import {chunked, type Rows} from './rows.ts'
import type {Db, Flow, Subject, Tx} from './types.ts'

/** A record after the sales order that the ledger knows NetSuite to hold. */
export type KnownPosting = Readonly<{subject: Subject; recordType: string; externalId: string; netsuiteId: string}>

/**
 * What was written of these types for these subjects, by our own hand or found there: the latest of each external ID. They are
 * never changed, so what was written once is held until a person deletes it in NetSuite.
 */
export async function writtenPostings(
  db: Db | Tx,
  flow: Flow,
  subjects: readonly Subject[],
  recordTypes: readonly string[],
): Promise<KnownPosting[]> {
  const known: KnownPosting[] = []
  for (const part of chunked([...new Set(subjects)])) {
    const {rows} = await db.raw<Rows<KnownPosting>>(
      `select distinct on (external_id)
         subject, record_type as "recordType", external_id as "externalId", remote_id as "netsuiteId"
       from writes
       where flow = ? and subject = any(?) and record_type = any(?) and outcome in ('written', 'adopted')
       order by external_id, id desc`,
      [flow, part, [...recordTypes]],
    )
    known.push(...rows)
  }
  return known
}
