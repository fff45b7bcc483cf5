import {chunked, type Rows} from './rows.ts'
import type {Db, Subject, Tx} from './types.ts'

/** The orders to which these fulfilments of Shopify were written, by their external IDs. */
export async function subjectsOfShipments(db: Db | Tx, externalIds: readonly string[]): Promise<Subject[]> {
  const subjects = new Set<Subject>()
  for (const part of chunked([...new Set(externalIds)])) {
    const {rows} = await db.raw<Rows<{subject: Subject}>>(
      `select distinct subject from writes where record_type = 'fulfillment' and external_id = any(?)`,
      [part],
    )
    for (const {subject} of rows) subjects.add(subject)
  }
  return [...subjects]
}
