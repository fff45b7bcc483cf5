import {RejectedError} from '../core/errors.ts'
import type {CustomerRow, QueryPort} from '../netsuite/types.ts'
import type {CustomerKey, CustomerPlan} from '../plan/types.ts'

export type RecordPlan = Extract<CustomerPlan, {kind: 'record'}>
type Hit = Pick<CustomerRow, 'id' | 'entityId' | 'isInactive'>

/** Customers by what they were found by; see `comparable`. */
export type Hits = Map<string, Hit[]>

/** People write addresses in any case and phones in any form; what they mean is compared. */
export function comparable({by, value}: CustomerKey): string {
  return `${by}=${by === 'phone' ? value.replace(/\D/g, '') : by === 'externalId' ? value : value.toLowerCase()}`
}

/** One question a rule over all buyers. */
export async function searchCustomers(queries: QueryPort, plans: readonly RecordPlan[]): Promise<Hits> {
  const hits: Hits = new Map()
  const keys = plans.flatMap((plan) => plan.keys)
  const ask = async (
    by: CustomerKey['by'],
    find: (values: readonly string[]) => Promise<CustomerRow[]>,
    valueOf: (row: CustomerRow) => string | null,
  ) => {
    const values = new Set(keys.filter((key) => key.by === by).map((key) => key.value))
    for (const row of values.size === 0 ? [] : await find([...values])) {
      const value = valueOf(row)
      if (value === null) continue
      const key = comparable({by, value})
      hits.set(key, [...(hits.get(key) ?? []), row])
    }
  }
  await ask('externalId', (ids) => queries.customersByExternalId(ids), (row) => row.externalId) // prettier-ignore
  await ask(
    'email',
    (emails) => queries.customersByEmail(emails),
    (row) => row.email,
  )
  await ask(
    'phone',
    (phones) => queries.customersByPhone(phones),
    (row) => row.phone,
  )
  await ask(
    'company',
    (names) => queries.customersByCompany(names),
    (row) => row.companyName,
  )
  return hits
}

/**
 * The customer that the first rule with a hit finds. Inactive ones count only where that rule finds no active one.
 * Throws RejectedError CUSTOMER_AMBIGUOUS or CUSTOMER_INACTIVE: who is meant is never guessed.
 */
export function matchOf(plan: RecordPlan, hits: Hits): string | undefined {
  for (const key of plan.keys) {
    const found = hits.get(comparable(key)) ?? []
    const active = found.filter((hit) => !hit.isInactive)
    const ids = [...new Set(active.map((hit) => hit.id))]
    if (ids.length > 1) throw ambiguous(plan, key, ids)
    if (ids[0] !== undefined) return ids[0]
    if (found[0] !== undefined) throw inactive(found[0])
  }
  return undefined
}

/** Makes a customer findable by all keys of its buyer, as if it had been asked for now. */
export function remember(plan: RecordPlan, id: string, hits: Hits): void {
  for (const key of plan.keys) {
    const name = comparable(key)
    if (!hits.has(name)) hits.set(name, [{id, entityId: '', isInactive: false}])
  }
}

function ambiguous(plan: RecordPlan, key: CustomerKey, ids: readonly string[]): RejectedError {
  const what = key.by === 'externalId' ? key.value : `its ${key.by}`
  return new RejectedError(
    'CUSTOMER_AMBIGUOUS',
    `${ids.length} customers of NetSuite match by ${what}: internal ids ${ids.join(', ')}`,
    {hint: `merge them in NetSuite, or set the external ID ${plan.record.externalId} on the right one`},
  )
}

export function inactive({entityId, id}: Pick<Hit, 'entityId' | 'id'>): RejectedError {
  return new RejectedError(
    'CUSTOMER_INACTIVE',
    `the customer ${entityId} (internal id ${id}) is inactive in NetSuite`,
    {hint: 'make it active, or set the external ID on another customer'},
  )
}
