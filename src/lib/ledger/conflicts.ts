import {chunked, jsonOf, storable, type Rows} from './rows.ts'
import type {Conflict, ConflictState, Db, KnownField, Remembered, Tx} from './types.ts'

/** What a person decided last about a field of a record; see `Conflict`. */
export type LastConflict = Readonly<{
  externalId: string
  field: string
  state: ConflictState
  planned: string
  held: string
  kept: string | null
  restoredAt: Date | null
}>

type Columns = Readonly<Record<keyof Conflict, string>>

const COLUMNS: Columns = {
  id: 'id', flow: 'flow', subject: 'subject', name: 'name', recordType: 'record_type', externalId: 'external_id',
  netsuiteId: 'netsuite_id', field: 'field', base: 'base', held: 'held', planned: 'planned', kept: 'kept',
  isOverwritten: 'is_overwritten', times: 'times', detectedAt: 'detected_at', seenAt: 'seen_at', runId: 'run_id', state: 'state',
  resolvedAt: 'resolved_at', resolvedBy: 'resolved_by', note: 'note', restoredAt: 'restored_at', alertedAt: 'alerted_at',
} // prettier-ignore

/**
 * Keeps what is known of records of NetSuite, and the values of people that the plan contradicts; in one transaction, so that
 * such a value is either recorded and accounted for, or found again. The same value again is the same conflict.
 */
export async function remember(tx: Tx, all: readonly Remembered[]): Promise<void> {
  // In one order everywhere, so that two workers wait for each other instead of deadlocking.
  const sorted = all.toSorted((a, b) => (a.externalId < b.externalId ? -1 : 1))
  for (const part of chunked(sorted.filter(({fields}) => fields !== null))) {
    await tx('held_values')
      .insert(
        part.map(({recordType, externalId, fields}) => ({
          record_type: recordType,
          external_id: externalId,
          fields: jsonOf(packed(fields ?? {})),
          read_at: tx.fn.now(),
        })),
      )
      .onConflict(['record_type', 'external_id'])
      .merge()
  }
  for (const part of chunked(sorted.flatMap(rowsOf))) {
    await tx('conflicts')
      .insert(part)
      .onConflict(tx.raw("(record_type, external_id, field, md5(held)) where state = 'open'") as never)
      .merge({
        name: tx.raw('coalesce(excluded.name, conflicts.name)'),
        planned: tx.raw('excluded.planned'),
        kept: tx.raw('coalesce(excluded.kept, conflicts.kept)'),
        times: tx.raw('conflicts.times + 1'),
        seen_at: tx.raw('clock_timestamp()'),
      })
  }
  for (const {recordType, externalId, restored, conflicts} of sorted) {
    // A conflict follows a decision only where Shopify decided anew: what was to be put back is told by the new one.
    const ended = [...restored, ...conflicts.map(({field}) => field)]
    if (ended.length > 0) await restore(tx, recordType, externalId, ended)
  }
}

/** Nothing is to be put back in these fields any more, and no copy of it is needed. */
async function restore(tx: Tx, recordType: string, externalId: string, fields: readonly string[]): Promise<void> {
  await tx('conflicts')
    .where({record_type: recordType, external_id: externalId, state: 'kept_netsuite'})
    .whereNull('restored_at')
    .whereIn('field', [...fields])
    .update({restored_at: tx.fn.now(), kept: null})
}

function rowsOf(remembered: Remembered): object[] {
  const {flow, subject, name, recordType, externalId, netsuiteId, runId, conflicts} = remembered
  return conflicts.map((conflict) => ({
    flow,
    subject,
    name: storable(name),
    record_type: recordType,
    external_id: externalId,
    netsuite_id: netsuiteId,
    field: storable(conflict.field),
    base: storable(conflict.base),
    held: storable(conflict.held),
    planned: storable(conflict.planned),
    kept: storable(conflict.kept),
    is_overwritten: conflict.isOverwritten,
    run_id: runId,
  }))
}

/** A field that NetSuite holds as planned is by far the most frequent: it is kept as its mark alone. */
function packed(fields: Readonly<Record<string, KnownField>>): Record<string, string | KnownField> {
  const entries = Object.entries(fields).map(([name, known]): [string, string | KnownField] => {
    const [mark] = known.held
    return [name, known.held.length === 1 && known.planned === undefined && mark !== undefined ? mark : known]
  })
  return Object.fromEntries(entries)
}

