/** Any JSON object of which nothing is known yet. */
export type Json = Readonly<Record<string, unknown>>

/** JSON as text, in which a number stands as it was written. Node has it; TypeScript's library does not declare it yet. */
const withSource = JSON as unknown as Readonly<{
  parse(text: string, revive: (key: string, value: unknown, context: Readonly<{source?: string}>) => unknown): unknown
  rawJSON(text: string): unknown
}>

/**
 * Reads JSON without losing digits: an integer beyond 2^53 becomes a bigint, since sample documents of Shopify carry
 * ids of 18 digits that a plain parse rounds. Throws SyntaxError like JSON.parse.
 */
export function parseExact(text: string): unknown {
  return withSource.parse(text, (_key, value, {source}) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? '')
      ? BigInt(source ?? '0')
      : value,
  )
}

/** The inverse of `parseExact`: a bigint is written as the integer that it was. */
export function printExact(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'bigint' ? withSource.rawJSON(part.toString()) : part,
  )
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
