import {isJson, type Json} from './json.ts'

/**
 * An order as Shopify's webhooks carry it: REST-style JSON in snake case. Kept as it was given; documents of any API
 * version are read by the functions here, which take a missing or ill-typed member as absent.
 */
export type OrderDocument = Json

export function text(doc: Json, key: string): string | null {
  const value = doc[key]
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : null
}

/** As `text`, but an empty text counts as absent: documents say "" where GraphQL says null. */
export function filled(doc: Json, key: string): string | null {
  return text(doc, key) || null
}

export function integer(doc: Json, key: string): number | null {
  const value = Number(doc[key] ?? Number.NaN)
  return Number.isInteger(value) ? value : null
}

export function flag(doc: Json, key: string): boolean {
  return doc[key] === true
}

export function object(doc: Json, key: string): Json | null {
  const value = doc[key]
  return isJson(value) ? value : null
}

export function list(doc: Json, key: string): readonly Json[] {
  const value = doc[key]
  return Array.isArray(value) ? value.filter(isJson) : []
}

/** A comma-separated text such as `tags`, as its parts. */
export function words(doc: Json, key: string): readonly string[] {
  const value = doc[key]
  const parts: readonly unknown[] = Array.isArray(value) ? value : (text(doc, key) ?? '').split(',')
  return parts.map((part) => String(part).trim()).filter((part) => part !== '')
}

/** The numeric id as text: from the global id where there is one, as numbers of 18 digits may have been rounded. */
export function legacyId(doc: Json): string | null {
  const global = /^gid:\/\/shopify\/\w+\/(\d+)/.exec(text(doc, 'admin_graphql_api_id') ?? '')
  return global?.[1] ?? text(doc, 'id')
}

/** The global id, given or built: gid://shopify/<type>/<id>. */
export function globalId(doc: Json, type: string): string | null {
  const given = text(doc, 'admin_graphql_api_id')
  if (given?.startsWith('gid://') === true) return given
  const id = text(doc, 'id')
  return id === null ? null : `gid://shopify/${type}/${id}`
}

/** A time as GraphQL writes it: in UTC, to the second. Absent where it is no time. */
export function instant(doc: Json, key: string): string | null {
  const given = text(doc, key)
  if (given === null || Number.isNaN(Date.parse(given))) return null
  return utc(new Date(given))
}

export function utc(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z')
}
