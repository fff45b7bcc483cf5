import {chunked, type Rows} from './rows.ts'
import type {Db, Flow, Subject, Tx} from './types.ts'

/** What arrived about an order that cannot be read: that it was deleted, and when Shopify said that it was created. */
export type Traces = Readonly<{deleted: boolean; createdAt: Date | null; firstAt: Date}>

/** By subject; subjects of which nothing arrived are left out. */
export async function tracesOf(db: Db | Tx, flow: Flow, subjects: readonly Subject[]): Promise<Map<Subject, Traces>> {
  const found = new Map<Subject, Traces>()
  for (const part of chunked(subjects)) {
    const {rows} = await db.raw<Rows<Traces & {subject: string}>>(
      `select subject, bool_or(topic = 'orders/delete') as deleted, min(received_at) as "firstAt",
         min(received_at) filter (where topic = 'orders/create' and source = 'webhook') as "createdAt"
       from events where flow = ? and subject = any(?) group by subject`,
      [flow, part],
    )
    for (const {subject, ...traces} of rows) found.set(subject, traces)
  }
  return found
}
