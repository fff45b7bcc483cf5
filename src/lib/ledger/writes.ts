import {chunked, jsonOf, storable, type Rows} from './rows.ts'
import type {Db, Tx, Write} from './types.ts'

/** The last that the ledger remembers of a record. */
export type LastWrite = Readonly<{planHash: string; outcome: Write['outcome']; remoteId: string | null; at: Date}>

/** Appends attempts to the record; nothing of it is ever changed (the table refuses it). */
export async function addWrites(tx: Tx, writes: readonly Write[]): Promise<void> {
  for (const part of chunked(writes)) {
    await tx('writes').insert(
      part.map((write) => ({
        flow: write.flow,
        subject: write.subject,
        run_id: write.runId,
        system: write.system,
        record_type: write.recordType,
        external_id: storable(write.externalId),
        remote_id: storable(write.remoteId),
        outcome: write.outcome,
        plan_hash: write.planHash,
        sent: jsonOf(write.sent),
        reply: jsonOf(write.reply),
        started_at: write.startedAt,
        duration_ms: Math.max(0, Math.round(write.durationMs)),
      })),
    )
  }
}

/** The latest attempt for each of these external IDs, by external ID; those never tried are left out. */
export async function lastWrites(
  db: Db | Tx,
  recordType: string,
  externalIds: readonly string[],
): Promise<Map<string, LastWrite>> {
  const found = new Map<string, LastWrite>()
  for (const part of chunked([...new Set(externalIds)])) {
    const {rows} = await db.raw<Rows<LastWrite & {externalId: string}>>(
      `select w.external_id as "externalId", w.plan_hash as "planHash", w.outcome, w.remote_id as "remoteId",
         w.started_at as at
       from unnest(?::text[]) as asked (external_id)
       cross join lateral (
         select * from writes where record_type = ? and external_id = asked.external_id order by id desc limit 1
       ) w`,
      [part, recordType],
    )
    for (const {externalId, ...last} of rows) found.set(externalId, last)
  }
  return found
}

/**
 * How many attempts of the last hours ended how. That an update is about to be sent, and in which bank deposit the money of an
 * order is, are kept too, and are no attempts.
 */
export async function countOutcomes(db: Db | Tx, hours: number): Promise<Record<string, number>> {
  const {rows} = await db.raw<Rows<{outcome: string; n: number}>>(
    `select outcome, count(*)::int as n from writes
     where recorded_at > now() - make_interval(hours => ?) and not (outcome = 'unknown' and reply::text = 'null')
       and not (flow = 'orders' and record_type = 'deposit')
     group by outcome order by outcome`,
    [hours],
  )
  return Object.fromEntries(rows.map((row) => [row.outcome, row.n]))
}
