import type {PlanDocument} from '../ledger/types.ts'

/** A field of a plan that differs from the plan before; null: it was not there, or is not any more. */
export type PlanChange = Readonly<{
  /** "total", "lines.14112.quantity". */
  field: string
  before: string | null
  after: string | null
}>

type Fields = Readonly<Record<string, string>>

/** What the contract's people call a field; the others by their own names. */
const NAMES: Fields = {
  tranDate: 'date',
  otherRefNum: 'reference',
  entity: 'customer',
  shipMethod: 'shipping method',
  shippingCost: 'shipping cost',
  shippingTaxCode: 'tax code of shipping',
  email: 'e-mail address',
  billingAddress: 'billing address',
  shippingAddress: 'shipping address',
  taxCode: 'tax code',
}

/** Changes that one line of text names; the rest is counted. */
const NAMED_MAX = 8

/** Every field that differs: the total, the rest of the head, then line by line. */
export function planChanges(before: PlanDocument, after: PlanDocument): PlanChange[] {
  const [old, now] = [linesOf(before), linesOf(after)]
  const keys = new Set([...old.keys(), ...now.keys()])
  const ofLines = [...keys].flatMap((key) => fieldChanges(`lines.${key}.`, old.get(key) ?? {}, now.get(key) ?? {}))
  return [...fieldChanges('', before.fields, after.fields), ...ofLines]
}

function fieldChanges(prefix: string, before: Fields, after: Fields): PlanChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((name) => ({field: prefix + name, before: before[name] ?? null, after: after[name] ?? null}))
    .filter((change) => change.before !== change.after)
    .sort((a, b) => Number(b.field === 'total') - Number(a.field === 'total'))
}

/** "total 42.00 USD, 3 lines" of the first plan; of a later one "total 42.00 USD → 37.50 USD; line 2 quantity 3 → 1". */
export function planText(before: PlanDocument | null, after: PlanDocument): string {
  if (before === null) {
    return `total ${after.fields['total'] ?? '?'}, ${after.lines.length} line${after.lines.length === 1 ? '' : 's'}`
  }
  const parts = [...fieldChanges('', before.fields, after.fields).map(changeText), ...lineTexts(before, after)]
  const named = parts.slice(0, NAMED_MAX)
  if (parts.length > NAMED_MAX) named.push(`and ${parts.length - NAMED_MAX} more`)
  return named.length === 0 ? 'the same, in other words' : named.join('; ')
}

/** Lines by their place in the plan, as people count them; a removed one by its place in the plan before. */
function lineTexts(before: PlanDocument, after: PlanDocument): string[] {
  const [old, now] = [linesOf(before), linesOf(after)]
  const removed = before.lines.flatMap(({key, fields}, i) =>
    now.has(key) ? [] : [`line ${i + 1} removed (${lineText(fields)})`],
  )
  const other = after.lines.flatMap(({key, fields}, i) => {
    const was = old.get(key)
    if (was === undefined) return [`line ${i + 1} added (${lineText(fields)})`]
    return fieldChanges('', was, fields).map((change) => `line ${i + 1} ${changeText(change)}`)
  })
  return [...removed, ...other]
}

function lineText({item, quantity, amount}: Fields): string {
  return [`item ${item ?? '?'}`, ...(quantity === undefined ? [] : [`quantity ${quantity}`]), amount ?? ''].join(', ')
}

/** A detail that is not kept is only said to have changed. */
function changeText({field, before, after}: PlanChange): string {
  const name = NAMES[field] ?? field
  if (!isMark(before) && !isMark(after)) return `${name} ${before ?? 'none'} → ${after ?? 'none'}`
  return `${name} ${before === null ? 'added' : after === null ? 'removed' : 'changed'}`
}

function isMark(value: string | null): boolean {
  return value?.startsWith('~') === true
}

function linesOf(plan: PlanDocument): ReadonlyMap<string, Fields> {
  return new Map(plan.lines.map(({key, fields}) => [key, fields]))
}
