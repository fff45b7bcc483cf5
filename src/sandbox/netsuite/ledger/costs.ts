import {type Amount, amountOf, isDecimal, ZERO} from '../amounts.ts'
import type {StoredRecord} from '../engine-types.ts'
import {textOf} from '../values.ts'

type Shipped = Readonly<{quantity: Amount; cost: Amount}>

/**
 * Average costs by item and location. An item that never came in costs what its record says. What was shipped for an order
 * line is remembered, so that its return comes in at the cost at which it went out.
 */
export class Costs {
  readonly #averages = new Map<string, Amount>()
  readonly #shipped = new Map<string, Shipped>()

  /** Cost of one unit. */
  average(item: StoredRecord, location: string | undefined): Amount {
    const held = this.#averages.get(`${item.id} ${location ?? ''}`)
    if (held !== undefined) return held
    const cost = textOf(item.fields['cost'])
    return cost !== undefined && isDecimal(cost) ? amountOf(cost) : ZERO
  }

  /** Units come in at a cost; `onHand` is what lies there before. */
  received(item: StoredRecord, location: string | undefined, onHand: number, quantity: Amount, unit: Amount): void {
    const before = amountOf(String(Math.max(0, onHand)))
    const after = before.plus(quantity)
    if (!after.greaterThan(ZERO)) return
    const worth = this.average(item, location).times(before).plus(unit.times(quantity))
    this.#averages.set(`${item.id} ${location ?? ''}`, worth.dividedBy(after))
  }

  /** Remembers (or, with negative figures, forgets) what an order line's goods cost when they went out. */
  shipped(orderLine: string, quantity: Amount, cost: Amount): void {
    const held = this.#shipped.get(orderLine) ?? {quantity: ZERO, cost: ZERO}
    this.#shipped.set(orderLine, {quantity: held.quantity.plus(quantity), cost: held.cost.plus(cost)})
  }

  /** Cost of one unit as it was shipped for an order line; undefined where nothing was. */
  shippedUnit(orderLine: string): Amount | undefined {
    const held = this.#shipped.get(orderLine)
    return held === undefined || held.quantity.isZero() ? undefined : held.cost.dividedBy(held.quantity)
  }

  clear(): void {
    this.#averages.clear()
    this.#shipped.clear()
  }
}
