/** The numeric ids of an order's parts, none shared with another order. */
export type Numbers = Readonly<{order: number; line: (i: number) => number; part: (i: number) => number}>

/** @param order the order's own id, which decides the rest */
export function numbersOf(order: number): Numbers {
  const base = (order % 10_000_000_000) * 100
  return {order, line: (i) => 14_000_000_000_000 + base + i, part: (i) => 16_000_000_000_000 + base + i}
}

/** The member of a document that holds the id, and the global id beside it. */
export function identified(id: number, type: string): Readonly<Record<string, unknown>> {
  return {id, admin_graphql_api_id: `gid://shopify/${type}/${id}`}
}
