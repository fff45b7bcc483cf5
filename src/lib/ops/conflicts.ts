import {RejectedError, UsageError} from '../core/errors.ts'
import {countOpenConflicts, decide, knownValues, listConflicts} from '../ledger/conflicts.ts'
import {inTransaction} from '../ledger/connection.ts'
import type {Ledger} from '../ledger/open.ts'
import type {Conflict, Db, Tx} from '../ledger/types.ts'
import {decidesMoney} from '../plan/memory.ts'

/** A conflict without details of customers: a value that the ledger has only as a fingerprint is null. */
export type ConflictRow = Omit<Conflict, 'kept' | 'planned' | 'held' | 'base'> &
  Readonly<{base: string | null; held: string | null; planned: string | null; isPrivate: boolean}>

export type ConflictsReport = Readonly<{open: number; conflicts: readonly ConflictRow[]}>

/** The conflicts that nobody has acknowledged, or all of them. */
export async function conflictsReport(
  db: Db,
  {all, limit}: Readonly<{all: boolean; limit: number}>,
): Promise<ConflictsReport> {
  const [open, conflicts] = await Promise.all([
    countOpenConflicts(db),
    listConflicts(db, {limit, ...(all ? {} : {state: 'open'})}),
  ])
  return {open, conflicts: conflicts.map(rowOf)}
}

export function rowOf({kept: _kept, ...conflict}: Conflict): ConflictRow {
  const marks = [conflict.base, conflict.held, conflict.planned]
  const [base = null, held = null, planned = null] = marks.map((mark) => (mark?.startsWith('~') === true ? null : mark))
  return {...conflict, base, held, planned, isPrivate: marks.some((mark) => mark?.startsWith('~') === true)}
}

export type Resolution = Readonly<{
  ids: readonly string[]
  keep: 'shopify' | 'netsuite'
  note: string | null
  who: string
}>

/** `queued`: subjects of orders in which NetSuite's value is put back. `unknown`: no open conflict has this number. */
export type Resolved = Readonly<{resolved: string[]; queued: string[]; unknown: string[]}>

/**
 * Ends conflicts by a person's decision, all of them or none. To keep NetSuite's value queues the order: the ordinary job
 * writes it back. Throws UsageError where nothing was named or a number is none, and RejectedError CONFLICT_NOT_KEEPABLE
 * where a value cannot be kept: what decides the total follows Shopify, and what was closed in NetSuite is reopened there.
 */
export async function resolveConflicts(ledger: Ledger, request: Resolution): Promise<Resolved> {
  const ids = [...new Set(request.ids)]
  if (ids.length === 0) {
    throw new UsageError('NOTHING_CHOSEN', 'no conflicts were named', {
      hint: 'tieout conflicts:list shows their numbers',
    })
  }
  ids.forEach(checkNumber)
  return inTransaction(ledger, async (tx) => {
    const open = await listConflicts(tx, {ids, state: 'open'})
    for (const conflict of open) refuse(conflict, request.keep)
    const ended = []
    for (const conflict of open) if (await end(tx, conflict, request)) ended.push(conflict)
    const restored = request.keep === 'netsuite' ? ended.filter((conflict) => conflict.isOverwritten) : []
    const names = new Map(restored.map(({subject, name}) => [subject, name]))
    const entries = [...names].map(([subject, name]) => ({subject, name, urgent: true}))
    if (entries.length > 0) await ledger.queue.add(tx, 'orders', entries)
    const resolved = ended.map(({id}) => id)
    return {resolved, queued: [...names.keys()], unknown: ids.filter((id) => !resolved.includes(id))}
  })
}

/** Throws UsageError for a text that is not the number of a conflict. */
export function checkNumber(id: string): void {
  if (/^[1-9]\d{0,17}$/.test(id)) return
  throw new UsageError('FLAGS_INVALID', `${JSON.stringify(id)} is not the number of a conflict`, {
    hint: 'tieout conflicts:list shows the numbers',
  })
}

function refuse(conflict: Conflict, keep: Resolution['keep']): void {
  const {id, field, isOverwritten, name, subject} = conflict
  const about = `${field} of ${name ?? subject} (conflict ${id})`
  if (keep === 'shopify' && !isOverwritten) {
    throw new RejectedError('CONFLICT_NOT_KEEPABLE', `${about} was closed in NetSuite, and Tieout reopens nothing`, {
      hint: 'reopen it in NetSuite, or acknowledge with --keep netsuite',
      subject,
    })
  }
  if (keep === 'netsuite' && isOverwritten && decidesMoney(field)) {
    throw new RejectedError('CONFLICT_NOT_KEEPABLE', `${about} cannot be kept: the order would no longer tie out`, {
      hint: 'edit the order in Shopify, or acknowledge with --keep shopify',
      subject,
    })
  }
}

async function end(tx: Tx, conflict: Conflict, {keep, note, who}: Resolution): Promise<boolean> {
  const planned = (await plannedNow(tx, conflict)) ?? conflict.planned
  return decide(tx, conflict, {state: keep === 'netsuite' ? 'kept_netsuite' : 'kept_shopify', planned, by: who, note})
}

/** The mark of Shopify's value as it stands in NetSuite since the last push: that one is decided about. null: not known. */
async function plannedNow(tx: Tx, {recordType, externalId, field, isOverwritten}: Conflict): Promise<string | null> {
  if (!isOverwritten) return null
  const known = (await knownValues(tx, recordType, [externalId])).get(externalId)?.[field]
  if (known?.planned !== undefined) return known.planned
  return known?.held.length === 1 ? (known.held[0] ?? null) : null
}
