import type {Preview} from '../sync/preview.ts'
import {table} from './table.ts'

/** Where NetSuite and the plan differ, field by field, and what people decided about it; '' where nothing does. */
export function changesText({changes, conflicts, pinned}: Preview): string {
  const marks = new Map([
    ...conflicts.map((field) => [field, 'changed in NetSuite by someone'] as const),
    ...pinned.map((field) => [field, 'kept as in NetSuite'] as const),
  ])
  const told = new Set<string>()
  const rows = changes.map(({field, held, planned}) => {
    // A line that one side lacks is one conflict with several fields.
    const name = marks.has(field) ? field : field.slice(0, Math.max(0, field.lastIndexOf('.')))
    told.add(name)
    return [field, held ?? '', planned ?? '', marks.get(name) ?? '']
  })
  const others = [...marks].filter(([field]) => !told.has(field)).map(([field, mark]) => `${field}: ${mark}`)
  if (rows.length === 0) return others.join('\n')
  const hasMarks = rows.some((row) => row[3] !== '')
  const head = ['field', 'in NetSuite', 'planned', ...(hasMarks ? ['note'] : [])]
  return [table(head, hasMarks ? rows : rows.map((row) => row.slice(0, 3))), ...others].join('\n')
}
