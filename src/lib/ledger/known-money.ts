import type {KnownPosting} from './postings.ts'
import {chunked, type Rows} from './rows.ts'
import type {Db, Subject, Tx} from './types.ts'

/** A record of money that the ledger knows NetSuite to hold; `amount` is as it was planned, "83.16 USD". */
export type KnownMoney = KnownPosting & Readonly<{amount: string | null}>

const COLUMNS = `subject, record_type as "recordType", external_id as "externalId", remote_id as "netsuiteId",
  sent ->> 'amount' as amount`

/** The records of money of these types that stand under these external IDs, the latest of each. */
export async function moneyUnder(
  db: Db | Tx,
  recordTypes: readonly string[],
  externalIds: readonly string[],
): Promise<KnownMoney[]> {
  const known: KnownMoney[] = []
  for (const part of chunked([...new Set(externalIds)])) {
    const {rows} = await db.raw<Rows<KnownMoney>>(
      `select distinct on (external_id) ${COLUMNS} from writes
       where record_type = any(?) and external_id = any(?) and outcome in ('written', 'adopted')
       order by external_id, id desc`,
      [[...recordTypes], part],
    )
    known.push(...rows)
  }
  return known
}

/** The records of money of these types that belong to these orders, the latest of each external ID. */
export async function moneyOfOrders(
  db: Db | Tx,
  recordTypes: readonly string[],
  subjects: readonly Subject[],
): Promise<KnownMoney[]> {
  const known: KnownMoney[] = []
  for (const part of chunked([...new Set(subjects)])) {
    const {rows} = await db.raw<Rows<KnownMoney>>(
      `select distinct on (external_id) ${COLUMNS} from writes
       where flow = 'orders' and subject = any(?) and record_type = any(?) and outcome in ('written', 'adopted')
       order by external_id, id desc`,
      [part, [...recordTypes]],
    )
    known.push(...rows)
  }
  return known
}