function unpacked(fields: Readonly<Record<string, string | KnownField>>): Record<string, KnownField> {
  const entries = Object.entries(fields)
  return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === 'string' ? {held: [value]} : value]))
}

/** What is known of these records, by external ID; those that were never compared are left out. */
export async function knownValues(
  db: Db | Tx,
  recordType: string,
  externalIds: readonly string[],
): Promise<Map<string, Record<string, KnownField>>> {
  const found = new Map<string, Record<string, KnownField>>()
  for (const part of chunked([...new Set(externalIds)])) {
    const rows = await db<{external_id: string; fields: Record<string, string | KnownField>}>('held_values')
      .select('external_id', 'fields')
      .where({record_type: recordType} as object)
      .whereIn('external_id', part)
    for (const row of rows) found.set(row.external_id, unpacked(row.fields))
  }
  return found
}

/** The latest conflict of each field of these records. */
export async function lastConflicts(
  db: Db | Tx,
  recordType: string,
  externalIds: readonly string[],
): Promise<LastConflict[]> {
  const found: LastConflict[] = []
  for (const part of chunked([...new Set(externalIds)])) {
    const {rows} = await db.raw<Rows<LastConflict>>(
      `select distinct on (external_id, field) external_id as "externalId", field, state, planned, held, kept,
         restored_at as "restoredAt"
       from conflicts where record_type = ? and external_id = any(?) order by external_id, field, seen_at desc, id desc`,
      [recordType, part],
    )
    found.push(...rows)
  }
  return found
}

/** Those of these records in which a value that a person kept does not stand yet. */
export async function toBeRestored(
  db: Db | Tx,
  recordType: string,
  externalIds: readonly string[],
): Promise<Set<string>> {
  if (externalIds.length === 0) return new Set()
  const {rows} = await db.raw<Rows<{externalId: string}>>(
    `select distinct external_id as "externalId" from conflicts
     where state = 'kept_netsuite' and restored_at is null and record_type = ? and external_id = any(?)`,
    [recordType, [...externalIds]],
  )
  return new Set(rows.map((row) => row.externalId))
}

export type ConflictFilter = Readonly<{
  ids?: readonly string[] | undefined
  state?: ConflictState | undefined
  subjects?: readonly string[] | undefined
  limit?: number | undefined
}>

/** Conflicts, the oldest first. */
export async function listConflicts(db: Db | Tx, filter: ConflictFilter = {}): Promise<Conflict[]> {
  const query = db('conflicts').select(COLUMNS).orderBy('id')
  if (filter.ids !== undefined) void query.whereIn('id', [...filter.ids])
  if (filter.state !== undefined) void query.where('state', filter.state)
  if (filter.subjects !== undefined) void query.whereIn('subject', [...filter.subjects])
  return (await query.limit(filter.limit ?? 100_000)) as Conflict[]
}

/** How many conflicts nobody has acknowledged. */
export async function countOpenConflicts(db: Db | Tx): Promise<number> {
  const {rows} = await db.raw<Rows<{n: number}>>("select count(*)::int as n from conflicts where state = 'open'")
  return rows[0]?.n ?? 0
}

export type Decision = Readonly<{
  state: Exclude<ConflictState, 'open'>
  /** The mark of Shopify's value that is refused by it. */
  planned: string
  by: string
  note: string | null
}>

/** Ends an open conflict by a person's decision. False where another has ended it meanwhile. */
export async function decide(tx: Tx, conflict: Conflict, decision: Decision): Promise<boolean> {
  const {state, planned, by, note} = decision
  const resolved = {resolved_at: tx.fn.now(), resolved_by: storable(by)}
  const isTaken = state === 'kept_netsuite' && conflict.isOverwritten
  const changed = await tx('conflicts')
    .where({id: conflict.id, state: 'open'})
    .update({
      ...resolved,
      state,
      planned,
      note: storable(note),
      seen_at: tx.raw('clock_timestamp()'),
      ...(isTaken ? {} : {kept: null}),
      ...(state === 'kept_netsuite' && !isTaken ? {restored_at: tx.fn.now()} : {}),
    })
  if (changed === 0 || !isTaken) return changed > 0
  // A field has one value: to keep this one decides about the others, too.
  await tx('conflicts')
    .where({record_type: conflict.recordType, external_id: conflict.externalId, field: conflict.field, state: 'open'})
    .update({...resolved, state: 'kept_shopify', note: `conflict ${conflict.id} was kept instead`, kept: null})
  return true
}
