import type {FieldValue, LineInput, StoredLine} from '../engine-types.ts'
import {invalidReference} from '../refused.ts'
import type {Sublist} from '../schema/fields.ts'
import {idOf} from '../values.ts'

export type MergedLine = StoredLine & {
  /** Names of the fields that this write gave (the item only if it is another); what depends on them is computed anew. */
  given: ReadonlySet<string>
}

export type LineChange = Readonly<{
  input: LineInput
  fields: Record<string, FieldValue>
  customFields: Record<string, FieldValue>
}>

const NOTHING: ReadonlySet<string> = new Set()

/**
 * Merges given lines into held ones. In a keyed list a line with a key changes the held line of that key; lines without
 * a key are new and get the next number, so that numbers have gaps after removals. `replaceAll` removes the lines that were
 * not given; lists without keys are always replaced as a whole (NetSuite help section_N3441570).
 */
export function mergeLines(
  name: string,
  sublist: Sublist,
  held: readonly StoredLine[],
  changes: readonly LineChange[],
  replaceAll: boolean,
): MergedLine[] {
  const byKey = new Map(held.map((line) => [line.key, line]))
  let last = Math.max(0, ...held.map((line) => Number(line.key)))
  const merged = new Map<string, MergedLine>()
  if (sublist.key === null ? changes.length === 0 : !replaceAll)
    for (const line of held) merged.set(line.key, copyOf(line))

  changes.forEach(({input, fields, customFields}, index) => {
    const key = sublist.key === null ? null : (input.key ?? null)
    const before = key === null ? undefined : byKey.get(key)
    // On a record that holds no lines yet a caller may number them itself.
    if (key !== null && before === undefined && held.length > 0) {
      throw invalidReference(sublist.key ?? name, key, `${sublist.rest}.items[${index}].${sublist.key ?? ''}`)
    }
    const own = key ?? String(last + 1)
    last = Math.max(last, Number(own))
    merged.set(own, {
      key: own,
      fields: {...before?.fields, ...fields},
      customFields: {...before?.customFields, ...customFields},
      given: new Set(
        Object.keys(fields).filter((field) => field !== 'item' || idOf(fields[field]) !== idOf(before?.fields[field])),
      ),
    })
  })
  return [...merged.values()]
}

/** A held line changes only when its record is saved. */
function copyOf({key, fields, customFields}: StoredLine): MergedLine {
  return {key, fields: {...fields}, customFields: {...customFields}, given: NOTHING}
}
