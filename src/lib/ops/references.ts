import type {OrderRules} from '../plan/types.ts'

/** Ids of one table of NetSuite that the contract names, each with the key under which it stands. */
export type References = Readonly<{table: string; ids: ReadonlyMap<string, string>}>

/** Every internal id of the contract whose table SuiteQL shows. Tax codes have none; NetSuite itself refuses a wrong one. */
export function referencesOf(rules: OrderRules): References[] {
  const items = Object.entries(rules.items).map(([name, id]) => [id, `items.${name}`] as const)
  const ships = Object.entries(rules.shipping.methods).map(([name, id]) => [id, `shipping.methods.${name}`] as const)
  return [
    of('subsidiary', [[rules.subsidiary, 'subsidiary']]),
    of('location', [[rules.location, 'location']]),
    of(
      'currency',
      Object.entries(rules.currencies).map(([code, id]) => [id, `currencies.${code}`] as const),
    ),
    of('item', [...items, ...ships, [rules.shipping.fallback, 'shipping.fallback'] as const]),
    of(
      'term',
      Object.entries(rules.terms).map(([name, id]) => [id, `terms.${name}`] as const),
    ),
    of('customer', [[rules.customers.walkIn, 'customers.walk_in']]),
  ].filter(({ids}) => ids.size > 0)
}

function of(table: string, pairs: readonly (readonly [string | null, string])[]): References {
  return {table, ids: new Map(pairs.flatMap(([id, key]) => (id === null ? [] : [[id, key] as const])))}
}
