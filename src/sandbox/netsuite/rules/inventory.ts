import type {ItemAvailability, StoredLine, StoredRecord} from '../engine-types.ts'
import type {State} from '../state.ts'
import {idOf, isTrue, textOf} from '../values.ts'

export type Level = {onHand: number; committed: number; backOrdered: number; changedAt: Date}

/** commitInventory: 3 is "Do Not Commit" (REST API Browser 2026.1). */
const DO_NOT_COMMIT = '3'

/** Stock per item and location. Quantities are counts, so binary fractions do no harm; they are rounded on the way out. */
export class Inventory {
  readonly #levels = new Map<string, Map<string, Level>>()
  readonly #now: () => Date
  #listener: (itemId: string, locationId: string) => void = () => undefined

  constructor(now: () => Date) {
    this.#now = now
  }

  onChange(listener: (itemId: string, locationId: string) => void): void {
    this.#listener = listener
  }

  setOnHand(itemId: string, locationId: string, quantity: number): void {
    this.#changed(itemId, locationId, (level) => (level.onHand = quantity))
  }

  clear(): void {
    this.#levels.clear()
  }

  /** Gives back what lines had committed; to be called before they change or go. */
  release(lines: readonly StoredLine[]): void {
    for (const line of lines) this.#move(line, -1)
  }

  /**
   * Commits the open quantities of an approved order's lines to their locations, as far as stock is available; the rest is
   * back-ordered. Lines without a location commit nothing: with several locations stock is only promised from one of them.
   */
  commit(
    state: State,
    lines: readonly StoredLine[],
    header: Readonly<Record<string, unknown>>,
    approved: boolean,
  ): void {
    for (const line of lines) {
      const item = state.find('item', {id: idOf(line.fields['item']) ?? ''})
      if (item?.type !== 'inventoryItem') continue
      const location = idOf(line.fields['location']) ?? idOf(header['location'] as never)
      const open = approved && !isTrue(line.fields['isClosed']) ? openQuantity(line) : 0
      const level = location === undefined ? undefined : this.#level(item.id, location)
      const free = level === undefined ? 0 : Math.max(0, level.onHand - level.committed)
      const committed = line.fields['commitInventory'] === DO_NOT_COMMIT ? 0 : Math.min(open, free)
      line.fields['quantityCommitted'] = numberText(committed)
      line.fields['quantityBackOrdered'] = numberText(open - committed)
      line.fields['inventoryLocation'] ??= line.fields['location'] ?? null
      this.#move(line, 1, location)
    }
  }

  onHand(itemId: string, locationId: string): number {
    return this.#levels.get(itemId)?.get(locationId)?.onHand ?? 0
  }

  /** Takes shipped units from stock; negative ones come back. */
  ship(itemId: string, locationId: string, quantity: number): void {
    this.#changed(itemId, locationId, (level) => (level.onHand -= quantity))
  }

  *locationsOf(itemId: string): Iterable<Readonly<{locationId: string; level: Readonly<Level>}>> {
    for (const [locationId, level] of this.#levels.get(itemId) ?? []) yield {locationId, level}
  }

  report(state: State, itemIds: readonly string[], changedSince: Date | undefined): ItemAvailability[] {
    return itemIds.flatMap((itemId) => {
      const item = state.find('inventoryItem', {id: itemId})
      if (item === undefined) return []
      return [...(this.#levels.get(itemId) ?? [])]
        .filter(([, level]) => changedSince === undefined || level.changedAt >= changedSince)
        .map(([locationId, level]) => availability(state, item, locationId, level))
    })
  }

  #move(line: StoredLine, sign: 1 | -1, location = idOf(line.fields['inventoryLocation'])): void {
    const itemId = idOf(line.fields['item'])
    const committed = Number(textOf(line.fields['quantityCommitted']) ?? '0')
    const backOrdered = Number(textOf(line.fields['quantityBackOrdered']) ?? '0')
    if (itemId === undefined || location === undefined || (committed === 0 && backOrdered === 0)) return
    this.#changed(itemId, location, (level) => {
      level.committed += sign * committed
      level.backOrdered += sign * backOrdered
    })
  }

  #changed(itemId: string, locationId: string, change: (level: Level) => void): void {
    const level = this.#level(itemId, locationId)
    change(level)
    level.changedAt = this.#now()
    this.#listener(itemId, locationId)
  }

  #level(itemId: string, locationId: string): Level {
    let locations = this.#levels.get(itemId)
    if (locations === undefined) this.#levels.set(itemId, (locations = new Map<string, Level>()))
    let level = locations.get(locationId)
    if (level === undefined) {
      locations.set(locationId, (level = {onHand: 0, committed: 0, backOrdered: 0, changedAt: this.#now()}))
    }
    return level
  }
}

function openQuantity(line: StoredLine): number {
  const ordered = Number(textOf(line.fields['quantity']) ?? '0')
  const fulfilled = Number(textOf(line.fields['quantityFulfilled']) ?? '0')
  return Math.max(0, ordered - fulfilled)
}

export function numberText(quantity: number): string {
  return String(Math.round(quantity * 1e8) / 1e8)
}

function availability(state: State, item: StoredRecord, locationId: string, level: Level): ItemAvailability {
  const location = state.find('location', {id: locationId})
  return {
    item: {id: item.id, externalId: item.externalId, name: state.refTo(item).name ?? item.id},
    location: {id: locationId, name: location === undefined ? locationId : (state.refTo(location).name ?? locationId)},
    quantityOnHand: numberText(level.onHand),
    quantityAvailable: numberText(Math.max(0, level.onHand - level.committed)),
    quantityCommitted: numberText(level.committed),
    quantityBackOrdered: numberText(level.backOrdered),
    quantityOnOrder: '0',
    lastQtyAvailableChange: level.changedAt.toISOString(),
  }
}
