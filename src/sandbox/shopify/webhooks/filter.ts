import {isJson, type Json} from '../json.ts'
import {parseTerms} from '../search.ts'
import type {Term} from '../search-terms.ts'

export type Filter = (payload: Json) => boolean

/**
 * Reads the filter of a subscription: search syntax over paths of the payload, such as
 * `total_price:>=100 AND line_items.sku:TEE-*` (Shopify: webhooks, "Customize with filters"). Null when a term names no field.
 */
export function readFilter(text: string): Filter | null {
  let isWhole = true
  const {test} = parseTerms<Json>(text, (term) => {
    isWhole &&= term.field !== null && term.field !== ''
    return (payload) => at(payload, (term.field ?? '').split('.')).some((value) => fits(value, term))
  })
  return isWhole ? test : null
}

/** The members at a path; a list on the way stands for each of its entries. */
function at(value: unknown, path: readonly string[]): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((entry) => at(entry, path))
  const [key, ...rest] = path
  if (key === undefined) return [value]
  return isJson(value) && key in value ? at(value[key], rest) : []
}

function fits(value: unknown, {operator, value: wanted}: Term): boolean {
  const held = textOf(value)
  const [left, right] = comparable(held, wanted)
  switch (operator) {
    case '>=':
      return left >= right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '<':
      return left < right
    default:
      return wanted === '*'
        ? held !== ''
        : wanted.endsWith('*')
          ? startsAlike(held, wanted.slice(0, -1))
          : left === right
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : ''
}

function startsAlike(held: string, prefix: string): boolean {
  return held.toLowerCase().startsWith(prefix.toLowerCase())
}

/** Numbers where both sides are numbers, then times, else texts without regard to case. */
function comparable(held: string, wanted: string): readonly [number, number] | readonly [string, string] {
  for (const read of [Number, Date.parse]) {
    const pair = [read(held), read(wanted)] as const
    if (held !== '' && wanted !== '' && !pair.some(Number.isNaN)) return pair
  }
  return [held.toLowerCase(), wanted.toLowerCase()]
}
