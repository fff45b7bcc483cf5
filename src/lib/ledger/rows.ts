/** Rows a statement carries at most: well under the 65,535 parameters of the protocol, enough to amortise a round trip. */
const CHUNK_ROWS = 500

/** Cuts a list into chunks of at most CHUNK_ROWS, so that every statement is bounded. */
export function chunked<T>(rows: readonly T[], size = CHUNK_ROWS): T[][] {
  const chunks: T[][] = []
  for (let i = 0; i < rows.length; i += size) chunks.push(rows.slice(i, i + size))
  return chunks
}

/** Text as Postgres can hold it: U+0000 and lone surrogates, which no text column takes, become U+FFFD. */
export function storable<T extends string | null>(text: T): T {
  return (text === null ? null : text.replaceAll('\u0000', '\uFFFD').toWellFormed()) as T
}

/** A value for a json column. undefined is kept as null. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value ?? null, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner))
}

/** What a raw statement gives back through knex on Postgres. */
export type Rows<T> = {rows: T[]; rowCount: number | null}
