import {GraphQLError} from 'graphql'

export type PageArguments = Readonly<{
  first?: number | null
  last?: number | null
  after?: string | null
  before?: string | null
  reverse?: boolean | null
}>

/** Where an entry stands in a list: by value, then by id. Both are unique together, so a cursor survives inserts. */
export type Position = Readonly<{value: string | number; id: string}>

export type Connection<T> = Readonly<{
  edges: readonly Readonly<{cursor: string; node: T}>[]
  nodes: readonly T[]
  pageInfo: Readonly<{
    hasNextPage: boolean
    hasPreviousPage: boolean
    startCursor: string | null
    endCursor: string | null
  }>
}>

/** The largest page of any connection (Shopify: API limits, "Pagination"). */
const LARGEST_PAGE = 250

/**
 * Cuts a page out of entries that are in ascending order of position.
 * Throws GraphQLError as Shopify does: neither first nor last given, a page over 250, a foreign cursor.
 */
export function paginate<E, T>(
  ascending: readonly E[],
  given: PageArguments,
  positionOf: (entry: E) => Position,
  nodeOf: (entry: E) => T,
): Connection<T> {
  const size = pageSize(given)
  const order = given.reverse === true ? -1 : 1
  const at = (index: number): E => ascending[order === 1 ? index : ascending.length - 1 - index] as E
  const compare = (entry: E, cursor: Position): number => order * comparePositions(positionOf(entry), cursor)
  const [after, before] = [decode(given.after), decode(given.before)]
  const from = after === null ? 0 : bound(ascending.length, (i) => compare(at(i), after) > 0)
  const to = before === null ? ascending.length : bound(ascending.length, (i) => compare(at(i), before) >= 0)
  const backward = given.first === undefined || given.first === null
  const start = backward ? Math.max(from, to - size) : from
  const end = backward ? to : Math.min(to, from + size)
  const edges = []
  for (let i = start; i < end; i += 1) edges.push({cursor: encode(positionOf(at(i))), node: nodeOf(at(i))})
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: end < ascending.length,
      hasPreviousPage: start > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

/** A connection over a short list that keeps its own order. */
export function connection<T>(nodes: () => readonly T[]): (given: PageArguments) => Connection<T> {
  return (given) =>
    paginate(
      nodes().map((node, value) => ({node, value})),
      given,
      ({value}) => ({value, id: ''}),
      ({node}) => node,
    )
}

export function comparePositions(a: Position, b: Position): number {
  if (a.value !== b.value) return a.value < b.value ? -1 : 1
  if (a.id.length !== b.id.length) return a.id.length - b.id.length
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1
}

function pageSize({first, last}: PageArguments): number {
  const size = first ?? last
  if (size === undefined || size === null) throw refused('you must provide one of first or last')
  if (size > LARGEST_PAGE) throw refused(`Page size cannot exceed ${LARGEST_PAGE}`)
  if (size < 0) throw refused('Page size cannot be negative')
  return size
}

function refused(message: string): GraphQLError {
  return new GraphQLError(message, {extensions: {code: 'BAD_REQUEST'}})
}

/** The first index for which `isPast` holds, given that it holds for all later ones. */
function bound(length: number, isPast: (index: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isPast(middle)) high = middle
    else low = middle + 1
  }
  return low
}

function encode({value, id}: Position): string {
  return Buffer.from(JSON.stringify({last_id: id, last_value: value})).toString('base64')
}

function decode(cursor: string | null | undefined): Position | null {
  if (cursor === null || cursor === undefined) return null
  const match = /^\{"last_id":"(\d*)","last_value":(".*"|-?\d+)\}$/.exec(Buffer.from(cursor, 'base64').toString('utf8'))
  if (match === null) throw refused('Invalid cursor for current pagination sort.')
  return {id: match[1] ?? '', value: JSON.parse(match[2] ?? '0') as string | number}
}
