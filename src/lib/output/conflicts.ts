import type {ShownConflict} from '../ops/conflict-values.ts'
import type {ConflictRow, ConflictsReport} from '../ops/conflicts.ts'
import {table} from './table.ts'

const PRIVATE = '(not shown)'

const STATES: Readonly<Record<ConflictRow['state'], string>> = {
  open: 'open',
  kept_shopify: "Shopify's kept",
  kept_netsuite: "NetSuite's kept",
}

/** What people changed in NetSuite and Shopify decides otherwise, the oldest first. */
export function conflictsText({open, conflicts}: ConflictsReport): string {
  const lines = [open === 1 ? '1 open conflict' : `${open} open conflicts`]
  if (conflicts.length > 0) {
    lines.push(
      table(
        ['no.', 'order', 'field', 'entered in NetSuite', 'Shopify', 'found (UTC)', 'state'],
        conflicts.map((conflict) => [
          conflict.id,
          conflict.name ?? conflict.subject,
          conflict.field,
          valueOf(conflict, conflict.held),
          valueOf(conflict, conflict.planned),
          minute(conflict.detectedAt),
          stateOf(conflict),
        ]),
      ),
    )
  }
  if (open > 0)
    lines.push('next: tieout conflicts:show <no.>, then tieout conflicts:resolve <no.> --keep shopify|netsuite')
  return lines.join('\n')
}

export function conflictText(conflict: ShownConflict): string {
  const {id, name, subject, field, netsuiteId, entered, now} = conflict
  const rows = [
    ['entered in NetSuite', entered ?? PRIVATE],
    ['in NetSuite now', now.netsuite ?? ''],
    ['in Shopify now', now.shopify ?? ''],
  ]
  if (conflict.base !== null) rows.unshift(['before, by Tieout', conflict.base])
  const ended =
    conflict.resolvedAt === null
      ? []
      : [`acknowledged by ${conflict.resolvedBy ?? ''} at ${minute(conflict.resolvedAt)} UTC`]
  return [
    `conflict ${id}: ${field} of ${name ?? subject}, sales order ${netsuiteId}, ${stateOf(conflict)}`,
    `found ${minute(conflict.detectedAt)} UTC${conflict.times > 1 ? `, ${conflict.times} times` : ''}`,
    table(['', 'value'], rows),
    ...ended,
    ...(conflict.note === null ? [] : [`note: ${conflict.note}`]),
  ].join('\n')
}

function stateOf({state, isOverwritten, restoredAt}: ConflictRow): string {
  if (state === 'open') return isOverwritten ? 'open, overwritten' : 'open, left as it is'
  if (state === 'kept_netsuite' && isOverwritten && restoredAt === null) return `${STATES[state]}, to be written back`
  return STATES[state]
}

function valueOf({isPrivate}: ConflictRow, value: string | null): string {
  return value ?? (isPrivate ? PRIVATE : '')
}

function minute(time: Date): string {
  return time.toISOString().slice(0, 16).replace('T', ' ')
}
