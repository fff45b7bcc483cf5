import type {Entry, Orders} from '../orders.ts'
import {newPlan, reconcile, type Part, type Plan} from './parts.ts'

export type Found = Readonly<{entry: Entry; plan: Plan; part: Part}>

/** The fulfilment orders of all orders; each order's are made when somebody first asks. */
export class Fulfilling {
  readonly #orders: Orders
  readonly #plans = new Map<string, Plan>()
  /** Ids of orders by those of their fulfilment orders. */
  readonly #owners = new Map<string, string>()

  constructor(orders: Orders) {
    this.#orders = orders
  }

  planOf(entry: Entry): Plan {
    const plan = this.#plans.get(entry.id) ?? newPlan(entry.id, entry.document, new Date(entry.createdAt))
    this.#plans.set(entry.id, plan)
    reconcile(plan, entry.document)
    for (const part of plan.parts) this.#owners.set(part.id, entry.id)
    return plan
  }

  /** The fulfilment orders of an order that are about anything. */
  of(entry: Entry): readonly Part[] {
    return this.planOf(entry).parts.filter((part) => part.lines.length > 0)
  }

  find(id: string): Found | null {
    const entry = this.#orders.get(this.#owners.get(id) ?? '') ?? this.#search(id)
    if (entry === null) return null
    const plan = this.planOf(entry)
    const part = plan.parts.find((one) => one.id === id)
    return part === undefined ? null : {entry, plan, part}
  }

  clear(): void {
    for (const held of [this.#plans, this.#owners]) held.clear()
  }

  /** An id that nobody has asked for yet still tells its order. */
  #search(id: string): Entry | null {
    const rest = Math.floor((Number(id) - 6_700_000_000_000) / 1000)
    return this.#orders.all().find((entry) => Number(entry.id) % 1_000_000_000 === rest) ?? null
  }
}
