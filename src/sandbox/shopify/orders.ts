import {mills} from './amounts.ts'
import {comparePositions, type Position} from './connection.ts'
import {instant, integer, legacyId, list, object, text, utc, type OrderDocument} from './document.ts'
import {mapOrder, type MappedOrder} from './map-order.ts'

/** An order that the shop holds: its document as given, and the times that search and sorting need. */
export type Entry = {
  readonly id: string
  readonly document: OrderDocument
  readonly name: string
  readonly createdAt: number
  readonly processedAt: number
  /** Moved on by writes to the order. */
  updatedAt: number
}

/** Told of every write: what the order was (null: new) and what it is now (null: deleted). */
export type OnWrite = (before: Entry | null, after: Entry | null) => void

/** How many mapped orders are kept; mapping one again costs well under a millisecond. */
const VIEWS = 2000

/** Lists of a document whose members can be asked for by their own ids. */
const PARTS = ['refunds', 'fulfillments'] as const

/** The shop's orders, in memory. */
export class Orders {
  readonly #now: () => Date
  readonly #byId = new Map<string, Entry>()
  readonly #sorts = new Map<string, readonly Entry[]>()
  readonly #views = new Map<string, MappedOrder>()
  /** Ids of orders by the parts that they hold. */
  readonly #owners = new Map<string, string>()
  readonly #onWrite: OnWrite

  constructor(now: () => Date, onWrite: OnWrite = () => undefined) {
    this.#now = now
    this.#onWrite = onWrite
  }

  get size(): number {
    return this.#byId.size
  }

  /** Takes a document as it is; it replaces an earlier one of the same id, which is given. Throws TypeError when it has none. */
  put(document: OrderDocument): string {
    const entry = entryOf(document)
    const before = this.get(entry.id)
    this.#byId.set(entry.id, entry)
    for (const key of PARTS) {
      for (const part of list(document, key)) this.#owners.set(`${key}/${legacyId(part)}`, entry.id)
    }
    this.#views.delete(entry.id)
    this.#sorts.clear()
    this.#onWrite(before, entry)
    return entry.id
  }

  /** Takes all documents, or none when one of them has no id. */
  putAll(documents: readonly OrderDocument[]): string[] {
    documents.forEach(entryOf)
    return documents.map((document) => this.put(document))
  }

  get(id: string): Entry | null {
    return this.#byId.get(id) ?? null
  }

  /** The order that holds a refund or fulfilment of a numeric id. */
  holding(part: (typeof PARTS)[number], id: string): Entry | null {
    return this.get(this.#owners.get(`${part}/${id}`) ?? '')
  }

  remove(id: string): boolean {
    const before = this.get(id)
    if (before === null) return false
    this.#views.delete(id)
    this.#sorts.clear()
    this.#byId.delete(id)
    this.#onWrite(before, null)
    return true
  }

  clear(): void {
    for (const map of [this.#byId, this.#sorts, this.#views, this.#owners]) map.clear()
  }

  /** In the order in which they were first put. */
  all(): readonly Entry[] {
    return [...this.#byId.values()]
  }

  /** Ascending by a sort key of GraphQL, then by id. */
  sorted(key: string): readonly Entry[] {
    const held = this.#sorts.get(key)
    if (held !== undefined) return held
    const made = inOrder(this.all(), key)
    this.#sorts.set(key, made)
    return made
  }

  /** Those of some orders that are held, each once, sorted likewise. */
  some(ids: readonly string[], key: string): readonly Entry[] {
    const entries = [...new Set(ids)].map((id) => this.get(id)).filter((entry) => entry !== null)
    return inOrder(entries, key)
  }

  /** Notes that the order was written to. */
  touch(id: string): void {
    const entry = this.#byId.get(id)
    if (entry === undefined) return
    entry.updatedAt = Math.floor(this.#now().getTime() / 1000) * 1000
    this.#views.delete(id)
    this.#sorts.delete('UPDATED_AT')
    this.#onWrite(entry, entry)
  }

  /** The order as the type Order. */
  view(entry: Entry): MappedOrder {
    const held = this.#views.get(entry.id)
    if (held !== undefined) return held
    const made = mapOrder(entry.document, utc(new Date(entry.updatedAt)), this.#now)
    const oldest = this.#views.size >= VIEWS ? this.#views.keys().next().value : undefined
    if (oldest !== undefined) this.#views.delete(oldest)
    this.#views.set(entry.id, made)
    return made
  }
}

function inOrder(entries: readonly Entry[], key: string): Entry[] {
  const keyed = entries.map((entry) => ({entry, position: positionOf(entry, key)}))
  return keyed.sort((a, b) => comparePositions(a.position, b.position)).map(({entry}) => entry)
}

function entryOf(document: OrderDocument): Entry {
  const id = legacyId(document)
  if (id === null) throw new TypeError('an order document needs an id')
  const createdAt = Date.parse(instant(document, 'created_at') ?? '1970-01-01T00:00:00Z')
  const time = (key: string): number => Date.parse(instant(document, key) ?? '') || createdAt
  return {
    id,
    document,
    name: text(document, 'name') ?? `#${integer(document, 'order_number') ?? id}`,
    createdAt,
    processedAt: time('processed_at'),
    updatedAt: time('updated_at'),
  }
}

const SORTS: Readonly<Record<string, (entry: Entry) => string | number>> = {
  CREATED_AT: (entry) => entry.createdAt,
  UPDATED_AT: (entry) => entry.updatedAt,
  PROCESSED_AT: (entry) => entry.processedAt,
  ORDER_NUMBER: ({document}) => integer(document, 'order_number') ?? 0,
  TOTAL_PRICE: ({document}) => Number(mills(document.total_price) ?? 0n),
  CURRENT_TOTAL_PRICE: ({document}) => Number(mills(document.current_total_price ?? document.total_price) ?? 0n),
  CUSTOMER_NAME: ({document}) => text(object(document, 'customer') ?? {}, 'last_name') ?? '',
  DESTINATION: ({document}) => text(object(document, 'shipping_address') ?? {}, 'city') ?? '',
  FINANCIAL_STATUS: ({document}) => text(document, 'financial_status') ?? '',
  FULFILLMENT_STATUS: ({document}) => text(document, 'fulfillment_status') ?? '',
  PO_NUMBER: ({document}) => text(document, 'po_number') ?? '',
}

/** Where an order stands under a sort key; keys that the sandbox does not know sort by id. */
export function positionOf(entry: Entry, key: string): Position {
  return {value: SORTS[key]?.(entry) ?? 0, id: entry.id}
}
