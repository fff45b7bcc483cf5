import type {Page} from './answers.ts'
import {malformed} from './faults.ts'

/** Pages of one connection that are read at most: more than any order has lines, fewer than for ever. */
const MAX_PAGES = 1000

/**
 * The pages after the first one, until Shopify says that none is left. A cursor that comes a second time, or none
 * where there should be one, would mean a cut or endless list: RejectedError SHOPIFY_ANSWER_MALFORMED.
 */
export async function* laterPages<T>(
  operation: string,
  first: Page<T>,
  next: (after: string) => Promise<Page<T>>,
): AsyncGenerator<Page<T>> {
  const seen = new Set<string>()
  for (let page = first; page.pageInfo.hasNextPage;) {
    const cursor = page.pageInfo.endCursor
    if (cursor === null || seen.has(cursor) || seen.size >= MAX_PAGES) {
      throw malformed(operation, 'pageInfo.endCursor', `${JSON.stringify(cursor)} does not lead on`)
    }
    seen.add(cursor)
    page = await next(cursor)
    yield page
  }
}

/** All nodes of a connection, the first page included. */
export async function allNodes<T>(
  operation: string,
  first: Page<T>,
  next: (after: string) => Promise<Page<T>>,
): Promise<T[]> {
  const nodes = [...first.nodes]
  for await (const page of laterPages(operation, first, next)) nodes.push(...page.nodes)
  return nodes
}
