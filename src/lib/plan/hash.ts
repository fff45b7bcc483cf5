import {createHash} from 'node:crypto'

import type {PostingRecord} from '../netsuite/posting-types.ts'
import type {PlannedRecord} from '../netsuite/types.ts'

/** SHA-256 (hex) of a plan in canonical form: equal plans have equal hashes, whatever the order of their keys. */
export function planHash(planned: PlannedRecord | PostingRecord): string {
  return createHash('sha256').update(canonical(planned)).digest('hex')
}

/** JSON with sorted keys and without undefined; amounts are text, as JSON has no exact integers. */
function canonical(value: unknown): string {
  if (typeof value === 'bigint') return `"${value}"`
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  const sorted = fields.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`
}
