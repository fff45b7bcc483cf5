import {FIRST_LOCATION} from '../map-people.ts'
import {text, type OrderDocument} from '../document.ts'
import {unitsOf, type Units} from './units.ts'

export type Hold = Readonly<{id: string; reason: string; reasonNotes: string | null; handle: string | null}>

/** Units of a line that a fulfilment order is about. */
export type PartLine = {readonly id: string; readonly lineId: string; total: number; remaining: number}

/** A fulfilment order: units that one location ships. */
export type Part = {
  readonly id: string
  readonly orderId: string
  readonly locationId: string
  readonly createdAt: Date
  updatedAt: Date
  lines: PartLine[]
  holds: Hold[]
}

/** The fulfilment orders of one order. `next` numbers what is made of it. */
export type Plan = {readonly orderId: string; readonly parts: Part[]; next: number}

export function newPlan(orderId: string, order: OrderDocument, at: Date): Plan {
  const plan: Plan = {orderId, parts: [], next: 1}
  addPart(plan, text(order, 'location_id') ?? String(FIRST_LOCATION), at)
  return plan
}

/** Ids follow from the order's, so that they do not depend on who looks first. */
function numberIn(plan: Plan, base: number): string {
  const id = base + (Number(plan.orderId) % 1_000_000_000) * 1000 + plan.next
  plan.next += 1
  return String(id)
}

function addPart(plan: Plan, locationId: string, at: Date): Part {
  const id = numberIn(plan, 6_700_000_000_000)
  const part: Part = {id, orderId: plan.orderId, locationId, createdAt: at, updatedAt: at, lines: [], holds: []}
  plan.parts.push(part)
  return part
}

export function addHold(plan: Plan, part: Part, hold: Omit<Hold, 'id'>): Hold {
  const made = {...hold, id: numberIn(plan, 1_700_000_000_000)}
  part.holds = [...part.holds, made]
  return made
}

/** The line of a part, made where it has none. */
function lineIn(plan: Plan, part: Part, lineId: string): PartLine {
  const held = part.lines.find((line) => line.lineId === lineId)
  if (held !== undefined) return held
  const made = {id: numberIn(plan, 15_700_000_000_000), lineId, total: 0, remaining: 0}
  part.lines.push(made)
  return made
}

/** Brings the fulfilment orders to what the order says now: units that were refunded, added, or shipped by other ways. */
export function reconcile(plan: Plan, order: OrderDocument): void {
  for (const units of unitsOf(order)) reconcileLine(plan, units)
}

function reconcileLine(plan: Plan, {lineId, fulfilled, open}: Units): void {
  const lines = plan.parts.flatMap((part) => part.lines.filter((line) => line.lineId === lineId))
  const sum = (key: 'total' | 'remaining') => lines.reduce((all, line) => all + line[key], 0)
  let gone = sum('total') - fulfilled - open
  for (const line of lines) {
    const taken = Math.max(0, Math.min(gone, line.remaining))
    line.total -= taken
    line.remaining -= taken
    gone -= taken
  }
  if (gone < 0) {
    const [first] = plan.parts.filter((part) => statusOf(part) !== 'CLOSED')
    const line = lineIn(plan, first ?? (plan.parts[0] as Part), lineId)
    line.total -= gone
    line.remaining -= gone
    if (!lines.includes(line)) lines.push(line)
  }
  let shipped = sum('remaining') - open
  for (const line of lines) {
    const moved = shipped > 0 ? Math.min(shipped, line.remaining) : Math.max(shipped, line.remaining - line.total)
    line.remaining -= moved
    shipped -= moved
  }
}

export type PartStatus = 'OPEN' | 'IN_PROGRESS' | 'ON_HOLD' | 'CLOSED' | 'CANCELLED'

export function statusOf({lines, holds}: Part): PartStatus {
  const sum = (key: 'total' | 'remaining') => lines.reduce((all, line) => all + line[key], 0)
  const [whole, left] = [sum('total'), sum('remaining')]
  if (left === 0) return whole === 0 && lines.length > 0 ? 'CANCELLED' : 'CLOSED'
  return holds.length > 0 ? 'ON_HOLD' : left < whole ? 'IN_PROGRESS' : 'OPEN'
}

export type Wanted = Readonly<{id: string; quantity: number}>

/** Moves units into a new part at a location; `wanted` null: everything that is left. */
export function separate(plan: Plan, part: Part, wanted: readonly Wanted[] | null, locationId: string, at: Date): Part {
  const made = addPart(plan, locationId, at)
  const moved = wanted ?? part.lines.map(({id, remaining}) => ({id, quantity: remaining}))
  for (const {id, quantity} of moved) {
    const line = part.lines.find((one) => one.id === id)
    if (line === undefined || quantity === 0) continue
    const other = lineIn(plan, made, line.lineId)
    line.total -= quantity
    line.remaining -= quantity
    other.total += quantity
    other.remaining += quantity
  }
  part.updatedAt = at
  return made
}
